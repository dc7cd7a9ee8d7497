#pragma once

// The desktop's trash, by the freedesktop.org Trash specification 1.0: the home trash for files on
// the home device, `$topdir/.Trash/$uid` or `$topdir/.Trash-$uid` for others. A clip and all that
// belongs to it go there together and can be brought back by us or by the file manager.

#include <hindsight/core/result.hpp>

#include <filesystem>
#include <vector>

namespace hindsight::service {

struct TrashedFile {
    std::filesystem::path original;
    std::filesystem::path trashed;
    std::filesystem::path info;
};

/// Moves `file` to the trash of its device. Errors: NotFound, PermissionDenied, NoSpace, Io.
[[nodiscard]] Result<TrashedFile> move_to_trash(const std::filesystem::path& file);

/// Moves all of them back, or none. Errors: NotFound (the trash was emptied), AlreadyExists, Io.
[[nodiscard]] Result<> restore_from_trash(const std::vector<TrashedFile>& files);

}  // namespace hindsight::service
