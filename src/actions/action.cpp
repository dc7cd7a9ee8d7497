#include <hindsight/actions/action.hpp>

#include <array>
#include <utility>

namespace hindsight::actions {

namespace {

constexpr std::array<std::pair<ActionType, const char*>, 5> kTypes{{
    {ActionType::Digital, "digital"},
    {ActionType::Axis1d, "axis1d"},
    {ActionType::Axis2d, "axis2d"},
    {ActionType::Look, "look"},
    {ActionType::Pointer, "pointer"},
}};

constexpr std::array<std::pair<Mode, const char*>, 5> kModes{{
    {Mode::Gameplay, "gameplay"},
    {Mode::Menu, "menu"},
    {Mode::TextEntry, "text_entry"},
    {Mode::Paused, "paused"},
    {Mode::Unfocused, "unfocused"},
}};

template <class Table, class Enum>
const char* name_in(const Table& table, Enum value) {
    for (const auto& [entry, name] : table) {
        if (entry == value)
            return name;
    }
    return "";
}

template <class Table, class Enum>
bool parse_in(const Table& table, std::string_view text, Enum& value) {
    for (const auto& [entry, name] : table) {
        if (text == name) {
            value = entry;
            return true;
        }
    }
    return false;
}

}  // namespace

const char* action_type_name(ActionType type) {
    return name_in(kTypes, type);
}

const char* mode_name(Mode mode) {
    return name_in(kModes, mode);
}

bool parse_action_type(std::string_view name, ActionType& type) {
    return parse_in(kTypes, name, type);
}

bool parse_mode(std::string_view name, Mode& mode) {
    return parse_in(kModes, name, mode);
}

}  // namespace hindsight::actions
