#pragma once

// Where the encoded packets of all streams meet: gives each its capture time, opens the epoch at
// the first video keyframe, and appends to the ring.

#include "missed_frames.hpp"
#include "packet_output.hpp"

#include <hindsight/core/log.hpp>
#include <hindsight/core/mp4_sample.hpp>
#include <hindsight/core/stream.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ring/ring_writer.hpp>

#include <obs.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::obs {

/// What a stream is, apart from what only its running encoder knows.
struct StreamPlan {
    StreamKind kind = StreamKind::Video;
    std::string name;
    /// Capture time of pts 0, asked once at the first packet. Not set: where libobs says it is.
    std::function<MonoTime()> origin = {};
};

class PacketSink final : public PacketReceiver {
public:
    /// Stream 0 is the video. `grid` is set where the pictures were taken on the absolute frame
    /// grid, `picture_delay` says how much later than that libobs got them.
    /// `ring` outlives this; `wake` is called on capture threads.
    PacketSink(
        ring::RingWriter& ring,
        std::vector<StreamPlan> streams,
        int fps,
        std::optional<FrameGrid> grid,
        std::function<Duration()> picture_delay,
        std::function<void()> wake,
        Log log);

    /// From now on pictures come like this: frames that `gaps` (which outlives this) names are
    /// marked in the ring or left out of it. Call while no video encoder runs. [control]
    void set_pictures(int fps, std::optional<FrameGrid> grid, FrameGaps& gaps);

    /// The next video keyframe starts a new epoch. Call while no video encoder runs. [control]
    void expect_epoch();

    void deliver(std::size_t stream, const encoder_packet* packet) noexcept override;
    void report_stop(std::size_t stream) noexcept override;

    /// Waits until every audio stream has delivered or failed. An epoch begins without those that
    /// have not within `patience`; when they come, they join with the next keyframe, in an epoch of
    /// their own. [control]
    void wait_for_audio(Duration patience);

    /// The tracks that nobody waits for, by their names: their encoder has failed, or has given
    /// nothing for two seconds in which this was asked at least twice a second. [control]
    [[nodiscard]] std::vector<std::string> missing_audio(MonoTime now);

    enum class Begin { Running, Failed, Silent };

    /// Waits for the epoch to begin. [control]
    [[nodiscard]] Begin wait_for_epoch(Duration patience);

    struct State {
        bool failed = false;  ///< video encoder failed or stopped by itself
        std::uint64_t epoch = 0;
        FrameGrid grid;  ///< frames of the epoch lie on it
        StreamInfo video;
        std::uint64_t video_packets = 0;
        std::int64_t newest_frame =
            -1;                   ///< number of the newest picture, on the grid if there is one
        std::uint64_t bytes = 0;  ///< given to the ring, of all streams
    };

    [[nodiscard]] State state() const;  ///< [any-thread]

    /// Newest capture time that every stream has reached, but for missing_audio(). [any-thread]
    [[nodiscard]] MonoTime complete_until() const;

    void watch(bool on) { watched_.store(on, std::memory_order_relaxed); }  ///< [any-thread]

private:
    /// Where the time of a stream comes from, fixed by its encoder's first packet.
    struct Track {
        StreamPlan plan;
        std::optional<StreamInfo> info;
        std::optional<SampleWriter> samples;   ///< set when `info` is
        MonoTime base = MonoTime::from_ns(0);  ///< capture time of pts 0
        MonoTime newest = MonoTime::min();
        bool started = false;
        /// False: its encoder failed, or has given nothing for too long.
        bool awaited = true;
        std::optional<std::uint32_t> number = {};  ///< in the epoch; unset: not part of it
        std::uint64_t packets = 0;
        std::uint64_t packets_then = 0;      ///< at the last look
        Duration silent = Duration::zero();  ///< looked at without a packet
    };

    void note_life_locked(std::size_t stream, const encoder_packet& packet);
    bool deliver_locked(std::size_t stream, const encoder_packet& packet);
    void start_track_locked(Track& track, const encoder_packet& packet);
    bool begin_epoch_locked(const encoder_packet& packet);
    MonoTime capture_time(const Track& track, const encoder_packet& packet) const;
    void count_frame_locked(const encoder_packet& packet);
    [[nodiscard]] bool is_missing(std::int64_t frame) const;

    ring::RingWriter& ring_;
    int fps_;
    std::optional<FrameGrid> fixed_grid_;
    FrameGaps* gaps_ = nullptr;
    std::int64_t first_number_ = 0;  ///< of the frame with pts 0
    std::int64_t frame_number_ = 0;  ///< of the newest packet's frame
    std::int64_t frame_pts_ = 0;     ///< of that packet
    const std::function<Duration()> picture_delay_;
    const std::function<void()> wake_;
    Log log_;
    std::atomic<bool> watched_{false};

    mutable std::mutex mutex_;  ///< guards what follows
    std::condition_variable changed_;
    std::vector<Track> tracks_;
    bool expecting_ = false;
    bool begun_ = false;
    MonoTime looked_ = MonoTime::min();  ///< at audio
    State state_;
    MonoTime last_complaint_ = MonoTime::min();
};

}  // namespace hindsight::obs
