#pragma once

// Grabs one X11 window, also while it is covered, or the whole screen, without touching the GPU:
// XComposite names the window's own pixmap and MIT-SHM copies it out.

#include <hindsight/core/log.hpp>
#include <hindsight/direct/picture_source.hpp>

#include <cstdint>
#include <memory>

namespace hindsight::direct {

struct X11PictureOptions {
    std::uint32_t window = 0;  ///< 0: the whole screen
    bool draw_cursor = true;
};

/// Connects to $DISPLAY.
/// Errors: DeviceLost (no display), NotFound (no such window), Unsupported (no XComposite, or a
/// visual that is not 24 or 32 bits deep).
[[nodiscard]] Result<std::unique_ptr<PictureSource>>
open_x11_picture_source(const X11PictureOptions& options, Log log);

}  // namespace hindsight::direct
