#pragma once

// Turns pinned ring segments into verified, playable files. Implemented in encoder/mux with FFmpeg;
// called by the service's [export] thread.

#include <hindsight/core/clip.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace hindsight {

/// One written file. A request whose epochs differ in codec parameters gives several.
struct WrittenFile {
    std::filesystem::path path;
    MonoTime first_frame = MonoTime::from_ns(0);  ///< capture time of the first *shown* frame
    std::vector<MonoTime> frames;                 ///< capture time of every shown frame, in order
    std::vector<ClipGap> gaps;
    std::int64_t missed_frames = 0;        ///< shown ones that repeat the picture before
    Duration duration = Duration::zero();  ///< of the video track
    std::uint64_t size_bytes = 0;
    int width = 0;
    int height = 0;
    Rational fps{0, 1};
    std::vector<Duration>
        keyframes;  ///< from first_frame; a first one may be negative (hidden lead-in)
};

struct WriteRequest {
    std::vector<std::filesystem::path> segments;  ///< in order; damaged tails are passed over
    MonoTime from =
        MonoTime::min();  ///< exact start by edit list; the file holds up to one GOP more before it
    MonoTime to = MonoTime::max();  ///< last frame has capture time < to
    std::filesystem::path target;  ///< wished name, `.mp4`; `_2`, `_3`, … is added when it exists
    std::string title;
    std::string game;
    std::string comment;
    std::int64_t created_ms = 0;  ///< Unix time of `from`, for creation_time
    std::vector<std::pair<MonoTime, std::string>> chapters;  ///< marker or event time and name
    /// Called once, when every file is complete and verified and none has its name yet (`path` is
    /// still `….part`). An error ends the write: no file gets a name.
    std::function<Result<>(const std::vector<WrittenFile>&)> before_naming;
};

using ProgressFn = std::function<void(double)>;

class ClipWriter {
public:
    virtual ~ClipWriter() = default;

    /// Writes, syncs and verifies the footage of `request`.
    ///
    /// A file appears under its final name only when it has been verified (every packet's checksum
    /// equals the ring's, counts and duration match, first and last keyframe decode); until then it
    /// is `<target>.part`. Never overwrites. The folder of `target` must exist. Checks free space
    /// before and survives its end while writing. Blocks for about the disk's time. `progress` is
    /// called with 0.0–1.0, at most ten times a second.
    ///
    /// Returns no file when there is no video in the window.
    ///
    /// Errors: Cancelled, NotFound (the folder is gone), NoSpace, PermissionDenied, Io,
    ///         Corrupt (verification failed; the .part is removed), External (FFmpeg).
    /// [export]
    [[nodiscard]] virtual Result<std::vector<WrittenFile>>
    write(const WriteRequest& request, std::stop_token stop, const ProgressFn& progress) = 0;
};

}  // namespace hindsight
