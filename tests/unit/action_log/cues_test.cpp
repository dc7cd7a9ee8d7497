#include "log_builder.hpp"

#include <hindsight/actions/cues.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hindsight::actions {
namespace {

using hindsight::testing::LogBuilder;
using ::testing::ElementsAre;

Duration frame(int k) {
    return to_duration(k, {1, 60});
}

TEST(Cues, HoldsFromThePressToTheRelease) {
    const LogBuilder builder = LogBuilder{}.shooter().hold(10, 25, "jump");
    EXPECT_THAT(
        make_cues(builder.log()).held.at(builder.id("jump")),
        ElementsAre(HeldInterval{frame(10), frame(25), true}));
}

TEST(Cues, ATapWithinOneFrameLastsThatFrame) {
    const LogBuilder builder = LogBuilder{}.shooter().press(10, "jump").release(10, "jump");
    const Cues cues = make_cues(builder.log());
    EXPECT_THAT(
        cues.held.at(builder.id("jump")),
        ElementsAre(HeldInterval{frame(10), frame(10) + cues.period, true}));
}

TEST(Cues, WhatAStateTellsWasNotPressedThen) {
    const LogBuilder builder =
        LogBuilder{}.shooter().state(0, {"jump"}).state(30, {}).state(60, {"fire"});
    const Cues cues = make_cues(builder.log());
    EXPECT_THAT(
        cues.held.at(builder.id("jump")), ElementsAre(HeldInterval{frame(0), frame(30), false}));
    EXPECT_THAT(
        cues.held.at(builder.id("fire")), ElementsAre(HeldInterval{frame(60), cues.end, false}));
}

TEST(Cues, ARestatedHoldIsOneInterval) {
    const LogBuilder builder =
        LogBuilder{}.shooter().state(0, {}).hold(10, 100, "jump").state(60, {"jump"});
    EXPECT_THAT(
        make_cues(builder.log()).held.at(builder.id("jump")),
        ElementsAre(HeldInterval{frame(10), frame(100), true}));
}

TEST(Cues, AOneShotLastsOneFrame) {
    LogBuilder builder;
    builder.pulse("next", {"WheelDown"}).press(5, "next").press(5, "next").press(9, "next");
    const Cues cues = make_cues(builder.log());
    EXPECT_THAT(
        cues.held.at(0),
        ElementsAre(
            HeldInterval{frame(5), frame(5) + cues.period, true},
            HeldInterval{frame(9), frame(9) + cues.period, true}));
}

TEST(Cues, ATwiceTappedFrameIsOneInterval) {
    LogBuilder builder;
    builder.shooter().press(5, "jump").release(5, "jump").press(5, "jump").release(8, "jump");
    EXPECT_THAT(
        make_cues(builder.log()).held.at(builder.id("jump")),
        ElementsAre(HeldInterval{frame(5), frame(8), true}));
}

TEST(Cues, AHoldLastsToTheEndOfAClipWithAHole) {
    const LogBuilder builder = LogBuilder{60, 60}.shooter().press(10, "jump");
    ActionLog log = builder.log();
    log.video.duration = Duration::from_ms(8'000);
    EXPECT_EQ(make_cues(log).held.at(builder.id("jump")).back().to, Duration::from_ms(8'000));
}

TEST(Cues, AxesAndMovementsAreToldAsTheyAre) {
    const LogBuilder builder =
        LogBuilder{}.shooter().value(3, "look", 5, -2).value(4, "stick", .5, 0);
    const Cues cues = make_cues(builder.log());
    EXPECT_THAT(cues.looks.at(builder.id("look")), ElementsAre(AnalogStep{frame(3), 5, -2}));
    EXPECT_THAT(cues.axes.at(builder.id("stick")), ElementsAre(AnalogStep{frame(4), .5, 0}));
}

}  // namespace
}  // namespace hindsight::actions
