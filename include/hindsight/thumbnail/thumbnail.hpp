#pragma once

// A small picture of a clip, and what a clip file says about itself. Both read files that may be
// foreign or damaged: the service calls them in a job process.

#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hindsight {

struct ProbedTrack {
    std::string kind;   ///< "video", "audio", "subtitle"; others are left out
    std::string codec;  ///< FFmpeg's name
    std::string title;
};

struct ProbedClip {
    Duration duration = Duration::zero();  ///< of the video track as shown
    std::uint64_t size_bytes = 0;
    int width = 0;
    int height = 0;
    Rational fps{0, 1};
    std::string title;
    std::string game;
    std::vector<ProbedTrack> tracks;
};

/// Reads a clip's headers. Errors: NotFound, Corrupt, Unsupported (no video), Io, External.
[[nodiscard]] Result<ProbedClip> probe_clip(const std::filesystem::path& clip);

/// Writes the first shown frame at or after the keyframe before `at` (from the clip's first frame;
/// clamped to the clip), scaled down to at most `max_width` pixels, as PNG or JPEG by the ending of
/// `target`. `target` is replaced in one step; its folder is created.
/// Errors: NotFound, InvalidArgument (ending, width), Corrupt, Unsupported, NoSpace,
///         PermissionDenied, Io, External.
[[nodiscard]] Result<> write_thumbnail(
    const std::filesystem::path& clip,
    Duration at,
    int max_width,
    const std::filesystem::path& target);

/// Writes the first shown frame of `clip` in its own size, as PNG or JPEG by the ending of
/// `target`. Its name appears when it is complete and on disk, with a number where it is taken:
/// nothing is overwritten. Returns the name. The folder of `target` must exist. Errors: as
/// write_thumbnail.
[[nodiscard]] Result<std::filesystem::path>
write_first_picture(const std::filesystem::path& clip, const std::filesystem::path& target);

}  // namespace hindsight
