#pragma once

// Durations and points in time as people write them on a command line.

#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>

#include <cstdint>
#include <string_view>

namespace hindsight::ctl {

/// "30s", "2m", "1m30s", "1.5" (seconds), "250ms", "1h". Above zero, at most a day.
/// Errors: InvalidArgument.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);

/// "2026-11-20", "2026-11-20 14:30", "today", "yesterday", or so long ago: "90m", "12h", "3d".
/// Local time; the answer is Unix time in ms. Errors: InvalidArgument.
[[nodiscard]] Result<std::int64_t> parse_since(std::string_view text, std::int64_t now_ms);

}  // namespace hindsight::ctl
