#pragma once

// Where the pacer's pictures go on the direct path: a libobs video output of our own, without a
// GPU.

#include "frame_pacer.hpp"
#include "obs_handle.hpp"

#include <hindsight/core/result.hpp>

#include <memory>
#include <vector>

namespace hindsight::obs {

/// Paints onto NV12 frames of a video output that has nothing to do with libobs' canvas.
class VideoFeed final : public FrameFeed {
public:
    /// Errors: External.
    [[nodiscard]] static Result<std::unique_ptr<VideoFeed>> open(direct::PictureSize size, int fps);

    [[nodiscard]] video_t* video() const { return video_.get(); }

    /// Frames that the encoder was too slow for.
    [[nodiscard]] std::uint64_t skipped() const {
        return video_output_get_skipped_frames(video_.get());
    }

    void repeat(MonoTime first, int missed) override;
    void show(MonoTime time, const direct::BgrxPicture& picture, Change change) override;

private:
    VideoFeed(VideoHandle video, direct::PictureSize size);

    void push(MonoTime time, int count);

    VideoHandle video_;
    direct::PictureSize size_;
    direct::Painter painter_;
    std::vector<std::uint8_t> painted_;  ///< the last frame, luma then chroma
    bool anything_painted_ = false;
};

}  // namespace hindsight::obs
