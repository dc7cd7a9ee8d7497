#pragma once

// What the profile store does to a parsed profile, by where it came from.

#include <hindsight/actions/profile.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hindsight::actions {

struct ProfileIdentity {
    std::string id;
    std::string base;  ///< empty: builds on none
};

/// What `text` says about itself; empty where it says nothing, or is no TOML.
[[nodiscard]] ProfileIdentity identity_of(std::string_view text);

/// Sets the hash of `profile`, whose file is `text`.
void mark_bundled(Profile& profile, std::string_view text);

/// Gives the user's `profile` the hash and the default controls of its bundled part: the one it
/// replaces, or else the one it builds on. Without such a part the controls stay, its author's own.
void mark_own(Profile& profile, const std::vector<Profile>& bundled);

}  // namespace hindsight::actions
