#pragma once

// A program that is played, and the hands that play: windows of any class, and synthetic input
// through XTEST without the delay of a tool per key.

#include <xcb/xcb.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::test {

class XPlayer {
public:
    explicit XPlayer(const std::string& display);
    ~XPlayer();
    XPlayer(const XPlayer&) = delete;
    XPlayer& operator=(const XPlayer&) = delete;

    [[nodiscard]] std::uint32_t root() const { return root_; }

    /// A mapped window with that WM_CLASS and title.
    std::uint32_t open_window(const std::string& wm_class, const std::string& title);
    void close_window(std::uint32_t window);

    /// Sets the X input focus itself, for sessions without a window manager.
    void set_input_focus(std::uint32_t window);

    void key(std::uint8_t evdev_code, bool down);
    void tap(std::uint8_t evdev_code);
    void button(std::uint8_t button, bool down);
    void move(int dx, int dy);

    /// As games do that want every key, and screen lockers. True when the server agreed.
    bool grab_keyboard(std::uint32_t window);
    void ungrab_keyboard();

    /// A shortcut of another program: takes the key with that modifier mask.
    bool grab_key(std::uint8_t evdev_code, std::uint16_t modifiers);

    /// Waits until the server has done all of the above.
    void sync();

    /// Key events that this program's windows received since the last call.
    int take_key_presses();

private:
    xcb_connection_t* connection_ = nullptr;
    xcb_window_t root_ = 0;
    std::uint32_t visual_ = 0;
};

}  // namespace hindsight::test
