// libobs' hotkey thread reads the whole X key map 160 times a second, for hotkeys that nobody set,
// and crashes when the X server dies because it does not look at the answer. These two functions
// stand in front of libxcb's for the whole process (the program exports them): no key map is ever
// asked for, and the answer is always "nothing pressed".
//
// hindsight-capture thereby cannot see the keyboard at all, which is also a promise to the player.

#include <xcb/xcb.h>

#include <cstdlib>

extern "C" {

__attribute__((visibility("default"))) xcb_query_keymap_cookie_t
xcb_query_keymap(xcb_connection_t* /*connection*/) {
    return xcb_query_keymap_cookie_t{0};
}

// The caller frees it.
__attribute__((visibility("default"))) xcb_query_keymap_reply_t* xcb_query_keymap_reply(
    xcb_connection_t* /*connection*/,
    xcb_query_keymap_cookie_t /*cookie*/,
    xcb_generic_error_t** error) {
    if (error != nullptr)
        *error = nullptr;
    return static_cast<xcb_query_keymap_reply_t*>(std::calloc(1, sizeof(xcb_query_keymap_reply_t)));
}

}  // extern "C"
