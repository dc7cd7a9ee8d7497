#include "x_player.hpp"

#include <unistd.h>
#include <xcb/xtest.h>

#include <cstdlib>
#include <cstring>

namespace hindsight::test {

namespace {

struct FreeC {
    void operator()(void* p) const noexcept { std::free(p); }
};

template <class T>
using Reply = std::unique_ptr<T, FreeC>;

xcb_atom_t intern(xcb_connection_t* connection, const char* name) {
    const Reply<xcb_intern_atom_reply_t> reply{xcb_intern_atom_reply(
        connection,
        xcb_intern_atom(connection, 0, static_cast<std::uint16_t>(std::strlen(name)), name),
        nullptr)};
    return reply == nullptr ? 0 : reply->atom;
}

void set_text(
    xcb_connection_t* connection,
    xcb_window_t window,
    xcb_atom_t property,
    const std::string& text) {
    xcb_change_property(
        connection,
        XCB_PROP_MODE_REPLACE,
        window,
        property,
        XCB_ATOM_STRING,
        8,
        static_cast<std::uint32_t>(text.size()),
        text.data());
}

}  // namespace

XPlayer::XPlayer(const std::string& display) : connection_{xcb_connect(display.c_str(), nullptr)} {
    const xcb_screen_t* screen = xcb_setup_roots_iterator(xcb_get_setup(connection_)).data;
    if (screen != nullptr) {
        root_ = screen->root;
        visual_ = screen->root_visual;
    }
}

XPlayer::~XPlayer() {
    xcb_disconnect(connection_);
}

std::uint32_t XPlayer::open_window(const std::string& wm_class, const std::string& title) {
    const xcb_window_t window = xcb_generate_id(connection_);
    const std::uint32_t events = XCB_EVENT_MASK_KEY_PRESS;
    xcb_create_window(
        connection_,
        XCB_COPY_FROM_PARENT,
        window,
        root_,
        10,
        10,
        320,
        240,
        0,
        XCB_WINDOW_CLASS_INPUT_OUTPUT,
        visual_,
        XCB_CW_EVENT_MASK,
        &events);
    const std::string both = wm_class + '\0' + wm_class + '\0';
    set_text(connection_, window, XCB_ATOM_WM_CLASS, both);
    set_text(connection_, window, XCB_ATOM_WM_NAME, title);
    const auto pid = static_cast<std::uint32_t>(::getpid());
    xcb_change_property(
        connection_,
        XCB_PROP_MODE_REPLACE,
        window,
        intern(connection_, "_NET_WM_PID"),
        XCB_ATOM_CARDINAL,
        32,
        1,
        &pid);
    xcb_map_window(connection_, window);
    sync();
    return window;
}

void XPlayer::close_window(std::uint32_t window) {
    xcb_destroy_window(connection_, window);
    sync();
}

void XPlayer::set_input_focus(std::uint32_t window) {
    xcb_set_input_focus(connection_, XCB_INPUT_FOCUS_PARENT, window, XCB_CURRENT_TIME);
    sync();
}

void XPlayer::key(std::uint8_t evdev_code, bool down) {
    xcb_test_fake_input(
        connection_,
        down ? XCB_KEY_PRESS : XCB_KEY_RELEASE,
        static_cast<std::uint8_t>(evdev_code + 8),
        XCB_CURRENT_TIME,
        root_,
        0,
        0,
        0);
    sync();
}

void XPlayer::tap(std::uint8_t evdev_code) {
    key(evdev_code, true);
    key(evdev_code, false);
}

void XPlayer::button(std::uint8_t button, bool down) {
    xcb_test_fake_input(
        connection_,
        down ? XCB_BUTTON_PRESS : XCB_BUTTON_RELEASE,
        button,
        XCB_CURRENT_TIME,
        root_,
        0,
        0,
        0);
    sync();
}

void XPlayer::move(int dx, int dy) {
    // detail 1: relative
    xcb_test_fake_input(
        connection_,
        XCB_MOTION_NOTIFY,
        1,
        XCB_CURRENT_TIME,
        root_,
        static_cast<std::int16_t>(dx),
        static_cast<std::int16_t>(dy),
        0);
    sync();
}

bool XPlayer::grab_keyboard(std::uint32_t window) {
    const Reply<xcb_grab_keyboard_reply_t> reply{xcb_grab_keyboard_reply(
        connection_,
        xcb_grab_keyboard(
            connection_, 0, window, XCB_CURRENT_TIME, XCB_GRAB_MODE_ASYNC, XCB_GRAB_MODE_ASYNC),
        nullptr)};
    return reply != nullptr && reply->status == XCB_GRAB_STATUS_SUCCESS;
}

void XPlayer::ungrab_keyboard() {
    xcb_ungrab_keyboard(connection_, XCB_CURRENT_TIME);
    sync();
}

bool XPlayer::grab_key(std::uint8_t evdev_code, std::uint16_t modifiers) {
    const Reply<xcb_generic_error_t> error{xcb_request_check(
        connection_,
        xcb_grab_key_checked(
            connection_,
            1,
            root_,
            modifiers,
            static_cast<xcb_keycode_t>(evdev_code + 8),
            XCB_GRAB_MODE_ASYNC,
            XCB_GRAB_MODE_ASYNC))};
    return error == nullptr;
}

void XPlayer::sync() {
    const Reply<xcb_get_input_focus_reply_t> reply{
        xcb_get_input_focus_reply(connection_, xcb_get_input_focus(connection_), nullptr)};
}

int XPlayer::take_key_presses() {
    sync();
    int count = 0;
    for (;;) {
        const Reply<xcb_generic_event_t> event{xcb_poll_for_event(connection_)};
        if (event == nullptr)
            return count;
        if ((event->response_type & 0x7f) == XCB_KEY_PRESS)
            ++count;
    }
}

}  // namespace hindsight::test
