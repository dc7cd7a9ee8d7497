// A microphone that hears noise all the time, and a talk key and a mute key pressed by (synthetic)
// fingers: what of it is in the clip.

#include "pattern/clip_reading.hpp"
#include "recorder.hpp"
#include "x_player.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <iostream>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

constexpr std::uint8_t kInsert = 110;  // of linux/input-event-codes.h
constexpr const char* kConfig = R"(
[recording]
start = "manual"
fps = 30
preset = "ultrafast"
[audio]
microphone = true
[hotkeys]
push_to_talk = "Insert"
microphone = "Ctrl+Shift+F7"
[overlay]
on_save = "off"
)";

/// The tail, a block of sound that fades, and a tenth of a second that is loud at its end only.
constexpr double kSlack_s = 0.3;

double now_s() {
    return Seconds{std::chrono::steady_clock::now().time_since_epoch()}.count();
}

/// How long the key was held at least and at most, seen from outside.
struct Hold {
    double least_s = 0;
    double most_s = 0;
};

/// Lengths of the stretches of a track that are not silent.
std::vector<double> loud_stretches(const TrackReading& track) {
    constexpr double kSilence = 1e-3;
    std::vector<double> lengths;
    bool loud = false;
    for (const double value : track.loudness) {
        if (value > kSilence && !loud)
            lengths.push_back(0);
        loud = value > kSilence;
        if (loud)
            lengths.back() += 0.1;
    }
    return lengths;
}

class PushToTalk : public testing::Test {
protected:
    void SetUp() override {
        auto desktop = DesktopSession::start({});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = std::move(*desktop);
        player_ = std::make_unique<XPlayer>(desktop_->display());
        game_ = player_->open_window("TestGame", "A game");
        other_ = player_->open_window("Other", "Something else");
        auto noise = desktop_->spawn(
            // Without a short latency a null sink plays, and lets others hear, in blocks of two
            // seconds.
            {"pacat",
             "--latency-msec=20",
             "--format=s16le",
             "--rate=48000",
             "--channels=2",
             "/dev/urandom"},
            {},
            "pulseaudio-utils");
        ASSERT_TRUE(noise) << noise.error().what;
        noise_ = std::move(*noise);
        auto recorder = Recorder::start(*desktop_, kConfig);
        ASSERT_TRUE(recorder) << recorder.error().what;
        recorder_ = std::move(*recorder);
        const auto started = recorder_->ctl({"start", "window:" + std::to_string(game_)});
        ASSERT_TRUE(started) << started.error().what;
        ASSERT_TRUE(recorder_->wait_for_footage(1));
    }

    void TearDown() override {
        if (HasFailure() && recorder_)
            std::cerr << recorder_->logs();
    }

    [[nodiscard]] std::string microphone() {
        const auto status = recorder_->ctl({"status"});
        return status ? status->value("microphone", "") : status.error().what;
    }

    bool becomes(const std::string& state) {
        return wait_until([&] { return microphone() == state; });
    }

    bool record(double seconds) {
        const double until = now_s() + seconds;
        return wait_until([&] { return now_s() >= until; });
    }

    Hold talk() {
        const double before = now_s();
        player_->key(kInsert, true);
        EXPECT_TRUE(becomes("on"));
        const double open = now_s();
        EXPECT_TRUE(record(1.5));
        const double let_go = now_s();
        player_->key(kInsert, false);
        EXPECT_TRUE(becomes("silent"));
        return {let_go - open, now_s() - before};
    }

    /// The stretches of the saved clip's microphone that are loud. The desktop's sound goes on.
    std::vector<double> heard(const char* last) {
        const auto saved = recorder_->ctl({"save", "--last", last, "--wait=video"});
        EXPECT_TRUE(saved) << saved.error().what;
        const auto reading = saved ? read_clip(saved->value("path", "")) : read_clip("");
        if (!reading || reading->tracks.size() != 3) {
            ADD_FAILURE() << (reading ? "not three tracks" : reading.error().what);
            return {};
        }
        EXPECT_EQ(reading->tracks[1].title, "Desktop");
        EXPECT_EQ(reading->tracks[2].title, "Microphone");
        EXPECT_EQ(loud_stretches(reading->tracks[1]).size(), 1U) << "the noise was interrupted";
        return loud_stretches(reading->tracks[2]);
    }

    std::unique_ptr<DesktopSession> desktop_;
    std::unique_ptr<XPlayer> player_;
    std::unique_ptr<Recorder> recorder_;
    Process noise_;
    std::uint32_t game_ = 0;
    std::uint32_t other_ = 0;
};

TEST_F(PushToTalk, SpeechIsHeardOnlyWhileTheKeyIsHeld) {
    ASSERT_TRUE(becomes("silent"));
    ASSERT_TRUE(desktop_->focus(game_));
    ASSERT_TRUE(record(1));
    std::vector<Hold> holds{talk()};
    ASSERT_TRUE(record(1));
    // Where raw input does not tell of the key.
    ASSERT_TRUE(desktop_->focus(other_));
    holds.push_back(talk());
    ASSERT_TRUE(record(1));

    ASSERT_TRUE(desktop_->xdotool({"key", "ctrl+shift+F7"}));
    ASSERT_TRUE(becomes("muted"));
    player_->key(kInsert, true);
    ASSERT_TRUE(record(1));
    EXPECT_EQ(microphone(), "muted");
    player_->key(kInsert, false);
    ASSERT_TRUE(record(0.5));

    const auto stretches = heard("60s");
    ASSERT_EQ(stretches.size(), holds.size());
    for (std::size_t i = 0; i < holds.size(); ++i) {
        EXPECT_GE(stretches[i], holds[i].least_s - 0.1) << i;
        EXPECT_LE(stretches[i], holds[i].most_s + kSlack_s) << i;
    }
}

