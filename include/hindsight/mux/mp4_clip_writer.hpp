#pragma once

// Clips as MP4 files by copying packets; see ports/clip_writer.hpp for what is promised.

#include <hindsight/core/log.hpp>
#include <hindsight/ports/clip_writer.hpp>

#include <memory>

namespace hindsight {

/// Takes H.264, HEVC and AV1 video and AAC and Opus audio; other codecs are Unsupported.
/// The writer may be used from several threads at once.
[[nodiscard]] std::unique_ptr<ClipWriter> make_mp4_clip_writer(Log log);

}  // namespace hindsight
