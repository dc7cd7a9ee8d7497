#pragma once

// Arithmetic of the arena: 16.16 fixed point and angles of 1/65536 turn, so that every compiler and
// machine computes the same game. No floating point, no libm.

#include <array>
#include <cstdint>

namespace hindsight::arena {

using Fixed = std::int32_t;
using Angle = std::uint16_t;  ///< 0 is east, a quarter turn is south (rows of a map grow downwards)

inline constexpr Fixed kOne = 1 << 16;
inline constexpr Angle kQuarterTurn = 1 << 14;

constexpr Fixed multiply(Fixed a, Fixed b) {
    return static_cast<Fixed>((static_cast<std::int64_t>(a) * b) >> 16);
}

constexpr Fixed divide(Fixed a, Fixed b) {
    return static_cast<Fixed>(static_cast<std::int64_t>(a) * kOne / b);
}

/// `numerator` in thousandths: thousandths(250) is a quarter.
constexpr Fixed thousandths(std::int32_t numerator) {
    return static_cast<Fixed>(static_cast<std::int64_t>(numerator) * kOne / 1000);
}

constexpr Fixed absolute(Fixed value) {
    return value < 0 ? -value : value;
}

constexpr Fixed centre_of_cell(int cell) {
    return cell * kOne + kOne / 2;
}

namespace detail {

inline constexpr int kQuarterSteps = 1024;

/// Sine of i/1024 of a right angle, by its series in 2.30.
constexpr Fixed series_sine(int i) {
    constexpr std::int64_t kHalfPi = 1'686'629'713;  // times 2^30
    const std::int64_t x = kHalfPi * i / kQuarterSteps;
    const std::int64_t square = (x * x) >> 30;
    std::int64_t term = x;
    std::int64_t sum = x;
    for (int n = 2; n <= 12; n += 2) {
        term = -((term * square) >> 30) / (n * (n + 1));
        sum += term;
    }
    return static_cast<Fixed>((sum + (1 << 13)) >> 14);
}

constexpr std::array<Fixed, kQuarterSteps + 1> make_sines() {
    std::array<Fixed, kQuarterSteps + 1> sines{};
    for (int i = 0; i <= kQuarterSteps; ++i)
        sines[static_cast<std::size_t>(i)] = series_sine(i);
    return sines;
}

inline constexpr auto kSines = make_sines();

}  // namespace detail

constexpr Fixed sine(Angle angle) {
    const int within = angle & (kQuarterTurn - 1);
    const bool falling = (angle & kQuarterTurn) != 0;
    const int at = falling ? kQuarterTurn - within : within;
    const auto step = static_cast<std::size_t>(at >> 4);
    const Fixed low = detail::kSines[step];
    const Fixed high = detail::kSines[step < detail::kQuarterSteps ? step + 1 : step];
    const Fixed value = low + (((high - low) * (at & 15)) >> 4);
    return angle < 2 * kQuarterTurn ? value : -value;
}

constexpr Fixed cosine(Angle angle) {
    return sine(static_cast<Angle>(angle + kQuarterTurn));
}

/// The largest integer whose square is not above `value`.
constexpr std::uint32_t square_root(std::uint64_t value) {
    std::uint64_t root = 0;
    for (std::uint64_t bit = std::uint64_t{1} << 31; bit != 0; bit >>= 1)
        if ((root | bit) * (root | bit) <= value)
            root |= bit;
    return static_cast<std::uint32_t>(root);
}

/// Where (dx, dy) points to, within 1/64 of a degree or so.
constexpr Angle angle_of(Fixed dx, Fixed dy) {
    // Halve the quarter in which the cross product changes its sign.
    const bool west = dx < 0;
    const bool north = dy < 0;
    const std::int64_t x = west ? -static_cast<std::int64_t>(dx) : dx;
    const std::int64_t y = north ? -static_cast<std::int64_t>(dy) : dy;
    int low = 0;
    int high = kQuarterTurn;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        const auto angle = static_cast<Angle>(middle);
        if (y * cosine(angle) >= x * sine(angle))
            low = middle;
        else
            high = middle;
    }
    const int quarter = y == 0 ? 0 : low;
    const int half = west ? 2 * kQuarterTurn - quarter : quarter;
    return static_cast<Angle>(north ? -half : half);
}

}  // namespace hindsight::arena
