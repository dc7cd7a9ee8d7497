// Where games keep their configuration.

#include <hindsight/actions/profile_import.hpp>
#include <hindsight/core/file.hpp>
#include <hindsight/core/paths.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace hindsight::actions {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kMaxConfigBytes = 1u << 20;

/// Below the home folder, $XDG_DATA_HOME as `data`.
struct Places {
    fs::path home = paths::expand_home("~/");
    fs::path data = paths::data_dir().parent_path();

    [[nodiscard]] fs::path flatpak(const char* app) const { return home / ".var/app" / app; }

    /// Every folder that may be Steam's, by Debian's package, by Flatpak and by hand.
    [[nodiscard]] std::vector<fs::path> steam() const {
        return {
            data / "Steam",
            home / ".steam/steam",
            home / ".steam/debian-installation",
            flatpak("com.valvesoftware.Steam") / ".local/share/Steam"};
    }
};

/// `rest` below every folder in `folder`: "userdata/*/730/…".
void add_below(std::vector<fs::path>& all, const fs::path& folder, const fs::path& rest) {
    std::error_code error;
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end;
         entry.increment(error))
        all.push_back(entry->path() / rest);
}

std::vector<fs::path> counter_strike(const Places& places) {
    std::vector<fs::path> all;
    for (const fs::path& steam : places.steam())
        add_below(all, steam / "userdata", "730/local/cfg/cs2_user_keys_0_slot0.vcfg");
    return all;
}

std::vector<fs::path> steam_game(const Places& places, const char* config) {
    std::vector<fs::path> all;
    for (const fs::path& steam : places.steam())
        all.push_back(steam / "steamapps/common" / config);
    return all;
}

std::vector<fs::path> doom(const Places& places) {
    return {
        places.data / "chocolate-doom/default.cfg",
        places.home / ".chocolate-doom/default.cfg",
        places.flatpak("org.chocolate_doom.ChocolateDoom") / "data/chocolate-doom/default.cfg"};
}

std::vector<fs::path> minecraft(const Places& places) {
    const fs::path prism = places.flatpak("org.prismlauncher.PrismLauncher");
    std::vector<fs::path> all{
        places.home / ".minecraft/options.txt",
        places.flatpak("com.mojang.Minecraft") / ".minecraft/options.txt",
        places.flatpak("com.mojang.Minecraft") / "data/minecraft/options.txt"};
    for (const fs::path& launcher : {places.data / "PrismLauncher", prism / "data/PrismLauncher"}) {
        add_below(all, launcher / "instances", ".minecraft/options.txt");
        add_below(all, launcher / "instances", "minecraft/options.txt");
    }
    return all;
}

std::vector<fs::path> supertux(const Places& places) {
    return {
        places.data / "supertux2/config",
        places.home / ".supertux2/config",
        places.flatpak("org.supertuxproject.SuperTux") / "data/supertux2/config"};
}

std::vector<fs::path> candidates(std::string_view game) {
    const Places places;
    if (game == "counter-strike-2")
        return counter_strike(places);
    if (game == "team-fortress-2")
        return steam_game(places, "Team Fortress 2/tf/cfg/config.cfg");
    if (game == "portal-2")
        return steam_game(places, "Portal 2/portal2/cfg/config.cfg");
    if (game == "chocolate-doom")
        return doom(places);
    if (game == "minecraft")
        return minecraft(places);
    return game == "supertux" ? supertux(places) : std::vector<fs::path>{};
}

}  // namespace

const std::vector<ImportableGame>& importable_games() {
    static const std::vector<ImportableGame> kGames{
        {"chocolate-doom", BindingFormat::Doom},
        {"counter-strike-2", BindingFormat::Quake},
        {"minecraft", BindingFormat::Minecraft},
        {"portal-2", BindingFormat::Quake},
        {"supertux", BindingFormat::SuperTux},
        {"team-fortress-2", BindingFormat::Quake}};
    return kGames;
}

std::vector<fs::path> find_game_configs(const ImportableGame& game) {
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    std::vector<fs::path> seen;
    for (const fs::path& path : candidates(game.name)) {
        std::error_code error;
        if (!fs::is_regular_file(path, error))
            continue;
        // Steam's folders are often links to one another.
        const fs::path real = fs::weakly_canonical(path, error);
        if (std::find(seen.begin(), seen.end(), real) != seen.end())
            continue;
        seen.push_back(real);
        found.emplace_back(fs::last_write_time(path, error), path);
    }
    std::stable_sort(
        found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<fs::path> result;
    result.reserve(found.size());
    for (auto& [time, path] : found)
        result.push_back(std::move(path));
    return result;
}

Result<std::string> read_game_config(const fs::path& file) {
    auto text = read_text_file(file, kMaxConfigBytes);
    if (!text)
        return text;
    if (file.filename() != "default.cfg")
        return text;
    // Doom's own keys lie in default.cfg, those that came later beside it.
    const auto more = read_text_file(file.parent_path() / "chocolate-doom.cfg", kMaxConfigBytes);
    return more ? *text + "\n" + *more : *text;
}

}  // namespace hindsight::actions
