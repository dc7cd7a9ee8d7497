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
#include <csignal>
#include <optional>
#include <set>
#include <sstream>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

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

class Actions : public testing::Test {
protected:
    void SetUp() override {
        auto desktop = DesktopSession::start({});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = *std::move(desktop);
        auto pattern = PatternSource::start(*desktop_, 640, 360, kFps);
        ASSERT_TRUE(pattern) << pattern.error().what;
        pattern_.emplace(*std::move(pattern));
        auto recorder = Recorder::start(*desktop_, kConfig);
        ASSERT_TRUE(recorder) << recorder.error().what;
        recorder_ = *std::move(recorder);
        const auto started =
            recorder_->ctl({"start", "window:" + std::to_string(pattern_->window)});
        ASSERT_TRUE(started) << started.error().what;
        ASSERT_TRUE(desktop_->focus(pattern_->window));
        const auto footage = recorder_->wait_for_footage(2);
        ASSERT_TRUE(footage) << footage.error().what << recorder_->logs();
    }

    void press_keys() {
        auto keys = FakeKeys::connect(desktop_->display());
        ASSERT_TRUE(keys) << keys.error().what;
        for (const Key& key : kKeys) {
            moments_.push_back(keys->press(key.keycode));
            ASSERT_TRUE(desktop_->xdotool({"sleep", "0.1"}));
            (void)keys->release(key.keycode);
            ASSERT_TRUE(desktop_->xdotool({"sleep", "0.3"}));
        }
    }

    void expect_bound(const Json& clip) {
        const auto reading = read_clip(clip.value("path", ""));
        ASSERT_TRUE(reading) << reading.error().what;
        const Sidecar sidecar = read_sidecar(clip.value("actions_path", ""));
        ASSERT_EQ(sidecar.presses.size(), moments_.size()) << clip.dump() << recorder_->logs();
        for (std::size_t i = 0; i < moments_.size(); ++i) {
            const auto& [action, frame] = sidecar.presses[i];
            EXPECT_EQ(action, kKeys[i].action);
            // X tells its time in whole milliseconds, cut off: the frame may be that of a
            // millisecond before.
            const auto first =
                frame_at_or_after(*reading, moments_[i].earliest - Duration::from_ms(1));
            const auto last = frame_at_or_after(*reading, moments_[i].latest);
            EXPECT_GE(frame, first) << "press " << i;
            EXPECT_LE(frame, last) << "press " << i;
        }
    }

    std::unique_ptr<DesktopSession> desktop_;
    std::optional<PatternSource> pattern_;
    std::unique_ptr<Recorder> recorder_;
    std::vector<FakeKeys::Moment> moments_;
};

TEST_F(Actions, LieInTheFirstFrameAtOrAfterTheirKeyPress) {
    ASSERT_NO_FATAL_FAILURE(press_keys());
    const auto saved = recorder_->ctl({"save", "--last", "6s", "--wait"});
    ASSERT_TRUE(saved) << saved.error().what << recorder_->logs();
    expect_bound(*saved);
}

/// Files below the home of the session whose name ends so.
std::vector<fs::path> files_of(const DesktopSession& desktop, const std::string& ending) {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator{desktop.home(), error})
        if (entry.path().string().ends_with(ending))
            found.push_back(entry.path());
    return found;
}

TEST_F(Actions, OfASessionThatAPowerCutEndedLieThereToo) {
    ASSERT_TRUE(recorder_->ctl({"record", "start"}));
    ASSERT_NO_FATAL_FAILURE(press_keys());
    // Everything up to the keys is on the disk when two more pieces have come.
    std::set<std::uintmax_t> sizes;
    ASSERT_TRUE(wait_until([&] {
        for (const fs::path& file : files_of(*desktop_, ".session.actions.part"))
            sizes.insert(fs::file_size(file));
        return sizes.size() >= 3;
    })) << recorder_->logs();
    recorder_->service().kill(SIGKILL);
    ASSERT_TRUE(recorder_->service().wait());
    ASSERT_TRUE(wait_until([&] { return recorder_->children("hindsight-capture").empty(); }));
    fs::remove_all(desktop_->runtime() / "hindsight");  // the memory is empty then
    ASSERT_TRUE(recorder_->restart());
    Json clip;
    ASSERT_TRUE(wait_until([&] {
        const auto list = recorder_->ctl({"list"});
        clip = list && list->size() == 1 ? list->front() : Json{};
        return clip.is_object() && !clip.value("actions_path", "").empty();
    })) << clip.dump()
        << recorder_->logs();
    expect_bound(clip);
    EXPECT_TRUE(wait_until([&] { return files_of(*desktop_, ".session.actions.part").empty(); }));
}

}  // namespace
}  // namespace hindsight::test
