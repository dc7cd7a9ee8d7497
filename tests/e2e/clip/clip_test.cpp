// Picture and sound of a saved clip, read back: a window shows a counter with a flash and a beep,
// and the clip must hold every value once, for ten seconds, in step with the sound.

#include "pattern/clip_reading.hpp"
#include "pattern_source.hpp"
#include "recorder.hpp"
#include "video.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <set>

namespace hindsight::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::Le;

struct Journey {
    const char* name;
    int width;
    int height;
    int fps;
    const char* picture;
    int duplicates;      ///< frames that may be there twice, at the start
    double av_offset_s;  ///< how far sound and picture may be apart
};

void PrintTo(const Journey& journey, std::ostream* stream) {
    *stream << journey.name;
}

constexpr int kTakes = 3;

constexpr Journey kJourneys[] = {
    {"Direct640x360At60", 640, 360, 60, "direct", 0, 0.025},
    {"Direct1280x720At60", 1280, 720, 60, "direct", 0, 0.025},
    {"Canvas640x360At30", 640, 360, 30, "canvas", 1, 0.080},
};

std::string config(const Journey& journey) {
    return "[recording]\nstart = \"manual\"\npreset = \"ultrafast\"\nfps = " +
           std::to_string(journey.fps) + "\npicture = \"" + journey.picture +
           "\"\n[overlay]\non_save = \"off\"\n";
}

/// Leaves out what libobs' canvas may show twice: pictures of the first second, as many as the
/// journey allows.
ClipReading without_early_duplicates(ClipReading reading, const Journey& journey) {
    int allowed = journey.duplicates;
    for (std::size_t i = 1; i < std::min<std::size_t>(journey.fps, reading.frames.size()); ++i) {
        if (allowed == 0 || reading.frames[i].counter != reading.frames[i - 1].counter)
            continue;
        reading.frames.erase(reading.frames.begin() + static_cast<std::ptrdiff_t>(i));
        --allowed;
    }
    return reading;
}

double video_duration(const Json& facts) {
    for (const Json& stream : facts["streams"]) {
        if (stream.value("codec_type", "") == "video")
            return std::stod(stream.value("duration", "0"));
    }
    return 0;
}

class Clip : public testing::TestWithParam<Journey> {};

TEST_P(Clip, OfTenSecondsHoldsEveryFrameOnceAndTheSoundInStep) {
    const Journey& journey = GetParam();
    const auto desktop = DesktopSession::start({.width = 1400, .height = 900});
    ASSERT_TRUE(desktop) << desktop.error().what;
    DesktopSession& session = **desktop;
    const auto pattern = PatternSource::start(session, journey.width, journey.height, journey.fps);
    ASSERT_TRUE(pattern) << pattern.error().what;
    const auto recorder = Recorder::start(session, config(journey));
    ASSERT_TRUE(recorder) << recorder.error().what;
    const auto started = (*recorder)->ctl({"start", "window:" + std::to_string(pattern->window)});
    ASSERT_TRUE(started) << started.error().what;
    const auto footage = (*recorder)->wait_for_footage(12);
    ASSERT_TRUE(footage) << footage.error().what << (*recorder)->logs();

    // A machine that is busy with something else may come late for a picture: it gets another take.
    // Everything but the pictures must be right in each.
    std::string fault = "nothing recorded";
    for (int take = 0; take < kTakes && !fault.empty(); ++take) {
        const auto saved = (*recorder)->ctl({"save", "--last", "10s", "--wait"});
        ASSERT_TRUE(saved) << saved.error().what << (*recorder)->logs();
        const std::filesystem::path path = saved->value("path", "");
        EXPECT_FALSE(saved->value("short", true));

        const auto reading = read_clip(path);
        ASSERT_TRUE(reading) << reading.error().what;
        EXPECT_EQ(reading->width, journey.width);
        EXPECT_EQ(reading->height, journey.height);
        EXPECT_GE(reading->beep_delays().size(), 8u);
        EXPECT_THAT(
            reading->beep_delays(), Each(AllOf(Ge(-journey.av_offset_s), Le(journey.av_offset_s))));
        const auto facts = probe(session, path);
        ASSERT_TRUE(facts) << facts.error().what;
        EXPECT_NEAR(video_duration(*facts), 10.0, 1.0 / journey.fps + 0.001);
        const auto plays = plays_everywhere(session, path);
        EXPECT_TRUE(plays) << plays.error().what;
        fault = without_early_duplicates(*reading, journey).counter_fault();
        // Frames that nobody had time for are left out, which is a fault of the counter.
        if (fault.empty())
            EXPECT_NEAR(static_cast<double>(reading->frames.size()), 10.0 * journey.fps, 1.0);
        else
            std::cerr << "take " << take << ": " << fault << "\n";
    }
    EXPECT_EQ(fault, "");
}

INSTANTIATE_TEST_SUITE_P(
    Path, Clip, testing::ValuesIn(kJourneys), [](const testing::TestParamInfo<Journey>& journey) {
        return std::string{journey.param.name};
    });

}  // namespace
}  // namespace hindsight::test
