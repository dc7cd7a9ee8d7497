#pragma once

// profiles import: the player's own keys, out of a game's configuration.

#include "arguments.hpp"

namespace hindsight::ctl {

/// Adds `import` to the verb `profiles`.
void add_profile_import(CLI::App& profiles, Verb& verb);

}  // namespace hindsight::ctl
