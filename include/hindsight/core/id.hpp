#pragma once

// Names for things that must never collide: clips, save requests, jobs.

#include <string>

namespace hindsight {

/// A random UUID (version 4) in lower case, "6f1d5a52-…". [any-thread]
[[nodiscard]] std::string random_id();

}  // namespace hindsight
