#include "server_time.hpp"

#include <gtest/gtest.h>

namespace hindsight::input {
namespace {

constexpr std::int64_t kMs = 1'000'000;

TEST(ServerTime, LiesInTheStampedMillisecondAndNotAfterItsArrival) {
    const MonoTime arrival = MonoTime::from_ns(5'000 * kMs + 300'000);
    const MonoTime same = from_server_time(5'000, arrival);
    EXPECT_GE(same.ns(), 5'000 * kMs);
    EXPECT_LE(same, arrival);
    const MonoTime earlier = from_server_time(4'990, arrival);
    EXPECT_EQ(earlier.ns(), 4'990 * kMs + kMs / 2);
}

TEST(ServerTime, SurvivesTheWrapOfTheCounter) {
    const std::int64_t wrap = std::int64_t{1} << 32;
    const MonoTime after = MonoTime::from_ns((wrap + 3) * kMs);
    EXPECT_EQ(from_server_time(0xfffffffe, after).ns() / kMs, wrap - 2);
    EXPECT_EQ(from_server_time(1, after).ns() / kMs, wrap + 1);
    const MonoTime later = MonoTime::from_ns((5 * wrap + 7) * kMs);
    EXPECT_EQ(from_server_time(7, later).ns() / kMs, 5 * wrap + 7);
}

TEST(ServerTime, FallsBackToTheArrivalWhenTheClockIsAnother) {
    const MonoTime arrival = MonoTime::from_ns(100'000 * kMs);
    EXPECT_EQ(from_server_time(1'000, arrival), arrival);
    EXPECT_EQ(from_server_time(500'000, arrival), arrival);
}

}  // namespace
}  // namespace hindsight::input
