// The bundled profile of the arena against the game itself: its log is the truth that a clip's
// actions are measured by, so a control must mean the same in both.

#include "program/controls.hpp"

#include <hindsight/actions/profile.hpp>

#include <SDL2/SDL.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace hindsight::arena {
namespace {

/// Name of an action → names of the controls that drive it.
using Bindings = std::map<std::string, std::set<std::string>>;

/// What the game does on `event`, as controls of the name `control`.
void try_out(Bindings& bindings, const SDL_Event& event, const std::string& control) {
    Controls controls;
    controls.handle(event);
    const Inputs inputs = controls.take();
    for (std::size_t i = 0; i < kActionNames.size(); ++i) {
        if ((inputs.down & bit(static_cast<Action>(i))) != 0)
            bindings[std::string{kActionNames[i]}].insert(control);
    }
}

void try_keys(Bindings& bindings) {
    for (int code = 0; code < SDL_NUM_SCANCODES; ++code) {
        SDL_Event event{};
        event.type = SDL_KEYDOWN;
        event.key.keysym.scancode = static_cast<SDL_Scancode>(code);
        // SDL's names of the positions are those of an American keyboard, as ours are.
        try_out(bindings, event, SDL_GetScancodeName(event.key.keysym.scancode));
    }
}

void try_mouse(Bindings& bindings) {
    const std::map<std::uint8_t, std::string> buttons{
        {SDL_BUTTON_LEFT, "Mouse1"},
        {SDL_BUTTON_RIGHT, "Mouse2"},
        {SDL_BUTTON_MIDDLE, "Mouse3"},
        {SDL_BUTTON_X1, "Mouse4"},
        {SDL_BUTTON_X2, "Mouse5"}};
    for (const auto& [button, control] : buttons) {
        SDL_Event event{};
        event.type = SDL_MOUSEBUTTONDOWN;
        event.button.button = button;
        try_out(bindings, event, control);
    }
    for (const int y : {1, -1}) {
        SDL_Event event{};
        event.type = SDL_MOUSEWHEEL;
        event.wheel.y = y;
        try_out(bindings, event, y > 0 ? "WheelUp" : "WheelDown");
    }
}

void try_controller(Bindings& bindings) {
    const std::map<SDL_GameControllerButton, std::string> buttons{
        {SDL_CONTROLLER_BUTTON_A, "PadA"},
        {SDL_CONTROLLER_BUTTON_B, "PadB"},
        {SDL_CONTROLLER_BUTTON_X, "PadX"},
        {SDL_CONTROLLER_BUTTON_Y, "PadY"},
        {SDL_CONTROLLER_BUTTON_BACK, "PadBack"},
        {SDL_CONTROLLER_BUTTON_GUIDE, "PadGuide"},
        {SDL_CONTROLLER_BUTTON_LEFTSTICK, "PadLeftStickPress"},
        {SDL_CONTROLLER_BUTTON_RIGHTSTICK, "PadRightStickPress"},
        {SDL_CONTROLLER_BUTTON_LEFTSHOULDER, "PadLeftShoulder"},
        {SDL_CONTROLLER_BUTTON_RIGHTSHOULDER, "PadRightShoulder"},
        {SDL_CONTROLLER_BUTTON_DPAD_UP, "PadUp"},
        {SDL_CONTROLLER_BUTTON_DPAD_DOWN, "PadDown"},
        {SDL_CONTROLLER_BUTTON_DPAD_LEFT, "PadLeft"},
        {SDL_CONTROLLER_BUTTON_DPAD_RIGHT, "PadRight"}};
    for (const auto& [button, control] : buttons) {
        SDL_Event event{};
        event.type = SDL_CONTROLLERBUTTONDOWN;
        event.cbutton.button = static_cast<std::uint8_t>(button);
        try_out(bindings, event, control);
    }
    const std::map<SDL_GameControllerAxis, std::string> triggers{
        {SDL_CONTROLLER_AXIS_TRIGGERLEFT, "PadLeftTrigger"},
        {SDL_CONTROLLER_AXIS_TRIGGERRIGHT, "PadRightTrigger"}};
    for (const auto& [axis, control] : triggers) {
        SDL_Event event{};
        event.type = SDL_CONTROLLERAXISMOTION;
        event.caxis.axis = static_cast<std::uint8_t>(axis);
        event.caxis.value = SDL_JOYSTICK_AXIS_MAX;
        try_out(bindings, event, control);
    }
}

TEST(ArenaProfile, GivesEveryActionOfTheGameTheControlsThatItHasThere) {
    const auto store = actions::ProfileStore::load(HINDSIGHT_PROFILES_DIR, "");
    const actions::Profile* profile = store.find("arena");
    ASSERT_NE(profile, nullptr);
    Bindings game;
    try_keys(game);
    try_mouse(game);
    try_controller(game);
    EXPECT_EQ(game.size(), kActionNames.size());
    Bindings told;
    for (const std::string_view name : kActionNames) {
        const actions::ActionInfo* action = profile->action(name);
        ASSERT_NE(action, nullptr) << name;
        const auto& controls = action->default_controls;
        told[std::string{name}] = {controls.begin(), controls.end()};
    }
    EXPECT_EQ(told, game);
}

}  // namespace
}  // namespace hindsight::arena
