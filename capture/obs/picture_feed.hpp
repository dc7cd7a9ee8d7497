#pragma once

// The pacer's pictures on libobs' canvas, for windows that libobs' own source cannot show (no
// EGL_KHR_image_pixmap). The canvas draws at times of its own, so pictures wait in a short queue,
// and canvas frame n always draws picture n of the grid: none twice, none left out, all later by
// the same time, which is told so that packets can be given the true one.

#include "frame_pacer.hpp"
#include "obs_handle.hpp"

#include <hindsight/core/result.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace hindsight::obs {

/// Tells libobs of the source type. Once, after obs_startup.
void register_picture_source();

class PictureFeed final : public FrameFeed {
public:
    /// Errors: External.
    [[nodiscard]] static Result<std::unique_ptr<PictureFeed>> open(FrameGrid grid);

    ~PictureFeed() override;
    PictureFeed(const PictureFeed&) = delete;
    PictureFeed& operator=(const PictureFeed&) = delete;

    [[nodiscard]] obs_source_t* source() const;

    /// How much later than it was taken a picture is drawn; zero before the first. [any-thread]
    [[nodiscard]] Duration delay() const;

    void repeat(MonoTime first, int missed) override;
    void show(MonoTime time, const direct::BgrxPicture& picture, Change change) override;

    /// The libobs side; lives as long as libobs wants it.
    struct Screen;

private:
    PictureFeed(std::shared_ptr<Screen> screen, SourceHandle source);

    std::shared_ptr<Screen> screen_;
    SourceHandle source_;
};

}  // namespace hindsight::obs
