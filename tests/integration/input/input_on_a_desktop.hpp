#pragma once

// hindsight-input on a desktop with two windows: a game and something else.

#include "desktop_session.hpp"
#include "input_program.hpp"
#include "x_player.hpp"

#include <hindsight/core/time.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::test {

// Codes of linux/input-event-codes.h.
inline constexpr std::uint8_t kW = 17;
inline constexpr std::uint8_t kK = 37;
inline constexpr std::uint8_t kSpace = 57;
inline constexpr std::uint8_t kLeftAlt = 56;
inline constexpr std::uint8_t kF10 = 68;

inline constexpr std::uint16_t kForward = 0;
inline constexpr std::uint16_t kJump = 1;
inline constexpr std::uint16_t kLook = 2;
inline constexpr std::uint16_t kNext = 3;
inline constexpr std::uint16_t kFire = 4;

inline ipc::SetProfile profile() {
    ipc::SetProfile profile;
    profile.bindings = {
        {"W", kForward, 1},
        {"Space", kJump, 1},
        {"MouseMove", kLook, 1},
        {"WheelDown", kNext, 1},
        {"Mouse1", kFire, 1}};
    profile.digital = {kForward, kJump, kFire};
    profile.pulse = {kNext};
    return profile;
}

class InputOnADesktop : public testing::Test {
protected:
    void start(bool window_manager) {
        auto desktop = DesktopSession::start({.window_manager = window_manager, .sound = false});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = *std::move(desktop);
        player_ = std::make_unique<XPlayer>(desktop_->display());
        auto input = InputProgram::start(desktop_->environment());
        ASSERT_TRUE(input) << input.error().what;
        input_ = *std::move(input);
        ASSERT_TRUE(input_->wait_for<ipc::InputHealth>());
        game_ = player_->open_window("TestGame", "A game");
        other_ = player_->open_window("Other", "Something else");
        // A window manager gives a new window the focus when it has taken it in, not before.
        ASSERT_TRUE(wait_until([this] { return list_windows().size() == 2; }));
        if (window_manager) {
            ASSERT_TRUE(input_->wait_for<ipc::FocusChanged>(
                [this](const auto& focus) { return focus.window == other_; }));
        }
    }

    [[nodiscard]] std::vector<ipc::WindowEntry> list_windows() {
        const std::string request = std::to_string(++requests_);
        input_->send(ipc::ListWindows{.request = request});
        const auto list = input_->wait_for<ipc::WindowList>(
            [&](const auto& answer) { return answer.request == request; });
        return list ? list->windows : std::vector<ipc::WindowEntry>{};
    }

    /// Focuses the game and waits until its input counts.
    void play() {
        input_->send(profile());
        input_->send(ipc::SetGrid{});
        input_->send(ipc::SetGame{.window = game_});
        ASSERT_TRUE(desktop_->focus(game_));
        ASSERT_TRUE(input_->wait_for<ipc::ModeChanged>(
            [](const auto& mode) { return mode.mode == "gameplay"; }));
    }

    void set_hotkey() {
        input_->send(ipc::SetHotkeys{.hotkeys = {{.id = "save", .chord = "Alt+F10"}}});
        const auto state = input_->wait_for<ipc::HotkeyState>();
        ASSERT_TRUE(state);
        ASSERT_TRUE(state->available) << state->what;
    }

    /// No finger presses again within a few milliseconds, and the server repeats keys that fast.
    void press_hotkey() {
        const SystemClock clock;
        static_cast<void>(
            wait_until([&] { return clock.now() - last_press_ > Duration::from_ms(50); }));
        player_->key(kLeftAlt, true);
        player_->tap(kF10);
        player_->key(kLeftAlt, false);
        last_press_ = clock.now();
    }

    [[nodiscard]] std::vector<ipc::ActionValue> values_of(std::uint16_t action) {
        std::vector<ipc::ActionValue> found;
        for (const auto& value : input_->values()) {
            if (value.action == action)
                found.push_back(value);
        }
        return found;
    }

    std::unique_ptr<DesktopSession> desktop_;
    std::unique_ptr<XPlayer> player_;
    std::unique_ptr<InputProgram> input_;
    std::uint32_t game_ = 0;
    std::uint32_t other_ = 0;
    int requests_ = 0;
    MonoTime last_press_ = MonoTime::from_ns(0);
};

}  // namespace hindsight::test
