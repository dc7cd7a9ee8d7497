#pragma once

#include <hindsight/obs/obs_runtime.hpp>

namespace hindsight::obs {

/// Who draws libobs' canvas. Needs libobs' graphics to be set up.
[[nodiscard]] GlInfo query_gl();

/// "llvmpipe (LLVM 15.0.6, 256 bits)" and its kin.
[[nodiscard]] bool is_software_renderer(const std::string& renderer);

}  // namespace hindsight::obs
