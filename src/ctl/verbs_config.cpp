// config get, set, list, path. Reading and listing look at the file itself, so that they work when
// the service cannot run; setting goes through a running service, which takes it in at once.
#include "arguments.hpp"
#include "output.hpp"

#include <hindsight/config/config.hpp>
#include <hindsight/config/quality_preset.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

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

/// What the running recording takes per minute; 0 when none runs.
std::uint64_t measured_bytes_per_minute(Context& context) {
    const Result<dbus::ServiceClient*> service = context.service();
    if (!service || !(*service)->running())
        return 0;
    const Result<Json> status = (*service)->status().wait();
    return status
               ? static_cast<std::uint64_t>(number_of(part_of(*status, "ring"), "bytes_per_minute"))
               : 0;
}

Json preset_json(
    const config::QualityPreset& preset,
    const config::Config::Recording& recording,
    std::uint64_t measured) {
    const bool chosen = preset.name == recording.quality_preset;
    std::uint64_t bytes = config::expected_bytes_per_minute(preset, recording);
    const char* basis = recording.bitrate_kbps > 0 ? "bitrate" : "typical";
    if (chosen && measured > 0) {
        bytes = measured;
        basis = "measured";
    } else if (bytes == 0) {
        basis = "unknown";
    }
    return {
        {"name", preset.name},
        {"what", preset.what},
        {"max_width", preset.max_width},
        {"max_height", preset.max_height},
        {"fps", preset.fps > 0 ? preset.fps : recording.fps},
        {"quality", preset.quality},
        {"chosen", chosen},
        {"bytes_per_minute", bytes},
        {"basis", basis}};
}

std::string minute_text(const Json& preset) {
    const std::string basis = text_of(preset, "basis");
    if (basis == "unknown")
        return "as the game's size";
    return fmt::format("{:.0f} MB, {}", number_of(preset, "bytes_per_minute") / 1e6, basis);
}

Result<int> presets(Context& context) {
    HINDSIGHT_ASSIGN(const config::Config config, config::load(config::default_file()));
    const std::uint64_t measured = measured_bytes_per_minute(context);
    Json all = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const config::QualityPreset& preset : config::quality_presets()) {
        const Json json = preset_json(preset, config.recording, measured);
        rows.push_back(
            {text_of(json, "name"),
             minute_text(json),
             flag_of(json, "chosen") ? "chosen" : "",
             text_of(json, "what")});
        all.push_back(json);
    }
    if (context.json()) {
        print_json(all);
        return kOk;
    }
    std::string text = table({"PRESET", "A MINUTE TAKES", "", "WHAT"}, rows);
    text += "\nA typical value is H.264 of a game with much movement and one sound track; still "
            "games take a third, wild ones three times as much.\n";
    if (measured > 0 && config.recording.quality_preset == "custom")
        text += fmt::format(
            "The recording that runs takes {:.0f} MB a minute.\n",
            static_cast<double>(measured) / 1e6);
    print(text);
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
    config_verb
        ->add_subcommand("presets", "The quality presets and how much a minute takes with each")
        ->callback([&verb] { verb = presets; });
    config_verb->add_subcommand("path", "Where the file is")->callback([&verb] { verb = path; });
}

}  // namespace hindsight::ctl
