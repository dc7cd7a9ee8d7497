// The keyboard is shared: shortcuts of ours, grabs of games, of other programs and their shortcuts.

#include "input_on_a_desktop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hindsight::test {
namespace {

class SharedKeyboard : public InputOnADesktop {
protected:
    void SetUp() override { start(/*window_manager=*/true); }
};

TEST_F(SharedKeyboard, KeysOfAnotherProgramsKeyboardGrabAreNotTheGames) {
    play();
    player_->key(kW, true);
    // As a screen locker does: the game keeps the focus, and its keys go elsewhere.
    XPlayer locker{desktop_->display()};
    ASSERT_TRUE(locker.grab_keyboard(other_));
    for (int i = 0; i < 3; ++i) {
        player_->tap(kSpace);
        player_->button(1, true);
        player_->button(1, false);
    }
    ASSERT_TRUE(input_->wait_for<ipc::ModeChanged>(
        [](const auto& mode) { return mode.mode == "unfocused"; }));
    locker.ungrab_keyboard();
    ASSERT_TRUE(input_->wait_until_told());
    player_->tap(kSpace);
    player_->key(kW, false);
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_EQ(values_of(kJump).size(), 2u) << "only the one after the grab";
    EXPECT_THAT(values_of(kFire), testing::IsEmpty());
    // Released when the keys went away, taken up when they came back.
    std::vector<float> forward;
    for (const auto& value : values_of(kForward))
        forward.push_back(value.x);
    EXPECT_THAT(forward, testing::ElementsAre(1, 0, 1, 0));
}

TEST_F(SharedKeyboard, AGrabOfTheScreenTakesTheKeysToo) {
    play();
    XPlayer locker{desktop_->display()};
    ASSERT_TRUE(locker.grab_keyboard(locker.root()));
    player_->tap(kSpace);
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_THAT(input_->values(), testing::IsEmpty());
}

TEST_F(SharedKeyboard, TheFocusUnderAnotherProgramsGrabIsNotInput) {
    play();
    ASSERT_TRUE(desktop_->focus(other_));
    XPlayer locker{desktop_->display()};
    ASSERT_TRUE(locker.grab_keyboard(locker.root()));
    ASSERT_TRUE(desktop_->focus(game_));
    player_->tap(kSpace);
    player_->key(kW, true);
    locker.ungrab_keyboard();
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_THAT(values_of(kJump), testing::IsEmpty());
    EXPECT_EQ(values_of(kForward).size(), 1u) << "what is held when the grab ends";
}

TEST_F(SharedKeyboard, AGameThatGrabsTheKeyboardIsHeard) {
    play();
    player_->key(kW, true);
    ASSERT_TRUE(player_->grab_keyboard(game_));
    player_->tap(kSpace);
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_EQ(input_->all<ipc::ModeChanged>().size(), 1u) << "the grab interrupts nothing";
    EXPECT_EQ(values_of(kForward).size(), 1u);
    // A dialogue takes the focus for a moment, the keys are the game's all the time.
    ASSERT_TRUE(desktop_->focus(other_));
    ASSERT_TRUE(desktop_->focus(game_));
    ASSERT_TRUE(input_->wait_until_told());
    player_->tap(kSpace);
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_EQ(values_of(kJump).size(), 4u);
}

TEST_F(SharedKeyboard, TheSaveKeyDoesNotInterruptAHeldAction) {
    play();
    set_hotkey();
    player_->key(kW, true);
    press_hotkey();
    ASSERT_TRUE(input_->wait_for<ipc::HotkeyPressed>());
    // A grab that the server has ended by now.
    player_->tap(kSpace);
    player_->key(kW, false);
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_EQ(values_of(kForward).size(), 2u);
    EXPECT_EQ(values_of(kJump).size(), 2u);
    EXPECT_EQ(input_->all<ipc::ModeChanged>().size(), 1u);
}

TEST_F(SharedKeyboard, HotkeyFiresExactlyOnceFocusedUnfocusedAndUnderAKeyboardGrab) {
    play();
    set_hotkey();
    const auto wait_for_count = [this](std::size_t count) {
        return wait_until([&] { return input_->all<ipc::HotkeyPressed>().size() >= count; });
    };
    press_hotkey();
    EXPECT_TRUE(wait_for_count(1)) << "focused";
    ASSERT_TRUE(desktop_->focus(other_));
    press_hotkey();
    EXPECT_TRUE(wait_for_count(2)) << "unfocused";
    ASSERT_TRUE(desktop_->focus(game_));
    // Input counts again once a key of the game gets through.
    player_->tap(kSpace);
    ASSERT_TRUE(wait_until([this] { return values_of(kJump).size() == 2; }));
    ASSERT_TRUE(player_->grab_keyboard(game_));
    press_hotkey();
    EXPECT_TRUE(wait_for_count(3)) << "under a grab";
    player_->ungrab_keyboard();
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_EQ(input_->all<ipc::HotkeyPressed>().size(), 3u);
    for (const auto& press : input_->all<ipc::HotkeyPressed>())
        EXPECT_EQ(press.id, "save");
}

TEST_F(SharedKeyboard, AHotkeyThatIsHeldWhileTheFocusLeavesFiresOnce) {
    play();
    set_hotkey();
    player_->key(kLeftAlt, true);
    player_->key(kF10, true);
    ASSERT_TRUE(input_->wait_for<ipc::HotkeyPressed>());
    ASSERT_TRUE(desktop_->focus(other_));
    // The guard window is longer than the time after which the server begins to repeat a held key.
    ASSERT_TRUE(input_->wait_until_told());
    player_->key(kF10, false);
    player_->key(kLeftAlt, false);
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_EQ(input_->all<ipc::HotkeyPressed>().size(), 1u);
    press_hotkey();
    EXPECT_TRUE(wait_until([&] { return input_->all<ipc::HotkeyPressed>().size() == 2; }));
}

TEST_F(SharedKeyboard, TheGameDoesNotSeeTheHotkey) {
    play();
    set_hotkey();
    player_->take_key_presses();
    press_hotkey();
    ASSERT_TRUE(input_->wait_for<ipc::HotkeyPressed>());
    // Alt arrives, F10 does not.
    EXPECT_EQ(player_->take_key_presses(), 1);
}

TEST_F(SharedKeyboard, HotkeyWorksWithNumAndCapsLock) {
    set_hotkey();
    constexpr std::uint8_t kCapsLock = 58;
    constexpr std::uint8_t kNumLock = 69;
    for (const std::uint8_t lock : {kCapsLock, kNumLock, kCapsLock, kNumLock}) {
        player_->tap(lock);
        const std::size_t before = input_->all<ipc::HotkeyPressed>().size();
        press_hotkey();
        EXPECT_TRUE(
            wait_until([&] { return input_->all<ipc::HotkeyPressed>().size() == before + 1; }));
    }
}

class TalkKey : public SharedKeyboard {
protected:
    void SetUp() override {
        SharedKeyboard::SetUp();
        input_->send(ipc::SetHotkeys{
            .hotkeys = {
                {.id = "talk", .chord = "F9", .hold = true}, {.id = "save", .chord = "Alt+F9"}}});
        const auto state =
            input_->wait_for<ipc::HotkeyState>([](const auto& told) { return told.id == "talk"; });
        ASSERT_TRUE(state);
        ASSERT_TRUE(state->available) << state->what;
    }

