#include "service_fakes.hpp"

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

using test::FakeCapture;

class Recording : public ::testing::Test {
protected:
    Recording() { make(); }

    void make() {
        RecordingController::Events events;
        events.forget = [this] { ++forgotten_; };
        controller_ = std::make_unique<RecordingController>(
            clock_, capture_, games_, folder_.path() / "session.json", events, Log{"test"});
        controller_->set_config(config_);
        controller_->set_ring(folder_.path() / "ring", 1 << 20);
    }

    static ipc::FocusChanged window(std::uint32_t id, const std::string& wm_class) {
        ipc::FocusChanged focus;
        focus.window = id;
        focus.wm_class = wm_class;
        return focus;
    }

    void start(const std::string& source) {
        controller_->start(source, [this](const Result<>& result) {
            replies_.push_back(result ? std::string{"ok"} : errc_name(result.error().code));
        });
    }

    test::ManualClock clock_;
    FakeCapture capture_;
    test::FakeGames games_;
    test::TemporaryFolder folder_;
    config::Config config_;
    int forgotten_ = 0;
    std::vector<std::string> replies_;
    std::unique_ptr<RecordingController> controller_;
};

TEST_F(Recording, AGameThatGetsTheFocusIsRecordedAndNothingElse) {
    controller_->focus_changed(window(5, "Firefox"));
    EXPECT_TRUE(capture_.runs.empty());
    EXPECT_EQ(controller_->state(), RecordingState::Idle);
    controller_->focus_changed(window(7, "Doom"));
    ASSERT_EQ(capture_.runs.size(), 1u);
    EXPECT_EQ(capture_.runs[0].window, 7u);
    EXPECT_EQ(controller_->recorded()->profile, "doom");
    EXPECT_EQ(controller_->state(), RecordingState::Starting);
    controller_->capture_started({});
    EXPECT_EQ(controller_->state(), RecordingState::Buffering);
}

TEST_F(Recording, LeavingTheGameForAnotherWindowGoesOnRecordingTheGame) {
    controller_->focus_changed(window(7, "Doom"));
    controller_->focus_changed(window(5, "Firefox"));
    EXPECT_EQ(capture_.runs.size(), 1u);
    EXPECT_EQ(controller_->recorded()->window, 7u);
}

TEST_F(Recording, ManualMeansThatAGameStartsNothing) {
    config_.recording.start = "manual";
    controller_->set_config(config_);
    controller_->focus_changed(window(7, "Doom"));
    EXPECT_TRUE(capture_.runs.empty());
}

TEST_F(Recording, TheUsersChoiceIsNotReplacedByAGame) {
    start("screen");
    controller_->focus_changed(window(7, "Doom"));
    ASSERT_EQ(capture_.runs.size(), 1u);
    EXPECT_EQ(capture_.runs[0].source, ipc::SourceKind::Screen);
}

TEST_F(Recording, AProgramOnTheListOfThoseThatAreNeverRecordedIsNot) {
    config_.recording.never = "keepassxc, doom";
    controller_->set_config(config_);
    controller_->focus_changed(window(7, "Doom"));
    EXPECT_TRUE(capture_.runs.empty());
    start("focused");
    start("window:7");
    EXPECT_TRUE(capture_.runs.empty());
    EXPECT_EQ(replies_, (std::vector<std::string>{"permission_denied", "permission_denied"}));
    config_.recording.never = "keepassxc";
    controller_->set_config(config_);
    controller_->focus_changed(window(7, "Doom"));
    EXPECT_EQ(capture_.runs.size(), 1u);
}

TEST_F(Recording, AProgramThatIsPutOnTheListIsLetGoOfAtOnce) {
    controller_->focus_changed(window(7, "Doom"));
    controller_->capture_started({});
    config_.recording.never = "keepassxc";
    controller_->set_config(config_);
    EXPECT_EQ(controller_->state(), RecordingState::Buffering);
    config_.recording.never = "keepassxc,doom";
    controller_->set_config(config_);
    EXPECT_EQ(controller_->state(), RecordingState::Idle);
    EXPECT_FALSE(controller_->subject());
    EXPECT_EQ(capture_.halts, std::vector{Memory::Dropped});
    EXPECT_EQ(forgotten_, 1);
}

