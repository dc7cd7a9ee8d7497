#pragma once

// The one table of all settings. Parsing, getting, setting, the sentences of errors and the
// documentation all come from it, so a new setting is one entry here and one member of Config.

#include <hindsight/config/config.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hindsight::config {

struct BoolRule {
    bool& (*member)(Config&);
};

struct IntRule {
    int& (*member)(Config&);
    int min;
    int max;
    bool zero = false;  ///< 0 is allowed besides the range
};

struct NumberRule {
    double& (*member)(Config&);
    double min;
    double max;
};

struct TextRule {
    std::string& (*member)(Config&);
    std::vector<std::string_view> choices = {};  ///< empty: see `valid`
    bool (*valid)(std::string_view) = nullptr;   ///< nullptr: anything
    const char* allowed = "any text";            ///< for people, when there are no choices
};

struct Entry {
    std::string_view name;
    std::variant<BoolRule, IntRule, NumberRule, TextRule> rule;
    std::string_view what;
};

[[nodiscard]] const std::vector<Entry>& key_table();

/// nullptr: no such key.
[[nodiscard]] const Entry* find_entry(std::string_view name);

/// "10 to 240", "auto, direct or canvas", "true or false".
[[nodiscard]] std::string allowed_values(const Entry& entry);

/// "integer", "number", "boolean", "text".
[[nodiscard]] std::string_view type_name(const Entry& entry);

/// "There is no such setting; did you mean recording.fps?"
[[nodiscard]] std::string unknown_key_sentence(std::string_view name);

}  // namespace hindsight::config
