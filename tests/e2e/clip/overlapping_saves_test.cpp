// Twenty saves at once, of windows that overlap, while 60 pictures a second come in: no clip lacks
// a frame, and neither does the ring because of them.

#include "pattern/clip_reading.hpp"
#include "pattern_source.hpp"
#include "recorder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>

namespace hindsight::test {
namespace {

constexpr int kSaves = 20;
constexpr int kTakes = 3;

constexpr const char* kConfig =
    "[recording]\nstart = \"manual\"\npreset = \"ultrafast\"\nfps = 60\npicture = \"direct\"\n"
    "[overlay]\non_save = \"off\"\n";

struct Take {
    std::vector<std::filesystem::path> paths;
    std::size_t most_at_once = 0;  ///< saves under way
};

/// Frames that the machine was too slow for, since the recording began.
double missed_frames(Recorder& recorder) {
    const auto status = recorder.ctl({"status"});
    EXPECT_TRUE(status) << status.error().what;
    if (!status)
        return 0;
    const Json& frames = (*status)["frames"];
    return frames["skipped"].get<double>() + frames["lagged"].get<double>();
}

/// Asks for all of them before the first can be ready.
Take save_all(Recorder& recorder, std::size_t known) {
    for (int i = 0; i < kSaves; ++i) {
        // From 2 s to 6 s long, every other one going on for a while.
        const std::string last = std::to_string(2000 + 200 * i) + "ms";
        const auto asked =
            recorder.ctl({"save", "--last", last, "--delay", i % 2 == 0 ? "1ms" : "1500ms"});
        EXPECT_TRUE(asked) << asked.error().what << recorder.logs();
    }
    Take take;
    const auto all_there = [&] {
        const auto list = recorder.ctl({"list", "--limit", "0"});
        const auto status = recorder.ctl({"status"});
        if (status)
            take.most_at_once = std::max(take.most_at_once, (*status)["exports"].size());
        if (!list || list->size() != known + kSaves || !status || !(*status)["exports"].empty())
            return false;
        for (std::size_t i = 0; i < kSaves; ++i)
            take.paths.emplace_back((*list)[i].value("path", ""));
        return true;
    };
    EXPECT_TRUE(wait_until(all_there, milliseconds{90'000})) << recorder.logs();
    return take;
}

/// The first fault of any clip, empty if all are whole.
std::string first_fault(const std::vector<std::filesystem::path>& paths) {
    for (const auto& path : paths) {
        const auto reading = read_clip(path);
        if (!reading)
            return path.filename().string() + ": " + reading.error().what;
        if (reading->frames.size() < 100)
            return path.filename().string() + ": hardly any frames";
        if (const std::string fault = reading->counter_fault(); !fault.empty())
            return path.filename().string() + ": " + fault;
    }
    return {};
}

TEST(OverlappingSaves, OfTwentyClipsDuringCaptureEachHoldsEveryFrameOnce) {
    const auto desktop = DesktopSession::start({.width = 800, .height = 600});
    ASSERT_TRUE(desktop) << desktop.error().what;
    DesktopSession& session = **desktop;
    const auto pattern = PatternSource::start(session, 640, 360, 60);
    ASSERT_TRUE(pattern) << pattern.error().what;
    const auto recorder = Recorder::start(session, kConfig);
    ASSERT_TRUE(recorder) << recorder.error().what;
    const auto started = (*recorder)->ctl({"start", "window:" + std::to_string(pattern->window)});
    ASSERT_TRUE(started) << started.error().what;

    // As in the clip's own journey: a machine that is too busy with something else gets another
    // take, and only then.
    std::string fault;
    bool too_busy = true;
    for (int take = 0; take < kTakes && too_busy; ++take) {
        const auto footage = (*recorder)->wait_for_footage(8);
        ASSERT_TRUE(footage) << footage.error().what << (*recorder)->logs();
        const double missed = missed_frames(**recorder);
        const auto [paths, most_at_once] =
            save_all(**recorder, static_cast<std::size_t>(take * kSaves));
        ASSERT_EQ(paths.size(), kSaves);
        EXPECT_EQ(std::set(paths.begin(), paths.end()).size(), kSaves) << "names are shared";
        EXPECT_GE(most_at_once, 2U) << "they did not overlap";
        fault = first_fault(paths);
        too_busy = !fault.empty() && missed_frames(**recorder) > missed;
        if (!fault.empty())
            std::cerr << "take " << take << ": " << fault << "\n";
    }
    EXPECT_EQ(fault, "");
}

}  // namespace
}  // namespace hindsight::test
