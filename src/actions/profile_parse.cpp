#include "profile_parse.hpp"

#include "sha256.hpp"

#include <hindsight/actions/profile.hpp>

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace hindsight::actions {

namespace {

constexpr std::array<std::string_view, 9> kProfileKeys{
    "id", "name", "version", "base", "match", "sets", "chat_keys", "menu_keys", "action"};
constexpr std::array<std::string_view, 4> kMatchKeys{
    "executable", "wm_class", "argument", "steam_app"};
constexpr std::array<std::string_view, 7> kActionKeys{
    "name", "label", "type", "set", "pulse", "controls", "negative_controls"};

bool is_word(std::string_view text, char extra) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [extra](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == extra;
    });
}

bool is_stick_or_move(std::string_view control) {
    return control == "MouseMove" || control == "PadLeftStick" || control == "PadRightStick";
}

/// Whether `control` can drive an action of `type`; the sentence why not otherwise.
std::string mismatch(std::string_view control, ActionType type) {
    const bool two_axes = is_stick_or_move(control);
    switch (type) {
    case ActionType::Look:
        return control == "MouseMove" ? "" : "a look action takes MouseMove only";
    case ActionType::Axis2d:
        return two_axes && control != "MouseMove"
                   ? ""
                   : "an axis2d action takes PadLeftStick or PadRightStick only";
    case ActionType::Pointer:
        return "a pointer action has no controls";
    case ActionType::Digital:
    case ActionType::Axis1d:
        return two_axes ? fmt::format(
                              "'{}' moves in two directions, which needs an axis2d or look "
                              "action",
                              control)
                        : "";
    }
    return "";
}

/// One pass over one document; keeps the place for messages.
class ProfileParser {
public:
    ProfileParser(std::string_view file_name, const std::vector<Profile>& bases)
        : file_name_{file_name}, bases_{bases} {}

    Result<Profile> parse(std::string_view text) {
        try {
            return read(toml::parse(text, file_name_));
        } catch (const toml::parse_error& error) {
            return fail(
                Errc::InvalidArgument,
                fmt::format(
                    "{}:{}: this is not valid TOML: {}",
                    file_name_,
                    error.source().begin.line,
                    error.description()));
        }
    }

private:
    tl::unexpected<Error> bad(const toml::node& node, std::string_view sentence) const {
        return fail(
            Errc::InvalidArgument,
            fmt::format("{}:{}: {}", file_name_, node.source().begin.line, sentence));
    }

    template <std::size_t N>
    Result<> only_keys(
        const toml::table& table,
        const std::array<std::string_view, N>& allowed,
        std::string_view place) const {
        for (const auto& [key, value] : table) {
            if (std::find(allowed.begin(), allowed.end(), key.str()) == allowed.end())
                return bad(
                    value,
                    fmt::format(
                        "'{}' is not a key of {}; allowed are {}",
                        key.str(),
                        place,
                        fmt::join(allowed, ", ")));
        }
        return {};
    }

    Result<> text(const toml::table& table, std::string_view key, std::string& value) const {
        const toml::node* node = table.get(key);
        if (node == nullptr)
            return {};
        if (!node->is_string())
            return bad(*node, fmt::format("'{}' must be a text", key));
        value = *node->value<std::string>();
        return {};
    }

    Result<>
    texts(const toml::table& table, std::string_view key, std::vector<std::string>& values) const {
        const toml::node* node = table.get(key);
        if (node == nullptr)
            return {};
        const toml::array* array = node->as_array();
        if (array == nullptr)
            return bad(*node, fmt::format("'{}' must be a list of texts", key));
        values.clear();
        for (const toml::node& element : *array) {
            if (!element.is_string() || element.value<std::string>()->empty())
                return bad(element, fmt::format("'{}' must be a list of texts", key));
            values.push_back(*element.value<std::string>());
        }
        return {};
    }

    Result<> controls(
        const toml::table& table, std::string_view key, std::vector<std::string>& values) const {
        HINDSIGHT_TRY(texts(table, key, values));
        const auto& known = known_controls();
        for (std::size_t i = 0; i < values.size() && table.contains(key); ++i) {
            if (std::find(known.begin(), known.end(), values[i]) == known.end())
                return bad(
                    *table.get(key)->as_array()->get(i),
                    fmt::format(
                        "'{}' is no control; the names are listed in docs/profiles.md", values[i]));
        }
        return {};
    }

