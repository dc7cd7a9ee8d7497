#pragma once

// What an export notes beside its pinned segments (`pins/<id>/export.json`) before a file gets its
// name. After a kill, or a failure half-way, the next attempt knows by it which files are its own:
// by what they are on disk, never by what they are called.

#include <hindsight/service/save_request.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace hindsight::service {

/// Stays the same when a file is renamed, and differs for every other file.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified_ns = 0;

    bool operator==(const FileIdentity&) const = default;
};

/// Empty when there is no regular file.
[[nodiscard]] std::optional<FileIdentity> identify(const std::filesystem::path& file);

struct NotedFile {
    SavedFile saved;  ///< `saved.file.path` is the name of the unfinished file
    FileIdentity identity;
};

struct ExportNote {
    std::filesystem::path target;  ///< the wished name; empty: no export has begun
    std::vector<NotedFile> files;  ///< complete and verified, about to get their names
};

/// Errors: NoSpace, PermissionDenied, Io. [export]
[[nodiscard]] Result<>
write_export_note(const std::filesystem::path& pin_folder, const ExportNote& note);

/// An empty note when there is none, or none that can be read. [export]
[[nodiscard]] ExportNote read_export_note(const std::filesystem::path& pin_folder);

/// The noted files that have got their names, with those as paths. [export]
[[nodiscard]] std::vector<SavedFile> named_files(const ExportNote& note);

}  // namespace hindsight::service
