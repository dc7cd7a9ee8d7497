#pragma once

// Keys as settings name them. Whether a key exists is for the keyboard's owner to say.

#include <string_view>

namespace hindsight::config {

/// Empty, or modifiers and one key: "Ctrl+Shift+F8", "Ctrl++".
[[nodiscard]] bool is_chord(std::string_view text);

/// A chord or buttons of a controller ("PadBack+PadUp"), and "hold" or "double" before it where it
/// is wanted.
[[nodiscard]] bool is_shortcut(std::string_view text);

/// Whether two shortcuts are the same keys, in whatever order and case and for whatever way of
/// pressing they are written; empty ones are nobody's.
[[nodiscard]] bool same_chord(std::string_view a, std::string_view b);

/// Whether they are pressed in the same way, too.
[[nodiscard]] bool same_shortcut(std::string_view a, std::string_view b);

/// Whether parse_save_keys() understands `text`.
[[nodiscard]] bool is_save_keys(std::string_view text);

}  // namespace hindsight::config
