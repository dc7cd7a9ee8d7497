#pragma once

// A call into a driver that hangs never returns, and libobs joins such a thread when it is to stop
// it. Nothing within the process can help then; this notices it, so that the process can say who it
// was and end.

#include <hindsight/core/time.hpp>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace hindsight::obs {

class StallGuard {
public:
    /// `on_stuck` is called with the name of the encoder, once for each call that does not return
    /// in time, on a thread of the guard's own.
    explicit StallGuard(std::function<void(const std::string& encoder)> on_stuck);
    ~StallGuard();  ///< nothing is called any more
    StallGuard(const StallGuard&) = delete;
    StallGuard& operator=(const StallGuard&) = delete;

    /// Guards as long as it lives.
    class Call {
    public:
        explicit Call(StallGuard& guard) : guard_{guard} {}

        ~Call() { guard_.end(); }

        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;

    private:
        StallGuard& guard_;
    };

    /// The calls that follow go to `encoder` and may take so long, not counting time in which the
    /// process is not let run. One at a time. [control]
    [[nodiscard]] Call watch(std::string encoder, Duration limit);

private:
    void end();
    void run(const std::stop_token& stop);

    const std::function<void(const std::string&)> on_stuck_;

    std::mutex mutex_;  ///< guards what follows
    std::condition_variable_any changed_;
    std::string encoder_;
    Duration left_ = Duration::zero();
    bool watching_ = false;

    std::jthread thread_;
};

}  // namespace hindsight::obs
