#pragma once

#include <hindsight/core/result.hpp>

#include <filesystem>

namespace hindsight::ring {

/// Makes `folder`, or takes one that is ours; closed to others. Its parent exists.
/// Errors: PermissionDenied (it is somebody else's), NoSpace, NotFound, Io.
[[nodiscard]] Result<> make_private(const std::filesystem::path& folder);

}  // namespace hindsight::ring
