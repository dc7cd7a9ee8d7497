#include "stall_guard.hpp"

#include <pthread.h>

#include <chrono>
#include <utility>

namespace hindsight::obs {

namespace {

/// The limit is waited for in such pieces: one at most passes while the process stands still.
constexpr Duration kPiece = Duration::from_ms(50);

}  // namespace

StallGuard::StallGuard(std::function<void(const std::string& encoder)> on_stuck)
    : on_stuck_{std::move(on_stuck)}, thread_{[this](const std::stop_token& stop) {
          ::pthread_setname_np(::pthread_self(), "stall-guard");
          run(stop);
      }} {}

StallGuard::~StallGuard() = default;

StallGuard::Call StallGuard::watch(std::string encoder, Duration limit) {
    {
        const std::scoped_lock lock{mutex_};
        encoder_ = std::move(encoder);
        left_ = limit;
        watching_ = true;
    }
    changed_.notify_all();
    return Call{*this};
}

void StallGuard::end() {
    {
        const std::scoped_lock lock{mutex_};
        watching_ = false;
    }
    changed_.notify_all();
}

void StallGuard::run(const std::stop_token& stop) {
    std::unique_lock lock{mutex_};
    while (changed_.wait(lock, stop, [this] { return watching_; })) {
        const bool returned = changed_.wait_for(
            lock, stop, std::chrono::nanoseconds{kPiece.ns()}, [this] { return !watching_; });
        if (stop.stop_requested())
            return;
        if (returned)
            continue;
        left_ = left_ - kPiece;
        if (left_ > Duration::zero())
            continue;
        watching_ = false;
        const std::string encoder = encoder_;
        lock.unlock();
        on_stuck_(encoder);
        lock.lock();
    }
}

}  // namespace hindsight::obs
