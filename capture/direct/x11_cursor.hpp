#pragma once

// The mouse pointer, which no grab contains: its place is asked for with every picture, its image
// only when the server says that it changed.

#include "xcb_handle.hpp"

#include <hindsight/direct/picture_source.hpp>

#include <xcb/xfixes.h>

#include <cstdint>
#include <vector>

namespace hindsight::direct {

class X11Cursor {
public:
    /// `connection` outlives this.
    X11Cursor(xcb_connection_t* connection, xcb_window_t root);

    [[nodiscard]] bool available() const { return available_; }

    /// Asks where the pointer is in `window`, without waiting.
    void request(xcb_window_t window);

    /// Waits for the answer. True: the pointer moved or changed since the last time.
    [[nodiscard]] bool receive();

    /// True when `event` was ours.
    [[nodiscard]] bool handle(const xcb_generic_event_t& event);

    /// Blends the pointer into `pixels` (`size.width * 4` bytes a row), which show the window from
    /// `origin_x`, `origin_y` on.
    void draw(std::uint8_t* pixels, PictureSize size, int origin_x, int origin_y) const;

private:
    void fetch_image();

    xcb_connection_t* connection_;
    bool available_ = false;
    std::uint8_t first_event_ = 0;
    bool image_stale_ = true;
    xcb_query_pointer_cookie_t pending_{};
    bool inside_ = false;  ///< the pointer is over the window's screen
    int x_ = 0;            ///< hot spot, in the window
    int y_ = 0;
    int hot_x_ = 0;
    int hot_y_ = 0;
    PictureSize image_size_;
    std::vector<std::uint32_t> image_;  ///< premultiplied
};

}  // namespace hindsight::direct
