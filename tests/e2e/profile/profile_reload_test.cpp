// The player edits a profile while the game is recorded: a good one counts at once, a broken one
// changes nothing, and the recording goes on through both.

#include "recorder.hpp"
#include "x_player.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <sstream>
#include <string>

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
)";

constexpr const char* kOwn = R"(
id = "freedoom"
name = "Freedoom"
base = "freedoom"
[match]
argument = ["freedoom1.wad", "freedoom2.wad"]
[[action]]
name = "move_forward"
controls = ["W"]
)";

constexpr std::uint8_t kW = 17;  // linux/input-event-codes.h

class ProfileReloadTest : public testing::Test {
protected:
    void SetUp() override {
        auto desktop = DesktopSession::start({});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = *std::move(desktop);
        auto recorder = Recorder::start(*desktop_, kConfig);
        ASSERT_TRUE(recorder) << recorder.error().what;
        recorder_ = *std::move(recorder);
        player_ = std::make_unique<XPlayer>(desktop_->display());
        auto game = desktop_->start_doom({"-warp", "1", "1"});
        ASSERT_TRUE(game) << game.error().what;
        game_ = *std::move(game);
        const auto recording = recorder_->wait_for_state("buffering");
        ASSERT_TRUE(recording) << recording.error().what;
        ASSERT_TRUE(wait_until([this] {
            const auto status = recorder_->ctl({"status"});
            return status && (*status)["input"].value("mode", "") == "gameplay";
        }));
    }

    void TearDown() override {
        if (HasFailure() && recorder_)
            std::cerr << recorder_->logs();
    }

    /// Writes the player's own profile and waits until the service has said `times` times `line`.
    [[nodiscard]] bool edit(const std::string& text, const std::string& line, std::size_t times) {
        const fs::path file = desktop_->home() / ".config/hindsight/profiles/freedoom.toml";
        return write_text(file, text) && wait_until([&] { return said(line) == times; });
    }

    [[nodiscard]] std::size_t said(const std::string& line) const {
        // Warnings go to the terminal as well.
        const std::string logs = recorder_->logs().substr(0, recorder_->logs().find("== stderr"));
        std::size_t times = 0;
        for (std::size_t at = logs.find(line); at != std::string::npos;
             at = logs.find(line, at + line.size()))
            ++times;
        return times;
    }

    [[nodiscard]] double footage() const {
        const auto status = recorder_->ctl({"status"});
        return status ? (*status)["ring"].value("buffered_s", 0.0) : 0.0;
    }

    /// How often `action` begins in a clip that is saved now.
    [[nodiscard]] std::size_t onsets_of(const std::string& action) {
        const auto clip = recorder_->ctl({"save", "--wait"}, milliseconds{60'000});
        EXPECT_TRUE(clip) << clip.error().what;
        if (!clip)
            return 0;
        std::istringstream lines{read_text(clip->value("actions_path", ""))};
        int id = -1;
        std::size_t onsets = 0;
        for (std::string line; std::getline(lines, line);) {
            const Json record = Json::parse(line, nullptr, false);
            for (const Json& row : record.value("actions", Json::array())) {
                if (row.value("name", "") == action)
                    id = row.value("id", -1);
            }
            onsets += record.value("a", -2) == id && record.value("v", 0) == 1 ? 1 : 0;
        }
        return onsets;
    }

    std::unique_ptr<DesktopSession> desktop_;
    std::unique_ptr<Recorder> recorder_;
    std::unique_ptr<XPlayer> player_;
    Game game_;
};

TEST_F(ProfileReloadTest, TheLastGoodProfileStaysAndTheRecordingGoesOn) {
    const std::string read = "the profiles were read again";
    const std::string refused = "a profile is not taken over, the last good one stays";
    ASSERT_TRUE(edit(kOwn, read, 1));
    EXPECT_EQ(said(refused), 0u);
    ASSERT_TRUE(edit(std::string{kOwn} + "controls = [\"Spcae\"]\n", read, 2));
    EXPECT_EQ(said(refused), 1u);
    EXPECT_EQ(said("freedoom.toml:10 (`hindsightctl profiles list` says why)"), 1u);
    // What is wrong may be about a key, and a log names none.
    EXPECT_EQ(said("Spcae"), 0u);
    player_->tap(kW);
    ASSERT_TRUE(recorder_->wait_for_footage(footage() + 1));
    EXPECT_EQ(onsets_of("move_forward"), 1u);
    EXPECT_TRUE(recorder_->wait_for_state("buffering"));
}

}  // namespace
}  // namespace hindsight::test
