#pragma once

// A shortcut as people write it: "Alt+F10", "hold Alt+F10", "double F9".

#include <hindsight/core/result.hpp>
#include <hindsight/hotkey/hotkey_matcher.hpp>
#include <hindsight/hotkey/press_ways.hpp>

#include <string>
#include <string_view>

namespace hindsight::hotkey {

struct Shortcut {
    Way way = Way::Press;
    Chord chord;

    bool operator==(const Shortcut&) const = default;
};

/// Reads a chord, and "hold" or "double" before it. Errors: as parse_chord(). [any-thread]
[[nodiscard]] Result<Shortcut> parse_shortcut(std::string_view text);

/// The same way with "Ctrl+Shift+<key>": what to try when a chord is taken. Empty when `text` is
/// that already. [any-thread]
[[nodiscard]] std::string alternative_shortcut(std::string_view text);

}  // namespace hindsight::hotkey
