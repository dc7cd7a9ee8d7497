#pragma once

// The passive grabs of X11: they deliver a chord while any window has the focus. No other key
// reaches us through them.

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

/// What a grab does with the key.
enum class Taking : std::uint8_t {
    Swallow,  ///< the window with the focus does not see it; the keyboard is ours until its release
    Watch,    ///< pass_on() gives it to the window with the focus, and the keyboard back
};

/// `connection` outlives this; its destructor gives the keys back. One thread.
class KeyGrabber {
public:
    KeyGrabber(xcb_connection_t* connection, std::uint32_t root);
    ~KeyGrabber();
    KeyGrabber(const KeyGrabber&) = delete;
    KeyGrabber& operator=(const KeyGrabber&) = delete;

    /// Grabs `chord` with and without Num Lock and Caps Lock; to watch it, also with modifiers that
    /// it does not name, as far as no other chord does. Waits for the server's answer. Grabbed
    /// already: nothing happens.
    /// Errors: Busy (another program holds it; nothing is grabbed then), DeviceLost.
    Result<> grab(const Chord& chord, Taking taking);

    void ungrab(const Chord& chord);
    void ungrab_all();

    /// To be called after every key press of a grab: until then the server holds back all keys that
    /// follow one that is watched.
    void pass_on();

    /// The modifiers in the state field of a core key event.
    [[nodiscard]] Modifiers modifiers(std::uint16_t state) const;

private:
    [[nodiscard]] std::uint16_t mask_of(const Modifiers& modifiers) const;
    [[nodiscard]] bool has(const Chord& chord) const;
    [[nodiscard]] std::vector<std::uint16_t> masks_of(const Chord& chord, Taking taking) const;
    void send_ungrab(const Chord& chord, Taking taking);
    void read_modifier_map();

    xcb_connection_t* connection_;
    std::uint32_t root_;
    ModifierMasks masks_;

    struct Grabbed {
        Chord chord;
        Taking taking;
    };

    std::vector<Grabbed> grabbed_;
};

}  // namespace hindsight::hotkey
