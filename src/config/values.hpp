#pragma once

// Values of settings as text, both ways, and the rules they must obey.

#include "key_table.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hindsight::config {

/// Assign with the rule of the entry. The error's text is the sentence alone, without key or file.
/// Errors: InvalidArgument (wrong type or out of range).
[[nodiscard]] Result<> assign(Config& config, const Entry& entry, bool value);
[[nodiscard]] Result<> assign(Config& config, const Entry& entry, std::int64_t value);
[[nodiscard]] Result<> assign(Config& config, const Entry& entry, double value);
[[nodiscard]] Result<> assign(Config& config, const Entry& entry, std::string_view value);

/// As assign, from what a person typed: `60`, `on`, `Alt+F9`, also a quoted TOML string.
[[nodiscard]] Result<> assign_typed(Config& config, const Entry& entry, std::string_view typed);

/// "must be text: auto, direct or canvas."
[[nodiscard]] std::string type_sentence(const Entry& entry);

/// As TOML writes it.
[[nodiscard]] std::string toml_text(const Config& config, const Entry& entry);

/// Rules between settings. The name of the offending key and the sentence, or empty.
struct Conflict {
    std::string_view key;
    std::string sentence;
};

[[nodiscard]] Conflict find_conflict(const Config& config);

}  // namespace hindsight::config
