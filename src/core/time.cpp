#include <hindsight/core/time.hpp>

#include <ctime>

namespace hindsight {

namespace {

__extension__ typedef __int128 Int128;

/// floor(a * b / c) without overflow in between; c > 0.
std::int64_t mul_div_floor(std::int64_t a, std::int64_t b, std::int64_t c) {
    const Int128 product = static_cast<Int128>(a) * b;
    auto quotient = product / c;
    if (product % c != 0 && product < 0)
        --quotient;
    return static_cast<std::int64_t>(quotient);
}

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

std::int64_t nanoseconds_of(clockid_t clock) {
    timespec ts{};
    ::clock_gettime(clock, &ts);
    return static_cast<std::int64_t>(ts.tv_sec) * kNsPerSecond + ts.tv_nsec;
}

}  // namespace

MonoTime SystemClock::now() const {
    return MonoTime::from_ns(nanoseconds_of(CLOCK_MONOTONIC));
}

Duration SystemClock::suspended() const {
    // Read in this order the difference is never too small.
    const std::int64_t awake = nanoseconds_of(CLOCK_MONOTONIC);
    return Duration::from_ns(nanoseconds_of(CLOCK_BOOTTIME) - awake);
}

Duration to_duration(std::int64_t ticks, Rational time_base) {
    // Round half up: floor(2x + 1) / 2 would overflow later than x, so shift the numerator instead.
    const std::int64_t twice =
        mul_div_floor(ticks, 2 * kNsPerSecond * time_base.num, time_base.den);
    return Duration::from_ns((twice + 1) >> 1);
}

std::int64_t FrameGrid::index_at_or_after(MonoTime t) const {
    // The smallest n with time_of(n) >= t. The estimate is off by at most one through rounding.
    std::int64_t n = mul_div_floor((t - origin).ns(), fps.num, kNsPerSecond * fps.den);
    while (time_of(n) >= t)
        --n;
    while (time_of(n) < t)
        ++n;
    return n;
}

std::int64_t FrameGrid::nearest_index(MonoTime t) const {
    const std::int64_t after = index_at_or_after(t);
    return time_of(after) - t < t - time_of(after - 1) ? after : after - 1;
}

MonoTime FrameGrid::time_of(std::int64_t index) const {
    return origin + to_duration(index, Rational{fps.den, fps.num});
}

}  // namespace hindsight
