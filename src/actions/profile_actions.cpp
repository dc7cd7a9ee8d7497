#include "profile_actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hindsight::actions {

namespace {

// Sorted as the documentation lists them.
const std::vector<std::string> kActionKeys{
    "name",
    "label",
    "type",
    "set",
    "pulse",
    "controls",
    "negative_controls",
    "dead_zone",
    "degrees_per_count"};
const std::vector<std::string> kTypes{"digital", "axis1d", "axis2d", "look", "pointer"};

constexpr std::size_t kMostActions = 500;
constexpr double kLargestDeadZone = 0.9;
constexpr double kLeastDegrees = 0.00001;
constexpr double kMostDegrees = 10;
constexpr float kStickDeadZone = 0.15F;
constexpr float kTriggerDeadZone = 0.05F;

bool is_stick(std::string_view control) {
    return control == "PadLeftStick" || control == "PadRightStick";
}

bool is_trigger(std::string_view control) {
    return control == "PadLeftTrigger" || control == "PadRightTrigger";
}

/// Whether `control` can drive an action of `type`; the sentence why not otherwise.
std::string mismatch(std::string_view control, ActionType type) {
    switch (type) {
    case ActionType::Look:
        return control == "MouseMove" ? "" : "a look action takes MouseMove only";
    case ActionType::Axis2d:
        return is_stick(control) ? "" : "an axis2d action takes PadLeftStick or PadRightStick only";
    case ActionType::Pointer:
        return "a pointer action has no controls";
    case ActionType::Axis1d:
        if (control.starts_with("Wheel"))
            return fmt::format("'{}' cannot be held, which an axis1d action needs", control);
        [[fallthrough]];
    case ActionType::Digital:
        if (is_stick(control) || control == "MouseMove")
            return fmt::format(
                "'{}' moves in two directions, which needs an axis2d or look action", control);
        return "";
    }
    return "";
}

/// What drives one action.
struct Controls {
    std::vector<std::string> positive;
    std::vector<std::string> negative;
    std::optional<float> dead_zone;  ///< where a stick or a trigger is among them

    [[nodiscard]] bool analog() const {
        return std::any_of(positive.begin(), positive.end(), [](const std::string& control) {
            return is_stick(control) || is_trigger(control);
        });
    }
};

/// Those of the action in the base, when it is of the same type.
Controls lent_controls(const Profile& profile, const ActionInfo& info) {
    Controls lent;
    const ActionInfo* action = profile.action(info.name);
    if (action == nullptr || action->type != info.type)
        return lent;
    for (const ProfileBinding& binding : profile.bindings) {
        if (binding.action != action->id)
            continue;
        (binding.value < 0 ? lent.negative : lent.positive).push_back(binding.control);
        if (is_stick(binding.control) || is_trigger(binding.control))
            lent.dead_zone = binding.dead_zone;
    }
    return lent;
}

ProfileBinding binding_of(
    const std::string& control, std::uint16_t action, float value, const Controls& controls) {
    float zone = 0;
    if (is_stick(control))
        zone = controls.dead_zone.value_or(kStickDeadZone);
    else if (is_trigger(control))
        zone = controls.dead_zone.value_or(kTriggerDeadZone);
    return {.control = control, .action = action, .value = value, .dead_zone = zone};
}

/// Adds `info`, or puts it in the place of the base's action of the same name (keeping its id).
void place(Profile& profile, ActionInfo info, const Controls& controls) {
    auto old =
        std::find_if(profile.actions.begin(), profile.actions.end(), [&](const ActionInfo& other) {
            return other.name == info.name;
        });
    info.id =
        old == profile.actions.end() ? static_cast<std::uint16_t>(profile.actions.size()) : old->id;
    std::erase_if(
        profile.bindings, [&](const ProfileBinding& binding) { return binding.action == info.id; });
    info.default_controls.clear();
    for (const std::string& control : controls.positive) {
        profile.bindings.push_back(binding_of(control, info.id, 1, controls));
        info.default_controls.push_back(control);
    }
    for (const std::string& control : controls.negative) {
        profile.bindings.push_back(binding_of(control, info.id, -1, controls));
        info.default_controls.push_back(control);
    }
    info.negative_controls = controls.negative;
    if (old == profile.actions.end())
        profile.actions.push_back(std::move(info));
    else
        *old = std::move(info);
}

/// One pass over the actions of one document.
class ActionReader {
public:
    ActionReader(const ProfileTable& root, std::string_view file) : root_{root}, file_{file} {}

