#pragma once

#include <hindsight/core/log.hpp>
#include <hindsight/ports/session_writer.hpp>

#include <memory>

namespace hindsight {

/// Sessions as fragmented MP4, one fragment for each ring segment.
[[nodiscard]] std::unique_ptr<SessionWriter> make_mp4_session_writer(Log log);

}  // namespace hindsight
