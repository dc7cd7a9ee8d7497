#pragma once

// What the configuration of a game says about its keys, before it is known which actions are meant.

#include <hindsight/core/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hindsight::actions {

/// One binding, in the order of the file.
struct GameBinding {
    std::string command;                ///< the game's own word: "+forward", "key_up", "jump"
    std::string key;                    ///< the game's own word for the key, for messages
    std::vector<std::string> controls;  ///< known_controls() names; empty: see `without_controls`
    std::string without_controls = "the key is not known here";  ///< why, for people
};

struct GameBindings {
    std::vector<GameBinding> bindings;
    std::vector<std::string> unbound;  ///< commands that the file says no key drives
    std::vector<std::string> freed;    ///< controls that the file says drive nothing
    bool complete = false;             ///< a command that is not named has no key
};

// Each reads one format. Errors: InvalidArgument, one sentence without the name of the file, when
// the text holds no binding of that format.
[[nodiscard]] Result<GameBindings> read_quake_bindings(std::string_view text);
[[nodiscard]] Result<GameBindings> read_doom_bindings(std::string_view text);
[[nodiscard]] Result<GameBindings> read_minecraft_bindings(std::string_view text);
[[nodiscard]] Result<GameBindings> read_supertux_bindings(std::string_view text);

/// Cuts `text` at every newline, carriage returns taken off.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The whole of `text` as a number; false otherwise.
[[nodiscard]] bool parse_number(std::string_view text, int& number);

/// `text` in small ASCII letters.
[[nodiscard]] std::string small_letters(std::string_view text);

// Names of keys in the games' own words → names of controls; empty: no such key.
[[nodiscard]] std::string control_of_quake_key(std::string_view key);
[[nodiscard]] std::string control_of_minecraft_key(std::string_view key);
[[nodiscard]] std::string control_of_lwjgl_code(int code);   ///< Minecraft before 1.13
[[nodiscard]] std::string control_of_scan_code(int code);    ///< of the PC keyboard, 1–88
[[nodiscard]] std::string control_of_sdl_keycode(int code);  ///< SDL 2

}  // namespace hindsight::actions
