#pragma once

// A shortcut as people write it: "Alt+F10", "hold Alt+F10", "double F9", "PadBack+PadUp".

#include <hindsight/core/result.hpp>
#include <hindsight/hotkey/hotkey_matcher.hpp>
#include <hindsight/hotkey/press_ways.hpp>

#include <set>
#include <string>
#include <string_view>

namespace hindsight::hotkey {

struct Shortcut {
    Way way = Way::Press;
    Chord chord;                     ///< of the keyboard
    std::set<Control> buttons = {};  ///< of a controller, instead; empty: none

    bool operator==(const Shortcut&) const = default;
};

/// Reads a chord, or buttons of a controller, and "hold" or "double" before it. Errors:
/// InvalidArgument, with what is wrong and what to write. [any-thread]
[[nodiscard]] Result<Shortcut> parse_shortcut(std::string_view text);

/// The same way with "Ctrl+Shift+<key>": what to try when a chord is taken. Empty when `text` is
/// that already, or a controller's. [any-thread]
[[nodiscard]] std::string alternative_shortcut(std::string_view text);

}  // namespace hindsight::hotkey
