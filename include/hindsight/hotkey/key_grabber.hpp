#pragma once

// The passive grabs of X11: they deliver a chord while any window has the focus and swallow it, so
// that the game does not see it. No other key reaches us through them.

#include <hindsight/hotkey/hotkey_matcher.hpp>

#include <cstdint>
#include <string>
#include <vector>

struct xcb_connection_t;

namespace hindsight::hotkey {

/// Which bits of a core event's state are Alt, Super and Num Lock on this server.
struct ModifierMasks {
    std::uint16_t alt = 8;
    std::uint16_t super = 64;
    std::uint16_t num_lock = 16;
};

/// `connection` outlives this; its destructor gives the keys back. One thread.
class KeyGrabber {
public:
    KeyGrabber(xcb_connection_t* connection, std::uint32_t root);
    ~KeyGrabber();
    KeyGrabber(const KeyGrabber&) = delete;
    KeyGrabber& operator=(const KeyGrabber&) = delete;

    /// Grabs `chord` with and without Num Lock and Caps Lock. Waits for the server's answer.
    /// Errors: Busy (another program holds it; nothing is grabbed then), DeviceLost.
    Result<> grab(const Chord& chord);

    void ungrab_all();

    /// The modifiers in the state field of a core key event.
    [[nodiscard]] Modifiers modifiers(std::uint16_t state) const;

private:
    [[nodiscard]] std::uint16_t mask_of(const Modifiers& modifiers) const;
    [[nodiscard]] std::vector<std::uint16_t> lock_variants(std::uint16_t mask) const;
    void ungrab(const Chord& chord);
    void read_modifier_map();

    xcb_connection_t* connection_;
    std::uint32_t root_;
    ModifierMasks masks_;
    std::vector<Chord> grabbed_;
};

}  // namespace hindsight::hotkey
