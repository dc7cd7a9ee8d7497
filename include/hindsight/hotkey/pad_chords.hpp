#pragma once

// Shortcuts of a controller: buttons that are down together. Whatever else is down does not matter,
// as nobody lets go of everything to save a clip.

#include <hindsight/core/time.hpp>
#include <hindsight/hotkey/control_names.hpp>
#include <hindsight/hotkey/press_ways.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hindsight::hotkey {

/// A chord is pressed when the last of its buttons goes down, and ends when any of them goes up.
/// One thread.
class PadChords {
public:
    struct Entry {
        std::string id;
        std::set<Control> buttons;
        Way way = Way::Press;
    };

    /// What is down now does not count as pressed.
    void set(const std::vector<Entry>& entries);

    /// A button of any controller; told again without a change, nothing happens. Buttons of no
    /// chord are not remembered. Returns what this fires.
    std::vector<Fired> on_button(Control button, bool down, MonoTime t);

    /// As HotkeyMatcher's.
    std::optional<Fired> settle(MonoTime now);
    [[nodiscard]] bool waits() const;

private:
    struct Chord {
        std::set<Control> buttons;
        std::set<Control> missing;  ///< those of them that are up
        MonoTime released = MonoTime::min();
        PressWays ways;
    };

    std::vector<Chord> chords_;
};

}  // namespace hindsight::hotkey
