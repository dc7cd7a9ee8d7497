#pragma once

// A disk that fails when told: this program's write() and fsync() on files named *.part go through
// here, whoever calls them.

#include <cstddef>

namespace hindsight::testing {

/// From now on the `nth` call (from 1; 0: none) on a .part file fails with `error`; so do all later
/// ones. A write that is hit first takes half of its bytes, as a filling disk does.
void fail_call(std::size_t nth, int error);

/// Calls on .part files since fail_call.
[[nodiscard]] std::size_t calls();

}  // namespace hindsight::testing
