#include "program/window.hpp"

#include <SDL2/SDL_syswm.h>

#include <string>

namespace hindsight::arena {

namespace {

tl::unexpected<Error> fail_sdl(const std::string& doing) {
    return fail(Errc::External, doing + ": " + SDL_GetError());
}

}  // namespace

Result<std::unique_ptr<Window>> Window::open(int width, int height) {
    // SIGTERM is ours, the screen saver is the desktop's, and the surface is no texture.
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_MOUSE_RELATIVE_MODE_WARP, "0");
    std::unique_ptr<Window> window{new Window};
    if (SDL_Init(SDL_INIT_VIDEO | SDL_INIT_GAMECONTROLLER) != 0)
        return fail_sdl("starting SDL");
    SDL_StopTextInput();
    window->window_ = SDL_CreateWindow(
        "Hindsight Arena", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height, 0);
    if (window->window_ == nullptr)
        return fail_sdl("opening a window");
    const SDL_Surface* surface = SDL_GetWindowSurface(window->window_);
    if (surface == nullptr)
        return fail_sdl("asking for the window's surface");
    if (surface->format->BytesPerPixel != 4 || surface->format->Rmask != 0xff0000 ||
        surface->format->Bmask != 0x0000ff)
        return fail(
            Errc::Unsupported, "this display does not have 8 bits each of red, green, blue");
    return window;
}

Window::~Window() {
    if (window_ != nullptr)
        SDL_DestroyWindow(window_);
    SDL_Quit();
}

std::uint32_t Window::id() const {
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (SDL_GetWindowWMInfo(window_, &info) != SDL_TRUE || info.subsystem != SDL_SYSWM_X11)
        return 0;
    return static_cast<std::uint32_t>(info.info.x11.window);
}

void Window::poll(Controls& controls) {
    SDL_Event event;
    while (SDL_PollEvent(&event) != 0)
        controls.handle(event);
}

void Window::hold_mouse(bool hold) {
    const SDL_bool wanted = hold ? SDL_TRUE : SDL_FALSE;
    if (SDL_GetRelativeMouseMode() != wanted)
        SDL_SetRelativeMouseMode(wanted);
}

Result<Canvas> Window::canvas() {
    SDL_Surface* surface = SDL_GetWindowSurface(window_);
    if (surface == nullptr)
        return fail_sdl("asking for the window's surface");
    return Canvas{
        .pixels = static_cast<std::uint32_t*>(surface->pixels),
        .stride = surface->pitch / 4,
        .width = surface->w,
        .height = surface->h};
}

Result<> Window::present() {
    if (SDL_UpdateWindowSurface(window_) != 0)
        return fail_sdl("showing a picture");
    return {};
}

}  // namespace hindsight::arena
