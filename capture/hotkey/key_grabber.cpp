#include <hindsight/hotkey/key_grabber.hpp>

#include <xcb/xcb.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace hindsight::hotkey {

namespace {

struct FreeC {
    void operator()(void* p) const noexcept { std::free(p); }
};

template <class T>
using Reply = std::unique_ptr<T, FreeC>;

/// X11 key codes start at 8.
constexpr xcb_keycode_t keycode(Control key) {
    return static_cast<xcb_keycode_t>(key + 8);
}

}  // namespace

KeyGrabber::KeyGrabber(xcb_connection_t* connection, std::uint32_t root)
    : connection_{connection}, root_{root} {
    read_modifier_map();
}

KeyGrabber::~KeyGrabber() {
    ungrab_all();
}

void KeyGrabber::read_modifier_map() {
    const Reply<xcb_get_modifier_mapping_reply_t> map{xcb_get_modifier_mapping_reply(
        connection_, xcb_get_modifier_mapping(connection_), nullptr)};
    if (map == nullptr)
        return;
    const xcb_keycode_t* keys = xcb_get_modifier_mapping_keycodes(map.get());
    for (unsigned modifier = 0; modifier < 8; ++modifier) {
        for (unsigned i = 0; i < map->keycodes_per_modifier; ++i) {
            const xcb_keycode_t key = keys[modifier * map->keycodes_per_modifier + i];
            const auto mask = static_cast<std::uint16_t>(1u << modifier);
            if (key == keycode(controls::kLeftAlt))
                masks_.alt = mask;
            else if (key == keycode(controls::kLeftSuper))
                masks_.super = mask;
            else if (key == keycode(controls::kNumLock))
                masks_.num_lock = mask;
        }
    }
}

std::uint16_t KeyGrabber::mask_of(const Modifiers& held) const {
    unsigned mask = 0;
    if (held.ctrl)
        mask |= XCB_MOD_MASK_CONTROL;
    if (held.shift)
        mask |= XCB_MOD_MASK_SHIFT;
    if (held.alt)
        mask |= masks_.alt;
    if (held.super)
        mask |= masks_.super;
    return static_cast<std::uint16_t>(mask);
}

std::vector<std::uint16_t> KeyGrabber::lock_variants(std::uint16_t mask) const {
    const auto with = [mask](unsigned extra) { return static_cast<std::uint16_t>(mask | extra); };
    return {
        mask,
        with(XCB_MOD_MASK_LOCK),
        with(masks_.num_lock),
        with(XCB_MOD_MASK_LOCK | masks_.num_lock)};
}

Result<> KeyGrabber::grab(const Chord& chord) {
    std::vector<xcb_void_cookie_t> cookies;
    for (const std::uint16_t mask : lock_variants(mask_of(chord.modifiers)))
        cookies.push_back(xcb_grab_key_checked(
            connection_,
            1,
            root_,
            mask,
            keycode(chord.key),
            XCB_GRAB_MODE_ASYNC,
            XCB_GRAB_MODE_ASYNC));
    bool taken = false;
    for (const xcb_void_cookie_t cookie : cookies) {
        const Reply<xcb_generic_error_t> error{xcb_request_check(connection_, cookie)};
        taken = taken || error != nullptr;
    }
    if (xcb_connection_has_error(connection_) != 0)
        return fail(Errc::DeviceLost, "the display is gone");
    if (taken) {
        ungrab(chord);
        return fail(Errc::Busy, "another program holds the shortcut");
    }
    grabbed_.push_back(chord);
    return {};
}

void KeyGrabber::ungrab(const Chord& chord) {
    for (const std::uint16_t mask : lock_variants(mask_of(chord.modifiers)))
        xcb_ungrab_key(connection_, keycode(chord.key), root_, mask);
    xcb_flush(connection_);
}

void KeyGrabber::ungrab_all() {
    for (const Chord& chord : grabbed_)
        ungrab(chord);
    grabbed_.clear();
}

Modifiers KeyGrabber::modifiers(std::uint16_t state) const {
    return {
        .ctrl = (state & XCB_MOD_MASK_CONTROL) != 0,
        .alt = (state & masks_.alt) != 0,
        .shift = (state & XCB_MOD_MASK_SHIFT) != 0,
        .super = (state & masks_.super) != 0};
}

}  // namespace hindsight::hotkey
