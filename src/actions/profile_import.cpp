#include "game_bindings.hpp"
#include "game_commands.hpp"
#include "profile_table.hpp"

#include <hindsight/actions/profile_import.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace hindsight::actions {

namespace {

using Controls = std::vector<std::string>;

Result<GameBindings> read_bindings(BindingFormat format, std::string_view config) {
    switch (format) {
    case BindingFormat::Quake:
        return read_quake_bindings(config);
    case BindingFormat::Doom:
        return read_doom_bindings(config);
    case BindingFormat::Minecraft:
        return read_minecraft_bindings(config);
    case BindingFormat::SuperTux:
        return read_supertux_bindings(config);
    }
    return fail(Errc::Unsupported, "this format of bindings is not known");
}

/// The configurations that are read speak of keys and mouse buttons alone.
bool is_readable(std::string_view control) {
    return !control.starts_with("Pad") && control != "MouseMove";
}

void add(Controls& controls, const std::string& control) {
    if (!contains(controls, control))
        controls.push_back(control);
}

bool same_controls(Controls a, Controls b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return a == b;
}

std::string toml_text(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

std::string toml_list(const Controls& texts) {
    Controls quoted;
    std::transform(texts.begin(), texts.end(), std::back_inserter(quoted), toml_text);
    return fmt::format("[{}]", fmt::join(quoted, ", "));
}

bool binds(const GameBindings& bindings, std::string_view command) {
    return std::any_of(
        bindings.bindings.begin(), bindings.bindings.end(), [&](const GameBinding& binding) {
            return binding.command == command;
        });
}

/// Puts the bindings of one file over those of a profile.
class Importer {
public:
    Importer(BindingFormat format, const GameBindings& bindings, const Profile& base)
        : format_{format},
          bindings_{bindings},
          base_{base},
          adds_{format == BindingFormat::Quake && !bindings.complete},
          has_jump_{binds(bindings, "+jump")},
          has_duck_{binds(bindings, "+duck")} {}

    ImportedProfile run() {
        for (const std::string& command : bindings_.unbound)
            name(command, meaning(command));
        for (const GameBinding& binding : bindings_.bindings)
            take(binding);
        if (bindings_.complete)
            name_everything();
        free_controls();
        settle_chat();
        write();
        return std::move(result_);
    }

private:
    [[nodiscard]] Meaning meaning(const std::string& command) const {
        // Quake jumps with +moveup; games that have a +jump only swim with it.
        const bool swims =
            (has_jump_ && command == "+moveup") || (has_duck_ && command == "+movedown");
        return swims ? Meaning{} : meaning_of(format_, command, base_);
    }

    /// What the file says drives an action, whatever that was before.
    void name(const std::string& command, const Meaning& meaning) {
        if (meaning.kind == Meaning::Kind::Action)
            actions_.try_emplace(meaning.action);
        if (meaning.kind == Meaning::Kind::Chat)
            chat_commands_.insert(command);
    }

    /// A command of which nothing is told has no key, where the file tells all.
    void name_everything() {
        for (const ActionInfo& action : base_.actions) {
            // An action that no command means lies on a fixed key.
            if (has_command(format_, action.name))
                actions_.try_emplace(action.name);
        }
    }

    void leave_out(const GameBinding& binding, std::string_view why) {
        result_.left_out.push_back(
            fmt::format("{} on {}: {}", in_quotes(binding.command), in_quotes(binding.key), why));
    }

    void take(const GameBinding& binding) {
        const Meaning meaning = this->meaning(binding.command);
        name(binding.command, meaning);
        if (meaning.kind == Meaning::Kind::Nothing) {
            leave_out(binding, "the profile has no such action");
            // The key is taken all the same.
            for (const std::string& control : binding.controls)
                claimed_.insert(control);
            return;
        }
        if (binding.controls.empty())
            leave_out(binding, binding.without_controls);
        for (const std::string& control : binding.controls)
            take(binding, meaning, control);
    }

    void take(const GameBinding& binding, const Meaning& meaning, const std::string& control) {
        switch (meaning.kind) {
        case Meaning::Kind::Chat:
            add(chat_, control);
            break;
        case Meaning::Kind::Menu:
            add(menu_, control);
            break;
        case Meaning::Kind::Action:
            take_action(binding, meaning.action, control);
            break;
        case Meaning::Kind::Nothing:
            break;
        }
    }

    void
    take_action(const GameBinding& binding, const std::string& action, const std::string& control) {
        const ActionInfo& info = *base_.action(action);
        if (info.type != ActionType::Digital) {
            leave_out(binding, "the action is no button");
            return;
        }
        const auto [owner, is_new] = owners_.try_emplace({info.set, control}, action);
        if (!is_new && owner->second != action) {
            leave_out(binding, fmt::format("the key drives '{}' already", owner->second));
            return;
        }
        claimed_.insert(control);
        add(actions_[action], control);
    }

    /// What the file gives to something else drives nothing of the base any more.
    void free_controls() {
        claimed_.insert(bindings_.freed.begin(), bindings_.freed.end());
        claimed_.insert(chat_.begin(), chat_.end());
        for (auto& [action, controls] : actions_)
            std::erase_if(
                controls, [&](const std::string& control) { return contains(chat_, control); });
    }

    /// Whether the file tells every key that opens the chat.
    [[nodiscard]] bool tells_the_chat() const {
        if (chat_.empty() || adds_)
            return false;
        return bindings_.complete || chat_commands_.size() == chat_command_count(format_);
    }

    /// Chat keys are never fewer than is safe: those of the base stay while they are free.
    void settle_chat() {
        if (!tells_the_chat()) {
            for (const std::string& control : base_.chat_controls) {
                if (!contains(bindings_.freed, control) && !contains(menu_, control))
                    add(chat_, control);
            }
        }
        std::erase_if(chat_, [&](const std::string& control) {
            return std::any_of(actions_.begin(), actions_.end(), [&](const auto& entry) {
                return contains(entry.second, control);
            });
        });
        if (chat_.empty() && !base_.chat_controls.empty())
            result_.left_out.emplace_back("no key of the chat is left; name in 'chat_keys' what "
                                          "opens it, or what is written there may be taken for "
                                          "actions");
    }

    /// All that drives `action` now.
    [[nodiscard]] Controls controls_of(const ActionInfo& action) const {
        const auto named = actions_.find(action.name);
        Controls now = named == actions_.end() ? Controls{} : named->second;
        for (const ProfileBinding& binding : base_.bindings) {
            if (binding.action != action.id || contains(now, binding.control))
                continue;
            const bool lost = named != actions_.end() && !adds_
                                  ? is_readable(binding.control)
                                  : claimed_.contains(binding.control);
            if (!lost)
                now.push_back(binding.control);
        }
        return now;
    }

    [[nodiscard]] Controls base_controls(const ActionInfo& action) const {
        Controls controls;
        for (const ProfileBinding& binding : base_.bindings) {
            if (binding.action == action.id)
                controls.push_back(binding.control);
        }
        return controls;
    }

    void write() {
        std::string body;
        bool differs = false;
        const auto keys = [&](const char* key, const Controls& now, const Controls& before) {
            const bool other = !same_controls(now, before);
            if (!now.empty())
                result_.mapped.push_back({key, now, other});
            if (other)
                body += fmt::format("{} = {}\n", key, toml_list(now));
            differs = differs || other;
        };
        keys("chat_keys", chat_, base_.chat_controls);
        if (menu_.empty())
            menu_ = base_.menu_controls;
        keys("menu_keys", menu_, base_.menu_controls);
        body += match_table();
        for (const ActionInfo& action : base_.actions) {
            // Axes and the mouse's movement are not among what is read.
            if (action.type != ActionType::Digital)
                continue;
            const Controls now = controls_of(action);
            const bool other = !same_controls(now, base_controls(action));
            if (other || actions_.contains(action.name))
                result_.mapped.push_back({action.name, now, other});
            if (other)
                body += fmt::format(
                    "\n[[action]]\nname = {}\ncontrols = {}\n",
                    toml_text(action.name),
                    toml_list(now));
            differs = differs || other;
        }
        if (!differs)
            return;
        result_.text = fmt::format(
            "# The player's own keys, as hindsightctl profiles import read them: what differs from "
            "the bundled profile.\nid = {0}\nname = {1}\nbase = {0}\n{2}",
            toml_text(base_.id),
            toml_text(base_.name),
            body);
    }

    /// A base lends its controls, not its rules.
    [[nodiscard]] std::string match_table() const {
        if (base_.match == ProfileMatch{})
            return {};
        std::string table = "\n[match]\n";
        const auto rule = [&](const char* key, const std::vector<std::string>& values) {
            if (!values.empty())
                table += fmt::format("{} = {}\n", key, toml_list(values));
        };
        rule("executable", base_.match.executables);
        rule("wm_class", base_.match.wm_classes);
        rule("argument", base_.match.arguments);
        rule("steam_app", base_.match.steam_app_ids);
        return table;
    }

    BindingFormat format_;
    const GameBindings& bindings_;
    const Profile& base_;
    bool adds_;  ///< a key that is bound adds to those which a command has
    bool has_jump_;
    bool has_duck_;
    std::map<std::string, Controls> actions_;  ///< those that the file speaks of
    std::map<std::pair<std::string, std::string>, std::string> owners_;  ///< set, control → action
    std::set<std::string> claimed_;
    std::set<std::string> chat_commands_;  ///< those that the file speaks of
    Controls chat_;
    Controls menu_;
    ImportedProfile result_;
};

}  // namespace

Result<ImportedProfile> import_bindings(
    BindingFormat format,
    std::string_view config,
    std::string_view file_name,
    const Profile& base) {
    const auto bindings = read_bindings(format, config);
    if (!bindings)
        return fail(bindings.error().code, fmt::format("{}: {}", file_name, bindings.error().what));
    ImportedProfile result = Importer{format, *bindings, base}.run();
    if (result.text.empty())
        return result;
    // What is written has to be what the recorder will read.
    constexpr std::string_view kWritten = "written";
    const auto check = parse_profile(result.text, kWritten, {base});
    if (!check) {
        // The line is one of a text that nobody sees.
        const std::string& what = check.error().what;
        return fail(
            Errc::InvalidArgument,
            fmt::format(
                "{}: these bindings contradict each other: {}",
                file_name,
                what.substr(what.find(": ") + 2)));
    }
    return result;
}

}  // namespace hindsight::actions
