#pragma once

// A clip as the command line and D-Bus show it.

#include <hindsight/core/clip.hpp>
#include <hindsight/ipc/messages.hpp>

#include <string>

namespace hindsight::service {

/// `{id, path, title, game, created, created_ms, duration_s, size_bytes, width, height, fps, tags,
/// favorite, events, gaps, actions_path, ass_path, overlay_path, thumbnail_path}`
[[nodiscard]] ipc::Json clip_to_json(const Clip& clip);

/// Local time with offset, "2024-05-01T20:15:03+02:00".
[[nodiscard]] std::string iso_time(std::int64_t unix_ms);

}  // namespace hindsight::service
