#pragma once

// What /proc tells about a process: enough to know a game, and no more.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hindsight::game {

struct ProcessFacts {
    std::string executable;              ///< file name of the running program
    std::vector<std::string> arguments;  ///< file names in the command line, without folders
    std::string steam_app_id;            ///< from the environment, digits only
};

/// Empty fields for what cannot be read (another user's process, another machine). Of the command
/// line only what looks like a file is kept: at most 16 names of at most 64 bytes; of the
/// environment only the Steam number. [any-thread]
[[nodiscard]] ProcessFacts
read_process(std::uint32_t pid, const std::filesystem::path& proc = "/proc");

/// The file names among `arguments` (NUL-separated, as in /proc/<pid>/cmdline). [any-thread]
[[nodiscard]] std::vector<std::string> file_names_of(const std::string& arguments);

/// The number in a window class "steam_app_<n>", "" otherwise. [any-thread]
[[nodiscard]] std::string steam_app_of_class(const std::string& wm_class);

}  // namespace hindsight::game
