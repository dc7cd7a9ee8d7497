#include "profile_parse.hpp"

#include "profile_actions.hpp"
#include "profile_table.hpp"
#include "sha256.hpp"
#include "toml_nesting.hpp"

#include <hindsight/actions/profile.hpp>

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <string>
#include <utility>

namespace hindsight::actions {

namespace {

// Sorted as the documentation lists them.
const std::vector<std::string> kProfileKeys{
    "id",
    "name",
    "version",
    "base",
    "sets",
    "chat_keys",
    "text_chat",
    "menu_keys",
    "match",
    "latency",
    "action"};
const std::vector<std::string> kMatchKeys{"executable", "wm_class", "argument", "steam_app"};
const std::vector<std::string> kLatencyKeys{"frames", "ms", "method", "residual_ms"};
const std::vector<std::string> kSetKeys{"name", "ui"};
const std::vector<std::string> kMethods{"assumed", "strip", "flash", "motion"};

constexpr std::size_t kMostSets = 32;
constexpr double kMostFrames = 30;
constexpr double kMostMs = 500;

/// One pass over one document.
class ProfileParser {
public:
    ProfileParser(std::string_view file_name, const std::vector<Profile>& bases)
        : file_name_{file_name}, bases_{bases} {}

    Result<Profile> parse(std::string_view text) {
        if (const auto line = line_that_nests_too_deep(text))
            return fail(
                Errc::InvalidArgument,
                fmt::format(
                    "{}:{}: no line of a profile has more than {} dots outside of quotes",
                    file_name_,
                    *line,
                    kMostDots));
        try {
            const toml::table document = toml::parse(text, file_name_);
            return read(ProfileTable{file_name_, document, "a profile"});
        } catch (const toml::parse_error& error) {
            std::string what{error.description()};
            std::replace(what.begin(), what.end(), '\n', ' ');
            return fail(
                Errc::InvalidArgument,
                fmt::format(
                    "{}:{}: this is not valid TOML: {}",
                    file_name_,
                    std::max(error.source().begin.line, 1U),
                    what));
        }
    }

private:
    Result<Profile> read(const ProfileTable& root) {
        HINDSIGHT_TRY(root.only_keys(kProfileKeys));
        Profile profile;
        HINDSIGHT_TRY(inherit(root, profile));
        HINDSIGHT_TRY(identity(root, profile));
        HINDSIGHT_TRY(rules(root, profile));
        HINDSIGHT_TRY(latency(root, profile));
        HINDSIGHT_TRY(all_sets(root, profile));
        HINDSIGHT_TRY(chat(root, profile));
        HINDSIGHT_TRY(root.controls("menu_keys", profile.menu_controls));
        HINDSIGHT_TRY(read_actions(root, file_name_, profile));
        return profile;
    }

    Result<> inherit(const ProfileTable& root, Profile& profile) const {
        std::string base;
        HINDSIGHT_TRY(root.text("base", kLongestId, base));
        if (!root.has("base"))
            return {};
        const auto found = std::find_if(
            bases_.begin(), bases_.end(), [&](const Profile& other) { return other.id == base; });
        if (found == bases_.end()) {
            std::vector<std::string> known;
            for (const Profile& other : bases_)
                known.push_back(other.id);
            auto missing = root.bad(
                "base",
                fmt::format(
                    "there is no profile {} to build on{}", in_quotes(base), meant(base, known)));
            missing.value().code = Errc::NotFound;
            return missing;
        }
        profile = *found;
        // A base lends its controls, not its identity.
        profile.match = {};
        profile.id.clear();
        profile.name.clear();
        profile.file.clear();
        return {};
    }

    static Result<> identity(const ProfileTable& root, Profile& profile) {
        HINDSIGHT_TRY(root.text("id", kLongestId, profile.id));
        HINDSIGHT_TRY(root.text("name", kLongestName, profile.name));
        if (!is_word(profile.id, '-'))
            return root.bad("id", "'id' is needed: small letters, digits and '-', as in 'my-game'");
        if (profile.name.empty())
            return root.bad("name", "'name' is needed: the title of the game");
        return root.integer("version", 1, 9999, profile.version);
    }

    Result<> rules(const ProfileTable& root, Profile& profile) const {
        const toml::node* node = root.get("match");
        if (node == nullptr)
            return {};
        if (!node->is_table())
            return root.bad(*node, "'match' must be a table: [match]");
        const ProfileTable match{file_name_, *node->as_table(), "[match]"};
        HINDSIGHT_TRY(match.only_keys(kMatchKeys));
        HINDSIGHT_TRY(match.texts("executable", profile.match.executables));
        HINDSIGHT_TRY(match.texts("wm_class", profile.match.wm_classes));
        HINDSIGHT_TRY(match.texts("argument", profile.match.arguments));
        HINDSIGHT_TRY(match.texts("steam_app", profile.match.steam_app_ids));
        for (const char* key : {"executable", "argument"})
            HINDSIGHT_TRY(file_names(match, key));
        for (const std::string& app : profile.match.steam_app_ids) {
            if (app.empty() || app.find_first_not_of("0123456789") != std::string::npos)
                return match.bad(
                    "steam_app", fmt::format("{} is no number of a Steam game", in_quotes(app)));
        }
        return {};
    }

    static Result<> file_names(const ProfileTable& match, std::string_view key) {
        std::vector<std::string> names;
        HINDSIGHT_TRY(match.texts(key, names));
        for (const std::string& name : names) {
            if (name.find('/') != std::string::npos)
                return match.bad(
                    key, fmt::format("'{}' takes names of files, without a folder", key));
        }
        return {};
    }

