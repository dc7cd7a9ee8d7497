#pragma once

// A grown session file read for writing it anew: what it is by the marks, and its packets one after
// the other, each compared with what the marks say that the ring held. Nothing of its content is
// kept in memory, and a disk that fails while it is read is an error like any other.

#include "clip_verify.hpp"
#include "packet_feed.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/ports/session_writer.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace hindsight::mux {

/// Tracks without any packet, of sounds that never came, are not in the plan: MP4 has none such.
/// Errors: NotFound (file, or nothing was recorded), Io, Corrupt, External.
[[nodiscard]] Result<FilePlan> plan_session(const SessionFinish& session);

/// The packets of the plan's tracks against the marks, segment by segment.
class MarksCheck final : public PacketCheck {
public:
    explicit MarksCheck(std::span<const SessionMark> marks);

    [[nodiscard]] Result<> next(std::uint32_t track, std::uint32_t crc32c, bool keyframe) override;
    [[nodiscard]] Result<> end() const override;

private:
    struct Track {
        std::uint32_t grown = 0;  ///< its number in the grown file and the marks
        std::size_t mark = 0;
        std::uint32_t crc = 0;
        std::uint32_t packets = 0;
        std::size_t keyframes = 0;
    };

    void pass_empty(Track& track) const;
    [[nodiscard]] bool complete(std::uint32_t track) const;

    std::span<const SessionMark> marks_;
    std::vector<Track> tracks_;
};

/// The packets of the file up to the last mark. FFmpeg remembers every packet that it has read of a
/// file, hundreds of MiB in the end; so it is shown some minutes at a time, as a file of its own.
/// `session` and `plan` outlive it.
class SessionFeed final : public PacketFeed {
public:
    SessionFeed(const SessionFinish& session, const FilePlan& plan);

    [[nodiscard]] Result<> rewind() override;
    [[nodiscard]] Result<const PlannedPacket*> next() override;

private:
    Result<> open_next();
    Result<bool> read();

    const SessionFinish& session_;
    const FilePlan& plan_;
    MarksCheck check_;
    UniqueFd file_;
    std::uint64_t head_ = 0;                   ///< bytes of the file's head
    std::size_t shown_ = 0;                    ///< marks that FFmpeg was shown
    std::vector<std::uint32_t> grown_tracks_;  ///< of the plan's tracks, in the file
    InputHandle input_;
    PacketHandle packet_;
    PlannedPacket planned_;
};

/// The checksum of a list of checksums that was `list`, with one more entry: what marks keep of the
/// packets of a track.
[[nodiscard]] std::uint32_t fold_crc(std::uint32_t list, std::uint32_t entry);

}  // namespace hindsight::mux
