#pragma once

// Small text files that are either complete or absent.

#include <hindsight/core/result.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace hindsight {

/// Writes `content` to `<file>.part`, syncs it, renames it over `file` and syncs the folder:
/// readers see the old content or the new one. The `.part` is removed on failure. Mode 0644 less
/// umask. Errors: NotFound (folder gone), NoSpace, PermissionDenied, Io. [any-thread]
[[nodiscard]] Result<>
write_file_atomically(const std::filesystem::path& file, std::string_view content);

/// Renames where `to` does not exist; never replaces, whatever the file system can do. Returns 0,
/// EEXIST, or another errno value. [any-thread]
[[nodiscard]] int
rename_without_replacing(const std::filesystem::path& from, const std::filesystem::path& to);

/// The whole file. Errors: NotFound, PermissionDenied, Io, InvalidArgument (larger than
/// `max_bytes`). [any-thread]
[[nodiscard]] Result<std::string>
read_text_file(const std::filesystem::path& file, std::uintmax_t max_bytes);

}  // namespace hindsight
