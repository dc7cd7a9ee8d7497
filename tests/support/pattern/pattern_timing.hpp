#pragma once

// What the pattern shows when. Counter value k stands from the middle of frame period k to the
// middle of the next, so a grab at any time k/fps falls right between two changes: it sees k-1 and
// has half a period to spare on both sides. A flash begins with every value that is a multiple of
// fps; the beep with the frame that shows it.

#include <cstdint>

namespace hindsight::test {

inline constexpr std::int64_t kSecondNs = 1'000'000'000;
inline constexpr std::int64_t kMarkNs = 60'000'000;  ///< length of flash and beep

inline constexpr int kCellPixels = 16;
inline constexpr int kCounterBits = 32;
inline constexpr int kCells = kCounterBits + 2;  ///< white, black, then the bits, highest first

/// When value `k` is painted.
constexpr std::int64_t paint_time_ns(std::int64_t k, int fps) {
    return (2 * k + 1) * kSecondNs / (2 * fps);
}

/// The grid time that first shows value `k`.
constexpr std::int64_t shown_time_ns(std::int64_t k, int fps) {
    return (k + 1) * kSecondNs / fps;
}

constexpr bool is_flash(std::int64_t k, int fps) {
    const std::int64_t length = (kMarkNs * fps + kSecondNs / 2) / kSecondNs;
    return k % fps < (length > 1 ? length : 2);
}

/// True when the sample heard at `t` belongs to a beep.
constexpr bool is_beep(std::int64_t t, int fps) {
    const std::int64_t since = (t - kSecondNs / fps) % kSecondNs;
    return since >= 0 && since < kMarkNs;
}

}  // namespace hindsight::test
