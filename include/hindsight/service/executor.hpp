#pragma once

// Where work runs. The use cases post their long work to a `Worker` and its results back to the
// control thread; tests hand in executors that run at once or when told.

#include <hindsight/core/log.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace hindsight::service {

using Task = std::function<void()>;

class Executor {
public:
    virtual ~Executor() = default;

    /// Queues `task`; false when the queue is full or closed, the task is then dropped.
    /// [any-thread]
    [[nodiscard]] virtual bool post(Task task) = 0;
};

/// One named thread with a bounded queue; runs its tasks in order. The destructor asks the running
/// task's owner to stop through the stop token, drops what waits, and joins.
class Worker final : public Executor {
public:
    Worker(const std::string& name, std::size_t capacity, Log log);
    ~Worker() override;
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    [[nodiscard]] bool post(Task task) override;

    /// Requested when the worker is being destroyed.
    [[nodiscard]] std::stop_token stop_token() const;

private:
    void run(const std::stop_token& stop);

    Log log_;
    const std::string name_;
    const std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<Task> tasks_;  // guarded by mutex_
    std::jthread thread_;     // last: starts when everything above is ready
};

/// Runs tasks on the thread whose event loop owns it (the control thread of the service). Tasks
/// that are still queued when it is destroyed never run.
class LoopExecutor final : public Executor {
public:
    LoopExecutor();
    ~LoopExecutor() override;
    LoopExecutor(const LoopExecutor&) = delete;
    LoopExecutor& operator=(const LoopExecutor&) = delete;

    [[nodiscard]] bool post(Task task) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hindsight::service
