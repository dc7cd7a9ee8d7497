#pragma once

// A fragmented MP4 that grows by one fragment for each ring segment.

#include <hindsight/ports/session_writer.hpp>

#include <filesystem>
#include <memory>
#include <optional>

namespace hindsight::mux {

/// See SessionWriter::create.
[[nodiscard]] Result<std::unique_ptr<SessionFile>>
create_session_file(const std::filesystem::path& target, const SessionLabels& labels);

/// See SessionWriter::open.
[[nodiscard]] Result<std::unique_ptr<SessionFile>> open_session_file(
    const std::filesystem::path& file,
    const SessionLabels& labels,
    const std::optional<SessionMark>& last);

}  // namespace hindsight::mux