    bool pressed(std::size_t count) {
        return wait_until([&] { return input_->all<ipc::HotkeyPressed>().size() == count; });
    }

    bool released(std::size_t count) {
        return wait_until([&] { return input_->all<ipc::HotkeyReleased>().size() == count; });
    }

    /// Longer than the time after which the server begins to repeat a held key.
    void let_it_repeat() { ASSERT_TRUE(input_->wait_until_told()); }

    static constexpr std::uint8_t kF9 = 67;
};

TEST_F(TalkKey, PressAndReleaseAreToldOnceInTheGameAndOutsideIt) {
    play();
    player_->key(kF9, true);
    ASSERT_TRUE(pressed(1));
    let_it_repeat();
    EXPECT_TRUE(input_->all<ipc::HotkeyReleased>().empty());
    player_->key(kF9, false);
    EXPECT_TRUE(released(1));
    ASSERT_TRUE(desktop_->focus(other_));
    player_->key(kF9, true);
    ASSERT_TRUE(pressed(2));
    // Nothing is told outside the game that could be awaited: a key that repeats is long enough.
    static_cast<void>(wait_until([&] { return player_->take_key_presses() > 3; }));
    EXPECT_EQ(input_->all<ipc::HotkeyReleased>().size(), 1U);
    player_->key(kF9, false);
    EXPECT_TRUE(released(2));
    EXPECT_EQ(input_->all<ipc::HotkeyPressed>().size(), 2U);
}

TEST_F(TalkKey, TheWindowWithTheFocusGetsItAndEveryKeyWhileItIsHeld) {
    for (const std::uint32_t window : {other_, game_}) {
        ASSERT_TRUE(desktop_->focus(window));
        player_->sync();
        player_->take_key_presses();
        const std::size_t before = input_->all<ipc::HotkeyPressed>().size();
        player_->key(kF9, true);
        ASSERT_TRUE(pressed(before + 1));
        player_->tap(kK);
        player_->tap(kW);
        player_->key(kF9, false);
        ASSERT_TRUE(released(before + 1));
        player_->sync();
        EXPECT_EQ(player_->take_key_presses(), 3);
    }
}

TEST_F(TalkKey, EndsWhenTheKeyIsUpAlthoughTheFocusLeftWhileItWasHeld) {
    play();
    player_->key(kF9, true);
    ASSERT_TRUE(pressed(1));
    ASSERT_TRUE(desktop_->focus(other_));
    player_->key(kF9, false);
    EXPECT_TRUE(released(1));
    // And it is heard again here.
    player_->key(kF9, true);
    EXPECT_TRUE(pressed(2));
    // Not even a window that takes the whole keyboard hides the release.
    XPlayer locker{desktop_->display()};
    ASSERT_TRUE(locker.grab_keyboard(locker.root()));
    player_->key(kF9, false);
    EXPECT_TRUE(released(2));
}

TEST_F(TalkKey, APasswordUnderAGrabIsNotHeardWhileItIsHeld) {
    play();
    player_->key(kF9, true);
    ASSERT_TRUE(pressed(1));
    XPlayer locker{desktop_->display()};
    ASSERT_TRUE(locker.grab_keyboard(other_));
    player_->tap(kSpace);
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_THAT(values_of(kJump), testing::IsEmpty());
    player_->key(kF9, false);
    EXPECT_TRUE(released(1));
}

TEST_F(TalkKey, OtherModifiersDoNotMatterButOtherChordsDo) {
    constexpr std::uint8_t kLeftShift = 42;
    player_->key(kLeftShift, true);
    player_->tap(kF9);
    player_->key(kLeftShift, false);
    ASSERT_TRUE(released(1));
    EXPECT_EQ(input_->all<ipc::HotkeyPressed>().back().id, "talk");
    player_->key(kLeftAlt, true);
    player_->tap(kF9);
    player_->key(kLeftAlt, false);
    ASSERT_TRUE(pressed(2));
    EXPECT_EQ(input_->all<ipc::HotkeyPressed>().back().id, "save");
    EXPECT_EQ(input_->all<ipc::HotkeyReleased>().size(), 1U);
}

TEST_F(TalkKey, EndsWithTheDisplayAndWithOtherHotkeys) {
    player_->key(kF9, true);
    ASSERT_TRUE(pressed(1));
    input_->send(ipc::SetHotkeys{});
    EXPECT_TRUE(released(1));
    input_->send(ipc::SetHotkeys{.hotkeys = {{.id = "talk", .chord = "F10", .hold = true}}});
    ASSERT_TRUE(wait_until([&] { return input_->all<ipc::HotkeyState>().size() == 3; }));
    player_->key(kF10, true);
    ASSERT_TRUE(pressed(2));
    desktop_->kill_x();
    EXPECT_TRUE(released(2));
}

TEST_F(SharedKeyboard, HoldAndDoubleFireInTheGameAndOutsideItWithTheTimeOfTheFirstPress) {
    play();
    input_->send(ipc::SetHotkeys{
        .hotkeys = {
            {.id = "long", .chord = "hold Alt+F10"}, {.id = "twice", .chord = "double Alt+F10"}}});
    ASSERT_TRUE(wait_until([this] { return input_->all<ipc::HotkeyState>().size() == 2; }));
    const SystemClock clock;
    // Not faster than a finger; whoever was too slow tries again when the first press is forgotten.
    const auto press_twice = [&] {
        player_->tap(kF10);
        const MonoTime soon = clock.now() + Duration::from_ms(50);
        static_cast<void>(wait_until([&] { return clock.now() > soon; }));
        player_->tap(kF10);
        return wait_until(
            [this] { return !input_->all<ipc::HotkeyPressed>().empty(); }, milliseconds{1'000});
    };
    for (const std::uint32_t window : {game_, other_}) {
        ASSERT_TRUE(desktop_->focus(window));
        input_->forget();
        player_->key(kLeftAlt, true);
        // The server counts milliseconds.
        const MonoTime before = clock.now() - Duration::from_ms(1);
        player_->key(kF10, true);
        const MonoTime after = clock.now();
        const auto held = input_->wait_for<ipc::HotkeyPressed>();
        player_->key(kF10, false);
        ASSERT_TRUE(held);
        EXPECT_EQ(held->id, "long");
        EXPECT_GE(held->t_ns, before.ns());
        EXPECT_LE(held->t_ns, after.ns());
        input_->forget();
        EXPECT_TRUE(wait_until(press_twice));
        EXPECT_EQ(input_->all<ipc::HotkeyPressed>().back().id, "twice");
        player_->key(kLeftAlt, false);
    }
}

class NeverIn : public SharedKeyboard {
protected:
    void leave_alone(const std::string& program) {
        input_->send(ipc::SetHotkeys{
            .hotkeys = {{.id = "save", .chord = "Alt+F10"}}, .never_in = {"nobody", program}});
        ASSERT_FALSE(list_windows().empty());
    }

    /// Waits until hindsight-input has acted on it.
    void focus(std::uint32_t window) {
        input_->forget();
        ASSERT_TRUE(desktop_->focus(window));
        ASSERT_TRUE(input_->wait_for<ipc::FocusChanged>(
            [window](const auto& told) { return told.window == window; }));
        ASSERT_FALSE(list_windows().empty());
        player_->take_key_presses();
    }

    static constexpr std::uint16_t kMod1 = 8;
};

TEST_F(NeverIn, AProgramGetsTheKeysAndNothingFiresOrIsHeld) {
    focus(game_);
    leave_alone("OTHER");
    focus(other_);
    press_hotkey();
    EXPECT_TRUE(wait_until([this] { return player_->take_key_presses() > 0; }));
    {
        XPlayer rival{desktop_->display()};
        EXPECT_TRUE(rival.grab_key(kF10, kMod1)) << "somebody holds the chord";
    }
    EXPECT_FALSE(list_windows().empty());
    EXPECT_TRUE(input_->all<ipc::HotkeyPressed>().empty());
    EXPECT_TRUE(input_->all<ipc::HotkeyState>().empty()) << "it is as available as before";
    focus(game_);
    press_hotkey();
    EXPECT_TRUE(input_->wait_for<ipc::HotkeyPressed>());
}

TEST_F(NeverIn, TheRecordedGameMayBeOne) {
    play();
    leave_alone("testgame");
    player_->take_key_presses();
    press_hotkey();
    ASSERT_TRUE(input_->wait_until_told());
    EXPECT_EQ(player_->take_key_presses(), 2);
    EXPECT_TRUE(input_->all<ipc::HotkeyPressed>().empty());
}

TEST_F(SharedKeyboard, ATakenChordIsReportedWithAnAlternative) {
    XPlayer rival{desktop_->display()};
    constexpr std::uint16_t kMod1 = 8;
    ASSERT_TRUE(rival.grab_key(kF10, kMod1));
    input_->send(ipc::SetHotkeys{
        .hotkeys = {{.id = "save", .chord = "Alt+F10"}, {.id = "marker", .chord = "Hyper+1"}}});
    const auto taken =
        input_->wait_for<ipc::HotkeyState>([](const auto& state) { return state.id == "save"; });
    ASSERT_TRUE(taken);
    EXPECT_FALSE(taken->available);
    EXPECT_THAT(taken->what, testing::HasSubstr("Alt+F10 is used by another program"));
    EXPECT_THAT(taken->what, testing::HasSubstr("Ctrl+Shift+F10"));
    const auto wrong =
        input_->wait_for<ipc::HotkeyState>([](const auto& state) { return state.id == "marker"; });
    ASSERT_TRUE(wrong);
    EXPECT_FALSE(wrong->available);
    // The alternative is free.
    input_->forget();
    input_->send(ipc::SetHotkeys{.hotkeys = {{.id = "save", .chord = "Ctrl+Shift+F10"}}});
    const auto free_one = input_->wait_for<ipc::HotkeyState>();
    ASSERT_TRUE(free_one);
    EXPECT_TRUE(free_one->available);
}

}  // namespace
}  // namespace hindsight::test
