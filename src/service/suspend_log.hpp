#pragma once

// When the machine slept, and for how long. CLOCK_MONOTONIC stops meanwhile, so nothing that is
// measured on it notices: windows, limits and watches count the time in which there was something
// to record. Only the way from there to the time of day has to know. [control]

#include <hindsight/core/time.hpp>

#include <deque>

namespace hindsight::service {

class SuspendLog {
public:
    explicit SuspendLog(const Clock& clock);

    /// Looks at the clocks; called some times a minute. Returns how long the machine has slept
    /// since the last look, zero if it has not.
    Duration look();

    /// How long it has slept since `t`, as far as it was looked at. A sleep counts as a whole from
    /// the last look before it on.
    [[nodiscard]] Duration slept_since(MonoTime t) const;

    /// Unix time of `t`, which lies in the past. Unix time of now: `now_ms`.
    [[nodiscard]] std::int64_t unix_ms_of(MonoTime t, std::int64_t now_ms) const;

private:
    struct Sleep {
        MonoTime noticed = MonoTime::min();  ///< the last look before it
        Duration length = Duration::zero();
    };

    const Clock& clock_;
    MonoTime looked_;
    Duration suspended_;
    std::deque<Sleep> sleeps_;  ///< oldest first; bounded
};

}  // namespace hindsight::service
