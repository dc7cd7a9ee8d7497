#include "rate_meter.hpp"

#include <gtest/gtest.h>

namespace hindsight::obs {
namespace {

TEST(RateMeter, TellsTheLastMinuteAndNotWhatWasBefore) {
    RateMeter meter;
    std::uint64_t bytes = 0;
    EXPECT_EQ(meter.bytes_per_minute(), 0u);
    // Two minutes of 1,000 bytes a second, then two of 3,000.
    for (int second = 0; second < 240; ++second) {
        meter.add(MonoTime::from_ns(second * 1'000'000'000LL), bytes);
        if (second == 3) {
            EXPECT_EQ(meter.bytes_per_minute(), 0u);
        } else if (second == 60) {
            EXPECT_EQ(meter.bytes_per_minute(), 60'000u);
        }
        bytes += second < 120 ? 1'000 : 3'000;
    }
    EXPECT_EQ(meter.bytes_per_minute(), 180'000u);
}

}  // namespace
}  // namespace hindsight::obs
