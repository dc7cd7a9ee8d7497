#pragma once

// Where a clip goes and what it is called.

#include <hindsight/core/result.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace hindsight::service {

struct ClipNameFacts {
    std::string game;
    std::string title;
    std::int64_t created_ms = 0;  ///< shown in local time
};

/// Expands {game}, {date}, {time}, {title} of `name_template` into a relative path without
/// extension. Each part is sanitised; the whole is at most 200 bytes and never leaves its folder.
[[nodiscard]] std::filesystem::path
expand_clip_name(std::string_view name_template, const ClipNameFacts& facts);

/// The folder for clips. An empty `configured` means the default one, which is created; a
/// configured folder must exist, because a missing one is most likely a disk that is not mounted.
/// Errors: NotFound, PermissionDenied, NoSpace, Io; sentences for people.
[[nodiscard]] Result<std::filesystem::path> clip_folder(const std::string& configured);

/// Where that is, without looking.
[[nodiscard]] std::filesystem::path clip_folder_path(const std::string& configured);

/// `folder`/`name`.mp4, or with `_2`, `_3`, … the first name that nothing has; makes the folders
/// of `name` below `folder`. Errors: as clip_folder.
[[nodiscard]] Result<std::filesystem::path>
free_clip_path(const std::filesystem::path& folder, const std::filesystem::path& name);

}  // namespace hindsight::service
