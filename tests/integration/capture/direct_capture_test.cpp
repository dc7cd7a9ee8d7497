#include "capture_harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <random>

namespace hindsight::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::Le;

constexpr int kTakes = 3;

int count_of(const std::string& text, const std::string& what) {
    int count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++count;
    return count;
}

class DirectCapture : public testing::Test {
protected:
    void SetUp() override {
        // Room for 1280x720 with its window decorations.
        auto harness = CaptureHarness::start({.width = 1600, .height = 900});
        ASSERT_TRUE(harness) << harness.error().what;
        harness_ = *std::move(harness);
        const auto spawned = harness_->spawn_capture();
        ASSERT_TRUE(spawned) << spawned.error().what;
    }

    std::uint32_t show_pattern(const std::string& size, int fps) {
        const auto window = harness_->show_pattern(size, fps);
        EXPECT_TRUE(window) << window.error().what;
        return window.value_or(0);
    }

    /// Ten seconds of a running recording.
    ClipReading record_ten_seconds(const ipc::StartCapture& request) {
        const auto started = harness_->start_capture(request);
        EXPECT_TRUE(started) << started.error().what;
        if (!started)
            return {};
        EXPECT_EQ(started->picture, "direct");
        EXPECT_EQ(started->encoder, "obs_x264");
        EXPECT_TRUE(harness_->record(11.0)) << harness_->capture().err();
        EXPECT_TRUE(harness_->stop_capture());
        auto reading = harness_->read_ring();
        EXPECT_TRUE(reading) << reading.error().what;
        if (!reading)
            return {};
        // The first second was taken while libobs and its encoder were starting.
        reading->drop_before(1.0);
        return *std::move(reading);
    }

    /// What the recorder and the pattern themselves say that they came too late for since the last
    /// call. A machine that is busy with something else gets another take; nothing else excuses a
    /// frame. Capture is started anew: only a log that has ended is all there.
    [[nodiscard]] bool somebody_was_late() {
        harness_->close_channel();
        EXPECT_TRUE(harness_->capture().wait());
        const auto status = harness_->last_status();
        const int pictures = count_of(harness_->capture_log(), "a picture came late");
        const int paints = count_of(harness_->pattern().out(), "late ");
        const bool late = (status && status->lagged + status->skipped > 0) ||
                          pictures > late_pictures_ || paints > late_paints_;
        late_pictures_ = pictures;
        late_paints_ = paints;
        EXPECT_TRUE(harness_->spawn_capture());
        return late;
    }

    void expect_whole_pattern(const std::string& size, int fps) {
        const auto request = harness_->request(show_pattern(size, fps), fps);
        std::string fault = "nothing recorded";
        for (int take = 0; take < kTakes && !fault.empty(); ++take) {
            const ClipReading reading = record_ten_seconds(request);
            EXPECT_EQ(std::to_string(reading.width) + "x" + std::to_string(reading.height), size);
            ASSERT_EQ(reading.tracks.size(), 1u);
            EXPECT_EQ(reading.tracks[0].title, "Desktop");
            EXPECT_GE(reading.beep_delays().size(), 8u);
            EXPECT_THAT(reading.beep_delays(), Each(AllOf(Ge(-0.025), Le(0.025))));
            fault = reading.counter_fault();
            // Frames that the encoder had no time for are left out, which is a fault of the
            // counter.
            if (fault.empty())
                EXPECT_GE(reading.frames.size(), static_cast<std::size_t>(fps * 10));
            else
                std::cerr << "take " << take << ": " << fault << "\n";
            ASSERT_TRUE(fault.empty() || somebody_was_late()) << fault << ", and nobody was late";
        }
        EXPECT_EQ(fault, "") << harness_->pattern().out();
    }

    std::unique_ptr<CaptureHarness> harness_;
    int late_pictures_ = 0;
    int late_paints_ = 0;
};

TEST_F(DirectCapture, EveryFrameOf640x360At60IsThereOnceWithItsSound) {
    expect_whole_pattern("640x360", 60);
}

TEST_F(DirectCapture, EveryFrameOf1280x720At60IsThereOnceWithItsSound) {
    expect_whole_pattern("1280x720", 60);
}

