#pragma once

#include "program/controls.hpp"
#include "strip/strip.hpp"

#include <hindsight/core/result.hpp>

#include <SDL2/SDL.h>

#include <cstdint>
#include <memory>

namespace hindsight::arena {

/// The window and SDL behind it. The picture goes from our memory to the server's in one copy.
class Window {
public:
    /// Errors: External (SDL's reason), Unsupported (no 32 bit display).
    static Result<std::unique_ptr<Window>> open(int width, int height);

    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// The X window, 0 where there is none.
    [[nodiscard]] std::uint32_t id() const;

    /// Hands all waiting events to `controls`.
    static void poll(Controls& controls);

    /// Takes or gives back the mouse.
    static void hold_mouse(bool hold);

    /// Where the next picture is drawn. Errors: External.
    Result<Canvas> canvas();

    /// Shows it; returns when the server has it. Errors: External.
    Result<> present();

private:
    Window() = default;

    SDL_Window* window_ = nullptr;
};

}  // namespace hindsight::arena