TEST_F(Recording, WhatIsPausedOrKeptOfAProgramThatIsPutOnTheListGoesToo) {
    controller_->focus_changed(window(7, "Doom"));
    controller_->pause(true);
    config_.recording.never = "doom";
    controller_->set_config(config_);
    controller_->pause(false);
    EXPECT_EQ(capture_.runs.size(), 1u);
    config_.recording.never = "";
    controller_->set_config(config_);
    controller_->focus_changed(window(8, "Doom"));
    controller_->window_closed(8);
    config_.recording.never = "doom";
    controller_->set_config(config_);
    EXPECT_FALSE(controller_->subject());
    EXPECT_EQ(forgotten_, 2);
}

TEST_F(Recording, ARestartedServiceDoesNotGoOnWithAProgramThatIsOnTheList) {
    controller_->focus_changed(window(7, "Doom"));
    config_.recording.never = "doom";
    for (const bool paused : {false, true}) {
        controller_->pause(paused);
        make();
        EXPECT_FALSE(controller_->resume());
        EXPECT_FALSE(controller_->recorded());
        controller_->pause(false);
        EXPECT_EQ(capture_.runs.size(), 1u);
    }
}

TEST_F(Recording, AWindowOfWhichNothingIsKnownIsRefusedOnlyWhileAListIsSet) {
    config_.recording.never = " , ";
    controller_->set_config(config_);
    start("window:9");
    ASSERT_EQ(capture_.runs.size(), 1u);
    controller_->capture_started({});
    config_.recording.never = "keepassxc";
    controller_->set_config(config_);
    EXPECT_FALSE(controller_->recorded()) << "it may be one of those";
    start("window:9");
    EXPECT_EQ(capture_.runs.size(), 1u);
    controller_->start(
        "window:9",
        [this](const Result<>& result) { replies_.push_back(result ? "ok" : "refused"); },
        window(9, "Terminal"));
    controller_->capture_started({});
    EXPECT_EQ(replies_, (std::vector<std::string>{"ok", "permission_denied", "ok"}));
}

TEST_F(Recording, TheScreenIsRecordedWhateverTheListSays) {
    config_.recording.never = "keepassxc";
    controller_->set_config(config_);
    start("screen");
    EXPECT_EQ(capture_.runs.size(), 1u);
}

TEST_F(Recording, APartOfTheScreenIsRecordedAsItIsWritten) {
    start("region:1280x720+100+50");
    ASSERT_EQ(capture_.runs.size(), 1u);
    EXPECT_EQ(capture_.runs[0].source, ipc::SourceKind::Screen);
    EXPECT_EQ(capture_.runs[0].region_x, 100);
    EXPECT_EQ(capture_.runs[0].region_y, 50);
    EXPECT_EQ(capture_.runs[0].region_width, 1280);
    EXPECT_EQ(capture_.runs[0].region_height, 720);
    for (const char* wrong : {"region:", "region:1280x720", "region:1x1+0+0", "region:64x64+0+0 "})
        start(wrong);
    EXPECT_EQ(capture_.runs.size(), 1u);
    make();  // the next service
    EXPECT_TRUE(controller_->resume());
    EXPECT_EQ(capture_.runs.at(1).region_width, 1280);
}

TEST_F(Recording, ALockedScreenPausesUntilItIsUnlocked) {
    controller_->focus_changed(window(7, "Doom"));
    controller_->capture_started({});
    controller_->hold(Hold::Locked, true);
    EXPECT_EQ(controller_->state(), RecordingState::Paused);
    EXPECT_STREQ(controller_->paused_by(), "lock");
    EXPECT_EQ(capture_.halts, (std::vector<Memory>{Memory::Kept}));
    controller_->focus_changed(window(9, "Doom"));
    EXPECT_EQ(capture_.runs.size(), 1u);
    controller_->hold(Hold::Locked, false);
    EXPECT_EQ(capture_.runs.size(), 2u);
    EXPECT_STREQ(controller_->paused_by(), "");
}