TEST_F(DirectCapture, GoesOnInItsOwnSizeWhenTheWindowIsResized) {
    const auto window = show_pattern("640x360", 30);
    ASSERT_TRUE(harness_->start_capture(harness_->request(window, 30)));
    ASSERT_TRUE(harness_->record(1.0));
    const auto resized =
        harness_->desktop().xdotool({"windowsize", std::to_string(window), "1280", "720"});
    ASSERT_TRUE(resized) << resized.error().what;
    ASSERT_TRUE(harness_->record(3.0));
    ASSERT_TRUE(harness_->stop_capture());

    // The counter's cells are half as large once 1280x720 is scaled onto 640x360.
    const auto before = harness_->read_ring();
    const auto after = harness_->read_ring({.cell = 8});
    ASSERT_TRUE(before && after);
    EXPECT_EQ(before->width, 640);
    EXPECT_EQ(before->height, 360);
    EXPECT_TRUE(before->frames.front().counter);
    EXPECT_TRUE(after->frames.back().counter);
    EXPECT_GT(*after->frames.back().counter, *before->frames.front().counter + 60);
}

TEST_F(DirectCapture, ALargerWindowIsScaledDownToTheLimit) {
    auto request = harness_->request(show_pattern("1280x720", 30), 30);
    request.max_width = 640;
    request.max_height = 640;
    const auto started = harness_->start_capture(request);
    ASSERT_TRUE(started) << started.error().what;
    EXPECT_EQ(started->width, 640);
    EXPECT_EQ(started->height, 360);
    ASSERT_TRUE(harness_->record(1.0));
    ASSERT_TRUE(harness_->stop_capture());
    const auto reading = harness_->read_ring({.cell = 8});
    ASSERT_TRUE(reading) << reading.error().what;
    EXPECT_TRUE(reading->frames.back().counter);
}

TEST_F(DirectCapture, TheWholeScreenShowsTheWindowsOnIt) {
    const auto window = show_pattern("640x360", 30);
    ASSERT_TRUE(harness_->desktop().xdotool({"windowmove", std::to_string(window), "0", "0"}));
    auto request = harness_->request(0, 30);
    request.cursor = true;
    const auto started = harness_->start_capture(request);
    ASSERT_TRUE(started) << started.error().what;
    EXPECT_EQ(started->width, 1600);
    ASSERT_TRUE(harness_->record(2.0));
    const auto status = harness_->receive<ipc::CaptureStatus>();
    ASSERT_TRUE(status);
    EXPECT_TRUE(status->source_alive);
    EXPECT_LT(status->unchanged, 30u);
}

TEST_F(DirectCapture, APartOfTheScreenIsThatPart) {
    const auto window = show_pattern("640x360", 30);
    ASSERT_TRUE(harness_->desktop().xdotool(
        {"windowmove", "--sync", std::to_string(window), "200", "100"}));
    const auto place = harness_->desktop().run(
        {"xwininfo", "-id", std::to_string(window)}, kPatience, {}, "x11-utils");
    ASSERT_TRUE(place) << place.error().what;
    const auto number = [&](const std::string& axis) {
        const std::string label = "Absolute upper-left " + axis + ":";
        const std::size_t at = place->out.find(label);
        return at == std::string::npos ? -1 : std::atoi(place->out.c_str() + at + label.size());
    };
    auto request = harness_->request(0, 30);
    request.region_x = number("X");
    request.region_y = number("Y");
    request.region_width = 640;
    request.region_height = 360;
    const auto started = harness_->start_capture(request);
    ASSERT_TRUE(started) << started.error().what;
    EXPECT_EQ(started->width, 640);
    EXPECT_EQ(started->height, 360);
    ASSERT_TRUE(harness_->record(2.0));
    ASSERT_TRUE(harness_->stop_capture());
    const auto reading = harness_->read_ring();
    ASSERT_TRUE(reading) << reading.error().what;
    EXPECT_TRUE(reading->frames.back().counter);
}

TEST_F(DirectCapture, APartThatIsNotOnTheScreenIsSaid) {
    auto request = harness_->request(0, 30);
    request.region_x = 5'000;
    request.region_width = 640;
    request.region_height = 360;
    ASSERT_TRUE(harness_->send(request));
    const auto failed = harness_->receive<ipc::CaptureFailed>();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->code, "not_found");
}

TEST_F(DirectCapture, AClosedWindowIsReportedAndTheRecordingGoesOn) {
    const auto window = show_pattern("640x360", 30);
    ASSERT_TRUE(harness_->start_capture(harness_->request(window, 30)));
    ASSERT_TRUE(harness_->record(1.0));
    harness_->pattern().stop();
    const bool noticed = wait_until([&] {
        const auto status = harness_->receive<ipc::CaptureStatus>();
        return status && !status->source_alive;
    });
    EXPECT_TRUE(noticed);
    EXPECT_TRUE(harness_->record(1.0)) << "packets go on after the window is gone";
}

