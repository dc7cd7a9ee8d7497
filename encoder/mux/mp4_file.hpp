#pragma once

// Writes one planned part as MP4: packets copied, index first, exact start by edit list.

#include "clip_plan.hpp"
#include "mp4_tracks.hpp"
#include "packet_feed.hpp"

#include <ffmpeg/part_file.hpp>

#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace hindsight::mux {

/// Bytes that the part will take at most, index included.
[[nodiscard]] std::uint64_t estimated_bytes(const FilePlan& part, const FileLabels& labels);

/// `progress` gets 0–1. Errors: Cancelled, NoSpace, Io, Unsupported (codec), External, and those of
/// the feed.
[[nodiscard]] Result<> write_mp4(
    const FilePlan& part,
    const FileLabels& labels,
    PacketFeed& feed,
    PartFile& file,
    const std::stop_token& stop,
    const std::function<void(double)>& progress);

}  // namespace hindsight::mux