    Result<Profile> read(const toml::table& root) {
        HINDSIGHT_TRY(only_keys(root, kProfileKeys, "a profile"));
        Profile profile;
        HINDSIGHT_TRY(inherit(root, profile));
        HINDSIGHT_TRY(identity(root, profile));
        HINDSIGHT_TRY(rules(root, profile));
        HINDSIGHT_TRY(texts(root, "sets", profile.sets));
        if (profile.sets.empty())
            profile.sets = {"gameplay"};
        HINDSIGHT_TRY(controls(root, "chat_keys", profile.chat_controls));
        HINDSIGHT_TRY(controls(root, "menu_keys", profile.menu_controls));
        HINDSIGHT_TRY(all_actions(root, profile));
        return profile;
    }

    Result<> inherit(const toml::table& root, Profile& profile) const {
        std::string base;
        HINDSIGHT_TRY(text(root, "base", base));
        if (base.empty())
            return {};
        const auto found = std::find_if(
            bases_.begin(), bases_.end(), [&](const Profile& other) { return other.id == base; });
        if (found == bases_.end())
            return fail(
                Errc::NotFound,
                fmt::format(
                    "{}:{}: there is no profile '{}' to build on",
                    file_name_,
                    root.get("base")->source().begin.line,
                    base));
        profile = *found;
        // A base lends its controls, not its identity.
        profile.match = {};
        profile.id.clear();
        profile.name.clear();
        profile.file.clear();
        return {};
    }

    Result<> identity(const toml::table& root, Profile& profile) const {
        HINDSIGHT_TRY(text(root, "id", profile.id));
        HINDSIGHT_TRY(text(root, "name", profile.name));
        if (!is_word(profile.id, '-'))
            return bad(
                node_or(root, "id"),
                "'id' is needed: small letters, digits and '-', as in 'my-game'");
        if (profile.name.empty())
            return bad(node_or(root, "name"), "'name' is needed: the title of the game");
        if (const toml::node* version = root.get("version"); version != nullptr) {
            const auto number = version->value<std::int64_t>();
            if (!version->is_integer() || *number < 1 || *number > 9999)
                return bad(*version, "'version' must be a number from 1 to 9999");
            profile.version = static_cast<int>(*number);
        }
        return {};
    }

    Result<> rules(const toml::table& root, Profile& profile) const {
        const toml::node* node = root.get("match");
        if (node == nullptr)
            return {};
        const toml::table* match = node->as_table();
        if (match == nullptr)
            return bad(*node, "'match' must be a table: [match]");
        HINDSIGHT_TRY(only_keys(*match, kMatchKeys, "[match]"));
        HINDSIGHT_TRY(texts(*match, "executable", profile.match.executables));
        HINDSIGHT_TRY(texts(*match, "wm_class", profile.match.wm_classes));
        HINDSIGHT_TRY(texts(*match, "argument", profile.match.arguments));
        HINDSIGHT_TRY(texts(*match, "steam_app", profile.match.steam_app_ids));
        return {};
    }

    Result<> all_actions(const toml::table& root, Profile& profile) const {
        const toml::node* node = root.get("action");
        if (node != nullptr) {
            const toml::array* list = node->as_array();
            if (list == nullptr || !list->is_array_of_tables())
                return bad(*node, "actions are written as [[action]]");
            std::vector<std::string> seen;
            for (const toml::node& element : *list)
                HINDSIGHT_TRY(one_action(*element.as_table(), profile, seen));
        }
        if (profile.actions.empty())
            return bad(root, "a profile needs at least one [[action]]");
        return {};
    }

    Result<>
    one_action(const toml::table& table, Profile& profile, std::vector<std::string>& seen) const {
        HINDSIGHT_TRY(only_keys(table, kActionKeys, "[[action]]"));
        ActionInfo info;
        HINDSIGHT_TRY(text(table, "name", info.name));
        if (!is_word(info.name, '_'))
            return bad(
                node_or(table, "name"),
                "an action needs a 'name': small letters, digits and '_', as in 'move_forward'");
        if (std::find(seen.begin(), seen.end(), info.name) != seen.end())
            return bad(
                node_or(table, "name"), fmt::format("there are two actions '{}'", info.name));
        seen.push_back(info.name);
        info.label = info.name;
        HINDSIGHT_TRY(text(table, "label", info.label));
        HINDSIGHT_TRY(kind(table, profile, info));

        std::vector<std::string> negative;
        HINDSIGHT_TRY(controls(table, "controls", info.default_controls));
        HINDSIGHT_TRY(controls(table, "negative_controls", negative));
        if (!negative.empty() && info.type != ActionType::Axis1d)
            return bad(
                node_or(table, "negative_controls"),
                "'negative_controls' belong to axis1d actions only");
        HINDSIGHT_TRY(fits(table, "controls", info.type));
        place(profile, std::move(info), negative);
        return {};
    }

