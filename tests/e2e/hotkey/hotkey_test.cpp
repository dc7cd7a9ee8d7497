// The journey that the product is about: a real game is played with real (synthetic) keys, the real
// hotkey is pressed, and clip, actions and overlay tell what was done at which frame.

#include "recorder.hpp"
#include "video.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <sstream>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::system_clock;

constexpr int kFps = 30;
constexpr const char* kConfig = R"(
[recording]
fps = 30
preset = "ultrafast"
[clips]
length_seconds = 8
[hotkeys]
save_lengths = "Ctrl+F9 2s, Ctrl+Shift+F9 1.5s +2s"
[overlay]
layout = "keyboard-mouse"
theme = "midnight"
[notifications]
sound = false
)";

/// A key that is held for a while, and when at the earliest and latest it went down.
struct Press {
    std::string key;
    std::string action;
    double earliest_s = 0;  ///< Unix time
    double latest_s = 0;
};

double unix_now() {
    return std::chrono::duration<double>(system_clock::now().time_since_epoch()).count();
}

Result<Press> hold(DesktopSession& session, const std::string& key, const std::string& action) {
    Press press{.key = key, .action = action, .earliest_s = unix_now()};
    HINDSIGHT_TRY(session.xdotool({"keydown", key}));
    press.latest_s = unix_now();
    // Held for a third of a second, so that the overlay has frames with and without it.
    HINDSIGHT_TRY(session.xdotool({"sleep", "0.35", "keyup", key, "sleep", "0.35"}));
    return press;
}

std::vector<Json> read_lines(const fs::path& file) {
    std::istringstream lines{read_text(file)};
    std::vector<Json> result;
    for (std::string line; std::getline(lines, line);)
        result.push_back(Json::parse(line, nullptr, false));
    return result;
}

/// Clip time in seconds of the first press of each action, in the order of the file.
std::vector<std::pair<std::string, double>> presses_of(const std::vector<Json>& lines) {
    std::map<int, std::string> names;
    for (const Json& action : lines.front()["actions"])
        names[action.value("id", -1)] = action.value("name", "");
    std::vector<std::pair<std::string, double>> presses;
    for (const Json& line : lines) {
        if (line.contains("a") && line["v"].is_number() && line["v"] == 1)
            presses.emplace_back(names[line["a"]], line["t"].get<double>() / 1e9);
    }
    return presses;
}

/// The colour of a held key in the theme "midnight".
int lit_pixels(const Picture& picture) {
    return picture.count(0x4d, 0xe6, 0xca, 40);
}

class Hotkey : public testing::Test {
protected:
    void SetUp() override {
        auto desktop = DesktopSession::start({});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = std::move(*desktop);
        auto recorder = Recorder::start(*desktop_, kConfig);
        ASSERT_TRUE(recorder) << recorder.error().what;
        recorder_ = std::move(*recorder);
        auto game = desktop_->start_doom();
        ASSERT_TRUE(game) << game.error().what;
        game_ = std::move(*game);
        const auto recording = recorder_->wait_for_state("buffering");
        ASSERT_TRUE(recording) << recording.error().what << recorder_->logs();
    }

    void TearDown() override {
        if (HasFailure() && recorder_)
            std::cerr << recorder_->logs();
    }

