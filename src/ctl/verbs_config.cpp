// config get, set, list, path. Reading and listing look at the file itself, so that they work when
// the service cannot run; setting goes through a running service, which takes it in at once.
#include "arguments.hpp"
#include "output.hpp"

#include <hindsight/config/config.hpp>

#include <CLI/CLI.hpp>

#include <memory>
#include <utility>

namespace hindsight::ctl {

namespace {

/// TOML's one-line values are JSON's, as our settings write them.
Json value_of(const std::string& toml_text) {
    Json value = Json::parse(toml_text, nullptr, false);
    return value.is_discarded() ? Json(toml_text) : value;
}

std::string plain(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

Result<int> get(Context& context, const std::string& key) {
    HINDSIGHT_ASSIGN(const config::Config config, config::load(config::default_file()));
    HINDSIGHT_ASSIGN(const std::string text, config::get(config, key));
    if (context.json())
        print_json({{"key", key}, {"value", value_of(text)}});
    else
        print(plain(value_of(text)) + '\n');
    return kOk;
}

Result<int> set(Context& context, const std::string& key, const std::string& value) {
    // Without a session bus the file is still there.
    const Result<dbus::ServiceClient*> service = context.service();
    if (service && (*service)->running())
        HINDSIGHT_TRY((*service)->set_config(key, value).wait());
    else
        HINDSIGHT_TRY(config::set_in_file(config::default_file(), key, value));
    return context.json() ? get(context, key) : Result<int>{kOk};
}

Result<int> list(Context& context) {
    HINDSIGHT_ASSIGN(const config::Config config, config::load(config::default_file()));
    const config::Config defaults;
    Json all = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const config::Key& key : config::keys()) {
        HINDSIGHT_ASSIGN(const std::string value, config::get(config, key.name));
        HINDSIGHT_ASSIGN(const std::string standard, config::get(defaults, key.name));
        all.push_back(
            {{"key", key.name},
             {"value", value_of(value)},
             {"default", value_of(standard)},
             {"type", key.type},
             {"allowed", key.allowed},
             {"what", key.what}});
        rows.push_back({key.name, value, value == standard ? "" : "changed", key.what});
    }
    if (context.json())
        print_json(all);
    else
        print(table({"KEY", "VALUE", "", "WHAT"}, rows));
    return kOk;
}

Result<int> path(Context& context) {
    const std::string file = config::default_file().string();
    if (context.json())
        print_json({{"path", file}});
    else
        print(file);
    return kOk;
}

}  // namespace

void add_config_verbs(CLI::App& app, Verb& verb) {
    auto* config_verb = app.add_subcommand("config", "Look at the settings and change them");
    config_verb->require_subcommand(1);
    config_verb->fallthrough();

    auto key = std::make_shared<std::string>();
    auto* get_verb = config_verb->add_subcommand("get", "The value of one setting");
    get_verb->add_option("key", *key, "Its name, as config list shows it")->required();
    get_verb->callback(
        [&verb, key] { verb = [key](Context& context) { return get(context, *key); }; });

    auto pair = std::make_shared<std::pair<std::string, std::string>>();
    auto* set_verb =
        config_verb->add_subcommand("set", "Change one setting; comments in the file stay");
    set_verb->add_option("key", pair->first, "Its name")->required();
    set_verb->add_option("value", pair->second, "Its new value")->required();
    set_verb->callback([&verb, pair] {
        verb = [pair](Context& context) { return set(context, pair->first, pair->second); };
    });

    config_verb->add_subcommand("list", "All settings, their values and what they do")
        ->callback([&verb] { verb = list; });
    config_verb->add_subcommand("path", "Where the file is")->callback([&verb] { verb = path; });
}

}  // namespace hindsight::ctl
