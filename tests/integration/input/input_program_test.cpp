// hindsight-input as it runs: a real X server, window manager and windows, synthetic keys.

#include "canary.hpp"
#include "input_on_a_desktop.hpp"

#include <hindsight/core/time.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace hindsight::test {
namespace {

class InputProgramTest : public InputOnADesktop {
protected:
    void SetUp() override { start(/*window_manager=*/true); }
};

class InputWithoutWindowManager : public InputOnADesktop {
protected:
    void SetUp() override { start(/*window_manager=*/false); }
};

TEST_F(InputProgramTest, BoundKeysBecomeActionsOnTheRightFrames) {
    play();
    const FrameGrid grid;
    const SystemClock clock;
    // The frame is known when before and after the injection lie in the same one; others prove
    // nothing and are not counted.
    int known = 0;
    std::vector<std::int64_t> expected;
    for (int i = 0; i < 40; ++i) {
        const auto frame = [&] { return grid.time_of(grid.index_at_or_after(clock.now())).ns(); };
        const std::int64_t before = frame();
        player_->key(kW, i % 2 == 0);
        const std::int64_t after = frame();
        expected.push_back(before == after ? before : 0);
        known += before == after ? 1 : 0;
    }
    ASSERT_GT(known, 10);
    ASSERT_TRUE(input_->wait_until_told());
    const auto values = values_of(kForward);
    ASSERT_EQ(values.size(), 40u);
    int wrong = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_EQ(values[i].x, i % 2 == 0 ? 1 : 0);
        if (expected[i] != 0 && values[i].t_ns != expected[i])
            ++wrong;
    }
    // The server's time counts whole milliseconds: at the border of a frame it may be one off.
    EXPECT_LE(wrong, 1 + known / 10);
}

TEST_F(InputProgramTest, MouseBecomesLookFireAndWheelPulses) {
    play();
    player_->move(7, -3);
    player_->button(1, true);
    player_->button(1, false);
    player_->button(5, true);
    player_->button(5, false);
    ASSERT_TRUE(input_->wait_until_told());
    float dx = 0;
    float dy = 0;
    for (const auto& look : values_of(kLook)) {
        dx += look.x;
        dy += look.y;
    }
    EXPECT_EQ(dx, 7);
    EXPECT_EQ(dy, -3);
    EXPECT_EQ(values_of(kFire).size(), 2u);
    ASSERT_EQ(values_of(kNext).size(), 1u);
    EXPECT_EQ(values_of(kNext)[0].x, 1);
}

TEST_F(InputProgramTest, UnboundAndOtherWindowsKeysLeaveNothing) {
    play();
    player_->tap(kK);
    ASSERT_TRUE(desktop_->focus(other_));
    player_->tap(kW);
    player_->move(50, 50);
    ASSERT_TRUE(desktop_->focus(game_));
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_THAT(input_->values(), testing::IsEmpty());
}

TEST_F(InputProgramTest, WhatIsTypedIsNotInTheTraffic) {
    ipc::SetProfile wide = profile();
    // Worst case: a game in which half of the letters and digits are actions.
    for (const char* name :
         {"A", "C", "E", "G", "I", "K", "M", "O", "Q", "S", "U", "1", "3", "5"}) {
        const auto id = static_cast<std::uint16_t>(10 + wide.digital.size());
        wide.bindings.push_back({name, id, 1});
        wide.digital.push_back(id);
    }
    play();
    input_->send(wide);
    player_->tap(kSpace);
    ASSERT_TRUE(wait_until([this] { return values_of(kJump).size() == 2; }));
    const Canary canary = Canary::random(16);
    for (const std::uint8_t code : canary.evdev_codes())
        player_->tap(code);
    ASSERT_TRUE(input_->wait_for<ipc::ModeChanged>(
        [](const auto& mode) { return mode.mode == "text_entry"; }));
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_THAT(canary.find_in(input_->traffic()), testing::IsEmpty());
    EXPECT_EQ(input_->values().size(), 2u) << "only the jump before";
}