TEST_F(Recording, APauseOfTheUserOutlastsTheLock) {
    controller_->focus_changed(window(7, "Doom"));
    controller_->hold(Hold::Locked, true);
    controller_->pause(true);
    controller_->hold(Hold::Locked, false);
    EXPECT_EQ(controller_->state(), RecordingState::Paused);
    EXPECT_STREQ(controller_->paused_by(), "user");
    EXPECT_EQ(capture_.runs.size(), 1u);
}

TEST_F(Recording, MemoryIsKeptAsLongAsTheSettingSays) {
    config_.recording.keep_minutes = 1;
    controller_->set_config(config_);
    controller_->focus_changed(window(7, "Doom"));
    controller_->window_closed(7);
    clock_.advance(Duration::from_ms(59'000));
    controller_->tick();
    EXPECT_EQ(forgotten_, 0);
    clock_.advance(Duration::from_ms(2'000));
    controller_->tick();
    EXPECT_EQ(forgotten_, 1);
}

TEST_F(Recording, AfterALongLockTheFootageBelongsToTheGameAgain) {
    controller_->focus_changed(window(7, "Doom"));
    controller_->hold(Hold::Locked, true);
    clock_.advance(Duration::from_ms(6 * 60'000));
    controller_->tick();
    EXPECT_EQ(forgotten_, 1);
    EXPECT_FALSE(controller_->subject());
    ASSERT_TRUE(controller_->recorded());
    controller_->hold(Hold::Locked, false);
    EXPECT_EQ(capture_.runs.size(), 2u);
    EXPECT_EQ(controller_->subject(), controller_->recorded());
    EXPECT_EQ(controller_->since(), clock_.now());
}

TEST_F(Recording, StartAnswersWhenCaptureRuns) {
    start("screen");
    EXPECT_TRUE(replies_.empty());
    controller_->capture_started({});
    EXPECT_EQ(replies_, std::vector<std::string>{"ok"});
}

TEST_F(Recording, StartSaysWhatCaptureSays) {
    start("window:7");
    controller_->capture_failed({"not_found", "the window is gone", 7});
    EXPECT_EQ(replies_, std::vector<std::string>{"not_found"});
    EXPECT_FALSE(controller_->recorded());
}

TEST_F(Recording, TheFailureOfAReplacedWindowDoesNotEndTheNextStart) {
    start("window:7");
    start("window:9");
    controller_->capture_failed({"not_found", "the window is gone", 7});
    ASSERT_TRUE(controller_->recorded());
    EXPECT_EQ(controller_->recorded()->window, 9u);
    controller_->capture_started({});
    EXPECT_EQ(replies_, (std::vector<std::string>{"cancelled", "ok"}));
}

TEST_F(Recording, StartIsBounded) {
    start("screen");
    clock_.advance(Duration::from_ms(16'000));
    controller_->tick();
    EXPECT_EQ(replies_, std::vector<std::string>{"timeout"});
}

TEST_F(Recording, StartFocusedWaitsForTheFirstWordAboutTheFocus) {
    start("focused");
    EXPECT_TRUE(capture_.runs.empty());
    controller_->focus_changed(window(9, "Terminal"));
    ASSERT_EQ(capture_.runs.size(), 1u);
    EXPECT_EQ(capture_.runs[0].window, 9u);
}

TEST_F(Recording, StartFocusedWithoutAnyWindowIsSaid) {
    start("focused");
    clock_.advance(Duration::from_ms(3'100));
    controller_->tick();
    EXPECT_EQ(replies_, std::vector<std::string>{"not_found"});
}

TEST_F(Recording, UnknownSourcesAreRefused) {
    for (const char* source : {"window:", "window:abc", "window:0", "desk"})
        start(source);
    EXPECT_EQ(replies_, std::vector<std::string>(4, "invalid_argument"));
    EXPECT_TRUE(capture_.runs.empty());
}

TEST_F(Recording, AClosedGameKeepsItsFootageForAWhile) {
    controller_->focus_changed(window(7, "Doom"));
    controller_->capture_started({});
    controller_->window_closed(7);
    EXPECT_EQ(capture_.halts, std::vector{Memory::Kept});
    EXPECT_EQ(controller_->state(), RecordingState::Idle);
    ASSERT_TRUE(controller_->subject());
    clock_.advance(Duration::from_ms(4 * 60'000));
    controller_->tick();
    EXPECT_EQ(forgotten_, 0);
    clock_.advance(Duration::from_ms(2 * 60'000));
    controller_->tick();
    EXPECT_EQ(forgotten_, 1);
    EXPECT_FALSE(controller_->subject());
}

TEST_F(Recording, TheSameGameAgainJoinsItsFootageAndAnotherGameDoesNot) {
    controller_->focus_changed(window(7, "Doom"));
    const MonoTime first = controller_->since();
    controller_->window_closed(7);
    clock_.advance(Duration::from_ms(5'000));
    controller_->focus_changed(window(8, "Doom"));
    EXPECT_EQ(controller_->since(), first);
    start("screen");
    EXPECT_EQ(controller_->since(), clock_.now());
}

TEST_F(Recording, StopDropsTheMemory) {
    controller_->focus_changed(window(7, "Doom"));
    controller_->stop();
    EXPECT_EQ(capture_.halts, std::vector{Memory::Dropped});
    EXPECT_EQ(forgotten_, 1);
    EXPECT_EQ(controller_->state(), RecordingState::Idle);
}

TEST_F(Recording, PauseHoldsUntilItIsTakenBack) {
    controller_->focus_changed(window(7, "Doom"));
    controller_->pause(true);
    EXPECT_EQ(controller_->state(), RecordingState::Paused);
    controller_->focus_changed(window(8, "Doom"));
    EXPECT_EQ(capture_.runs.size(), 1u);
    controller_->pause(false);
    ASSERT_EQ(capture_.runs.size(), 2u);
    EXPECT_EQ(capture_.runs[1].window, 7u);
}

TEST_F(Recording, ARestartedServiceGoesOnWithTheSameRecording) {
    controller_->focus_changed(window(7, "Doom"));
    const MonoTime since = controller_->since();
    make();  // killed and started again
    EXPECT_TRUE(controller_->resume());
    ASSERT_EQ(capture_.runs.size(), 2u);
    EXPECT_EQ(capture_.runs[1].window, 7u);
    EXPECT_EQ(controller_->since(), since);
}

TEST_F(Recording, ARestartedServiceStaysPaused) {
    controller_->focus_changed(window(7, "Doom"));
    controller_->pause(true);
    make();
    EXPECT_FALSE(controller_->resume());
    EXPECT_EQ(controller_->state(), RecordingState::Paused);
    EXPECT_EQ(capture_.runs.size(), 1u);
}

TEST_F(Recording, ADamagedSessionNoteIsPassedOver) {
    std::ofstream{folder_.path() / "session.json"} << "{\"paused\": 3";
    EXPECT_FALSE(controller_->resume());
    EXPECT_EQ(controller_->state(), RecordingState::Idle);
}

TEST_F(Recording, AFailureOfARunningRecordingIsShownUntilItRunsAgain) {
    controller_->focus_changed(window(7, "Doom"));
    controller_->capture_started({});
    controller_->capture_failed({"external", "the encoder stopped", 7});
    EXPECT_EQ(controller_->state(), RecordingState::Error);
    EXPECT_EQ(controller_->problem(), "the encoder stopped");
    controller_->capture_started({});
    EXPECT_EQ(controller_->state(), RecordingState::Buffering);
}

TEST_F(Recording, OtherLimitsDoNotRestartTheEncoder) {
    controller_->focus_changed(window(7, "Doom"));
    config_.recording.buffer_seconds = 60;
    controller_->set_config(config_);
    EXPECT_EQ(capture_.runs.size(), 1u);
    config_.recording.fps = 30;
    controller_->set_config(config_);
    EXPECT_EQ(capture_.runs.size(), 2u);
}

}  // namespace
}  // namespace hindsight::service
