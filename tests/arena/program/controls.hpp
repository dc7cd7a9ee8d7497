#pragma once

// From SDL's events to inputs of the engine.

#include "engine/inputs.hpp"
#include "render/renderer.hpp"

#include <SDL2/SDL.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::arena {

class Controls {
public:
    /// One event. `quit_asked()` tells of a closed window.
    void handle(const SDL_Event& event);

    /// What has come since the last call. `mode` is the engine's now.
    Inputs take();

    /// The engine's mode after its step: what a key means in the next frame depends on it.
    void follow(Mode mode);

    [[nodiscard]] const Overlay& overlay() const { return overlay_; }

    [[nodiscard]] bool quit_asked() const { return quit_; }

    /// The window has the focus.
    [[nodiscard]] bool focused() const { return focused_; }

private:
    struct CloseController {
        void operator()(SDL_GameController* controller) const {
            SDL_GameControllerClose(controller);
        }
    };

    void key_down(const SDL_KeyboardEvent& key);
    void key_up(const SDL_KeyboardEvent& key);
    void menu_key(SDL_Scancode key);
    void button(std::uint8_t button, bool down);
    void wheel(int y);
    void text(const char* text);
    void window(const SDL_WindowEvent& event);
    void controller(const SDL_Event& event);
    void controller_button(std::uint8_t button, bool down);
    void controller_axis(std::uint8_t axis, int value);

    void press(Action action, bool down);
    void release_all();
    void ask(Command command, Mode next);
    void close_chat(bool send);

    Mode mode_ = Mode::Gameplay;  ///< the engine's, and what was asked of it since
    Inputs inputs_;
    std::array<int, static_cast<std::size_t>(Action::Count)> holders_{};
    bool trigger_ = false;
    Overlay overlay_;
    bool quit_ = false;
    bool focused_ = false;
    std::map<SDL_JoystickID, std::unique_ptr<SDL_GameController, CloseController>> controllers_;
};

}  // namespace hindsight::arena