    Result<> kind(const toml::table& table, const Profile& profile, ActionInfo& info) const {
        std::string type = "digital";
        HINDSIGHT_TRY(text(table, "type", type));
        if (!parse_action_type(type, info.type))
            return bad(
                node_or(table, "type"),
                fmt::format(
                    "'{}' is no type of action; allowed are digital, axis1d, axis2d, look and "
                    "pointer",
                    type));
        HINDSIGHT_TRY(text(table, "set", info.set));
        if (std::find(profile.sets.begin(), profile.sets.end(), info.set) == profile.sets.end())
            return bad(
                node_or(table, "set"),
                fmt::format("'{}' is not listed in 'sets' of this profile", info.set));
        if (const toml::node* pulse = table.get("pulse"); pulse != nullptr) {
            if (!pulse->is_boolean())
                return bad(*pulse, "'pulse' must be true or false");
            info.pulse = *pulse->value<bool>();
        }
        return {};
    }

    Result<> fits(const toml::table& table, std::string_view key, ActionType type) const {
        const toml::node* node = table.get(key);
        if (node == nullptr)
            return {};
        for (const toml::node& element : *node->as_array()) {
            const std::string why = mismatch(*element.value<std::string>(), type);
            if (!why.empty())
                return bad(element, why);
        }
        return {};
    }

    /// Adds `info`, or puts it in the place of the base's action of the same name (keeping its id).
    static void place(Profile& profile, ActionInfo info, const std::vector<std::string>& negative) {
        auto old = std::find_if(
            profile.actions.begin(), profile.actions.end(), [&](const ActionInfo& other) {
                return other.name == info.name;
            });
        info.id = old == profile.actions.end() ? static_cast<std::uint16_t>(profile.actions.size())
                                               : old->id;
        std::erase_if(profile.bindings, [&](const ProfileBinding& binding) {
            return binding.action == info.id;
        });
        for (const std::string& control : info.default_controls)
            profile.bindings.push_back({.control = control, .action = info.id, .value = 1});
        for (const std::string& control : negative)
            profile.bindings.push_back({.control = control, .action = info.id, .value = -1});
        info.default_controls.insert(info.default_controls.end(), negative.begin(), negative.end());
        if (old == profile.actions.end())
            profile.actions.push_back(std::move(info));
        else
            *old = std::move(info);
    }

    static const toml::node& node_or(const toml::table& table, std::string_view key) {
        const toml::node* node = table.get(key);
        return node == nullptr ? table : *node;
    }

    std::string_view file_name_;
    const std::vector<Profile>& bases_;
};

}  // namespace

Result<Profile> parse_profile(
    std::string_view text, std::string_view file_name, const std::vector<Profile>& bases) {
    return ProfileParser{file_name, bases}.parse(text);
}

void mark_bundled(Profile& profile, std::string_view text) {
    profile.bundled = true;
    // What was inherited counts as well: the hash of a base stands for the base.
    profile.bundled_sha256 = sha256_hex(profile.bundled_sha256 + std::string{text});
}

void mark_own(Profile& profile, const std::vector<Profile>& bundled) {
    profile.bundled = false;
    const auto original = std::find_if(bundled.begin(), bundled.end(), [&](const Profile& other) {
        return other.id == profile.id;
    });
    const Profile* part = original == bundled.end() ? nullptr : &*original;
    if (part != nullptr)
        profile.bundled_sha256 = part->bundled_sha256;
    // The overlay shows where an action sits by default, never where this player put it.
    for (ActionInfo& info : profile.actions) {
        const ActionInfo* shipped = part == nullptr ? nullptr : part->action(info.name);
        if (shipped != nullptr && shipped->type == info.type)
            info.default_controls = shipped->default_controls;
    }
}

}  // namespace hindsight::actions
