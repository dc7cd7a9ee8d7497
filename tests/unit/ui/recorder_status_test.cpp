#include "service/recorder_status.hpp"

#include <gtest/gtest.h>

namespace hindsight::ui {
namespace {

using Shape = RecorderStatus::Shape;

RecorderStatus buffering() {
    return parse_status(nlohmann::json::parse(R"({
        "state": "buffering", "game": "Freedoom", "fps": 60.0, "width": 1920, "height": 1080,
        "ring": {"buffered_s": 52.4, "limit_s": 120.0},
        "session": {"active": true, "state": "recording"},
        "exports": [{"id": "j0", "kind": "thumbnail", "clip": "c1", "progress": 0.0}, {"id": "j1", "kind": "burn-in", "clip": "c1", "progress": 0.625}], "failed": [], "health": [{"severity": "warning", "text": "The key is taken.", "mend": "Choose another.", "setting": "hotkeys.save"}],
        "recovered": [{"id": "r1", "duration_s": 18.5}]})"));
}

TEST(RecorderStatus, ReadsTheContract) {
    const RecorderStatus status = buffering();
    EXPECT_TRUE(status.connected);
    EXPECT_TRUE(status.recording());
    EXPECT_EQ(status.game, "Freedoom");
    EXPECT_DOUBLE_EQ(status.buffered_s, 52.4);
    EXPECT_DOUBLE_EQ(status.limit_s, 120);
    EXPECT_FALSE(status.saving) << "a job is no save";
    EXPECT_TRUE(status.session);
    EXPECT_EQ(job_line(status), "Overlay copy: 62 %");
    ASSERT_EQ(status.recovered.size(), 1);
    EXPECT_EQ(status.recovered[0].id, "r1");
    EXPECT_TRUE(status.trouble.isEmpty()) << "a warning is no trouble";
    ASSERT_EQ(status.warnings.size(), 1);
    EXPECT_EQ(status.warnings[0].setting, "hotkeys.save");
}

TEST(RecorderStatus, SurvivesWhatItDoesNotKnow) {
    EXPECT_FALSE(parse_status(nlohmann::json{}).connected);
    EXPECT_FALSE(parse_status(nlohmann::json::array()).connected);
    const RecorderStatus odd = parse_status({{"state", 3}, {"ring", "none"}, {"exports", 1}});
    EXPECT_TRUE(odd.connected);
    EXPECT_FALSE(odd.recording());
}

TEST(RecorderStatus, WhatIsInMemoryCanBeSavedWhateverTheState) {
    RecorderStatus status = buffering();
    for (const char* state : {"buffering", "paused", "idle"}) {
        status.state = state;
        EXPECT_TRUE(status.can_save()) << state;
    }
    status.buffered_s = 0;
    EXPECT_FALSE(status.can_save());
}

TEST(RecorderStatus, WaitsForAGameOrForTheUserAsTheSettingSays) {
    const RecorderStatus by_itself = parse_status({{"state", "idle"}, {"start", "game"}});
    EXPECT_FALSE(by_itself.waits_for_start());
    EXPECT_EQ(state_line(by_itself, false, {}), "Waiting for a game");
    RecorderStatus manual = parse_status({{"state", "idle"}, {"start", "manual"}});
    EXPECT_TRUE(manual.waits_for_start());
    EXPECT_EQ(state_line(manual, false, {}), "Not recording");
    manual.state = "buffering";
    EXPECT_FALSE(manual.waits_for_start());
}

TEST(RecorderStatus, TheMicrophoneIsOffUnlessTheServiceSaysOtherwise) {
    using Microphone = RecorderStatus::Microphone;
    const auto told = [](const char* state) {
        return parse_status({{"state", "idle"}, {"microphone", state}}).microphone;
    };
    EXPECT_EQ(buffering().microphone, Microphone::Off);
    EXPECT_EQ(told("off"), Microphone::Off);
    EXPECT_EQ(told("on"), Microphone::Heard);
    EXPECT_EQ(told("silent"), Microphone::Silent);
    EXPECT_EQ(told("muted"), Microphone::Muted);
}

TEST(RecorderStatus, WarningsAreOneLine) {
    RecorderStatus status = buffering();
    EXPECT_EQ(warning_line(status), "The key is taken.");
    status.warnings.append(HealthWarning{"Pictures are missing.", {}});
    EXPECT_EQ(warning_line(status), "The key is taken. 1 more");
    EXPECT_EQ(shape_of(status, false, false), Shape::Buffering) << "recording goes on";
    EXPECT_TRUE(warning_line({}).isEmpty());
}

TEST(RecorderStatus, AShapeForEveryState) {
    RecorderStatus status;
    EXPECT_EQ(shape_of(status, false, false), Shape::Idle);
    status = buffering();
    EXPECT_EQ(shape_of(status, false, false), Shape::Buffering);
    EXPECT_EQ(shape_of(status, true, true), Shape::Saving);
    EXPECT_EQ(shape_of(status, false, true), Shape::Error);
    status.state = "paused";
    EXPECT_EQ(shape_of(status, false, false), Shape::Paused);
    status.trouble = "The disk is full.";
    EXPECT_EQ(shape_of(status, false, false), Shape::Error);
}

TEST(RecorderStatus, TheStateLineIsASentence) {
    RecorderStatus status = buffering();
    EXPECT_EQ(state_line(status, false, {}), "Buffering Freedoom, 52 s ready");
    EXPECT_EQ(state_line(status, true, {}), "Saving a clip of Freedoom");
    EXPECT_EQ(state_line(status, false, "Not saved."), "Not saved.");
    status.state = "paused";
    EXPECT_EQ(state_line(status, false, {}), "Paused. Nothing is recorded");
    EXPECT_EQ(state_line({}, false, {}), "Starting the recorder");
}

}  // namespace
}  // namespace hindsight::ui
