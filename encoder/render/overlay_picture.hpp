#pragma once

// An ASS script drawn onto decoded pictures, touching only the rectangle that it covers.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>

#include <ffmpeg/av_handle.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace hindsight::render {

/// How the clip's numbers mean colours.
struct ColourSpace {
    double kr = .2126;
    double kb = .0722;
    bool full_range = false;

    /// As the stream says; where it says nothing, as players assume: BT.709 from 720 lines up.
    [[nodiscard]] static ColourSpace of(const AVCodecContext& decoder);
};

class OverlayPicture {
public:
    /// Errors: Corrupt (no ASS script), External (libass does not start).
    [[nodiscard]] static Result<OverlayPicture>
    create(const std::string& script, int width, int height, ColourSpace colours, const Log& log);

    OverlayPicture(OverlayPicture&&) noexcept;
    OverlayPicture& operator=(OverlayPicture&&) noexcept;
    ~OverlayPicture();

    /// True when something shows at `ms`.
    [[nodiscard]] bool prepare(std::int64_t ms);

    /// Draws what prepare() found onto a writable 8-bit 4:2:0 picture.
    void draw(AVFrame* frame) const;

private:
    struct Impl;
    explicit OverlayPicture(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace hindsight::render
