#pragma once

// An opened clip file and its video track.

#include <hindsight/core/result.hpp>

#include <ffmpeg/av_handle.hpp>

#include <filesystem>

namespace hindsight::thumbnail {

struct ClipInput {
    InputHandle file;
    int video = -1;  ///< index of the track

    [[nodiscard]] AVStream* stream() const { return file->streams[video]; }
};

/// Errors: NotFound, Corrupt, Unsupported (no video), Io, External.
[[nodiscard]] Result<ClipInput> open_clip(const std::filesystem::path& clip);

}  // namespace hindsight::thumbnail
