#pragma once

// Where things live: the XDG base directories, each with our own folder below. Every function reads
// the environment anew, so a test that sets XDG_* gets its own world.

#include <filesystem>
#include <string>
#include <string_view>

namespace hindsight::paths {

[[nodiscard]] std::filesystem::path config_dir();   ///< $XDG_CONFIG_HOME/hindsight
[[nodiscard]] std::filesystem::path data_dir();     ///< $XDG_DATA_HOME/hindsight
[[nodiscard]] std::filesystem::path cache_dir();    ///< $XDG_CACHE_HOME/hindsight
[[nodiscard]] std::filesystem::path state_dir();    ///< $XDG_STATE_HOME/hindsight
[[nodiscard]] std::filesystem::path runtime_dir();  ///< $XDG_RUNTIME_DIR/hindsight

/// The user's Videos folder by user-dirs.dirs, `~/Videos` where none is set; ours is
/// `<videos>/Hindsight`.
[[nodiscard]] std::filesystem::path videos_dir();

/// Folder of the running program (so that programs find each other beside themselves).
[[nodiscard]] std::filesystem::path program_dir();

/// Data that ships with the program (`profiles`, `fonts`, `icons`): beside a build, or under the
/// prefix.
[[nodiscard]] std::filesystem::path shipped_data_dir();

/// Expands a leading `~/`.
[[nodiscard]] std::filesystem::path expand_home(std::string_view path);

/// `text` as one file name part: no `/`, `:`, control characters, leading dots or trailing spaces;
/// at most `max_bytes` bytes, cut between UTF-8 characters; never empty ("untitled").
[[nodiscard]] std::string sanitize_file_name(std::string_view text, std::size_t max_bytes);

}  // namespace hindsight::paths
