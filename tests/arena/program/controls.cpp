#include "program/controls.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace hindsight::arena {

namespace {

struct KeyBinding {
    SDL_Scancode key;
    Action action;
};

constexpr KeyBinding kKeys[] = {
    {SDL_SCANCODE_W, Action::Forward},
    {SDL_SCANCODE_S, Action::Back},
    {SDL_SCANCODE_A, Action::Left},
    {SDL_SCANCODE_D, Action::Right},
    {SDL_SCANCODE_LEFT, Action::TurnLeft},
    {SDL_SCANCODE_RIGHT, Action::TurnRight},
    {SDL_SCANCODE_E, Action::Use},
    {SDL_SCANCODE_SPACE, Action::Jump},
    {SDL_SCANCODE_LSHIFT, Action::Sprint},
    {SDL_SCANCODE_1, Action::Weapon1},
    {SDL_SCANCODE_2, Action::Weapon2},
    {SDL_SCANCODE_3, Action::Weapon3},
};

std::optional<Action> action_of(SDL_Scancode key) {
    const auto* const found = std::find_if(
        std::begin(kKeys), std::end(kKeys), [key](const KeyBinding& b) { return b.key == key; });
    return found == std::end(kKeys) ? std::nullopt : std::optional{found->action};
}

struct PadBinding {
    SDL_GameControllerButton button;
    Action action;
};

constexpr PadBinding kPad[] = {
    {SDL_CONTROLLER_BUTTON_A, Action::Jump},
    {SDL_CONTROLLER_BUTTON_X, Action::Use},
    {SDL_CONTROLLER_BUTTON_LEFTSTICK, Action::Sprint},
    {SDL_CONTROLLER_BUTTON_LEFTSHOULDER, Action::PreviousWeapon},
    {SDL_CONTROLLER_BUTTON_RIGHTSHOULDER, Action::NextWeapon},
    {SDL_CONTROLLER_BUTTON_DPAD_LEFT, Action::Weapon1},
    {SDL_CONTROLLER_BUTTON_DPAD_UP, Action::Weapon2},
    {SDL_CONTROLLER_BUTTON_DPAD_RIGHT, Action::Weapon3},
};

/// A stick from -127 to 127, and 0 near its middle.
int stick(int value) {
    constexpr int kDeadZone = 8000;
    return std::abs(value) < kDeadZone ? 0 : std::clamp(value / 258, -127, 127);
}

}  // namespace

void Controls::handle(const SDL_Event& event) {
    switch (event.type) {
    case SDL_QUIT:
        quit_ = true;
        break;
    case SDL_KEYDOWN:
        if (event.key.repeat == 0 || mode_ == Mode::TextEntry)
            key_down(event.key);
        break;
    case SDL_KEYUP:
        key_up(event.key);
        break;
    case SDL_TEXTINPUT:
        text(event.text.text);
        break;
    case SDL_MOUSEMOTION:
        if (mode_ == Mode::Gameplay && event.motion.which != SDL_TOUCH_MOUSEID &&
            SDL_GetRelativeMouseMode() == SDL_TRUE) {
            inputs_.look.x += event.motion.xrel;
            inputs_.look.y += event.motion.yrel;
        }
        break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        button(event.button.button, event.type == SDL_MOUSEBUTTONDOWN);
        break;
    case SDL_MOUSEWHEEL:
        wheel(event.wheel.y);
        break;
    case SDL_WINDOWEVENT:
        window(event.window);
        break;
    default:
        controller(event);
        break;
    }
}

Inputs Controls::take() {
    Inputs taken = inputs_;
    inputs_ = {};
    inputs_.held = taken.held;
    inputs_.move = taken.move;
    inputs_.stick = taken.stick;
    return taken;
}

void Controls::follow(Mode mode) {
    if (mode != Mode::Gameplay && mode_ == Mode::Gameplay)
        release_all();
    mode_ = mode;
}

void Controls::press(Action action, bool down) {
    int& holders = holders_[static_cast<std::size_t>(action)];
    if (down) {
        if (mode_ != Mode::Gameplay || ++holders > 1)
            return;
        inputs_.held |= bit(action);
        inputs_.down |= bit(action);
        return;
    }
    // The end of a press that did not count here does not count either.
    if (holders == 0 || --holders > 0)
        return;
    inputs_.held &= ~bit(action);
    inputs_.up |= bit(action);
}

void Controls::release_all() {
    inputs_.up |= inputs_.held;
    inputs_.held = 0;
    inputs_.move = {};
    inputs_.stick = {};
    holders_.fill(0);
    trigger_ = false;
}

void Controls::ask(Command command, Mode next) {
    // The menu's key does the opposite the second time.
    if (command == Command::Menu)
        inputs_.commands ^= bit(command);
    else
        inputs_.commands |= bit(command);
    if (next != Mode::Gameplay)
        release_all();
    mode_ = next;
}

void Controls::key_down(const SDL_KeyboardEvent& key) {
    const SDL_Scancode code = key.keysym.scancode;
    if (mode_ == Mode::TextEntry) {
        if (code == SDL_SCANCODE_RETURN || code == SDL_SCANCODE_KP_ENTER)
            close_chat(true);
        else if (code == SDL_SCANCODE_ESCAPE)
            close_chat(false);
        else if (code == SDL_SCANCODE_BACKSPACE && !overlay_.chat.empty())
            overlay_.chat.pop_back();
        return;
    }
    if (mode_ == Mode::Menu) {
        menu_key(code);
        return;
    }
    if (code == SDL_SCANCODE_ESCAPE) {
        ask(Command::Menu, Mode::Menu);
    } else if (code == SDL_SCANCODE_T) {
        ask(Command::ChatOpen, Mode::TextEntry);
        // From the next event on: the T itself is no text.
        SDL_StartTextInput();
    } else if (const auto action = action_of(code)) {
        press(*action, true);
    }
}