TEST_F(DirectCapture, APictureThatStandsStillIsCounted) {
    const auto window = show_pattern("640x360", 30);
    harness_->pattern().kill(SIGSTOP);
    auto request = harness_->request(window, 30);
    request.desktop_audio = false;
    ASSERT_TRUE(harness_->start_capture(request));
    const bool counted = wait_until([&] {
        const auto status = harness_->receive<ipc::CaptureStatus>();
        return status && status->unchanged > 45;
    });
    EXPECT_TRUE(counted);
    harness_->pattern().kill(SIGCONT);
    const bool moving = wait_until([&] {
        const auto status = harness_->receive<ipc::CaptureStatus>();
        return status && status->unchanged < 5;
    });
    EXPECT_TRUE(moving);
}

TEST_F(DirectCapture, APointerThatMovesOverAStillPictureIsRecorded) {
    const auto window = show_pattern("640x360", 30);
    harness_->pattern().kill(SIGSTOP);
    auto request = harness_->request(window, 30);
    request.desktop_audio = false;
    request.cursor = true;
    ASSERT_TRUE(harness_->start_capture(request));
    const auto move_to = [&](const char* x) {
        return harness_->desktop().xdotool(
            {"mousemove", "--window", std::to_string(window), x, "100"});
    };
    ASSERT_TRUE(move_to("50"));
    // Long enough for pictures to be fetched only when something happens.
    ASSERT_TRUE(wait_until([&] {
        const auto status = harness_->receive<ipc::CaptureStatus>();
        return status && status->unchanged > 70;
    }));
    ASSERT_TRUE(move_to("300"));
    EXPECT_TRUE(wait_until([&] {
        const auto status = harness_->receive<ipc::CaptureStatus>();
        return status && status->unchanged < 60;
    }));
    harness_->pattern().kill(SIGCONT);
}

/// How loud the second half of a track is against its first.
double loudness_kept(const TrackReading& track) {
    const auto middle =
        track.loudness.begin() + static_cast<std::ptrdiff_t>(track.loudness.size() / 2);
    const double first = std::accumulate(track.loudness.begin(), middle, 0.0);
    const double second = std::accumulate(middle, track.loudness.end(), 0.0);
    return second / first;
}

TEST_F(DirectCapture, SeveralSoundsAreTracksOfTheirOwnBehindTheirMix) {
    auto request = harness_->request(show_pattern("640x360", 30), 30);
    request.microphone = true;
    request.application = "Hindsight-Pattern";
    ASSERT_TRUE(harness_->start_capture(request));
    ASSERT_TRUE(harness_->record(5.0));
    ASSERT_TRUE(harness_->stop_capture());
    const auto reading = harness_->read_ring();
    ASSERT_TRUE(reading) << reading.error().what;
    ASSERT_EQ(reading->tracks.size(), 4u);
    EXPECT_EQ(reading->tracks[0].title, "Mix");
    EXPECT_EQ(reading->tracks[1].title, "Desktop");
    EXPECT_EQ(reading->tracks[2].title, "Microphone");
    EXPECT_EQ(reading->tracks[3].title, "Hindsight-Pattern");
    for (std::size_t track = 0; track < 4; ++track) {
        EXPECT_GE(reading->beep_delays(track).size(), 2u) << track;
        EXPECT_THAT(reading->beep_delays(track), Each(AllOf(Ge(-0.025), Le(0.025)))) << track;
    }
}

TEST_F(DirectCapture, AnApplicationThatIsNotThereIsSilence) {
    auto request = harness_->request(show_pattern("640x360", 30), 30);
    request.desktop_audio = false;
    request.application = "nobody";
    ASSERT_TRUE(harness_->start_capture(request));
    ASSERT_TRUE(harness_->record(2.5));
    ASSERT_TRUE(harness_->stop_capture());
    const auto reading = harness_->read_ring();
    ASSERT_TRUE(reading) << reading.error().what;
    ASSERT_EQ(reading->tracks.size(), 1u);
    EXPECT_EQ(reading->tracks[0].title, "nobody");
    EXPECT_THAT(reading->tracks[0].beeps_s, testing::IsEmpty());
}

TEST_F(DirectCapture, AMutedMicrophoneIsSilentAndOnlyThat) {
    auto request = harness_->request(show_pattern("640x360", 30), 30);
    request.microphone = true;
    ASSERT_TRUE(harness_->start_capture(request));
    ASSERT_TRUE(harness_->record(4.0));
    ASSERT_TRUE(harness_->send(ipc::MuteMicrophone{.muted = true}));
    ASSERT_TRUE(harness_->record(4.0));
    ASSERT_TRUE(harness_->stop_capture());
    const auto reading = harness_->read_ring();
    ASSERT_TRUE(reading) << reading.error().what;
    ASSERT_EQ(reading->tracks.size(), 3u);
    EXPECT_LT(loudness_kept(reading->tracks[2]), 0.4);
    EXPECT_GT(loudness_kept(reading->tracks[1]), 0.6);
}

