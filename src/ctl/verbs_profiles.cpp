// profiles list, show, check, import: files of this machine, no service needed.
#include "arguments.hpp"
#include "output.hpp"
#include "profile_import_verb.hpp"

#include <hindsight/actions/profile.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace hindsight::ctl {

namespace {

using actions::Profile;
using actions::ProfileStore;

Json summary(const Profile& profile) {
    return {
        {"id", profile.id},
        {"name", profile.name},
        {"version", profile.version},
        {"bundled", profile.bundled},
        {"actions", profile.actions.size()},
        {"path", profile.file.string()}};
}

/// The controls bound to one action, "W, Up".
std::vector<std::string> controls_of(const Profile& profile, std::uint16_t action) {
    std::vector<std::string> controls;
    for (const actions::ProfileBinding& binding : profile.bindings) {
        if (binding.action == action)
            controls.push_back(binding.control);
    }
    return controls;
}

Json details(const Profile& profile) {
    Json all = summary(profile);
    all["sets"] = profile.sets;
    all["ui_sets"] = profile.ui_sets;
    all["match"] = {
        {"executables", profile.match.executables},
        {"wm_classes", profile.match.wm_classes},
        {"arguments", profile.match.arguments},
        {"steam_app_ids", profile.match.steam_app_ids}};
    all["chat_controls"] = profile.chat_controls;
    all["text_chat"] = profile.text_chat;
    all["menu_controls"] = profile.menu_controls;
    const actions::ProfileLatency& latency = profile.latency;
    all["latency"] = {
        {"frames", latency.frames},
        {"ms", latency.time.seconds() * 1000},
        {"method", latency.method},
        {"residual_ms", nullptr}};
    if (latency.residual)
        all["latency"]["residual_ms"] = latency.residual->seconds() * 1000;
    all["actions"] = Json::array();
    for (const auto& action : profile.actions)
        all["actions"].push_back(
            {{"id", action.id},
             {"name", action.name},
             {"type", actions::action_type_name(action.type)},
             {"set", action.set},
             {"controls", controls_of(profile, action.id)}});
    return all;
}

std::string joined(const std::vector<std::string>& parts) {
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string details_text(const Profile& profile) {
    std::string text =
        fmt::format("{}  {}\n{}\n\n", profile.id, profile.name, profile.file.string());
    std::vector<std::vector<std::string>> rows;
    for (const auto& action : profile.actions)
        rows.push_back({action.name, joined(controls_of(profile, action.id))});
    return text + table({"ACTION", "CONTROLS"}, rows);
}

Result<int> list(Context& context) {
    const ProfileStore store = ProfileStore::load_installed();
    Json all = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const Profile& profile : store.profiles()) {
        all.push_back(summary(profile));
        rows.push_back(
            {profile.id,
             profile.name,
             profile.bundled ? "bundled" : "yours",
             std::to_string(profile.actions.size())});
    }
    if (context.json())
        print_json(all);
    else
        print(rows.empty() ? "No profiles." : table({"ID", "GAME", "FROM", "ACTIONS"}, rows));
    for (const actions::ProfileProblem& problem : store.problems())
        complain(problem.what);
    return kOk;
}

Result<int> show(Context& context, const std::string& id) {
    const ProfileStore store = ProfileStore::load_installed();
    const Profile* profile = store.find(id);
    if (profile == nullptr)
        return fail(
            Errc::NotFound, "There is no such profile; hindsightctl profiles list shows all.");
    if (context.json())
        print_json(details(*profile));
    else
        print(details_text(*profile));
    return kOk;
}

Result<int> check(Context& context, const std::string& file) {
    HINDSIGHT_ASSIGN(const Profile profile, actions::check_profile(file));
    if (context.json())
        print_json(details(profile));
    else
        print(fmt::format(
            "In order: {}, {} actions, {} bindings.",
            profile.name,
            profile.actions.size(),
            profile.bindings.size()));
    return kOk;
}

}  // namespace

void add_profile_verbs(CLI::App& app, Verb& verb) {
    auto* profiles_verb = app.add_subcommand("profiles", "What the controls of games mean");
    profiles_verb->require_subcommand(1);
    profiles_verb->fallthrough();
    profiles_verb->add_subcommand("list", "All profiles")->callback([&verb] { verb = list; });

    auto id = std::make_shared<std::string>();
    auto* show_verb = profiles_verb->add_subcommand("show", "The actions of one game");
    show_verb->add_option("id", *id, "The profile")->required();
    show_verb->callback(
        [&verb, id] { verb = [id](Context& context) { return show(context, *id); }; });

    auto file = std::make_shared<std::string>();
    auto* check_verb = profiles_verb->add_subcommand("check", "Is this file a sound profile?");
    check_verb->add_option("file", *file, "The file")->required();
    check_verb->callback(
        [&verb, file] { verb = [file](Context& context) { return check(context, *file); }; });

    add_profile_import(*profiles_verb, verb);
}

}  // namespace hindsight::ctl
