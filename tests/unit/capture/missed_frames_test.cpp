#include "missed_frames.hpp"

#include <gtest/gtest.h>

namespace hindsight::obs {
namespace {

TEST(MissedFrames, NamesExactlyTheFramesThatWereMissed) {
    MissedFrames missed;
    missed.add(5, 2);
    missed.add(7, 1);
    missed.add(20, 1);
    std::string marks;
    for (int frame = 4; frame < 22; ++frame)
        marks += missed.take(frame) ? 'x' : '.';
    EXPECT_EQ(marks, ".xxx............x.");
}

TEST(MissedFrames, StaysSmallWhileNobodyAsks) {
    MissedFrames missed;
    for (int frame = 0; frame < 100'000; frame += 2)
        missed.add(frame, 1);
    EXPECT_TRUE(missed.take(99'998));
    EXPECT_FALSE(missed.take(99'999));
}

}  // namespace
}  // namespace hindsight::obs
