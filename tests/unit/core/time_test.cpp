#include <hindsight/core/time.hpp>

#include <gtest/gtest.h>

namespace hindsight {
namespace {

TEST(FrameGrid, BindsATimeToTheFirstFrameAtOrAfterIt) {
    const FrameGrid grid{MonoTime::from_ns(1'000), Rational{60, 1}};
    EXPECT_EQ(grid.index_at_or_after(MonoTime::from_ns(1'000)), 0);
    EXPECT_EQ(grid.index_at_or_after(MonoTime::from_ns(1'001)), 1);
    EXPECT_EQ(grid.index_at_or_after(grid.time_of(7)), 7);
    EXPECT_EQ(grid.index_at_or_after(grid.time_of(7) + Duration::from_ns(1)), 8);
    EXPECT_EQ(grid.index_at_or_after(MonoTime::from_ns(999)), 0);
    EXPECT_EQ(grid.index_at_or_after(grid.time_of(-3)), -3);
}

TEST(FrameGrid, StaysExactAfterDays) {
    const FrameGrid grid{MonoTime::from_ns(0), Rational{60'000, 1'001}};
    const std::int64_t index = 60ll * 3'600 * 24 * 30;
    EXPECT_EQ(grid.index_at_or_after(grid.time_of(index)), index);
    EXPECT_EQ(grid.nearest_index(grid.time_of(index) + Duration::from_ms(1)), index);
    EXPECT_EQ(grid.nearest_index(grid.time_of(index) - Duration::from_ms(1)), index);
}

TEST(Duration, RoundsTicksToTheNearestNanosecond) {
    EXPECT_EQ(to_duration(1, Rational{1, 60}).ns(), 16'666'667);
    EXPECT_EQ(to_duration(-1, Rational{1, 60}).ns(), -16'666'667);
    EXPECT_EQ(to_duration(3, Rational{1, 60}).ns(), 50'000'000);
}

}  // namespace
}  // namespace hindsight
