#include "json_fields.hpp"

namespace hindsight::ui {

using nlohmann::json;

QString text_of(const json& map, const char* key) {
    const auto at = map.find(key);
    return at != map.end() && at->is_string() ? QString::fromStdString(at->get<std::string>())
                                              : QString{};
}

double number_of(const json& map, const char* key) {
    const auto at = map.find(key);
    return at != map.end() && at->is_number() ? at->get<double>() : 0;
}

json part_of(const json& map, const char* key) {
    const auto at = map.find(key);
    return at != map.end() ? *at : json{};
}

}  // namespace hindsight::ui
