#pragma once

// Gives every packet its place in the file: media time 0 is the first shown frame, video keeps the
// spacing of its own timestamps within one run (an epoch of the encoder), sound is counted in
// samples, and a run never begins before the one before it has ended.

#include <hindsight/core/clip.hpp>
#include <hindsight/core/stream.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace hindsight::mux {

struct PlannedPacket {
    std::uint32_t stream = 0;  ///< index into the file's streams
    bool keyframe = false;
    std::int64_t pts = 0;  ///< in the track's time base
    std::int64_t dts = 0;
    std::int64_t duration = 0;
    MonoTime capture_time = MonoTime::from_ns(0);
    std::span<const std::byte> data;  ///< borrowed
    std::uint32_t crc32c = 0;         ///< of `data`, which is what the file will hold
    std::uint32_t source = 0;         ///< whose memory `data` lies in, see PacketSources
};

struct PlannedStream {
    StreamInfo info;
    Rational time_base{1, 1};  ///< of the track: 1/n
};

class Timeline {
public:
    /// `streams`: video first. `origin` is the capture time of media time 0.
    Timeline(const std::vector<StreamInfo>& streams, MonoTime origin);

    /// Goes on behind what ends() told.
    Timeline(
        const std::vector<StreamInfo>& streams, MonoTime origin, std::vector<std::int64_t> ends);

    [[nodiscard]] const std::vector<PlannedStream>& streams() const { return streams_; }

    [[nodiscard]] MonoTime origin() const { return origin_; }

    /// True when packets of these streams can follow by copying, with the tracks described as they
    /// are.
    [[nodiscard]] bool takes(const std::vector<StreamInfo>& streams) const;

    /// By track: how long a packet lasts, in ticks.
    [[nodiscard]] std::vector<std::int64_t> steps() const;

    /// What follows has timestamps of its own.
    void begin_run();

    /// In order within each stream. The data stays borrowed.
    [[nodiscard]] PlannedPacket place(std::uint32_t stream, const Packet& packet);

    /// By track: the media time behind its last packet, INT64_MIN before the first.
    [[nodiscard]] const std::vector<std::int64_t>& ends() const { return ends_; }

private:
    struct Base {
        std::int64_t at = 0;    ///< media time of the run's first packet
        std::int64_t from = 0;  ///< its own timestamp
    };

    PlannedPacket place_video(const Packet& packet);
    PlannedPacket place_audio(std::uint32_t stream, const Packet& packet);

    std::vector<PlannedStream> streams_;
    MonoTime origin_;
    std::vector<std::int64_t> ends_;
    std::vector<std::optional<Base>> bases_;
};

/// Indices of the streams that belong in a clip, the first video stream first; empty without video.
[[nodiscard]] std::vector<std::uint32_t> clip_streams(const std::vector<StreamInfo>& streams);

[[nodiscard]] Duration frame_period(const StreamInfo& video);

/// One order over all tracks by time, video first among equals; each track keeps its own.
void sort_by_time(std::vector<PlannedPacket>& packets, const std::vector<PlannedStream>& streams);

/// Notes the hole, if there is one, between the video that ended at `end` and a frame at `pts`.
/// Within one run, frames up to 250 ms apart are a slow game and no hole.
void note_gap(
    std::vector<ClipGap>& gaps,
    const PlannedStream& video,
    std::int64_t end,
    std::int64_t pts,
    bool begins_run);

/// Frames that are not there between the video that ended at `end` and `next`, which belongs to the
/// same run: within one, frames are left out only when the machine was too slow for them.
[[nodiscard]] std::int64_t frames_left_out(std::int64_t end, const PlannedPacket& next);

}  // namespace hindsight::mux
