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

/// Caps Lock and Num Lock, on and off.
constexpr std::size_t kLockVariants = 4;

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

bool KeyGrabber::has(const Chord& chord) const {
    return std::any_of(grabbed_.begin(), grabbed_.end(), [&](const Grabbed& grabbed) {
        return grabbed.chord == chord;
    });
}

/// The chord's own masks come first.
std::vector<std::uint16_t> KeyGrabber::masks_of(const Chord& chord, Taking taking) const {
    std::vector<std::uint16_t> masks;
    const auto add_with_locks = [&](unsigned mask) {
        const unsigned caps_lock = XCB_MOD_MASK_LOCK;
        const unsigned num_lock = masks_.num_lock;
        for (const unsigned locks : {0U, caps_lock, num_lock, caps_lock | num_lock})
            masks.push_back(static_cast<std::uint16_t>(mask | locks));
    };
    add_with_locks(mask_of(chord.modifiers));
    for (unsigned more = 1; taking == Taking::Watch && more < 16; ++more) {
        const Modifiers held{
            .ctrl = chord.modifiers.ctrl || (more & 1) != 0,
            .alt = chord.modifiers.alt || (more & 2) != 0,
            .shift = chord.modifiers.shift || (more & 4) != 0,
            .super = chord.modifiers.super || (more & 8) != 0};
        if (!has({held, chord.key}))
            add_with_locks(mask_of(held));
    }
    return masks;
}

Result<> KeyGrabber::grab(const Chord& chord, Taking taking) {
    if (has(chord))
        return {};
    std::vector<xcb_void_cookie_t> cookies;
    for (const std::uint16_t mask : masks_of(chord, taking))
        cookies.push_back(xcb_grab_key_checked(
            connection_,
            1,
            root_,
            mask,
            keycode(chord.key),
            XCB_GRAB_MODE_ASYNC,
            taking == Taking::Watch ? XCB_GRAB_MODE_SYNC : XCB_GRAB_MODE_ASYNC));
    bool taken = false;
    for (std::size_t i = 0; i < cookies.size(); ++i) {
        const Reply<xcb_generic_error_t> error{xcb_request_check(connection_, cookies[i])};
        // With more modifiers than it names, a chord may be somebody else's.
        taken = taken || (error != nullptr && i < kLockVariants);
    }
    if (xcb_connection_has_error(connection_) != 0)
        return fail(Errc::DeviceLost, "the display is gone");
    if (taken) {
        send_ungrab(chord, taking);
        return fail(Errc::Busy, "another program holds the shortcut");
    }
    grabbed_.push_back({chord, taking});
    return {};
}

void KeyGrabber::send_ungrab(const Chord& chord, Taking taking) {
    for (const std::uint16_t mask : masks_of(chord, taking))
        xcb_ungrab_key(connection_, keycode(chord.key), root_, mask);
    xcb_flush(connection_);
}

void KeyGrabber::ungrab(const Chord& chord) {
    const auto at = std::find_if(grabbed_.begin(), grabbed_.end(), [&](const Grabbed& grabbed) {
        return grabbed.chord == chord;
    });
    if (at == grabbed_.end())
        return;
    const Taking taking = at->taking;
    grabbed_.erase(at);
    send_ungrab(chord, taking);
}

void KeyGrabber::ungrab_all() {
    while (!grabbed_.empty())
        ungrab(Chord{grabbed_.back().chord});
}

void KeyGrabber::pass_on() {
    xcb_allow_events(connection_, XCB_ALLOW_REPLAY_KEYBOARD, XCB_CURRENT_TIME);
    xcb_flush(connection_);
}

Modifiers KeyGrabber::modifiers(std::uint16_t state) const {
    return {
        .ctrl = (state & XCB_MOD_MASK_CONTROL) != 0,
        .alt = (state & masks_.alt) != 0,
        .shift = (state & XCB_MOD_MASK_SHIFT) != 0,
        .super = (state & masks_.super) != 0};
}

}  // namespace hindsight::hotkey