TEST_F(InputProgramTest, FocusLossReleasesAndFocusGainTakesUp) {
    play();
    player_->key(kW, true);
    ASSERT_TRUE(desktop_->focus(other_));
    player_->key(kSpace, true);
    ASSERT_TRUE(input_->wait_for<ipc::ModeChanged>(
        [](const auto& mode) { return mode.mode == "unfocused"; }));
    ASSERT_TRUE(desktop_->focus(game_));
    ASSERT_TRUE(input_->wait_until_told());
    player_->key(kW, false);
    player_->key(kSpace, false);
    ASSERT_TRUE(input_->wait_until_told());
    const auto forward = values_of(kForward);
    ASSERT_EQ(forward.size(), 4u);
    EXPECT_EQ(forward[1].x, 0);
    EXPECT_EQ(forward[2].x, 1);
    ASSERT_EQ(values_of(kJump).size(), 2u);
    const auto held = input_->wait_for<ipc::HeldState>(
        [](const auto& state) { return state.actions.size() == 2; });
    EXPECT_TRUE(held);
}

TEST_F(InputProgramTest, FocusTellsWhatAGameIsKnownBy) {
    ASSERT_TRUE(desktop_->focus(game_));
    const auto focus = input_->wait_for<ipc::FocusChanged>(
        [this](const auto& facts) { return facts.window == game_; });
    ASSERT_TRUE(focus);
    EXPECT_EQ(focus->wm_class, "TestGame");
    EXPECT_EQ(focus->executable, "input_program_test");
    EXPECT_EQ(focus->width, 320);
    EXPECT_EQ(focus->height, 240);
}

TEST_F(InputProgramTest, ListsWindowsWithTitles) {
    std::vector<std::string> titles;
    for (const auto& entry : list_windows())
        titles.push_back(entry.title);
    EXPECT_THAT(titles, testing::UnorderedElementsAre("A game", "Something else"));
}

TEST_F(InputProgramTest, TellsThatTheGamesWindowIsGone) {
    play();
    player_->close_window(game_);
    const auto closed = input_->wait_for<ipc::WindowClosed>();
    ASSERT_TRUE(closed);
    EXPECT_EQ(closed->window, game_);
}

TEST_F(InputProgramTest, TheEndOfTheChannelEndsIt) {
    play();
    EXPECT_EQ(input_->close(), 0);
}

TEST_F(InputProgramTest, SurvivesTheXServerAndComesBack) {
    play();
    player_.reset();
    desktop_->kill_x();
    ASSERT_TRUE(input_->wait_for<ipc::WindowClosed>());
    ASSERT_TRUE(input_->wait_for<ipc::InputHealth>([](const auto& h) { return !h.display; }));
    input_->forget();
    ASSERT_TRUE(desktop_->start_x());
    EXPECT_TRUE(input_->wait_for<ipc::InputHealth>([](const auto& h) { return h.display; }));
    EXPECT_TRUE(input_->running());
}

TEST_F(InputWithoutWindowManager, FocusFollowsTheInputFocus) {
    player_->set_input_focus(game_);
    const auto focus = input_->wait_for<ipc::FocusChanged>(
        [this](const auto& facts) { return facts.window == game_; });
    ASSERT_TRUE(focus);
    EXPECT_EQ(focus->wm_class, "TestGame");
    input_->send(profile());
    input_->send(ipc::SetGame{.window = game_});
    ASSERT_TRUE(input_->wait_for<ipc::ModeChanged>());
    player_->tap(kW);
    player_->set_input_focus(other_);
    player_->tap(kW);
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_EQ(values_of(kForward).size(), 2u);
    const auto health = input_->all<ipc::InputHealth>().back();
    EXPECT_FALSE(health.window_manager);
}

TEST(InputProgramWithoutDisplay, SaysSoAndStillEndsWithItsChannel) {
    const std::filesystem::path home =
        std::filesystem::path{testing::TempDir()} / "hindsight-input-home";
    Environment environment = inherited_environment();
    environment["HOME"] = home.string();
    auto input = InputProgram::start(environment);
    ASSERT_TRUE(input);
    const auto health = (*input)->wait_for<ipc::InputHealth>();
    ASSERT_TRUE(health);
    EXPECT_FALSE(health->display);
    EXPECT_THAT(health->what, testing::HasSubstr("no X11 display"));
    (*input)->send(ipc::SetHotkeys{.hotkeys = {{.id = "save", .chord = "Alt+F10"}}});
    const auto state = (*input)->wait_for<ipc::HotkeyState>();
    ASSERT_TRUE(state);
    EXPECT_FALSE(state->available);
    EXPECT_EQ((*input)->close(), 0);
    std::filesystem::remove_all(home);
}

}  // namespace
}  // namespace hindsight::test
