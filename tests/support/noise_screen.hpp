#pragma once

// Noise all over a screen, new every time: nothing is harder for an encoder.

#include <xcb/xcb.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

namespace hindsight::test {

class NoiseScreen {
public:
    /// On $DISPLAY, unless another is named.
    explicit NoiseScreen(const char* display = nullptr)
        : connection_{xcb_connect(display, nullptr)} {
        const xcb_screen_t* screen =
            xcb_setup_roots_iterator(xcb_get_setup(connection_.get())).data;
        root_ = screen->root;
        depth_ = screen->root_depth;
        width_ = screen->width_in_pixels;
        pixels_.resize(std::size_t{width_} * kRows);
        context_ = xcb_generate_id(connection_.get());
        xcb_create_gc(connection_.get(), context_, root_, 0, nullptr);
    }

    /// Fills one strip of the screen.
    void paint(std::int16_t y) {
        for (std::uint32_t& pixel : pixels_) {
            seed_ = seed_ * 1'664'525u + 1'013'904'223u;
            pixel = seed_;
        }
        xcb_put_image(
            connection_.get(),
            XCB_IMAGE_FORMAT_Z_PIXMAP,
            root_,
            context_,
            width_,
            kRows,
            0,
            y,
            0,
            depth_,
            static_cast<std::uint32_t>(pixels_.size() * sizeof(std::uint32_t)),
            reinterpret_cast<const std::uint8_t*>(pixels_.data()));
        xcb_flush(connection_.get());
    }

    static constexpr std::uint16_t kRows = 40;

private:
    struct Disconnect {
        void operator()(xcb_connection_t* connection) const { xcb_disconnect(connection); }
    };

    std::unique_ptr<xcb_connection_t, Disconnect> connection_;
    xcb_window_t root_ = 0;
    xcb_gcontext_t context_ = 0;
    std::uint8_t depth_ = 24;
    std::uint16_t width_ = 0;
    std::uint32_t seed_ = 1;
    std::vector<std::uint32_t> pixels_;
};

}  // namespace hindsight::test
