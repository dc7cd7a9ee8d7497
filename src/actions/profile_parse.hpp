#pragma once

// What the profile store does to a parsed profile, by where it came from.

#include <hindsight/actions/profile.hpp>

#include <string_view>
#include <vector>

namespace hindsight::actions {

/// Sets the hash of `profile`, whose file is `text`.
void mark_bundled(Profile& profile, std::string_view text);

/// Gives the user's `profile` the hash and the default controls of its bundled counterpart.
void mark_own(Profile& profile, const std::vector<Profile>& bundled);

}  // namespace hindsight::actions
