#include "silence_watch.hpp"

#include <gtest/gtest.h>

namespace hindsight::obs {
namespace {

MonoTime at(std::int64_t ms) {
    return MonoTime::from_ns(ms * 1'000'000);
}

TEST(SilenceWatch, AnEncoderThatTakesAndGivesNothingIsDeadWithinTwoSeconds) {
    SilenceWatch watch;
    watch.begin(60, {at(0), 0, 0, 0});
    EXPECT_FALSE(watch.dead({at(1'000), 60, 60, 60}));
    EXPECT_FALSE(watch.dead({at(2'000), 120, 120, 60}));
    EXPECT_TRUE(watch.dead({at(2'750), 165, 165, 60}));
}

TEST(SilenceWatch, AMachineThatLetsItTakeNothingIsWaitedFor) {
    SilenceWatch watch;
    watch.begin(60, {at(0), 0, 0, 0});
    EXPECT_FALSE(watch.dead({at(1'000), 60, 60, 60}));
    EXPECT_FALSE(watch.dead({at(6'000), 70, 70, 60}));
    EXPECT_FALSE(watch.dead({at(6'100), 80, 80, 70}));
}

TEST(SilenceWatch, WhatNeitherTakesNorGivesForTenSecondsHangs) {
    SilenceWatch watch;
    watch.begin(60, {at(0), 0, 0, 0});
    EXPECT_FALSE(watch.dead({at(1'000), 60, 60, 60}));
    EXPECT_FALSE(watch.dead({at(9'000), 90, 60, 60}));
    EXPECT_TRUE(watch.dead({at(11'500), 90, 60, 60}));
}

TEST(SilenceWatch, NobodyIsBlamedWhileTheDisplayGivesNoPictures) {
    SilenceWatch watch;
    watch.begin(60, {at(0), 0, 0, 0});
    EXPECT_FALSE(watch.dead({at(1'000), 60, 60, 60}));
    EXPECT_FALSE(watch.dead({at(60'000), 60, 60, 60}));
}

}  // namespace
}  // namespace hindsight::obs
