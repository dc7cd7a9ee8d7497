#pragma once

// What the commands of the games mean in their profiles.

#include <hindsight/actions/profile.hpp>
#include <hindsight/actions/profile_import.hpp>

#include <string>
#include <string_view>

namespace hindsight::actions {

struct Meaning {
    enum class Kind : std::uint8_t { Nothing, Action, Chat, Menu };
    Kind kind = Kind::Nothing;
    std::string action = {};  ///< Action: its name, which `base` has
};

/// Nothing: the profile has no such action.
[[nodiscard]] Meaning
meaning_of(BindingFormat format, std::string_view command, const Profile& base);

/// How many commands of that format open a line of text.
[[nodiscard]] std::size_t chat_command_count(BindingFormat format);

/// Whether a command of that format can drive the action of this name.
[[nodiscard]] bool has_command(BindingFormat format, std::string_view action);

}  // namespace hindsight::actions
