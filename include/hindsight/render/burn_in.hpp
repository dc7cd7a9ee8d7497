#pragma once

// Renders a clip's overlay into a copy of it. Runs in a job process of its own (`hindsightd
// --job`): it decodes and encodes the whole clip.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace hindsight::render {

/// What to do when the target exists.
enum class Existing : std::uint8_t {
    Fail,     ///< AlreadyExists, nothing is touched
    Replace,  ///< it is an earlier render of this clip: replaced when the new one is complete
};

struct BurnInRequest {
    std::filesystem::path clip;    ///< only read
    std::string ass;               ///< script made by overlay::make_ass for this clip
    std::filesystem::path target;  ///< `<name>.overlay.mp4`
    Existing existing = Existing::Fail;
    std::string preset = "veryfast";  ///< x264's
    int crf = 20;
    int threads = 0;  ///< 0: as many as there are cores
};

struct BurnInResult {
    std::filesystem::path path;
    std::int64_t frames = 0;  ///< equal to the shown frames of the clip
    std::uint64_t size_bytes = 0;
};

/// Decodes `request.clip`, draws the script on every shown frame and encodes the result with the
/// clip's own frame times; sound, titles and chapters are copied. What the clip's edit list hides
/// is left out: the result begins with the first shown frame. Outside the overlay's rectangle the
/// picture is that of a plain transcode.
///
/// Until complete and reopened for a count of its frames it is `<target>.part`, removed on failure.
/// `progress` is called with 0.0–1.0, at most ten times a second. Blocks for about the time of an
/// encode.
///
/// Errors: Cancelled, NotFound (clip or folder), AlreadyExists, Unsupported (no video, or
/// no H.264 encoder here), Corrupt (clip or script cannot be read), NoSpace, PermissionDenied, Io,
/// External. [job process]
[[nodiscard]] Result<BurnInResult> burn_in(
    const BurnInRequest& request,
    const std::stop_token& stop,
    const std::function<void(double)>& progress,
    const Log& log);

}  // namespace hindsight::render
