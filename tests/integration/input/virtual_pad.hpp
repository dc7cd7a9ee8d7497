#pragma once

// A controller that SDL makes up: no device is needed. What reads it has to be in this process.

#include <SDL2/SDL.h>
#include <gtest/gtest.h>

namespace hindsight::test {

class VirtualPad {
public:
    VirtualPad() {
        // Our own reference keeps SDL and the virtual controller alive around the reader's.
        SDL_SetHint(SDL_HINT_JOYSTICK_ALLOW_BACKGROUND_EVENTS, "1");
        EXPECT_EQ(SDL_InitSubSystem(SDL_INIT_JOYSTICK), 0) << SDL_GetError();
        SDL_VirtualJoystickDesc description{};
        description.version = SDL_VIRTUAL_JOYSTICK_DESC_VERSION;
        description.type = SDL_JOYSTICK_TYPE_GAMECONTROLLER;
        description.naxes = SDL_CONTROLLER_AXIS_MAX;
        description.nbuttons = SDL_CONTROLLER_BUTTON_MAX;
        description.name = "Test pad";
        index_ = SDL_JoystickAttachVirtualEx(&description);
        EXPECT_GE(index_, 0) << SDL_GetError();
        joystick_ = SDL_JoystickOpen(index_);
        EXPECT_NE(joystick_, nullptr) << SDL_GetError();
        for (const int axis : {SDL_CONTROLLER_AXIS_TRIGGERLEFT, SDL_CONTROLLER_AXIS_TRIGGERRIGHT})
            SDL_JoystickSetVirtualAxis(joystick_, axis, SDL_JOYSTICK_AXIS_MIN);
    }

    ~VirtualPad() {
        SDL_JoystickClose(joystick_);
        unplug();
        SDL_QuitSubSystem(SDL_INIT_JOYSTICK);
    }

    VirtualPad(const VirtualPad&) = delete;
    VirtualPad& operator=(const VirtualPad&) = delete;

    void button(SDL_GameControllerButton button, bool down) {
        SDL_JoystickSetVirtualButton(joystick_, button, down ? SDL_PRESSED : SDL_RELEASED);
    }

    void axis(SDL_GameControllerAxis axis, Sint16 value) {
        SDL_JoystickSetVirtualAxis(joystick_, axis, value);
    }

    void unplug() const { SDL_JoystickDetachVirtual(index_); }

private:
    int index_ = -1;
    SDL_Joystick* joystick_ = nullptr;
};

}  // namespace hindsight::test
