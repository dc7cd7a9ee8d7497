// Keys, mouse and a virtual controller through the real SDL, on no display.

#include "process.hpp"
#include "program/controls.hpp"

#include <SDL2/SDL.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace hindsight::arena {
namespace {

class ArenaControls : public testing::Test {
protected:
    void SetUp() override {
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "dummy");
        SDL_SetHint(SDL_HINT_JOYSTICK_ALLOW_BACKGROUND_EVENTS, "1");
        SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
        ASSERT_EQ(SDL_Init(SDL_INIT_VIDEO | SDL_INIT_GAMECONTROLLER), 0) << SDL_GetError();
    }

    void TearDown() override { SDL_Quit(); }

    void key(SDL_Scancode code, bool down, bool repeat = false) {
        SDL_Event event{};
        event.type = down ? SDL_KEYDOWN : SDL_KEYUP;
        event.key.repeat = repeat ? 1 : 0;
        event.key.keysym.scancode = code;
        controls_.handle(event);
    }

    void tap(SDL_Scancode code) {
        key(code, true);
        key(code, false);
    }

    void type(const char* text) {
        SDL_Event event{};
        event.type = SDL_TEXTINPUT;
        SDL_strlcpy(event.text.text, text, sizeof event.text.text);
        controls_.handle(event);
    }

    void focus(bool found) {
        SDL_Event event{};
        event.type = SDL_WINDOWEVENT;
        event.window.event = found ? SDL_WINDOWEVENT_FOCUS_GAINED : SDL_WINDOWEVENT_FOCUS_LOST;
        controls_.handle(event);
    }

    Controls controls_;
};

TEST_F(ArenaControls, HoldsAKeyUntilItIsReleased) {
    key(SDL_SCANCODE_W, true);
    key(SDL_SCANCODE_W, true, true);
    Inputs inputs = controls_.take();
    EXPECT_EQ(inputs.held, bit(Action::Forward));
    EXPECT_EQ(inputs.down, bit(Action::Forward));
    inputs = controls_.take();
    EXPECT_EQ(inputs.held, bit(Action::Forward));
    EXPECT_EQ(inputs.down, 0u);
    key(SDL_SCANCODE_W, false);
    inputs = controls_.take();
    EXPECT_EQ(inputs.held, 0u);
    EXPECT_EQ(inputs.up, bit(Action::Forward));
}

TEST_F(ArenaControls, KeepsATapThatBeginsAndEndsWithinAFrame) {
    tap(SDL_SCANCODE_SPACE);
    const Inputs inputs = controls_.take();
    EXPECT_EQ(inputs.held, 0u);
    EXPECT_EQ(inputs.down, bit(Action::Jump));
    EXPECT_EQ(inputs.up, bit(Action::Jump));
}

TEST_F(ArenaControls, TakesNoActionsFromWhatIsTyped) {
    key(SDL_SCANCODE_W, true);
    tap(SDL_SCANCODE_T);
    Inputs inputs = controls_.take();
    EXPECT_EQ(inputs.commands, bit(Command::ChatOpen));
    EXPECT_EQ(inputs.held, 0u) << "who begins to write lets go";
    controls_.follow(Mode::TextEntry);
    tap(SDL_SCANCODE_E);
    type("e");
    key(SDL_SCANCODE_W, false);
    inputs = controls_.take();
    EXPECT_EQ(inputs, Inputs{});
    EXPECT_EQ(controls_.overlay().chat, "e");
    tap(SDL_SCANCODE_RETURN);
    EXPECT_EQ(controls_.take().commands, bit(Command::ChatClose));
    EXPECT_THAT(controls_.overlay().said, testing::ElementsAre("e"));
    EXPECT_EQ(controls_.overlay().chat, "");
}

TEST_F(ArenaControls, ForgetsALineThatIsNotSent) {
    tap(SDL_SCANCODE_T);
    type("secret");
    tap(SDL_SCANCODE_ESCAPE);
    EXPECT_EQ(controls_.take().commands, bit(Command::ChatOpen) | bit(Command::ChatClose));
    EXPECT_TRUE(controls_.overlay().said.empty());
    tap(SDL_SCANCODE_E);
    EXPECT_EQ(controls_.take().down, bit(Action::Use));
}

