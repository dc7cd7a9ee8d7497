#pragma once

// The player's own bindings, read out of a game's configuration and written as a profile that
// builds on the bundled one and holds only what differs. `hindsightctl profiles import` is the
// caller; nothing here logs, and nothing but the text returned tells which key is bound.

#include <hindsight/actions/profile.hpp>
#include <hindsight/core/result.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::actions {

/// How a game keeps its bindings.
enum class BindingFormat : std::uint8_t {
    Quake,      ///< `bind "w" "+forward"`, and Source 2's "bindings" { "w" "+forward" }
    Doom,       ///< chocolate-doom's default.cfg and chocolate-doom.cfg
    Minecraft,  ///< options.txt, with names of keys or with the numbers of old versions
    SuperTux,   ///< config, an s-expression
};

/// A game whose bindings can be imported. `name` is also the id of the profile that is built on.
struct ImportableGame {
    std::string name;
    BindingFormat format = BindingFormat::Quake;
};

/// What `profiles import` can name.
[[nodiscard]] const std::vector<ImportableGame>& importable_games();

/// Where `game` keeps its configuration on this machine, as Debian's package, Flatpak and Steam put
/// it (docs/profiles.md lists the places): the files that exist, the newest first. [any-thread]
[[nodiscard]] std::vector<std::filesystem::path> find_game_configs(const ImportableGame& game);

struct ImportedProfile {
    std::string text;  ///< the profile, TOML; empty when nothing differs from the base

    struct Mapped {
        std::string action;                 ///< name in the profile, "chat_keys", "menu_keys"
        std::vector<std::string> controls;  ///< all that drive it now
        bool differs = false;               ///< from the base: it is part of `text`
    };

    std::vector<Mapped> mapped;

    /// One sentence for every binding that could not be taken over.
    std::vector<std::string> left_out;
};

/// Reads `config` (of which `file_name` is only named in messages) against `base`.
/// Errors: InvalidArgument, "<file>: <sentence>", when this is no configuration of that format.
[[nodiscard]] Result<ImportedProfile> import_bindings(
    BindingFormat format, std::string_view config, std::string_view file_name, const Profile& base);

/// The configuration that `file` belongs to: its text, and that of the second file where a game
/// divides its bindings on two. Errors: NotFound, PermissionDenied, Io, InvalidArgument (above
/// 1 MiB), "<file>: <sentence>".
[[nodiscard]] Result<std::string> read_game_config(const std::filesystem::path& file);

}  // namespace hindsight::actions
