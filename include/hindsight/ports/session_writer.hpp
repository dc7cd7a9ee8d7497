#pragma once

// Writes a session: footage that goes to disk while it is recorded, into a file that can be played
// at any moment, and that becomes a plain, verified clip at the end. Implemented in encoder/mux
// with FFmpeg; called by the service's [session] thread.

#include <hindsight/core/clip.hpp>
#include <hindsight/ports/clip_writer.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hindsight {

/// What a file's name ends in while it grows.
inline constexpr std::string_view kSessionEnding = ".session.mp4.part";

/// What one appended segment put into the file, and all that is needed to go on behind it.
struct SessionMark {
    std::uint64_t bytes = 0;  ///< length of the file; what lies behind is of no account
    std::uint32_t fragments = 0;
    std::uint64_t epoch = 0;  ///< of the segment
    std::uint64_t number = 0;
    MonoTime origin = MonoTime::from_ns(0);    ///< capture time of media time 0
    std::vector<std::int64_t> track_ends;      ///< in ticks of the tracks; INT64_MIN: no packet yet
    std::vector<std::uint32_t> track_packets;  ///< how many this segment gave, by track
    std::vector<std::uint32_t> track_crcs;     ///< over their contents
    std::vector<std::int64_t> track_steps;     ///< ticks of a packet, by track
    std::vector<MonoTime> frames;              ///< capture times of its frames
    std::vector<Duration> keyframes;           ///< media times of its keyframes
    std::vector<ClipGap> gaps;                 ///< before its frames
    std::int64_t missed_frames = 0;            ///< that the machine was too slow for

    bool operator==(const SessionMark&) const = default;
};

/// What a file says about its footage, from its first byte on.
struct SessionLabels {
    std::string title;
    std::string game;
    std::string comment;
    std::int64_t created_ms = 0;  ///< Unix time of media time 0
};

/// One file while it grows.
class SessionFile {
public:
    virtual ~SessionFile() = default;

    [[nodiscard]] virtual const std::filesystem::path& path() const = 0;

    enum class Outcome {
        Written,
        Nothing,       ///< the segment holds no picture
        OtherStreams,  ///< it belongs into a file of its own; this one is unchanged
    };

    struct Appended {
        Outcome outcome = Outcome::Nothing;
        SessionMark mark;  ///< when written
    };

    /// Appends the segment's committed packets as one fragment. When it returns, the file can be
    /// played up to there, also after the process is killed; every ten seconds of footage it also
    /// waits for the disk, so that a power cut costs no more. After an error the file ends where it
    /// ended before, and nothing more can be appended.
    /// Errors: NoSpace, PermissionDenied, Io, NotFound (segment), Corrupt, Unsupported, External.
    /// [session]
    [[nodiscard]] virtual Result<Appended> append(const std::filesystem::path& segment) = 0;
};

struct SessionFinish {
    std::filesystem::path file;          ///< as it grew
    std::span<const SessionMark> marks;  ///< all, in order
    std::filesystem::path target;        ///< wished name; `_2`, `_3`, … is added when it exists
    SessionLabels labels;
    std::vector<std::pair<MonoTime, std::string>> chapters;  ///< marker or event time and name
    /// Called when the file is complete and verified and has not its name yet (`path` is where it
    /// lies until then). An error ends the work.
    std::function<Result<>(const WrittenFile&)> before_naming;
};

class SessionWriter {
public:
    virtual ~SessionWriter() = default;

    /// Begins a file of footage that will be called `target`: that with kSessionEnding, or
    /// with a number where this name is taken; no other file is ever touched.
    /// Errors: NotFound (folder), AlreadyExists, NoSpace, PermissionDenied, Io. [session]
    [[nodiscard]] virtual Result<std::unique_ptr<SessionFile>>
    create(const std::filesystem::path& target, const SessionLabels& labels) = 0;

    /// Goes on with a file that create() made, behind `last` or from its beginning; what lies
    /// there is cut off. The labels are those of before. Nobody else may write it meanwhile.
    /// Errors: NotFound, Busy, Corrupt (it has become shorter), PermissionDenied, Io. [session]
    [[nodiscard]] virtual Result<std::unique_ptr<SessionFile>> open(
        const std::filesystem::path& file,
        const SessionLabels& labels,
        const std::optional<SessionMark>& last) = 0;

    /// Makes a plain file (index first, chapters) of the grown one, which stays. Promises and
    /// errors as ClipWriter::write; every packet must also equal what the ring held. [session]
    [[nodiscard]] virtual Result<WrittenFile>
    finish(const SessionFinish& session, std::stop_token stop, const ProgressFn& progress) = 0;

    /// Gives the grown file the name instead, as it is: it plays, without chapters. For disks that
    /// have no room for a second copy, and for when there is no time: it is cut behind the last
    /// mark, brought to the disk, and its first and last keyframe are decoded; not every packet is
    /// compared. Errors: NotFound, PermissionDenied, NoSpace, Io, Corrupt. [session]
    [[nodiscard]] virtual Result<WrittenFile> keep(const SessionFinish& session) = 0;
};

}  // namespace hindsight
