#pragma once

// Counts what the calling thread allocates with `new`, in this test program.

#include <cstddef>

namespace hindsight::ring::testing {

[[nodiscard]] std::size_t allocations_of_this_thread();

}  // namespace hindsight::ring::testing
