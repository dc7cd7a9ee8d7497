#pragma once

// The heartbeat of the direct path: a thread that looks at the picture source at every time of the
// frame grid and hands what it saw on. When it comes late it says how many frames were missed, so
// that the picture before stands for them and time never slips.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/direct/picture_source.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

namespace hindsight::obs {

/// What the pacer feeds; called on its thread only.
class FrameFeed {
public:
    virtual ~FrameFeed() = default;

    /// `missed` frames of the grid, the first of them at `first`, show the picture before.
    virtual void repeat(MonoTime first, int missed) = 0;

    enum class Change { New, Same };

    /// The frame at `time` shows `picture`; `Same`: it is the one before.
    virtual void show(MonoTime time, const direct::BgrxPicture& picture, Change change) = 0;
};

class FramePacer {
public:
    /// Starts the thread. `feed` outlives this. `on_lost` is called on it when the display is gone;
    /// it then ends.
    FramePacer(
        std::unique_ptr<direct::PictureSource> source,
        FrameFeed& feed,
        FrameGrid grid,
        std::function<void()> on_lost,
        Log log);
    ~FramePacer();  ///< no feed is called any more
    FramePacer(const FramePacer&) = delete;
    FramePacer& operator=(const FramePacer&) = delete;

    /// Stops and hands the source over to the next pacer. [control]
    [[nodiscard]] std::unique_ptr<direct::PictureSource> stop();

    // [any-thread]
    [[nodiscard]] std::uint64_t frames() const { return frames_.load(std::memory_order_relaxed); }

    [[nodiscard]] std::uint64_t lagged() const { return lagged_.load(std::memory_order_relaxed); }

    [[nodiscard]] std::uint64_t unchanged() const {
        return unchanged_.load(std::memory_order_relaxed);
    }

    /// Times that a stopped picture was brought back.
    [[nodiscard]] std::uint64_t renewals() const {
        return renewals_.load(std::memory_order_relaxed);
    }

    /// As PictureSource::cropped().
    [[nodiscard]] bool cropped() const { return cropped_.load(std::memory_order_relaxed); }

    [[nodiscard]] bool source_alive() const { return alive_.load(std::memory_order_relaxed); }

    [[nodiscard]] bool lost() const { return lost_.load(std::memory_order_acquire); }

private:
    void run(const std::stop_token& stop);
    bool beat(std::int64_t index);

    std::unique_ptr<direct::PictureSource> source_;
    FrameFeed& feed_;
    const FrameGrid grid_;
    const std::function<void()> on_lost_;
    const Duration late_;  ///< half a frame
    Log log_;

    std::atomic<std::uint64_t> frames_{0};
    std::atomic<std::uint64_t> lagged_{0};
    std::atomic<std::uint64_t> unchanged_{0};
    std::atomic<std::uint64_t> renewals_{0};
    std::atomic<bool> cropped_{false};
    std::atomic<bool> alive_{true};
    std::atomic<bool> lost_{false};

    std::jthread thread_;
};

}  // namespace hindsight::obs