    Result<> read(Profile& profile) {
        const toml::node* node = root_.get("action");
        if (node != nullptr) {
            const toml::array* list = node->as_array();
            if (list == nullptr || list->empty() || !list->is_array_of_tables())
                return root_.bad(*node, "actions are written as [[action]]");
            for (const toml::node& element : *list) {
                const ProfileTable table{file_, *element.as_table(), "[[action]]"};
                HINDSIGHT_TRY(one_action(table, element, profile));
            }
        }
        if (profile.actions.empty())
            return root_.bad("action", "a profile needs at least one [[action]]");
        if (profile.actions.size() > kMostActions)
            return root_.bad(
                "action", fmt::format("a profile has no more than {} actions", kMostActions));
        return conflicts(profile);
    }

private:
    struct Written {
        std::string name;
        const toml::node* node;
    };

    Result<> one_action(const ProfileTable& table, const toml::node& element, Profile& profile) {
        HINDSIGHT_TRY(table.only_keys(kActionKeys));
        std::string name;
        HINDSIGHT_TRY(table.text("name", kLongestId, name));
        if (!is_word(name, '_'))
            return table.bad(
                "name",
                "an action needs a 'name': small letters, digits and '_', as in 'move_forward'");
        if (written(name) != nullptr)
            return table.bad("name", fmt::format("there are two actions '{}'", name));
        written_.push_back({name, &element});
        HINDSIGHT_ASSIGN(ActionInfo info, described(table, profile, name));
        Controls controls = lent_controls(profile, info);
        HINDSIGHT_TRY(driven(table, info.type, controls));
        place(profile, std::move(info), controls);
        return {};
    }

    /// The action `name` without its controls: what the base says about it, and `table` on top.
    static Result<ActionInfo>
    described(const ProfileTable& table, const Profile& profile, const std::string& name) {
        ActionInfo info;
        const ActionInfo* lent = profile.action(name);
        std::string type = action_type_name(lent == nullptr ? ActionType::Digital : lent->type);
        HINDSIGHT_TRY(table.text("type", kLongestId, type));
        if (!parse_action_type(type, info.type))
            return table.bad(
                "type",
                fmt::format(
                    "{} is no type of action; allowed are digital, axis1d, axis2d, look and "
                    "pointer{}",
                    in_quotes(type),
                    meant(type, kTypes)));
        info.label = name;
        if (lent != nullptr && lent->type == info.type)
            info = *lent;
        info.name = name;
        HINDSIGHT_TRY(table.text("label", kLongestName, info.label));
        HINDSIGHT_TRY(table.text("set", kLongestId, info.set));
        if (!contains(profile.sets, info.set))
            return table.bad(
                "set",
                fmt::format(
                    "{} is not listed in 'sets' of this profile{}",
                    in_quotes(info.set),
                    meant(info.set, profile.sets)));
        HINDSIGHT_TRY(table.flag("pulse", info.pulse));
        if (info.pulse && info.type != ActionType::Digital)
            return table.bad("pulse", "'pulse' belongs to digital actions only");
        HINDSIGHT_TRY(
            table.number("degrees_per_count", kLeastDegrees, kMostDegrees, info.degrees_per_count));
        if (info.degrees_per_count != 0 && info.type != ActionType::Look)
            return table.bad(
                "degrees_per_count", "'degrees_per_count' belongs to look actions only");
        return info;
    }

