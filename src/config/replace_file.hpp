#pragma once

#include <hindsight/core/result.hpp>

#include <filesystem>
#include <string_view>

namespace hindsight::config {

/// Gives `file` new contents so that every reader sees the old ones or the new ones and nothing
/// between, also after a power cut. Keeps the permissions; follows a symbolic link. Makes the
/// folder if need be. Errors: NoSpace, PermissionDenied, Io.
[[nodiscard]] Result<> replace_file(const std::filesystem::path& file, std::string_view contents);

}  // namespace hindsight::config
