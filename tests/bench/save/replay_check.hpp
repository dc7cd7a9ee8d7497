#pragma once

// The verification that our clips get, for a file of libobs' replay buffer: the same function, with
// the packets that the file should hold taken from our ring, which got the same ones.

#include <mux/clip_plan.hpp>

#include <filesystem>

namespace hindsight::bench {

/// What `replay` should hold. Reads it and `segments` once; not part of what is measured.
/// Ends the program when the file's first packets are not in the ring.
struct ReplayPlan {
    mux::ClipPlan footage;  ///< what the part's packets point into
    mux::PartPlan part;
};

[[nodiscard]] ReplayPlan plan_of_replay(
    const std::vector<std::filesystem::path>& segments, const std::filesystem::path& replay);

}  // namespace hindsight::bench