    /// Waits until the newest clip of the library has all of its files.
    Result<Json> finished_clip() {
        Json clip;
        const auto complete = [&] {
            const auto list = recorder_->ctl({"list", "--limit", "1"});
            if (!list || !list->is_array() || list->empty())
                return false;
            clip = list->front();
            return !clip.value("overlay_path", "").empty() &&
                   !clip.value("actions_path", "").empty();
        };
        if (!wait_until(complete, milliseconds{120'000}))
            return fail(Errc::Timeout, "the clip does not get its overlay: " + clip.dump());
        return clip;
    }

    /// Waits until the library holds that many clips; the newest first.
    std::vector<Json> wait_for_clips(std::size_t count) {
        std::vector<Json> clips;
        static_cast<void>(wait_until([&] {
            const auto list = recorder_->ctl({"list"});
            clips = list && list->is_array() ? list->get<std::vector<Json>>() : std::vector<Json>{};
            return clips.size() >= count;
        }));
        return clips;
    }

    std::unique_ptr<DesktopSession> desktop_;
    std::unique_ptr<Recorder> recorder_;
    Game game_;
};

TEST_F(Hotkey, SavesTheGameWithItsActionsAtTheirFramesAndTheOverlayThatShowsThem) {
    ASSERT_TRUE(recorder_->wait_for_footage(2));
    std::vector<Press> presses;
    for (const auto& [key, action] :
         {std::pair{"Up", "move_forward"}, {"Left", "turn_left"}, {"Control_L", "fire"}}) {
        const auto press = hold(*desktop_, key, action);
        ASSERT_TRUE(press) << press.error().what;
        presses.push_back(*press);
    }
    ASSERT_TRUE(desktop_->xdotool({"key", "alt+F10"}));
    const auto clip = finished_clip();
    ASSERT_TRUE(clip) << clip.error().what;
    const fs::path path = clip->value("path", "");
    const fs::path overlay = clip->value("overlay_path", "");
    EXPECT_EQ(path.parent_path(), desktop_->videos() / "Hindsight" / clip->value("game", ""));

    // The pressed keys, each in the frame that began at or after the press.
    const std::vector<Json> lines = read_lines(clip->value("actions_path", ""));
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.front()["format"], "hindsight.actions");
    const auto found = presses_of(lines);
    ASSERT_GE(found.size(), presses.size()) << lines.size() << " lines";
    // Distances between presses: clip time and our own clock share no origin that we may look at.
    for (std::size_t i = 0; i < presses.size(); ++i) {
        EXPECT_EQ(found[i].first, presses[i].action);
        const double frame = found[i].second * kFps;
        EXPECT_NEAR(frame, std::round(frame), 0.01) << "not the time of a frame";
        if (i == 0)
            continue;
        const double distance = found[i].second - found[0].second;
        EXPECT_GE(distance, presses[i].earliest_s - presses[0].latest_s - 1.0 / kFps);
        EXPECT_LE(distance, presses[i].latest_s - presses[0].earliest_s + 1.0 / kFps);
    }

    // The overlay is lit from about that frame on and not before; the clean clip never is.
    for (std::size_t i = 0; i < presses.size(); ++i) {
        const int frame = static_cast<int>(std::lround(found[i].second * kFps));
        const std::vector<int> numbers{frame - 3, frame + 3};
        const auto burned = decode_frames(*desktop_, overlay, numbers);
        ASSERT_TRUE(burned) << burned.error().what;
        const auto clean = decode_frames(*desktop_, path, numbers);
        ASSERT_TRUE(clean) << clean.error().what;
        EXPECT_EQ(lit_pixels((*burned)[0]), 0) << presses[i].action << " before frame " << frame;
        EXPECT_GT(lit_pixels((*burned)[1]), 100) << presses[i].action << " after frame " << frame;
        EXPECT_EQ(lit_pixels((*clean)[0]), 0);
        EXPECT_EQ(lit_pixels((*clean)[1]), 0);
    }
    for (const fs::path& file : {path, overlay}) {
        const auto plays = plays_everywhere(*desktop_, file);
        EXPECT_TRUE(plays) << plays.error().what;
    }
    EXPECT_THAT(
        read_text(fs::path{path}.replace_extension(".ass")), testing::HasSubstr("[Events]"));
}

TEST_F(Hotkey, WhatAClipHoldsOfThePlayerCanBeSeenAndTakenBack) {
    ASSERT_TRUE(recorder_->wait_for_footage(2));
    ASSERT_TRUE(hold(*desktop_, "Up", "move_forward"));
    ASSERT_TRUE(desktop_->xdotool({"key", "alt+F10"}));
    const auto clip = finished_clip();
    ASSERT_TRUE(clip) << clip.error().what;
    const std::string id = clip->value("id", "");

    const auto shown = recorder_->ctl({"actions", id});
    ASSERT_TRUE(shown) << shown.error().what;
    std::vector<Json> in_file = read_lines(clip->value("actions_path", ""));
    EXPECT_EQ((*shown)["records"], Json(std::vector<Json>(in_file.begin() + 1, in_file.end())));
    EXPECT_EQ((*shown)["actions"], in_file.front()["actions"]);
    EXPECT_EQ(presses_of(in_file).front().first, "move_forward");

    const auto allowed = recorder_->ctl({"actions", "train", id});
    ASSERT_TRUE(allowed) << allowed.error().what;
    EXPECT_EQ((*allowed)["train"], true);
    in_file = read_lines(clip->value("actions_path", ""));
    EXPECT_EQ(in_file.front()["consent"]["train"], true);
    EXPECT_EQ((*shown)["records"].size() + 1, in_file.size()) << "nothing else is touched";

    const auto forgotten = recorder_->ctl({"actions", "forget", id});
    ASSERT_TRUE(forgotten) << forgotten.error().what;
    for (const char* made : {"actions_path", "ass_path", "overlay_path"})
        EXPECT_FALSE(fs::exists(clip->value(made, ""))) << made;
    EXPECT_TRUE(fs::exists(clip->value("path", "")));
    EXPECT_FALSE(recorder_->ctl({"actions", id}));
    const auto left = recorder_->ctl({"show", id});
    ASSERT_TRUE(left) << left.error().what;
    EXPECT_EQ((*left)["keep_actions"], false);
    EXPECT_EQ((*left)["train"], false);
    EXPECT_EQ((*left)["actions_path"], "");
}

TEST_F(Hotkey, KeysOfTheirOwnSaveOtherLengthsAndWhatComesAfterThePress) {
    ASSERT_TRUE(recorder_->wait_for_footage(3));
    const double frame = 1.0 / kFps;
    ASSERT_TRUE(desktop_->xdotool({"key", "ctrl+F9"}));
    const auto first = wait_for_clips(1);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_NEAR(first[0].value("duration_s", 0.0), 2.0, 1.5 * frame) << first[0].dump();
    const double pressed = unix_now();
    ASSERT_TRUE(desktop_->xdotool({"key", "ctrl+shift+F9"}));
    const auto both = wait_for_clips(2);
    ASSERT_EQ(both.size(), 2U);
    EXPECT_NEAR(both[0].value("duration_s", 0.0), 3.5, 1.5 * frame) << both[0].dump();
    // Not the last seconds of a later moment: it begins before the press.
    EXPECT_LT(both[0].value("created_ms", 0.0) / 1000, pressed);
}

}  // namespace
}  // namespace hindsight::test
