#include <hindsight/service/executor.hpp>

#include <pthread.h>

#include <QCoreApplication>
#include <QMetaObject>
#include <QObject>
#include <exception>
#include <utility>

namespace hindsight::service {

namespace {

constexpr std::size_t kMaxThreadName = 15;

}  // namespace

Worker::Worker(const std::string& name, std::size_t capacity, Log log)
    : log_{std::move(log)},
      name_{name.substr(0, kMaxThreadName)},
      capacity_{capacity},
      thread_{[this](const std::stop_token& stop) { run(stop); }} {}

Worker::~Worker() {
    thread_.request_stop();
    wake_.notify_all();
}

bool Worker::post(Task task) {
    {
        const std::lock_guard lock{mutex_};
        if (tasks_.size() >= capacity_)
            return false;
        tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
    return true;
}

std::stop_token Worker::stop_token() const {
    return thread_.get_stop_token();
}

void Worker::run(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), name_.c_str());
    try {
        for (;;) {
            Task task;
            {
                std::unique_lock lock{mutex_};
                if (!wake_.wait(lock, stop, [this] { return !tasks_.empty(); }))
                    return;
                if (stop.stop_requested())
                    return;
                task = std::move(tasks_.front());
                tasks_.pop_front();
            }
            task();
        }
    } catch (const std::exception& error) {
        log_.error("thread {} ends with an exception: {}", name_, error.what());
        std::terminate();
    } catch (...) {
        log_.error("thread {} ends with an unknown exception", name_);
        std::terminate();
    }
}

/// The queue is ours and Qt only wakes its owner: so the hand-over is one that ThreadSanitizer
/// sees.
struct LoopExecutor::Impl {
    QObject context;
    std::mutex mutex;
    std::deque<Task> tasks;  // guarded by mutex

    void run_next() {
        Task task;
        {
            const std::lock_guard lock{mutex};
            task = std::move(tasks.front());
            tasks.pop_front();
        }
        task();
    }
};

LoopExecutor::LoopExecutor() : impl_{std::make_unique<Impl>()} {}

LoopExecutor::~LoopExecutor() = default;

bool LoopExecutor::post(Task task) {
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->tasks.push_back(std::move(task));
    }
    return QMetaObject::invokeMethod(
        &impl_->context, [impl = impl_.get()] { impl->run_next(); }, Qt::QueuedConnection);
}

}  // namespace hindsight::service
