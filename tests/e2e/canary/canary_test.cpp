// A secret is typed in the recorded game and in another window. Then it is looked for in everything
// that Hindsight has written or said: segments of the ring, the clip and its sidecars, library,
// logs, settings, caches, and all that passed over the session bus.

#include "canary.hpp"
#include "recorder.hpp"
#include "x_player.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = R"(
[recording]
fps = 30
preset = "ultrafast"
max_width = 320
max_height = 240
[clips]
length_seconds = 20
[overlay]
on_save = "sidecar"
[log]
level = "trace"
[notifications]
sound = false
)";

// linux/input-event-codes.h
constexpr std::uint8_t kUp = 103;
constexpr std::uint8_t kLeftAlt = 56;
constexpr std::uint8_t kF10 = 68;
constexpr std::uint8_t kReturn = 28;

std::string read_bytes(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator at{folder, error}, end; !error && at != end;
         at.increment(error)) {
        if (at->is_regular_file(error))
            files.push_back(at->path());
    }
    return files;
}

class CanaryTest : public testing::Test {
protected:
    void SetUp() override {
        auto desktop = DesktopSession::start({});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = *std::move(desktop);
    }

    void TearDown() override {
        if (HasFailure() && recorder_)
            std::cerr << recorder_->logs();
    }

    void start_everything() {
        // Raw messages: what a program on the bus could have read.
        auto monitor = desktop_->spawn({"dbus-monitor", "--session", "--binary"}, {}, "dbus-bin");
        ASSERT_TRUE(monitor) << monitor.error().what;
        monitor_ = *std::move(monitor);
        ASSERT_TRUE(wait_until([this] { return !monitor_.out().empty(); }));
        auto recorder = Recorder::start(*desktop_, kConfig);
        ASSERT_TRUE(recorder) << recorder.error().what;
        recorder_ = *std::move(recorder);
        player_ = std::make_unique<XPlayer>(desktop_->display());
        other_ = player_->open_window("Other", "Letter");
        auto game = desktop_->start_doom({"-warp", "1", "1"});
        ASSERT_TRUE(game) << game.error().what;
        game_ = *std::move(game);
        const auto recording = recorder_->wait_for_state("buffering");
        ASSERT_TRUE(recording) << recording.error().what;
        ASSERT_TRUE(wait_for_mode("gameplay"));
    }

    [[nodiscard]] bool wait_for_mode(const std::string& mode) {
        return wait_until([&] {
            const auto status = recorder_->ctl({"status"});
            return status && status->contains("input") &&
                   (*status)["input"].value("mode", "") == mode;
        });
    }

    void type(const Canary& canary) {
        for (const std::uint8_t code : canary.evdev_codes())
            player_->tap(code);
        player_->tap(kReturn);
    }

    /// "file: form" for everything found.
    [[nodiscard]] std::vector<std::string> search(const Canary& canary) const {
        std::vector<std::string> found;
        for (const fs::path& folder : {desktop_->root(), desktop_->runtime()}) {
            for (const fs::path& file : files_below(folder)) {
                for (const std::string& form : canary.find_in(read_bytes(file)))
                    found.push_back(file.string() + ": " + form);
            }
        }
        return found;
    }

    [[nodiscard]] std::size_t segments() const {
        const auto files = files_below(desktop_->runtime());
        return static_cast<std::size_t>(
            std::count_if(files.begin(), files.end(), [](const fs::path& file) {
                const std::string name = file.filename().string();
                return name.starts_with("av-") || name.starts_with("act-");
            }));
    }

    std::unique_ptr<DesktopSession> desktop_;
    Process monitor_;
    std::unique_ptr<Recorder> recorder_;
    std::unique_ptr<XPlayer> player_;
    std::uint32_t other_ = 0;
    Game game_;
};

