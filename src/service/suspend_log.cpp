#include "suspend_log.hpp"

namespace hindsight::service {

namespace {

/// The clocks are read one after the other; what they differ by in less than this is no sleep.
constexpr Duration kNoticeable = Duration::from_ms(100);
constexpr std::size_t kMostSleeps = 256;

}  // namespace

SuspendLog::SuspendLog(const Clock& clock)
    : clock_{clock}, looked_{clock.now()}, suspended_{clock.suspended()} {}

Duration SuspendLog::look() {
    const Duration suspended = clock_.suspended();
    const Duration slept = suspended - suspended_;
    const MonoTime before = looked_;
    looked_ = clock_.now();
    if (slept < kNoticeable)
        return Duration::zero();
    suspended_ = suspended;
    sleeps_.push_back({.noticed = before, .length = slept});
    if (sleeps_.size() > kMostSleeps)
        sleeps_.pop_front();
    return slept;
}

Duration SuspendLog::slept_since(MonoTime t) const {
    Duration slept = Duration::zero();
    for (const Sleep& sleep : sleeps_)
        if (sleep.noticed >= t)
            slept = slept + sleep.length;
    return slept;
}

std::int64_t SuspendLog::unix_ms_of(MonoTime t, std::int64_t now_ms) const {
    return now_ms - (clock_.now() - t).ms() - slept_since(t).ms();
}

}  // namespace hindsight::service
