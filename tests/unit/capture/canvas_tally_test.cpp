#include "canvas_tally.hpp"

#include <gtest/gtest.h>

namespace hindsight::obs {
namespace {

TEST(CanvasTally, CountsOverSeveralEncodersAlthoughLibobsCountsAnewForEach) {
    CanvasTally tally;
    tally.begin({.captured = 0, .lagged = 7, .skipped = 0});
    tally.end({.captured = 100, .lagged = 9, .skipped = 3});
    tally.begin({.captured = 1, .lagged = 9, .skipped = 0});
    const FrameTotals totals = tally.totals({.captured = 50, .lagged = 10, .skipped = 2});
    EXPECT_EQ(totals.captured, 150u);
    EXPECT_EQ(totals.lagged, 3u);
    EXPECT_EQ(totals.skipped, 5u);
}

TEST(CanvasTally, TellsAMissOnceAndOnlyThoseOfTheEncoderThatRuns) {
    CanvasTally tally;
    tally.begin({.captured = 0, .lagged = 7, .skipped = 0});
    EXPECT_EQ(tally.new_misses({.captured = 30, .lagged = 8, .skipped = 2}), 3u);
    EXPECT_EQ(tally.new_misses({.captured = 30, .lagged = 8, .skipped = 2}), 0u);
    // Two more were missed at its end, and ten while there was none.
    tally.end({.captured = 60, .lagged = 9, .skipped = 3});
    EXPECT_EQ(tally.totals({.captured = 60, .lagged = 19, .skipped = 3}).lagged, 2u);
    tally.begin({.captured = 0, .lagged = 19, .skipped = 0});
    EXPECT_EQ(tally.new_misses({.captured = 1, .lagged = 19, .skipped = 0}), 0u);
    EXPECT_EQ(tally.new_misses({.captured = 9, .lagged = 20, .skipped = 1}), 2u);
}

}  // namespace
}  // namespace hindsight::obs