TEST_F(CanaryTest, TheSearchFindsAPlantedOneOfEachKind) {
    const Canary canary = Canary::random(12);
    ASSERT_THAT(search(canary), testing::IsEmpty());
    const fs::path planted = desktop_->home() / ".local/state/hindsight/planted";
    fs::create_directories(planted.parent_path());
    for (const Canary::Form& form : canary.forms()) {
        ASSERT_TRUE(write_text(planted, std::string(1'000, '\x01') + form.bytes + "end"));
        EXPECT_THAT(search(canary), testing::Not(testing::IsEmpty())) << form.name;
        fs::remove(planted);
    }
    // And on the bus, by the same monitor.
    auto monitor = desktop_->spawn({"dbus-monitor", "--session", "--binary"}, {}, "dbus-bin");
    ASSERT_TRUE(monitor);
    ASSERT_TRUE(wait_until([&] { return !monitor->out().empty(); }));
    const auto sent = desktop_->run(
        {"dbus-send", "--session", "/planted", "test.planted.Signal", "string:" + canary.text()},
        kPatience,
        {},
        "dbus-bin");
    ASSERT_TRUE(sent);
    EXPECT_TRUE(wait_until([&] { return !canary.find_in(monitor->out()).empty(); }));
}

TEST_F(CanaryTest, WhatIsTypedIsFoundNowhere) {
    ASSERT_NO_FATAL_FAILURE(start_everything());
    const Canary in_game = Canary::random(12);
    const Canary elsewhere = Canary::random(12);

    player_->tap(kUp);
    type(in_game);
    ASSERT_TRUE(wait_for_mode("text_entry"));
    ASSERT_TRUE(wait_for_mode("gameplay"));
    ASSERT_TRUE(desktop_->focus(other_));
    type(elsewhere);
    ASSERT_TRUE(wait_for_mode("unfocused"));
    ASSERT_TRUE(desktop_->focus(game_.window));
    ASSERT_TRUE(wait_for_mode("gameplay"));
    player_->tap(kUp);
    // A frame must follow the key press before the clip ends.
    const auto before = recorder_->ctl({"status"});
    ASSERT_TRUE(before);
    ASSERT_TRUE(recorder_->wait_for_footage((*before)["ring"].value("buffered_s", 0.0) + 1));

    player_->key(kLeftAlt, true);
    player_->tap(kF10);
    player_->key(kLeftAlt, false);
    Json clip;
    ASSERT_TRUE(wait_until(
        [&] {
            const auto list = recorder_->ctl({"list", "--limit", "1"});
            if (!list || !list->is_array() || list->empty())
                return false;
            clip = list->front();
            return !clip.value("actions_path", "").empty();
        },
        milliseconds{60'000}))
        << clip.dump();

    // The net was really cast: the ring is full, the clip has its actions, the bus was heard.
    EXPECT_GT(segments(), 0u);
    const std::string actions = read_text(clip.value("actions_path", ""));
    EXPECT_THAT(actions, testing::HasSubstr("\"move_forward\""));
    EXPECT_THAT(actions, testing::HasSubstr("text_entry"));
    EXPECT_THAT(monitor_.out(), testing::HasSubstr("io.github.hindsight"));
    for (const Canary& canary : {in_game, elsewhere})
        EXPECT_THAT(search(canary), testing::IsEmpty()) << canary.text();

    // Not as actions either: digits choose weapons in this game.
    std::vector<int> weapons;
    std::istringstream lines{actions};
    for (std::string line; std::getline(lines, line);) {
        const Json record = Json::parse(line, nullptr, false);
        if (record.contains("actions")) {
            for (const Json& action : record["actions"]) {
                if (action.value("name", "").starts_with("weapon_"))
                    weapons.push_back(action.value("id", -1));
            }
        }
        if (record.contains("a")) {
            EXPECT_THAT(weapons, testing::Not(testing::Contains(record["a"].get<int>())));
        }
    }
    EXPECT_THAT(weapons, testing::Not(testing::IsEmpty()));

    // Once more when everything has been written and closed.
    recorder_->service().stop();
    for (const Canary& canary : {in_game, elsewhere})
        EXPECT_THAT(search(canary), testing::IsEmpty()) << canary.text();
}

}  // namespace
}  // namespace hindsight::test
