#include "log_builder.hpp"

#include <hindsight/actions/inputs.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace hindsight::actions {
namespace {

using hindsight::testing::LogBuilder;
using Json = nlohmann::json;
using ::testing::ElementsAre;

/// The lines behind the header.
std::vector<Json> frames_of(const ActionLog& log) {
    std::vector<Json> lines;
    const std::string text = to_inputs_jsonl(log);
    for (std::size_t from = text.find('\n') + 1; from < text.size();) {
        const std::size_t end = text.find('\n', from);
        lines.push_back(Json::parse(text.substr(from, end - from)));
        from = end + 1;
    }
    return lines;
}

TEST(AsInputs, AnActionIsTheFirstControlOfTheDefaultBinding) {
    const auto lines =
        frames_of(LogBuilder{60}.shooter().state(0, {"forward"}).hold(3, 9, "jump").log());
    EXPECT_THAT(
        lines,
        ElementsAre(
            Json({{"frame", 0}, {"keys", {"+W"}}}),
            Json({{"frame", 3}, {"keys", {"+Space"}}}),
            Json({{"frame", 9}, {"keys", {"-Space"}}})));
}

TEST(AsInputs, EdgesOfOneFrameKeepTheirOrder) {
    const auto lines =
        frames_of(LogBuilder{60}.shooter().hold(4, 4, "fire").press(4, "fire").log());
    EXPECT_THAT(
        lines, ElementsAre(Json({{"frame", 4}, {"keys", {"+Mouse1", "-Mouse1", "+Mouse1"}}})));
}

TEST(AsInputs, AWheelStepIsNeverReleased) {
    const auto lines = frames_of(
        LogBuilder{60}.pulse("next", {"WheelDown"}).press(4, "next").press(4, "next").log());
    EXPECT_THAT(lines, ElementsAre(Json({{"frame", 4}, {"keys", {"+WheelDown", "+WheelDown"}}})));
}

TEST(AsInputs, AxesAndLookKeepTheirValues) {
    const auto lines = frames_of(
        LogBuilder{60}.shooter().value(4, "look", -12, 3).value(5, "stick", 0.5F, -1).log());
    EXPECT_THAT(
        lines,
        ElementsAre(
            Json({{"frame", 4}, {"move", {-12.0, 3.0}}}),
            Json({{"frame", 5}, {"axes", {{"PadLeftStick", {0.5, -1.0}}}}})));
}

TEST(AsInputs, AnAxisOfKeysPressesTheOneOfItsSide) {
    LogBuilder builder{60};
    builder.action("steer", {"D", "A"}, ActionType::Axis1d)
        .value(1, "steer", 1)
        .value(2, "steer", -1)
        .value(3, "steer", 0);
    ActionLog log = builder.log();
    log.actions[0].negative_controls = {"A"};
    EXPECT_THAT(
        frames_of(log),
        ElementsAre(
            Json({{"frame", 1}, {"keys", {"+D"}}}),
            Json({{"frame", 2}, {"keys", {"-D", "+A"}}}),
            Json({{"frame", 3}, {"keys", {"-A"}}})));
}

TEST(AsInputs, AnAxisOfTwoTriggersTurnsTheOneOfItsSide) {
    LogBuilder builder{60};
    builder.action("drive", {"PadRightTrigger", "PadLeftTrigger"}, ActionType::Axis1d)
        .value(1, "drive", 0.5F)
        .value(2, "drive", -0.25F);
    ActionLog log = builder.log();
    log.actions[0].negative_controls = {"PadLeftTrigger"};
    EXPECT_THAT(
        frames_of(log),
        ElementsAre(
            Json({{"frame", 1}, {"axes", {{"PadRightTrigger", 0.5}, {"PadLeftTrigger", 0}}}}),
            Json({{"frame", 2}, {"axes", {{"PadRightTrigger", 0}, {"PadLeftTrigger", 0.25}}}})));
}

TEST(AsInputs, WhereKeyFramesLieDoesNotShow) {
    const auto play = [](int keyframe) {
        return to_inputs_jsonl(LogBuilder{60}
                                   .shooter()
                                   .value(5, "stick", 0.5F, -1)
                                   .state(keyframe, {})
                                   .value(keyframe, "stick", 0.5F, -1)
                                   .log());
    };
    EXPECT_EQ(play(60), play(70));
}

TEST(AsInputs, NumbersAreAsShortAsInTheLog) {
    const std::string text = to_inputs_jsonl(
        LogBuilder{60}.shooter().value(4, "look", -12, 3).value(5, "stick", 0.1F, -1).log());
    EXPECT_NE(text.find(R"("move":[-12,3])"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("PadLeftStick":[0.1,-1])"), std::string::npos) << text;
}

TEST(AsInputs, AKeyThatStandsForSomethingThatHappensOnceIsReleased) {
    const auto lines = frames_of(LogBuilder{60}.pulse("next", {"Q"}).press(4, "next").log());
    EXPECT_THAT(lines, ElementsAre(Json({{"frame", 4}, {"keys", {"+Q", "-Q"}}})));
}

TEST(AsInputs, AControlOfTwoActionsIsReleasedByTheLast) {
    const auto lines = frames_of(LogBuilder{60}
                                     .action("use", {"E"})
                                     .action("reload", {"E"})
                                     .hold(1, 5, "use")
                                     .hold(3, 7, "reload")
                                     .log());
    EXPECT_THAT(
        lines,
        ElementsAre(
            Json({{"frame", 1}, {"keys", {"+E"}}}), Json({{"frame", 7}, {"keys", {"-E"}}})));
}

TEST(AsInputs, AStateThatTellsWhatIsKnownSaysNothing) {
    const auto lines =
        frames_of(LogBuilder{60}.shooter().press(2, "forward").state(60, {"forward"}).log());
    EXPECT_EQ(lines.size(), 1U);
}

TEST(AsInputs, NothingOfTheClipIsInThem) {
    ActionLog log = LogBuilder{60}.shooter().hold(3, 9, "jump").log();
    log.clip = "a-clip";
    log.game = "A Game";
    log.video.file = "A Game_2026.mp4";
    const std::string text = to_inputs_jsonl(log);
    for (const std::string& own : {log.clip, log.game, log.video.file})
        EXPECT_EQ(text.find(own), std::string::npos) << own;
}

TEST(AsInputs, WhatHasNoDefaultControlIsNamedAndLeftOut) {
    const ActionLog log = LogBuilder{60}.action("dance", {}).hold(3, 9, "dance").log();
    const std::string text = to_inputs_jsonl(log);
    EXPECT_EQ(Json::parse(text.substr(0, text.find('\n')))["unbound"], Json({"dance"}));
    EXPECT_TRUE(frames_of(log).empty());
    const std::string quiet = to_inputs_jsonl(LogBuilder{60}.action("dance", {}).log());
    EXPECT_EQ(Json::parse(quiet)["unbound"], Json::array()) << "it did not happen";
}

}  // namespace
}  // namespace hindsight::actions
