#pragma once

// The library of clips on disk: one SQLite file. The service opens it for writing (`open_store`),
// everybody else read-only (`open_reader`); readers see every commit at their next question.
//
// The objects belong to one thread each: the store to [store], a reader to whoever made it.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ports/clip_store.hpp>

#include <filesystem>
#include <memory>

namespace hindsight::library {

/// `<data>/hindsight/library.db`
[[nodiscard]] std::filesystem::path default_file();

/// How long a question waits for another program that holds the file.
inline constexpr Duration kBusyLimit = Duration::from_ms(5'000);

struct OpenedStore {
    std::unique_ptr<ClipStore> store;
    /// Where a damaged library was moved to; empty: it was sound. The new library holds what could
    /// be read of the old one; clips themselves are never touched.
    std::filesystem::path damaged_file;
    std::size_t rescued_clips = 0;  ///< of the damaged one
};

/// Opens `file` for writing, creates it and its folder if need be, and brings an older layout up to
/// date. Blocks for the time of an integrity check (under a second for 100,000 clips).
/// Errors: Busy, Unsupported (written by a newer version), NoSpace, PermissionDenied, Io.
[[nodiscard]] Result<OpenedStore>
open_store(const std::filesystem::path& file, const Log& log, Duration busy_limit = kBusyLimit);

/// Opens `file` read-only.
/// Errors: NotFound (nothing was saved yet), Busy (also: the layout is being brought up to date),
///         Unsupported (written by a newer version), Corrupt, PermissionDenied, Io.
[[nodiscard]] Result<std::unique_ptr<ClipReader>>
open_reader(const std::filesystem::path& file, Duration busy_limit = kBusyLimit);

}  // namespace hindsight::library
