#pragma once

#include <hindsight/core/log.hpp>
#include <hindsight/ports/session_writer.hpp>

#include <filesystem>
#include <memory>
#include <vector>

namespace hindsight {

/// Sessions as fragmented MP4, one fragment for each ring segment.
[[nodiscard]] std::unique_ptr<SessionWriter> make_mp4_session_writer(Log log);

/// Makes a clip of a file that grew and that nobody has notes of any more, as after a power cut:
/// what its end has of a fragment is cut off, and so are last fragments whose picture cannot be
/// decoded; then it gets a free name without the ending, which is returned. A file without any
/// footage is removed and the path is empty. Reads and writes a file that may be damaged in any
/// way: called in a job process.
/// Errors: Busy (somebody writes it), NotFound, Corrupt (it stays as it is), PermissionDenied,
/// NoSpace, Io.
[[nodiscard]] Result<std::filesystem::path> rescue_session(const std::filesystem::path& file);

/// Media times of the pictures of a file that was rescued, in order. Called in a job process.
/// Errors: NotFound, Corrupt, Io, External.
[[nodiscard]] Result<std::vector<Duration>> session_frame_times(const std::filesystem::path& clip);

}  // namespace hindsight
