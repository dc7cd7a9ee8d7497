#pragma once

// A disk that fails when told: what this program writes, cuts and syncs of files named *.part (or
// so) goes through here, whoever calls it.

#include <cstddef>

namespace hindsight::testing {

/// From now on the `nth` call (from 1; 0: none) on a file with this ending fails with `error`; so
/// do all later ones. A write that is hit first takes half of its bytes, as a filling disk does.
void fail_call(std::size_t nth, int error, const char* ending = ".part");

/// Until the next fail_call, reading fails and counts as well.
void fail_reads_too();

/// Calls on such files since fail_call.
[[nodiscard]] std::size_t calls();

}  // namespace hindsight::testing
