#pragma once

// Fields of the service's maps, forgiving: what is missing or of another kind is empty.

#include <nlohmann/json.hpp>

#include <QString>

namespace hindsight::ui {

[[nodiscard]] QString text_of(const nlohmann::json& map, const char* key);
[[nodiscard]] double number_of(const nlohmann::json& map, const char* key);
[[nodiscard]] nlohmann::json part_of(const nlohmann::json& map, const char* key);

}  // namespace hindsight::ui
