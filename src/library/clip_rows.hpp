#pragma once

// Clip ↔ rows of clip, tag, event, gap, onset and clip_text. No transaction of its own: the caller
// holds one for writing.

#include "sqlite.hpp"

#include <hindsight/core/clip.hpp>
#include <hindsight/ports/clip_store.hpp>

#include <optional>
#include <vector>

namespace hindsight::library {

/// Newest first.
[[nodiscard]] Result<std::vector<Clip>> read_clips(Database& database, const ClipQuery& query);

/// By id, or by a unique prefix of at least 4 characters. Errors: NotFound.
[[nodiscard]] Result<Clip> read_clip(Database& database, const std::string& id);

[[nodiscard]] Result<std::optional<Clip>>
read_clip_by_path(Database& database, const std::filesystem::path& path);

[[nodiscard]] Result<std::vector<GameCount>> read_games(Database& database);

[[nodiscard]] Result<std::vector<ClipOnset>> read_onsets(Database& database, const std::string& id);

/// Errors: AlreadyExists.
[[nodiscard]] Result<> insert_clip(Database& database, const Clip& clip);

/// Errors: NotFound, AlreadyExists (the new path belongs to another clip).
[[nodiscard]] Result<> update_clip(Database& database, const Clip& clip);

/// Errors: NotFound.
[[nodiscard]] Result<> delete_clip(Database& database, const std::string& id);

/// Errors: NotFound.
[[nodiscard]] Result<>
replace_onsets(Database& database, const std::string& id, const std::vector<ClipOnset>& onsets);

}  // namespace hindsight::library
