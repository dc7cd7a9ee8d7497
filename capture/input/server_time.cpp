#include "server_time.hpp"

#include <algorithm>

namespace hindsight::input {

namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int32_t kMaxAgeMs = 10'000;
constexpr std::int32_t kMaxAheadMs = 2;

}  // namespace

MonoTime from_server_time(std::uint32_t server_ms, MonoTime arrival) {
    const std::int64_t now_ms = arrival.ns() / kNsPerMs;
    // The difference of two 32-bit counters is right whichever of them has wrapped.
    const auto ahead = static_cast<std::int32_t>(server_ms - static_cast<std::uint32_t>(now_ms));
    if (ahead > kMaxAheadMs || ahead < -kMaxAgeMs)
        return arrival;
    const std::int64_t first = (now_ms + ahead) * kNsPerMs;
    const std::int64_t last = std::max(first, std::min(first + kNsPerMs, arrival.ns()));
    return MonoTime::from_ns(first + (last - first) / 2);
}

}  // namespace hindsight::input
