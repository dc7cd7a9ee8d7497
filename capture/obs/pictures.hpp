#pragma once

// Where the pictures of a recording come from and in what form the encoder gets them: the window
// or screen, the way (direct or over the canvas), the size and the rate. All functions [control].

#include "canvas_scene.hpp"
#include "canvas_tally.hpp"
#include "frame_feed.hpp"
#include "frame_pacer.hpp"
#include "missed_frames.hpp"
#include "picture_feed.hpp"

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/direct/screen_watch.hpp>
#include <hindsight/ipc/messages.hpp>
#include <hindsight/obs/obs_runtime.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace hindsight::obs {

class Pictures {
public:
    /// `runtime` outlives this. `on_lost` is called on any thread when the display is gone.
    /// Errors: NotFound (no such window), DeviceLost, External.
    [[nodiscard]] static Result<std::unique_ptr<Pictures>> open(
        ObsRuntime& runtime,
        const ipc::StartCapture& request,
        std::function<void()> on_lost,
        Log log);

    Pictures(const Pictures&) = delete;
    Pictures& operator=(const Pictures&) = delete;

    /// The same source with the size limits and the frame rate of `request`. No encoder may run;
    /// video() is another one afterwards. Errors: as open.
    [[nodiscard]] Result<> reopen(const ipc::StartCapture& request);

    [[nodiscard]] video_t* video() const { return video_; }

    [[nodiscard]] ipc::PicturePath path() const { return path_; }

    [[nodiscard]] direct::PictureSize size() const { return size_; }

    /// As it was when the request of open() was met.
    [[nodiscard]] direct::PictureSize full_size() const { return full_size_; }

    /// Set where pictures are taken on the absolute frame grid.
    [[nodiscard]] std::optional<FrameGrid> grid() const;

    /// How much later than taken the encoder gets them. [any-thread]
    [[nodiscard]] Duration delay() const;

    /// The connection to the display server is gone for good.
    [[nodiscard]] bool lost() const { return pacer_ && pacer_->lost(); }

    /// Since open().
    [[nodiscard]] FrameTotals totals() const;

    /// Pictures that the encoder could have had, whether it took them or not.
    [[nodiscard]] std::uint64_t offered() const;

    /// As VideoFeed::hold().
    void hold(bool held) {
        if (video_feed_)
            video_feed_->hold(held);
    }

    /// An encoder has begun to take frames.
    void encoder_began();

    /// It takes no more: on the canvas, where frames have no numbers but those that the encoder
    /// gives them, nothing that it missed is told of the next one's. None may have begun.
    void encoder_ended();

    [[nodiscard]] double queue_share() const {
        return video_feed_ ? video_feed_->queue_share() : 0;
    }

    /// The frames without a picture of their own; exact on the direct path.
    [[nodiscard]] FrameGaps& gaps() { return gaps_; }

    /// On the canvas, where libobs only counts: what was missed since the last call is what follows
    /// `newest_frame`.
    void mark_canvas_misses(std::int64_t newest_frame);

    [[nodiscard]] bool source_alive() const;

    /// As PictureSource::renewals().
    [[nodiscard]] std::uint64_t renewals() const { return pacer_ ? pacer_->renewals() : 0; }

    /// As PictureSource::cropped().
    [[nodiscard]] bool cropped() const { return pacer_ && pacer_->cropped(); }

    /// libobs' own source should look for its screen once more, which has another size.
    [[nodiscard]] bool outdated();

    /// Has libobs look for the source once more; our own grab does so by itself.
    void renew_source();

    /// Fills in what concerns pictures.
    void report(ipc::CaptureStatus& status) const;

private:
    Pictures(
        ObsRuntime& runtime, ipc::StartCapture request, std::function<void()> on_lost, Log log);

    Result<std::unique_ptr<direct::PictureSource>> open_source() const;
    Result<> open_direct(std::unique_ptr<direct::PictureSource> source);
    Result<> open_canvas();
    void wait_for_picture() const;
    [[nodiscard]] FrameGrid absolute_grid() const;
    [[nodiscard]] FrameTotals canvas_counters() const;

    ObsRuntime& runtime_;
    ipc::StartCapture request_;
    const std::function<void()> on_lost_;
    Log log_;

    ipc::PicturePath path_ = ipc::PicturePath::Direct;
    direct::PictureSize full_size_;
    direct::PictureSize size_;
    FrameGaps gaps_;
    std::unique_ptr<VideoFeed> video_feed_;              ///< direct
    std::unique_ptr<PictureFeed> picture_feed_;          ///< canvas with our own grab
    std::unique_ptr<FramePacer> pacer_;                  ///< wherever we grab ourselves
    std::unique_ptr<CanvasScene> scene_;                 ///< canvas
    std::unique_ptr<direct::ScreenWatch> screen_watch_;  ///< canvas with libobs' own grab
    video_t* video_ = nullptr;

    FrameTotals carried_;  ///< direct, before the last reopen()
    CanvasTally tally_;    ///< canvas
};

}  // namespace hindsight::obs
