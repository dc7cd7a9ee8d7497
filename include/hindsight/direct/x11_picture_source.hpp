#pragma once

// Grabs one X11 window, also while it is covered, or the whole screen, without touching the GPU:
// XComposite names the window's own pixmap and MIT-SHM copies it out.

#include <hindsight/core/log.hpp>
#include <hindsight/direct/picture_source.hpp>

#include <cstdint>
#include <memory>

namespace hindsight::direct {

/// A part of the screen, in pixels from its top left.
struct Region {
    int x = 0;
    int y = 0;
    int width = 0;  ///< 0: no part, all of it
    int height = 0;
};

struct X11PictureOptions {
    std::uint32_t window = 0;  ///< 0: the screen
    Region region = {};        ///< of the screen
    bool draw_cursor = true;
};

/// Connects to $DISPLAY.
/// Errors: DeviceLost (no display), NotFound (no such window, or nothing of the
/// region is on the screen), Unsupported (no XComposite, or a
/// visual that is not 24 or 32 bits deep).
[[nodiscard]] Result<std::unique_ptr<PictureSource>>
open_x11_picture_source(const X11PictureOptions& options, Log log);

}  // namespace hindsight::direct