TEST_F(PushToTalk, WhateverDiesWhileTheKeyIsHeldTheMicrophoneEndsSilent) {
    ASSERT_TRUE(becomes("silent"));
    player_->key(kInsert, true);
    ASSERT_TRUE(becomes("on"));
    const auto input = recorder_->children("hindsight-input");
    ASSERT_EQ(input.size(), 1U);
    ASSERT_EQ(::kill(input.front(), SIGKILL), 0);
    player_->key(kInsert, false);
    EXPECT_TRUE(becomes("silent")) << "nobody saw the release";

    // The next input program hears the key again.
    ASSERT_TRUE(wait_until([&] {
        const auto now = recorder_->children("hindsight-input");
        return now.size() == 1 && now.front() != input.front();
    }));
    ASSERT_TRUE(wait_until([&] {
        player_->key(kInsert, true);
        const bool open = wait_until([&] { return microphone() == "on"; }, milliseconds{1'000});
        if (!open)
            player_->key(kInsert, false);
        return open;
    }));
    recorder_->service().kill(SIGKILL);
    ASSERT_TRUE(recorder_->service().wait());
    player_->key(kInsert, false);
    const auto restarted = recorder_->restart();
    ASSERT_TRUE(restarted) << restarted.error().what;
    ASSERT_TRUE(recorder_->wait_for_state("buffering"));
    EXPECT_EQ(microphone(), "silent");
    ASSERT_TRUE(record(2));
    EXPECT_THAT(heard("1s"), testing::IsEmpty());
}

class MuteKey : public PushToTalk {
protected:
    void SetUp() override {
        ASSERT_NO_FATAL_FAILURE(PushToTalk::SetUp());
        ASSERT_TRUE(recorder_->ctl({"config", "set", "hotkeys.push_to_talk", ""}));
        ASSERT_TRUE(becomes("on"));
    }

    void press() { ASSERT_TRUE(desktop_->xdotool({"key", "ctrl+shift+F7"})); }

    /// Also that what has been recorded until now is silent, after another second and a half.
    void expect_muted(const char* after) {
        ASSERT_TRUE(recorder_->wait_for_state("buffering")) << after;
        EXPECT_EQ(microphone(), "muted") << after;
        ASSERT_TRUE(record(1.5));
        EXPECT_THAT(heard("1s"), testing::IsEmpty()) << after;
    }
};

TEST_F(MuteKey, AMuteOutlastsEveryRestartUntilTheKeyIsPressedAgain) {
    ASSERT_TRUE(record(1));
    ASSERT_EQ(heard("1s").size(), 1U) << "there is no noise to be silenced";
    press();
    ASSERT_TRUE(becomes("muted"));

    const auto capture = recorder_->children("hindsight-capture");
    ASSERT_EQ(capture.size(), 1U);
    ASSERT_EQ(::kill(capture.front(), SIGKILL), 0);
    ASSERT_TRUE(wait_until([&] {
        const auto now = recorder_->children("hindsight-capture");
        return now.size() == 1 && now.front() != capture.front();
    }));
    ASSERT_NO_FATAL_FAILURE(expect_muted("a killed capture"));

    recorder_->service().kill(SIGKILL);
    ASSERT_TRUE(recorder_->service().wait());
    ASSERT_TRUE(recorder_->restart());
    ASSERT_NO_FATAL_FAILURE(expect_muted("a killed service"));

    ASSERT_TRUE(recorder_->ctl({"quit"}, milliseconds{60'000}));
    ASSERT_TRUE(recorder_->service().wait());
    ASSERT_TRUE(recorder_->restart());
    ASSERT_TRUE(recorder_->ctl({"start", "window:" + std::to_string(game_)}));
    ASSERT_NO_FATAL_FAILURE(expect_muted("an orderly end"));

    press();
    ASSERT_TRUE(becomes("on"));
    ASSERT_TRUE(record(1.5));
    EXPECT_EQ(heard("1s").size(), 1U);
    ASSERT_TRUE(recorder_->ctl({"quit"}, milliseconds{60'000}));
    ASSERT_TRUE(recorder_->service().wait());
    ASSERT_TRUE(recorder_->restart());
    EXPECT_EQ(microphone(), "on") << "what was unmuted stays so, too";
}

TEST_F(MuteKey, TheShellMutesAsTheKeyDoes) {
    ASSERT_TRUE(recorder_->ctl({"mute"}));
    EXPECT_TRUE(becomes("muted"));
    press();
    EXPECT_TRUE(becomes("on"));
    press();
    ASSERT_TRUE(becomes("muted"));
    ASSERT_TRUE(recorder_->ctl({"mute", "off"}));
    EXPECT_TRUE(becomes("on"));
    ASSERT_TRUE(recorder_->ctl({"config", "set", "audio.microphone", "false"}));
    ASSERT_TRUE(becomes("off"));
    const auto refused = recorder_->ctl({"mute"});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, testing::HasSubstr("The microphone is not recorded."));
}

TEST_F(MuteKey, WhileTheMicrophoneIsNotRecordedItDoesNothingAndThatIsSaid) {
    ASSERT_TRUE(recorder_->ctl({"config", "set", "audio.microphone", "false"}));
    ASSERT_TRUE(becomes("off"));
    press();
    EXPECT_TRUE(wait_until([this] {
        return recorder_->logs().find(
                   "The mute key does nothing: the microphone is not recorded.") !=
               std::string::npos;
    }));
    ASSERT_TRUE(recorder_->ctl({"config", "set", "audio.microphone", "true"}));
    EXPECT_TRUE(becomes("on"));
}

}  // namespace
}  // namespace hindsight::test
