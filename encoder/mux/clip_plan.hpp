#pragma once

// What goes where, decided before a byte is written: which packets of the pinned segments make
// which file, and at which media time each of them is shown. Media time 0 is the first shown frame;
// the lead-in from its keyframe has negative times, which the edit list hides.

#include "timeline.hpp"

#include <hindsight/core/clip.hpp>
#include <hindsight/core/stream.hpp>
#include <hindsight/ports/clip_writer.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

namespace hindsight::mux {

/// One file to be, without its packets.
struct FilePlan {
    std::vector<PlannedStream> streams;      ///< video first
    MonoTime origin = MonoTime::from_ns(0);  ///< capture time of media time 0
    std::vector<MonoTime> frames;
    std::vector<Duration> keyframes;
    std::vector<ClipGap> gaps;
    std::int64_t missed_frames = 0;
    std::int64_t duration_ticks = 0;  ///< shown, in the video track's time base
    std::uint64_t payload_bytes = 0;
    std::uint64_t packet_count = 0;

    [[nodiscard]] Duration duration() const {
        return to_duration(duration_ticks, streams.front().time_base);
    }
};

struct PartPlan : FilePlan {
    std::vector<PlannedPacket> packets;  ///< in writing order
};

/// The segments that hold a plan's packets, by PlannedPacket::source. Of those on a disk only a few
/// are in memory at a time.
class PacketSources {
public:
    /// Takes the segment, whose payloads are out of memory now if it lies on a disk.
    void add(std::unique_ptr<ring::SegmentReader> segment);

    [[nodiscard]] std::uint32_t size() const {
        return static_cast<std::uint32_t>(segments_.size());
    }

    /// The payloads of this segment can be read until some others were needed. Packets come in
    /// about the order of their segments. Errors: NotFound, Io (the disk).
    [[nodiscard]] Result<> need(std::uint32_t source);

private:
    std::vector<std::unique_ptr<ring::SegmentReader>> segments_;
    std::deque<std::uint32_t> loaded_;
};

struct ClipPlan {
    PacketSources sources;
    std::vector<PartPlan> parts;
};

/// What is told of a file that was written as planned; takes the part's lists.
[[nodiscard]] WrittenFile written_file(FilePlan& part, std::filesystem::path path);

/// With payloads unchecked, a damaged packet is in the plan, with the checksum that it should have.
/// Errors: NotFound (no video in the window), Cancelled.
[[nodiscard]] Result<ClipPlan>
plan_clip(const WriteRequest& request, ring::Payloads payloads, const std::stop_token& stop);

}  // namespace hindsight::mux
