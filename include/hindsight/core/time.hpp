#pragma once

// The time of the whole program. `MonoTime` is a point on CLOCK_MONOTONIC, `Duration` the distance
// between two points; both count nanoseconds. libobs' frame times, X server times and our own
// stamps all lie on that clock, so nothing ever converts between clocks. There is no default
// construction: a time that nobody set is a bug that does not compile.

#include <compare>
#include <cstdint>

namespace hindsight {

class Duration {
public:
    [[nodiscard]] static constexpr Duration from_ns(std::int64_t ns) { return Duration{ns}; }

    [[nodiscard]] static constexpr Duration from_us(std::int64_t us) {
        return Duration{us * 1'000};
    }

    [[nodiscard]] static constexpr Duration from_ms(std::int64_t ms) {
        return Duration{ms * 1'000'000};
    }

    /// Rounds to the nearest nanosecond; exact up to 2^53 ns (104 days).
    [[nodiscard]] static constexpr Duration from_seconds(double s) {
        return Duration{static_cast<std::int64_t>(s * 1e9 + (s < 0 ? -0.5 : 0.5))};
    }

    [[nodiscard]] static constexpr Duration zero() { return Duration{0}; }

    [[nodiscard]] constexpr std::int64_t ns() const { return ns_; }

    [[nodiscard]] constexpr std::int64_t ms() const { return ns_ / 1'000'000; }

    [[nodiscard]] constexpr double seconds() const { return static_cast<double>(ns_) / 1e9; }

    // clang-tidy 14 takes the comparison with 0 for one with a pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    constexpr auto operator<=>(const Duration&) const = default;

    friend constexpr Duration operator+(Duration a, Duration b) { return Duration{a.ns_ + b.ns_}; }

    friend constexpr Duration operator-(Duration a, Duration b) { return Duration{a.ns_ - b.ns_}; }

    friend constexpr Duration operator*(Duration a, std::int64_t n) { return Duration{a.ns_ * n}; }

    friend constexpr Duration operator/(Duration a, std::int64_t n) { return Duration{a.ns_ / n}; }

    constexpr Duration operator-() const { return Duration{-ns_}; }

private:
    explicit constexpr Duration(std::int64_t ns) : ns_{ns} {}

    std::int64_t ns_;
};

class MonoTime {
public:
    [[nodiscard]] static constexpr MonoTime from_ns(std::int64_t ns) { return MonoTime{ns}; }

    /// Before everything that can happen.
    [[nodiscard]] static constexpr MonoTime min() { return MonoTime{INT64_MIN}; }

    /// After everything that can happen.
    [[nodiscard]] static constexpr MonoTime max() { return MonoTime{INT64_MAX}; }

    [[nodiscard]] constexpr std::int64_t ns() const { return ns_; }

    // clang-tidy 14 takes the comparison with 0 for one with a pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    constexpr auto operator<=>(const MonoTime&) const = default;

    friend constexpr Duration operator-(MonoTime a, MonoTime b) {
        return Duration::from_ns(a.ns_ - b.ns_);
    }

    friend constexpr MonoTime operator+(MonoTime t, Duration d) { return MonoTime{t.ns_ + d.ns()}; }

    friend constexpr MonoTime operator-(MonoTime t, Duration d) { return MonoTime{t.ns_ - d.ns()}; }

private:
    explicit constexpr MonoTime(std::int64_t ns) : ns_{ns} {}

    std::int64_t ns_;
};

/// Where "now" comes from; tests hand in their own. [any-thread]
class Clock {
public:
    virtual ~Clock() = default;

    [[nodiscard]] virtual MonoTime now() const = 0;

    /// How long the machine has been suspended so far; now() stands still meanwhile.
    [[nodiscard]] virtual Duration suspended() const = 0;
};

/// CLOCK_MONOTONIC, and by how much CLOCK_BOOTTIME is ahead of it.
class SystemClock final : public Clock {
public:
    [[nodiscard]] MonoTime now() const override;
    [[nodiscard]] Duration suspended() const override;
};

/// A rational frame rate or time base, `num/den`, both positive.
struct Rational {
    std::int32_t num = 0;
    std::int32_t den = 1;

    bool operator==(const Rational&) const = default;
};

/// `ticks` of `time_base` seconds each, rounded to the nearest nanosecond.
[[nodiscard]] Duration to_duration(std::int64_t ticks, Rational time_base);

/// The grid of frame times `origin + n/fps`. Frames, actions and clips share it within one epoch.
struct FrameGrid {
    MonoTime origin = MonoTime::from_ns(0);
    Rational fps{60, 1};

    /// Index of the first frame at or after `t` (negative before the origin).
    [[nodiscard]] std::int64_t index_at_or_after(MonoTime t) const;

    /// Index of the frame nearest to `t`.
    [[nodiscard]] std::int64_t nearest_index(MonoTime t) const;

    [[nodiscard]] MonoTime time_of(std::int64_t index) const;

    bool operator==(const FrameGrid&) const = default;
};

}  // namespace hindsight
