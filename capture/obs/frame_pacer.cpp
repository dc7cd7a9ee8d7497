#include "frame_pacer.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <exception>
#include <utility>

namespace hindsight::obs {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr int kNice = -10;

/// A late picture is a lost one, so this thread goes first where we may ask for that. It sleeps
/// most of each frame.
void raise_priority() {
    sched_param parameters{};
    parameters.sched_priority = 1;
    if (::sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameters) != 0)
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
}

void sleep_until(MonoTime time) {
    const timespec deadline{.tv_sec = time.ns() / kSecond, .tv_nsec = time.ns() % kSecond};
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr) == EINTR)
        continue;
}

}  // namespace

FramePacer::FramePacer(
    std::unique_ptr<direct::PictureSource> source,
    FrameFeed& feed,
    FrameGrid grid,
    std::function<void()> on_lost,
    Log log)
    : source_{std::move(source)},
      feed_{feed},
      grid_{grid},
      on_lost_{std::move(on_lost)},
      late_{Duration::from_ns(kSecond * grid.fps.den / grid.fps.num / 2)},
      log_{std::move(log)} {
    thread_ = std::jthread{[this](const std::stop_token& stop) {
        ::pthread_setname_np(::pthread_self(), "frame-pacer");
        try {
            run(stop);
        } catch (const std::exception& error) {
            log_.error("the frame pacer broke down: {}", error.what());
            std::terminate();
        }
    }};
}

FramePacer::~FramePacer() = default;

std::unique_ptr<direct::PictureSource> FramePacer::stop() {
    thread_.request_stop();
    thread_.join();
    return std::move(source_);
}

void FramePacer::run(const std::stop_token& stop) {
    raise_priority();
    const SystemClock clock;
    std::int64_t next = grid_.index_at_or_after(clock.now()) + 1;
    while (!stop.stop_requested()) {
        sleep_until(grid_.time_of(next));
        // The frame whose time has come; more than `next` when we were not let run in time.
        const std::int64_t current =
            std::max(next, grid_.index_at_or_after(clock.now() + Duration::from_ns(1)) - 1);
        if (current > next) {
            const auto missed = static_cast<int>(std::min<std::int64_t>(current - next, 1 << 20));
            feed_.repeat(grid_.time_of(next), missed);
            lagged_.fetch_add(static_cast<std::uint64_t>(missed), std::memory_order_relaxed);
            frames_.fetch_add(static_cast<std::uint64_t>(missed), std::memory_order_relaxed);
        }
        const MonoTime began = clock.now();
        if (!beat(current))
            return;
        // Past the middle of the frame the picture may already be the next one's.
        const MonoTime done = clock.now();
        if (done - grid_.time_of(current) > late_)
            log_.debug(
                "a picture came late: woken after {} us, looked for {} us",
                (began - grid_.time_of(current)).ns() / 1'000,
                (done - began).ns() / 1'000);
        next = current + 1;
    }
}

/// False: the display is gone.
bool FramePacer::beat(std::int64_t index) {
    const auto look = source_->look();
    if (!look) {
        log_.warn("{}", look.error().what);
        alive_.store(false, std::memory_order_relaxed);
        lost_.store(true, std::memory_order_release);
        on_lost_();
        return false;
    }
    cropped_.store(source_->cropped(), std::memory_order_relaxed);
    renewals_.store(source_->renewals(), std::memory_order_relaxed);
    const bool changed = *look == direct::Look::Changed;
    if (changed)
        unchanged_.store(0, std::memory_order_relaxed);
    else
        unchanged_.fetch_add(1, std::memory_order_relaxed);
    const bool alive = *look != direct::Look::Gone && *look != direct::Look::Hidden;
    if (alive_.exchange(alive, std::memory_order_relaxed) != alive)
        log_.info("the recorded source is {}", alive ? "back" : "not visible any more");
    feed_.show(
        grid_.time_of(index),
        source_->picture(),
        changed ? FrameFeed::Change::New : FrameFeed::Change::Same);
    frames_.fetch_add(1, std::memory_order_relaxed);
    return true;
}

}  // namespace hindsight::obs
