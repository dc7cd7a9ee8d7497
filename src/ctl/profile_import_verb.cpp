#include "profile_import_verb.hpp"

#include "output.hpp"

#include <hindsight/actions/profile_import.hpp>
#include <hindsight/core/file.hpp>
#include <hindsight/core/paths.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

namespace hindsight::ctl {

namespace fs = std::filesystem;

namespace {

using actions::ImportableGame;
using actions::ImportedProfile;

struct ImportWish {
    std::string game;
    std::string file;
    std::string output;
    std::string base;
};

/// What is read, and the bundled profile that is built on.
struct ImportSource {
    ImportableGame game;
    std::string base;
};

struct Import {
    std::string base;
    fs::path file;
    fs::path output;
    ImportedProfile profile;
};

/// Of the bundled ones: what is imported replaces the player's own.
actions::ProfileStore bundled_profiles() {
    return actions::ProfileStore::load(paths::shipped_data_dir() / "profiles", {});
}

Result<ImportSource> source_of(const ImportWish& wish) {
    if (wish.game == "quake") {
        if (wish.base.empty())
            return fail(
                Errc::InvalidArgument,
                "quake reads any Quake or Source game; name its profile with --base");
        return ImportSource{{"quake", actions::BindingFormat::Quake}, wish.base};
    }
    for (const ImportableGame& game : actions::importable_games()) {
        if (game.name == wish.game)
            return ImportSource{game, wish.base.empty() ? game.name : wish.base};
    }
    std::string names;
    for (const ImportableGame& game : actions::importable_games())
        names += game.name + ", ";
    return fail(
        Errc::InvalidArgument,
        fmt::format(
            "{} cannot be imported; those that can are {}quake and auto", wish.game, names));
}

fs::path own_folder() {
    return paths::config_dir() / "profiles";
}

/// Of two files of one id in the player's folder one would be left out.
Result<> is_free(const std::string& id) {
    const actions::ProfileStore store = actions::ProfileStore::load_installed();
    const actions::Profile* own = store.find(id);
    if (own != nullptr && !own->bundled)
        return fail(
            Errc::InvalidArgument,
            fmt::format(
                "{} is your profile of {} already; move it away or write into another folder with "
                "--output",
                own->file.string(),
                id));
    return {};
}

Result<> write_profile(const Import& import) {
    std::error_code error;
    if (fs::exists(import.output, error))
        return fail(
            Errc::InvalidArgument,
            fmt::format(
                "{} is there already; move it away or name another file with --output",
                import.output.string()));
    if (fs::weakly_canonical(import.output, error).parent_path() ==
        fs::weakly_canonical(own_folder(), error))
        HINDSIGHT_TRY(is_free(import.base));
    fs::create_directories(import.output.parent_path(), error);
    return write_file_atomically(import.output, import.profile.text);
}

/// Reads one configuration and writes what differs.
Result<Import> import_one(
    const ImportSource& source,
    const fs::path& file,
    const fs::path& output,
    const actions::ProfileStore& bundled) {
    const actions::Profile* base = bundled.find(source.base);
    if (base == nullptr)
        return fail(Errc::NotFound, fmt::format("there is no bundled profile {}", source.base));
    if (base->match == actions::ProfileMatch{})
        return fail(
            Errc::InvalidArgument,
            fmt::format(
                "the profile {} is that of no game, so what builds on it would never be taken; "
                "name that of a game with --base",
                source.base));
    HINDSIGHT_ASSIGN(const std::string config, actions::read_game_config(file));
    Import import{source.base, file, output, {}};
    if (import.output.empty())
        import.output = own_folder() / (source.base + ".toml");
    HINDSIGHT_ASSIGN(
        import.profile, actions::import_bindings(source.game.format, config, file.string(), *base));
    if (!import.profile.text.empty())
        HINDSIGHT_TRY(write_profile(import));
    return import;
}

Json to_json(const Import& import) {
    Json json = {
        {"profile", import.base},
        {"from", import.file.string()},
        {"path", import.profile.text.empty() ? std::string{} : import.output.string()},
        {"mapped", Json::array()},
        {"left_out", import.profile.left_out}};
    for (const ImportedProfile::Mapped& mapped : import.profile.mapped)
        json["mapped"].push_back(
            {{"action", mapped.action},
             {"controls", mapped.controls},
             {"differs", mapped.differs}});
    return json;
}

std::string to_text(const Import& import) {
    std::string text = fmt::format("{} from {}\n\n", import.base, import.file.string());
    std::vector<std::vector<std::string>> rows;
    for (const ImportedProfile::Mapped& mapped : import.profile.mapped)
        rows.push_back(
            {mapped.action,
             mapped.differs ? "yours" : "default",
             fmt::format("{}", fmt::join(mapped.controls, ", "))});
    text += table({"ACTION", "KEYS ARE", "CONTROLS"}, rows);
    if (!import.profile.left_out.empty()) {
        text += "\nNot taken over:\n";
        for (const std::string& sentence : import.profile.left_out)
            text += "  " + sentence + "\n";
    }
    text += import.profile.text.empty()
                ? "\nNothing differs from the bundled profile, so nothing was written."
                : fmt::format("\nWritten to {}.", import.output.string());
    return text;
}

void show(Context& context, const std::vector<Import>& imports) {
    Json all = Json::array();
    for (const Import& import : imports) {
        all.push_back(to_json(import));
        if (!context.json())
            print(to_text(import));
    }
    if (context.json())
        print_json(all);
}

/// Every game that is found; one that cannot be read does not keep the others from it.
Result<int> import_all(Context& context) {
    const actions::ProfileStore bundled = bundled_profiles();
    std::vector<Import> imports;
    bool failed = false;
    bool found = false;
    for (const ImportableGame& game : actions::importable_games()) {
        const auto files = actions::find_game_configs(game);
        if (files.empty())
            continue;
        found = true;
        auto import = import_one({game, game.name}, files.front(), {}, bundled);
        if (import) {
            imports.push_back(*std::move(import));
        } else {
            complain(import.error().what);
            failed = true;
        }
    }
    if (!found)
        return fail(Errc::NotFound, "no game with bindings was found; name the game and its file");
    show(context, imports);
    return failed ? kFailed : kOk;
}

Result<int> import_bindings(Context& context, const ImportWish& wish) {
    if (wish.game == "auto") {
        if (!wish.file.empty() || !wish.output.empty() || !wish.base.empty())
            return fail(Errc::InvalidArgument, "auto finds its files; name a game to choose them");
        return import_all(context);
    }
    HINDSIGHT_ASSIGN(const ImportSource source, source_of(wish));
    fs::path file = paths::expand_home(wish.file);
    if (file.empty()) {
        const auto files = actions::find_game_configs(source.game);
        if (files.empty())
            return fail(
                Errc::NotFound,
                fmt::format("no configuration of {} was found; name the file", wish.game));
        file = files.front();
    }
    HINDSIGHT_ASSIGN(
        Import import,
        import_one(source, file, paths::expand_home(wish.output), bundled_profiles()));
    show(context, {std::move(import)});
    return kOk;
}

}  // namespace

void add_profile_import(CLI::App& profiles, Verb& verb) {
    auto wish = std::make_shared<ImportWish>();
    auto* import_verb = profiles.add_subcommand("import", "Your own keys, from the game's file");
    import_verb
        ->add_option(
            "game",
            wish->game,
            "chocolate-doom, counter-strike-2, minecraft, portal-2, supertux, team-fortress-2, "
            "quake (any Quake or Source game), or auto for all that are found")
        ->required();
    import_verb->add_option("file", wish->file, "The game's file; found by itself if left out");
    import_verb->add_option(
        "--output", wish->output, "Where to write (default: your folder of profiles)");
    import_verb->add_option("--base", wish->base, "The bundled profile that is built on");
    import_verb->callback([&verb, wish] {
        verb = [wish](Context& context) { return import_bindings(context, *wish); };
    });
}

}  // namespace hindsight::ctl
