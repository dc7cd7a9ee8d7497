#pragma once

// Reads a written file back and compares it with the plan: the last word before a clip gets its
// name.

#include "clip_plan.hpp"

#include <filesystem>
#include <stop_token>

namespace hindsight::mux {

/// Every packet of every track must equal the planned one, in number, order and content; the video
/// track must last as long as planned; the first and the last keyframe must decode.
/// Errors: Corrupt, Io, Cancelled.
[[nodiscard]] Result<>
verify_mp4(const PartPlan& part, const std::filesystem::path& file, const std::stop_token& stop);

}  // namespace hindsight::mux