TEST_F(DirectCapture, AVolumeIsThatOfItsTrack) {
    auto request = harness_->request(show_pattern("640x360", 30), 30);
    request.microphone = true;
    request.microphone_volume = 50;
    ASSERT_TRUE(harness_->start_capture(request));
    ASSERT_TRUE(harness_->record(4.0));
    ASSERT_TRUE(harness_->stop_capture());
    const auto reading = harness_->read_ring();
    ASSERT_TRUE(reading) << reading.error().what;
    ASSERT_EQ(reading->tracks.size(), 3u);
    const auto loudest = [&](std::size_t track) {
        const auto& loudness = reading->tracks[track].loudness;
        return *std::max_element(loudness.begin(), loudness.end());
    };
    EXPECT_NEAR(loudest(2) / loudest(1), 0.5, 0.05);
}

/// Half a minute of a fan, as it were: deep noise. (White noise is no sound of a room; RNNoise
/// takes seconds to make less than a half or a seventh of it, by where its frames happen to begin.)
void write_noise(const std::filesystem::path& file) {
    std::mt19937 random{1};
    std::normal_distribution<float> sample{0, 0.35F};
    float level = 0;
    std::vector<float> samples(48'000 * 30);
    std::generate(samples.begin(), samples.end(), [&] {
        level += 0.1F * (sample(random) - level);
        return level;
    });
    std::ofstream{file, std::ios::binary}.write(
        reinterpret_cast<const char*>(samples.data()),
        static_cast<std::streamsize>(samples.size() * sizeof(float)));
}

/// The last tenths of a second, without the one at the end, which is not whole.
double mean_of_last_second(const std::vector<double>& loudness) {
    return std::accumulate(loudness.end() - 11, loudness.end() - 1, 0.0) / 10;
}

TEST_F(DirectCapture, NoiseIsTakenOutOfTheMicrophone) {
    auto request = harness_->request(show_pattern("640x360", 30), 30);
    harness_->pattern().kill(SIGSTOP);  // its beeps
    request.microphone = true;
    request.noise_suppression = true;
    const auto file = harness_->desktop().root() / "noise.raw";
    write_noise(file);
    const auto noise = harness_->desktop().spawn(
        {"pacat",
         "--playback",
         "--format=float32le",
         "--channels=1",
         "--rate=48000",
         file.string()},
        {},
        "pulseaudio-utils");
    ASSERT_TRUE(noise) << noise.error().what;
    ASSERT_TRUE(harness_->start_capture(request));
    ASSERT_TRUE(harness_->record(4.0));
    ASSERT_TRUE(harness_->stop_capture());
    const auto reading = harness_->read_ring();
    ASSERT_TRUE(reading) << reading.error().what;
    ASSERT_EQ(reading->tracks.size(), 3u);
    const auto& heard = reading->tracks[1].loudness;
    const auto& cleaned = reading->tracks[2].loudness;
    ASSERT_TRUE(heard.size() > 10 && cleaned.size() > 10);
    EXPECT_GT(mean_of_last_second(heard), 0.02);
    EXPECT_LT(mean_of_last_second(cleaned), mean_of_last_second(heard) / 3);
}

TEST_F(DirectCapture, ASoundServerThatDiesIsComeBackTo) {
    const auto window = show_pattern("640x360", 30);
    ASSERT_TRUE(harness_->start_capture(harness_->request(window, 30)));
    ASSERT_TRUE(harness_->record(1.0));
    harness_->desktop().kill_sound();
    ASSERT_TRUE(harness_->record(1.0)) << "silence is recorded meanwhile";
    const auto restarted = harness_->desktop().start_sound();
    ASSERT_TRUE(restarted) << restarted.error().what;
    // The pattern does not reconnect; a new one beeps.
    harness_->pattern().stop();
    ASSERT_TRUE(show_pattern("640x360", 30));
    ASSERT_TRUE(harness_->record(5.0));
    ASSERT_TRUE(harness_->stop_capture());
    const auto reading = harness_->read_ring();
    ASSERT_TRUE(reading) << reading.error().what;
    ASSERT_FALSE(reading->tracks.empty());
    ASSERT_FALSE(reading->tracks[0].beeps_s.empty());
    EXPECT_GT(reading->tracks[0].beeps_s.back(), reading->tracks[0].end_s - 2.5);
}

}  // namespace
}  // namespace hindsight::test
