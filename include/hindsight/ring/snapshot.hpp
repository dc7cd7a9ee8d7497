#pragma once

// A snapshot is a folder of hard links to the segments of a time window: from then on independent
// of the ring, of eviction and of the life of every process.

#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace hindsight::ring {

struct Window {
    MonoTime from = MonoTime::min();
    MonoTime to = MonoTime::max();
};

/// Links every segment of `ring_folder` (files `<prefix>-*`) that overlaps `window` into
/// `pin_folder`, which is created 0700. Segments evicted meanwhile (ENOENT) are passed over. Both
/// folders lie on one file system. Returns the linked files in order, possibly none. Errors:
/// NoSpace, PermissionDenied, Io. [control]
[[nodiscard]] Result<std::vector<std::filesystem::path>> pin_segments(
    const std::filesystem::path& ring_folder,
    std::string_view prefix,
    Window window,
    const std::filesystem::path& pin_folder);

/// The names of the segments that overlap `window`, in order; opens a few of them only, so that
/// some may be unreadable or empty. [any-thread]
[[nodiscard]] std::vector<SegmentName>
segments_in(const std::filesystem::path& folder, std::string_view prefix, Window window);

/// Links every segment later than `after` into `pin_folder`, which is created 0700, also those that
/// are being written or only kept ready. Opens none of them. Returns the name of the last one, or
/// `after`. Errors: as pin_segments. [control]
[[nodiscard]] Result<SegmentName> pin_segments_after(
    const std::filesystem::path& ring_folder,
    std::string_view prefix,
    SegmentName after,
    const std::filesystem::path& pin_folder);

/// Allocated bytes of a folder's files (links counted each).
[[nodiscard]] std::uint64_t folder_bytes(const std::filesystem::path& folder);

/// Where rings, pins and journals live: `$XDG_RUNTIME_DIR/hindsight` when that is a tmpfs with
/// `wanted_bytes` (or at least 64 MiB) free, else a folder of this session below
/// `/dev/shm/hindsight-<uid>` (0700, owner checked). Errors: PermissionDenied, NoSpace, Io.
[[nodiscard]] Result<std::filesystem::path> ring_home(std::uint64_t wanted_bytes);

}  // namespace hindsight::ring
