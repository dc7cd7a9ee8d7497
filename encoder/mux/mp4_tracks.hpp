#pragma once

// Tracks, labels and packets in libavformat's terms; what plain and fragmented files share.

#include "timeline.hpp"

#include <ffmpeg/av_output_file.hpp>

#include <string>
#include <utility>
#include <vector>

namespace hindsight::mux {

struct FileLabels {
    std::string title;
    std::string game;
    std::string comment;
    std::int64_t created_ms = 0;
    std::vector<std::pair<MonoTime, std::string>> chapters;
};

/// Errors: Unsupported (codec), External.
[[nodiscard]] Result<>
add_streams(AVFormatContext* context, const std::vector<PlannedStream>& streams);

/// All but the chapters.
void add_labels(AVFormatContext* context, const FileLabels& labels);

/// Hands one packet to the muxer; `packet` is a shell that is used again and again.
[[nodiscard]] Result<> write_planned(
    AvOutputFile& output,
    AVPacket* packet,
    const PlannedPacket& planned,
    const std::vector<PlannedStream>& streams);

}  // namespace hindsight::mux
