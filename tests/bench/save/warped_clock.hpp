#pragma once

// libobs' clock in this program. It runs as the system's does, and can be put forward: libobs then
// hurries until it has caught up, so that ten minutes are recorded in a few seconds, by everything
// that belongs to libobs, in the same way as ever.

#include <hindsight/core/time.hpp>

namespace hindsight::bench {

/// What libobs takes for now. [any-thread]
[[nodiscard]] MonoTime warped_now();

/// From now on it is that much later. [any-thread]
void put_clock_forward(Duration by);

}  // namespace hindsight::bench
