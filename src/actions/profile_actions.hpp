#pragma once

// The [[action]] tables of a profile.

#include "profile_table.hpp"

#include <hindsight/actions/profile.hpp>

#include <string_view>

namespace hindsight::actions {

/// Adds the actions of `root` to `profile`, which holds those of the base already, and its sets and
/// chat keys; refuses bindings that contradict each other.
/// Errors: InvalidArgument, "<file>:<line>: <sentence>".
[[nodiscard]] Result<>
read_actions(const ProfileTable& root, std::string_view file, Profile& profile);

}  // namespace hindsight::actions
