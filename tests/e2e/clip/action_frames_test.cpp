// Which frame does a key press belong to? The pattern's counter tells when on our clock each frame
// of the clip was taken, XTEST tells when each key went down, and the sidecar must name the frame
// between them.

#include "fake_keys.hpp"
#include "pattern/clip_reading.hpp"
#include "pattern/pattern_timing.hpp"
#include "pattern_source.hpp"
#include "recorder.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

namespace hindsight::test {
namespace {

constexpr int kFps = 60;
constexpr const char* kConfig = R"(
[recording]
start = "manual"
fps = 60
preset = "ultrafast"
[overlay]
on_save = "sidecar"
)";

struct Key {
    std::uint8_t keycode;  ///< of X: evdev plus 8
    const char* action;
};

/// Never four letters within a second, which would look like typing.
constexpr Key kKeys[] = {
    {25, "move_forward"}, {65, "jump"}, {25, "move_forward"}, {50, "sprint"}, {65, "jump"}};

struct Sidecar {
    std::map<int, std::string> names;
    std::vector<std::pair<std::string, std::int64_t>> presses;  ///< action, frame number
};

Sidecar read_sidecar(const std::filesystem::path& file) {
    Sidecar sidecar;
    std::istringstream lines{read_text(file)};
    for (std::string line; std::getline(lines, line);) {
        const Json json = Json::parse(line, nullptr, false);
        if (json.contains("actions")) {
            for (const Json& action : json["actions"])
                sidecar.names[action.value("id", -1)] = action.value("name", "");
        }
        if (json.contains("a") && json["v"] == 1)
            sidecar.presses.emplace_back(
                sidecar.names[json["a"]], std::lround(json["t"].get<double>() * kFps / 1e9));
    }
    return sidecar;
}

/// The number in the clip of the first frame taken at or after `t`.
std::int64_t frame_at_or_after(const ClipReading& reading, MonoTime t) {
    for (std::size_t i = 0; i < reading.frames.size(); ++i) {
        const auto& counter = reading.frames[i].counter;
        if (counter && shown_time_ns(*counter, kFps) >= t.ns())
            return static_cast<std::int64_t>(i);
    }
    return -1;
}

TEST(Actions, LieInTheFirstFrameAtOrAfterTheirKeyPress) {
    const auto desktop = DesktopSession::start({});
    ASSERT_TRUE(desktop) << desktop.error().what;
    DesktopSession& session = **desktop;
    const auto pattern = PatternSource::start(session, 640, 360, kFps);
    ASSERT_TRUE(pattern) << pattern.error().what;
    const auto recorder = Recorder::start(session, kConfig);
    ASSERT_TRUE(recorder) << recorder.error().what;
    const auto started = (*recorder)->ctl({"start", "window:" + std::to_string(pattern->window)});
    ASSERT_TRUE(started) << started.error().what;
    ASSERT_TRUE(session.focus(pattern->window));
    const auto footage = (*recorder)->wait_for_footage(2);
    ASSERT_TRUE(footage) << footage.error().what << (*recorder)->logs();

    auto keys = FakeKeys::connect(session.display());
    ASSERT_TRUE(keys) << keys.error().what;
    std::vector<FakeKeys::Moment> moments;
    for (const Key& key : kKeys) {
        moments.push_back(keys->press(key.keycode));
        ASSERT_TRUE(session.xdotool({"sleep", "0.1"}));
        (void)keys->release(key.keycode);
        ASSERT_TRUE(session.xdotool({"sleep", "0.3"}));
    }
    const auto saved = (*recorder)->ctl({"save", "--last", "6s", "--wait"});
    ASSERT_TRUE(saved) << saved.error().what << (*recorder)->logs();
    const auto reading = read_clip(saved->value("path", ""));
    ASSERT_TRUE(reading) << reading.error().what;
    const Sidecar sidecar = read_sidecar(saved->value("actions_path", ""));
    ASSERT_EQ(sidecar.presses.size(), moments.size()) << (*recorder)->logs();
    for (std::size_t i = 0; i < moments.size(); ++i) {
        const auto& [action, frame] = sidecar.presses[i];
        EXPECT_EQ(action, kKeys[i].action);
        // X tells its time in whole milliseconds, cut off: the frame may be that of a millisecond
        // before.
        const auto first = frame_at_or_after(*reading, moments[i].earliest - Duration::from_ms(1));
        const auto last = frame_at_or_after(*reading, moments[i].latest);
        EXPECT_GE(frame, first) << "press " << i;
        EXPECT_LE(frame, last) << "press " << i;
    }
}

}  // namespace
}  // namespace hindsight::test
