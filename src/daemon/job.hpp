#pragma once

// `hindsightd --job <kind> <json>`: media work in a process of its own, see service/job_runner.hpp
// for what it prints. Kinds: "thumbnail" {clip, target}; "burn-in" {clip, actions, target, replace,
// layout, theme, corner, scale, width, height}.

#include <string>

namespace hindsight::daemon {

/// Returns the exit status.
[[nodiscard]] int run_job(const std::string& kind, const std::string& arguments);

}  // namespace hindsight::daemon