    Result<> latency(const ProfileTable& root, Profile& profile) const {
        const toml::node* node = root.get("latency");
        if (node == nullptr)
            return {};
        if (!node->is_table())
            return root.bad(*node, "'latency' must be a table: [latency]");
        const ProfileTable table{file_name_, *node->as_table(), "[latency]"};
        HINDSIGHT_TRY(table.only_keys(kLatencyKeys));
        ProfileLatency told;
        double ms = 0;
        double residual = 0;
        HINDSIGHT_TRY(table.number("frames", 0, kMostFrames, told.frames));
        HINDSIGHT_TRY(table.number("ms", 0, kMostMs, ms));
        HINDSIGHT_TRY(table.text("method", kLongestName, told.method));
        HINDSIGHT_TRY(table.number("residual_ms", 0, kMostMs, residual));
        if (!table.has("frames") && !table.has("ms"))
            return root.bad(*node, "[latency] needs 'frames' or 'ms'");
        if (!contains(kMethods, told.method))
            return table.bad(
                "method",
                fmt::format(
                    "{} is no method; allowed are {}",
                    in_quotes(told.method),
                    fmt::join(kMethods, ", ")));
        told.time = Duration::from_seconds(ms / 1000);
        if (table.has("residual_ms"))
            told.residual = Duration::from_seconds(residual / 1000);
        profile.latency = told;
        return {};
    }

    Result<> all_sets(const ProfileTable& root, Profile& profile) const {
        const toml::node* node = root.get("sets");
        if (node != nullptr) {
            if (!node->is_array())
                return root.bad(*node, "'sets' must be a list of names or { name, ui } tables");
            profile.sets.clear();
            profile.ui_sets.clear();
            for (const toml::node& element : *node->as_array())
                HINDSIGHT_TRY(one_set(root, element, profile));
            if (profile.sets.size() > kMostSets)
                return root.bad(
                    *node, fmt::format("a profile has no more than {} sets", kMostSets));
        }
        if (profile.sets.empty())
            profile.sets = {"gameplay"};
        return {};
    }

    Result<> one_set(const ProfileTable& root, const toml::node& element, Profile& profile) const {
        std::string name = element.value_or(std::string{});
        bool ui = false;
        if (element.is_table()) {
            const ProfileTable table{file_name_, *element.as_table(), "a set"};
            HINDSIGHT_TRY(table.only_keys(kSetKeys));
            HINDSIGHT_TRY(table.text("name", kLongestId, name));
            HINDSIGHT_TRY(table.flag("ui", ui));
        } else if (!element.is_string()) {
            return root.bad(element, "'sets' must be a list of names or { name, ui } tables");
        }
        if (!is_word(name, '_') || name.size() > kLongestId)
            return root.bad(
                element, "a set needs a name: small letters, digits and '_', as in 'gameplay'");
        if (contains(profile.sets, name))
            return root.bad(element, fmt::format("there are two sets '{}'", name));
        if (ui)
            profile.ui_sets.push_back(name);
        profile.sets.push_back(std::move(name));
        return {};
    }

    static Result<> chat(const ProfileTable& root, Profile& profile) {
        HINDSIGHT_TRY(root.controls("chat_keys", profile.chat_controls));
        // The statement belongs to the keys: whoever names keys takes an inherited one back.
        if (!profile.chat_controls.empty() && root.has("chat_keys"))
            profile.text_chat = true;
        HINDSIGHT_TRY(root.flag("text_chat", profile.text_chat));
        for (const char* control : {"MouseMove", "PadLeftStick", "PadRightStick"}) {
            if (contains(profile.chat_controls, control))
                return root.bad(
                    "chat_keys", fmt::format("'{}' cannot open a line of text", control));
        }
        if (!profile.text_chat && !profile.chat_controls.empty())
            return root.bad("text_chat", "a game without text chat has no 'chat_keys'");
        return {};
    }

    std::string_view file_name_;
    const std::vector<Profile>& bases_;
};

}  // namespace

Result<Profile> parse_profile(
    std::string_view text, std::string_view file_name, const std::vector<Profile>& bases) {
    return ProfileParser{file_name, bases}.parse(text);
}

ProfileIdentity identity_of(std::string_view text) {
    if (line_that_nests_too_deep(text))
        return {};
    try {
        const toml::table document = toml::parse(text);
        return {document["id"].value_or(std::string{}), document["base"].value_or(std::string{})};
    } catch (const toml::parse_error&) {
        return {};
    }
}

void mark_bundled(Profile& profile, std::string_view text) {
    profile.bundled = true;
    profile.bundled_id = profile.id;
    // What was inherited counts as well: the hash of a base stands for the base.
    profile.bundled_sha256 = sha256_hex(profile.bundled_sha256 + std::string{text});
}

void mark_own(Profile& profile, const std::vector<Profile>& bundled) {
    profile.bundled = false;
    const auto find = [&](const std::string& id) {
        return std::find_if(
            bundled.begin(), bundled.end(), [&](const Profile& other) { return other.id == id; });
    };
    auto part = find(profile.id);
    if (part == bundled.end())
        part = find(profile.bundled_id);
    if (part == bundled.end())
        return;
    profile.bundled_id = part->id;
    profile.bundled_sha256 = part->bundled_sha256;
    // Others are told where an action sits by default, never where this player put it: an action of
    // the player's own has no default.
    for (ActionInfo& info : profile.actions) {
        const ActionInfo* shipped = part->action(info.name);
        const bool same = shipped != nullptr && shipped->type == info.type;
        info.default_controls = same ? shipped->default_controls : std::vector<std::string>{};
        info.negative_controls = same ? shipped->negative_controls : std::vector<std::string>{};
    }
}

}  // namespace hindsight::actions