TEST_F(ArenaControls, LetsGoWhenTheFocusGoes) {
    key(SDL_SCANCODE_A, true);
    static_cast<void>(controls_.take());
    focus(false);
    const Inputs inputs = controls_.take();
    EXPECT_EQ(inputs.held, 0u);
    EXPECT_EQ(inputs.up, bit(Action::Left));
    EXPECT_EQ(inputs.commands, bit(Command::FocusLost));
    focus(true);
    EXPECT_EQ(controls_.take().commands, bit(Command::FocusFound));
}

TEST_F(ArenaControls, WalksThroughTheMenuWithoutMovingThePlayer) {
    tap(SDL_SCANCODE_ESCAPE);
    tap(SDL_SCANCODE_W);
    tap(SDL_SCANCODE_DOWN);
    const Inputs inputs = controls_.take();
    EXPECT_EQ(inputs.down, 0u);
    EXPECT_EQ(inputs.commands, bit(Command::Menu) | bit(Command::MenuDown));
}

TEST_F(ArenaControls, TheMenuKeyTwiceInAFrameIsNothing) {
    tap(SDL_SCANCODE_ESCAPE);
    tap(SDL_SCANCODE_ESCAPE);
    EXPECT_EQ(controls_.take().commands, 0u);
}

TEST_F(ArenaControls, ReadsAVirtualController) {
    SDL_VirtualJoystickDesc description{};
    description.version = SDL_VIRTUAL_JOYSTICK_DESC_VERSION;
    description.type = SDL_JOYSTICK_TYPE_GAMECONTROLLER;
    description.naxes = SDL_CONTROLLER_AXIS_MAX;
    description.nbuttons = SDL_CONTROLLER_BUTTON_MAX;
    description.name = "Test pad";
    const int index = SDL_JoystickAttachVirtualEx(&description);
    ASSERT_GE(index, 0) << SDL_GetError();
    SDL_Joystick* pad = SDL_JoystickOpen(index);
    ASSERT_NE(pad, nullptr);
    const auto wait_for = [&](const std::function<bool(const Inputs&)>& predicate) {
        return test::wait_until([&] {
            SDL_Event event;
            while (SDL_PollEvent(&event) != 0)
                controls_.handle(event);
            return predicate(controls_.take());
        });
    };
    SDL_JoystickSetVirtualAxis(pad, SDL_CONTROLLER_AXIS_TRIGGERRIGHT, SDL_JOYSTICK_AXIS_MIN);
    ASSERT_TRUE(wait_for([&](const Inputs& /*inputs*/) {
        return SDL_GameControllerFromInstanceID(SDL_JoystickInstanceID(pad)) != nullptr;
    }));
    SDL_JoystickSetVirtualAxis(pad, SDL_CONTROLLER_AXIS_LEFTY, -32768);
    SDL_JoystickSetVirtualAxis(pad, SDL_CONTROLLER_AXIS_RIGHTX, 32767);
    EXPECT_TRUE(wait_for([](const Inputs& inputs) {
        return inputs.move == Pair{0, -127} && inputs.stick == Pair{127, 0};
    }));
    SDL_JoystickSetVirtualButton(pad, SDL_CONTROLLER_BUTTON_A, 1);
    EXPECT_TRUE(wait_for([](const Inputs& inputs) { return inputs.down == bit(Action::Jump); }));
    SDL_JoystickSetVirtualAxis(pad, SDL_CONTROLLER_AXIS_TRIGGERRIGHT, 32767);
    EXPECT_TRUE(wait_for([](const Inputs& inputs) {
        return inputs.held == (bit(Action::Jump) | bit(Action::Fire));
    }));
    SDL_JoystickSetVirtualButton(pad, SDL_CONTROLLER_BUTTON_START, 1);
    EXPECT_TRUE(
        wait_for([](const Inputs& inputs) { return inputs.commands == bit(Command::Menu); }));
    SDL_JoystickClose(pad);
    SDL_JoystickDetachVirtual(index);
}

}  // namespace
}  // namespace hindsight::arena