void Controls::key_up(const SDL_KeyboardEvent& key) {
    if (const auto action = action_of(key.keysym.scancode))
        press(*action, false);
}

void Controls::menu_key(SDL_Scancode key) {
    if (key == SDL_SCANCODE_ESCAPE)
        ask(Command::Menu, Mode::Gameplay);
    else if (key == SDL_SCANCODE_UP)
        ask(Command::MenuUp, Mode::Menu);
    else if (key == SDL_SCANCODE_DOWN)
        ask(Command::MenuDown, Mode::Menu);
    else if (key == SDL_SCANCODE_RETURN)
        ask(Command::MenuChoose, Mode::Gameplay);
}

void Controls::close_chat(bool send) {
    constexpr std::size_t kKept = 8;
    SDL_StopTextInput();
    if (send && !overlay_.chat.empty())
        overlay_.said.push_back(overlay_.chat);
    if (overlay_.said.size() > kKept)
        overlay_.said.erase(overlay_.said.begin());
    overlay_.chat.clear();
    ask(Command::ChatClose, Mode::Gameplay);
}

void Controls::text(const char* text) {
    constexpr std::size_t kLongest = 60;
    if (mode_ != Mode::TextEntry)
        return;
    // The font has one byte a letter; others are shown as one box each.
    for (; *text != '\0' && overlay_.chat.size() < kLongest; ++text)
        if ((static_cast<unsigned char>(*text) & 0xc0) != 0x80)
            overlay_.chat += *text;
}

void Controls::button(std::uint8_t button, bool down) {
    if (button == SDL_BUTTON_LEFT)
        press(Action::Fire, down);
}

void Controls::wheel(int y) {
    if (y == 0)
        return;
    const Action action = y > 0 ? Action::NextWeapon : Action::PreviousWeapon;
    press(action, true);
    press(action, false);
}

void Controls::window(const SDL_WindowEvent& event) {
    if (event.event == SDL_WINDOWEVENT_FOCUS_GAINED) {
        focused_ = true;
        // What the mode was before comes back from the engine, by follow().
        inputs_.commands |= bit(Command::FocusFound);
        if (mode_ == Mode::Unfocused)
            mode_ = Mode::Gameplay;
    } else if (event.event == SDL_WINDOWEVENT_FOCUS_LOST) {
        focused_ = false;
        // Of what came and went within a frame, only that it went counts.
        inputs_.commands &= ~bit(Command::FocusFound);
        ask(Command::FocusLost, Mode::Unfocused);
    }
}

void Controls::controller(const SDL_Event& event) {
    switch (event.type) {
    case SDL_CONTROLLERDEVICEADDED:
        if (SDL_GameController* opened = SDL_GameControllerOpen(event.cdevice.which))
            controllers_[SDL_JoystickInstanceID(SDL_GameControllerGetJoystick(opened))].reset(
                opened);
        break;
    case SDL_CONTROLLERDEVICEREMOVED:
        controllers_.erase(event.cdevice.which);
        // What was held on it is held no more, and SDL does not say what that was.
        release_all();
        break;
    case SDL_CONTROLLERBUTTONDOWN:
    case SDL_CONTROLLERBUTTONUP:
        controller_button(event.cbutton.button, event.type == SDL_CONTROLLERBUTTONDOWN);
        break;
    case SDL_CONTROLLERAXISMOTION:
        controller_axis(event.caxis.axis, event.caxis.value);
        break;
    default:
        break;
    }
}

void Controls::controller_button(std::uint8_t button, bool down) {
    if (down && button == SDL_CONTROLLER_BUTTON_START &&
        (mode_ == Mode::Gameplay || mode_ == Mode::Menu)) {
        ask(Command::Menu, mode_ == Mode::Menu ? Mode::Gameplay : Mode::Menu);
        return;
    }
    if (down && mode_ == Mode::Menu) {
        if (button == SDL_CONTROLLER_BUTTON_DPAD_UP)
            menu_key(SDL_SCANCODE_UP);
        else if (button == SDL_CONTROLLER_BUTTON_DPAD_DOWN)
            menu_key(SDL_SCANCODE_DOWN);
        else if (button == SDL_CONTROLLER_BUTTON_A)
            menu_key(SDL_SCANCODE_RETURN);
        return;
    }
    for (const PadBinding& binding : kPad)
        if (binding.button == button)
            press(binding.action, down);
}

void Controls::controller_axis(std::uint8_t axis, int value) {
    constexpr int kTriggerPulled = 16000;
    if (axis == SDL_CONTROLLER_AXIS_TRIGGERRIGHT) {
        const bool pulled = value > kTriggerPulled;
        if (pulled != trigger_)
            press(Action::Fire, pulled);
        trigger_ = pulled;
        return;
    }
    if (mode_ != Mode::Gameplay)
        return;
    if (axis == SDL_CONTROLLER_AXIS_LEFTX)
        inputs_.move.x = stick(value);
    else if (axis == SDL_CONTROLLER_AXIS_LEFTY)
        inputs_.move.y = stick(value);
    else if (axis == SDL_CONTROLLER_AXIS_RIGHTX)
        inputs_.stick.x = stick(value);
    else if (axis == SDL_CONTROLLER_AXIS_RIGHTY)
        inputs_.stick.y = stick(value);
}

}  // namespace hindsight::arena
