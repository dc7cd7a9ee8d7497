#pragma once

// One line of an action log as JSON.

#include <nlohmann/json.hpp>

#include <string_view>

namespace hindsight::actions {

/// Null where the line is no JSON. What is nested deeper than anything we write is left out:
/// copying and writing JSON takes stack for every level, and a log may come from anywhere.
[[nodiscard]] inline nlohmann::ordered_json parse_log_line(std::string_view line) {
    using Json = nlohmann::ordered_json;
    constexpr int kDeepest = 32;
    Json json = Json::parse(
        line,
        [](int depth, Json::parse_event_t, Json&) { return depth <= kDeepest; },
        /*allow_exceptions=*/false);
    return json.is_discarded() ? Json{} : json;
}

}  // namespace hindsight::actions
