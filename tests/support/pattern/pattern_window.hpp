#pragma once

#include <xcb/xcb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hindsight::test {

struct WindowOptions {
    int width = 640;
    int height = 360;
    std::string title = "Hindsight pattern";
};

/// The window that shows the counter (cells of 16x16 at its top left), a flash area and something
/// that moves.
class PatternWindow {
public:
    explicit PatternWindow(const WindowOptions& options);
    ~PatternWindow();
    PatternWindow(const PatternWindow&) = delete;
    PatternWindow& operator=(const PatternWindow&) = delete;

    [[nodiscard]] bool ok() const;

    [[nodiscard]] xcb_window_t id() const { return window_; }

    /// Follows resizes; false when the window or the server is gone.
    bool handle_events();

    void paint(std::uint32_t counter, bool flash);

private:
    void fill(std::uint32_t color, int x, int y, int width, int height);
    void paint_background(bool flash);

    xcb_connection_t* connection_;
    xcb_window_t window_ = 0;
    xcb_gcontext_t gc_ = 0;
    xcb_atom_t delete_window_ = 0;
    std::uint8_t depth_ = 24;
    int width_;
    int height_;
    bool closed_ = false;
    bool background_stale_ = true;
    bool flash_shown_ = false;
    std::vector<std::uint32_t> strip_;
};

}  // namespace hindsight::test
