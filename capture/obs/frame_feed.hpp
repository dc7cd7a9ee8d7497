#pragma once

// Where the pacer's pictures go on the direct path: a libobs video output of our own, without a
// GPU.

#include "frame_pacer.hpp"
#include "missed_frames.hpp"
#include "obs_handle.hpp"

#include <hindsight/core/result.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace hindsight::obs {

/// Paints onto NV12 frames of a video output that has nothing to do with libobs' canvas. libobs
/// lets a few frames wait for the encoder; when it stands still, more of them wait here, as many as
/// it takes in three quarters of a second and as fit into 64 MiB.
class VideoFeed final : public FrameFeed {
public:
    /// Tells `gaps` (which outlives this) of every frame of the absolute grid that got no picture
    /// of its own. Errors: External.
    [[nodiscard]] static Result<std::unique_ptr<VideoFeed>>
    open(direct::PictureSize size, int fps, FrameGaps& gaps);

    [[nodiscard]] video_t* video() const { return video_.get(); }

    /// Frames that the encoder was too slow for.
    [[nodiscard]] std::uint64_t skipped() const { return skipped_.load(std::memory_order_relaxed); }

    /// While held the encoder is given nothing, so that it comes to its end: libobs lets nobody in
    /// to stop one that always finds a next frame. What may wait here waits for the next encoder.
    /// [control]
    void hold(bool held) { held_.store(held, std::memory_order_relaxed); }

    /// To be called when an encoder has begun to take frames: libobs counts them anew. [control]
    void encoder_began();

    /// How much of what may wait for the encoder does, 0–1. [any-thread]
    [[nodiscard]] double queue_share() const;

    void repeat(MonoTime first, int missed) override;
    void show(MonoTime time, const direct::BgrxPicture& picture, Change change) override;

private:
    VideoFeed(VideoHandle video, direct::PictureSize size, FrameGrid grid, FrameGaps& gaps);

    /// Frames of the grid that show the same picture.
    struct Frames {
        std::int64_t first = 0;
        int count = 0;
        std::vector<std::uint8_t> pixels;  ///< as painted_
    };

    [[nodiscard]] std::uint64_t waiting() const;
    [[nodiscard]] bool has_room(std::uint64_t frames) const;
    void adjust_queue(MonoTime now);
    void add(std::int64_t first, int count, Change change);
    void drain();
    void push(const std::uint8_t* pixels, std::int64_t first, int count);

    VideoHandle video_;
    direct::PictureSize size_;
    const FrameGrid grid_;
    FrameGaps& gaps_;
    std::atomic<std::uint64_t> pushed_{0};
    std::atomic<std::uint64_t> pushed_before_{0};  ///< for earlier encoders
    std::atomic<std::uint64_t> skipped_{0};
    std::atomic<bool> held_{false};
    std::atomic<std::uint64_t> queue_limit_;  ///< frames that may wait, here and in libobs
    std::uint64_t cache_limit_;               ///< in libobs
    MonoTime adjusted_at_ = MonoTime::from_ns(0);
    std::uint64_t taken_then_ = 0;
    std::uint64_t taken_lately_ = 0;        ///< in the half second before adjusted_at_
    std::atomic<bool> fresh_{true};         ///< another encoder: nothing is known of its pace
    std::deque<Frames> spare_;              ///< that libobs has no room for, oldest first
    std::atomic<std::uint64_t> spared_{0};  ///< frames in spare_
    direct::Painter painter_;
    std::vector<std::uint8_t> painted_;  ///< the last frame, luma then chroma
    bool anything_painted_ = false;
    bool stale_ = true;  ///< there is a newer picture than the painted one
};

}  // namespace hindsight::obs
