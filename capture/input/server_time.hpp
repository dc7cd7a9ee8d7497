#pragma once

// X server times → our clock. The server stamps with CLOCK_MONOTONIC in milliseconds, cut off and
// kept in 32 bits.

#include <hindsight/core/time.hpp>

#include <cstdint>

namespace hindsight::input {

/// The time of an event that the server stamped `server_ms` and we read at `arrival`.
///
/// The event happened within the stamped millisecond and before `arrival`; the middle of that span
/// is returned, so that cutting off does not pull actions one frame forward. Right across the wrap
/// of the counter (49.7 days). A stamp that is no plausible time of ours (another clock, a display
/// of another machine) gives `arrival`. [any-thread]
[[nodiscard]] MonoTime from_server_time(std::uint32_t server_ms, MonoTime arrival);

}  // namespace hindsight::input