    static Result<> driven(const ProfileTable& table, ActionType type, Controls& controls) {
        HINDSIGHT_TRY(table.controls("controls", controls.positive));
        HINDSIGHT_TRY(table.controls("negative_controls", controls.negative));
        if (!controls.negative.empty() && type != ActionType::Axis1d)
            return table.bad(
                "negative_controls", "'negative_controls' belong to axis1d actions only");
        for (const char* key : {"controls", "negative_controls"})
            HINDSIGHT_TRY(fits(table, key, type));
        for (const std::string& control : controls.negative) {
            if (contains(controls.positive, control))
                return table.bad(
                    "negative_controls", fmt::format("'{}' cannot mean 1 and -1 at once", control));
        }
        if (!table.has("dead_zone"))
            return {};
        if (!controls.analog() || (type != ActionType::Axis1d && type != ActionType::Axis2d))
            return table.bad(
                "dead_zone",
                "'dead_zone' belongs to axis actions that a stick or a trigger drives");
        double zone = 0;
        HINDSIGHT_TRY(table.number("dead_zone", 0, kLargestDeadZone, zone));
        controls.dead_zone = static_cast<float>(zone);
        return {};
    }

    static Result<> fits(const ProfileTable& table, std::string_view key, ActionType type) {
        const toml::node* node = table.get(key);
        if (node == nullptr)
            return {};
        for (const toml::node& element : *node->as_array()) {
            const std::string why = mismatch(*element.value<std::string>(), type);
            if (!why.empty())
                return table.bad(element, why);
        }
        return {};
    }

    [[nodiscard]] const toml::node* written(std::string_view action) const {
        for (const Written& other : written_) {
            if (other.name == action)
                return other.node;
        }
        return nullptr;
    }

    /// What was told about `action` here; the key `otherwise` when only the base tells about it.
    [[nodiscard]] const toml::node&
    node_of(const std::string& action, const char* otherwise) const {
        if (const toml::node* node = written(action); node != nullptr)
            return *node;
        const toml::node* key = root_.get(otherwise);
        return key == nullptr ? *root_.get("base") : *key;
    }

    [[nodiscard]] const toml::node& later_of(const ActionInfo& a, const ActionInfo& b) const {
        const toml::node& first = node_of(a.name, "base");
        const toml::node& second = node_of(b.name, "base");
        return first.source().begin.line > second.source().begin.line ? first : second;
    }

    /// One control means one thing in a set, and a key that opens a line of text means nothing
    /// else.
    [[nodiscard]] Result<> conflicts(const Profile& profile) const {
        for (const ActionInfo& action : profile.actions) {
            if (!contains(profile.sets, action.set))
                return root_.bad(
                    node_of(action.name, "sets"),
                    fmt::format(
                        "'sets' leaves out '{}', to which '{}' belongs", action.set, action.name));
        }
        std::map<std::pair<std::string, std::string>, const ActionInfo*> taken;
        for (const ProfileBinding& binding : profile.bindings) {
            const ActionInfo& action = profile.actions[binding.action];
            if (contains(profile.chat_controls, binding.control))
                return root_.bad(
                    node_of(action.name, "chat_keys"),
                    fmt::format(
                        "'{}' opens the chat and cannot drive '{}' as well",
                        binding.control,
                        action.name));
            const auto [place, is_new] = taken.try_emplace({action.set, binding.control}, &action);
            if (!is_new)
                return root_.bad(
                    later_of(*place->second, action),
                    fmt::format(
                        "'{}' cannot drive both '{}' and '{}' of the set '{}'",
                        binding.control,
                        place->second->name,
                        action.name,
                        action.set));
        }
        return {};
    }

    const ProfileTable& root_;
    std::string_view file_;
    std::vector<Written> written_;
};

}  // namespace

Result<> read_actions(const ProfileTable& root, std::string_view file, Profile& profile) {
    return ActionReader{root, file}.read(profile);
}

}  // namespace hindsight::actions
