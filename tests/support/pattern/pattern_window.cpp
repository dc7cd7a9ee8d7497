#include "pattern_window.hpp"

#include "pattern_timing.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace hindsight::test {

namespace {

constexpr std::uint32_t kWhite = 0xffffff;
constexpr std::uint32_t kBlack = 0x000000;
constexpr std::uint32_t kGround = 0x203040;
constexpr std::uint32_t kBar = 0xd08020;
constexpr int kBarWidth = 48;
constexpr int kBarHeight = 40;

struct Freed {
    void operator()(void* p) const { std::free(p); }
};

xcb_atom_t atom(xcb_connection_t* connection, const char* name) {
    const std::unique_ptr<xcb_intern_atom_reply_t, Freed> reply{xcb_intern_atom_reply(
        connection,
        xcb_intern_atom(connection, 0, static_cast<std::uint16_t>(std::strlen(name)), name),
        nullptr)};
    return reply ? reply->atom : xcb_atom_t{XCB_ATOM_NONE};
}

}  // namespace

PatternWindow::PatternWindow(const WindowOptions& options)
    : connection_{xcb_connect(nullptr, nullptr)},
      width_{options.width},
      height_{options.height},
      strip_(static_cast<std::size_t>(kCells) * kCellPixels * kCellPixels) {
    if (!ok())
        return;
    const xcb_screen_t* screen = xcb_setup_roots_iterator(xcb_get_setup(connection_)).data;
    depth_ = screen->root_depth;
    window_ = xcb_generate_id(connection_);
    const std::uint32_t values[] = {
        screen->black_pixel, XCB_EVENT_MASK_EXPOSURE | XCB_EVENT_MASK_STRUCTURE_NOTIFY};
    xcb_create_window(
        connection_,
        XCB_COPY_FROM_PARENT,
        window_,
        screen->root,
        0,
        0,
        static_cast<std::uint16_t>(width_),
        static_cast<std::uint16_t>(height_),
        0,
        XCB_WINDOW_CLASS_INPUT_OUTPUT,
        screen->root_visual,
        XCB_CW_BACK_PIXEL | XCB_CW_EVENT_MASK,
        values);
    const auto set_text = [this](xcb_atom_t property, const char* text, std::size_t bytes) {
        xcb_change_property(
            connection_,
            XCB_PROP_MODE_REPLACE,
            window_,
            property,
            XCB_ATOM_STRING,
            8,
            static_cast<std::uint32_t>(bytes),
            text);
    };
    set_text(XCB_ATOM_WM_NAME, options.title.c_str(), options.title.size());
    constexpr char kClass[] = "hindsight-pattern\0hindsight-pattern";
    set_text(XCB_ATOM_WM_CLASS, kClass, sizeof kClass);
    delete_window_ = atom(connection_, "WM_DELETE_WINDOW");
    xcb_change_property(
        connection_,
        XCB_PROP_MODE_REPLACE,
        window_,
        atom(connection_, "WM_PROTOCOLS"),
        XCB_ATOM_ATOM,
        32,
        1,
        &delete_window_);
    gc_ = xcb_generate_id(connection_);
    const std::uint32_t no_exposures = 0;
    xcb_create_gc(connection_, gc_, window_, XCB_GC_GRAPHICS_EXPOSURES, &no_exposures);
    xcb_map_window(connection_, window_);
    xcb_flush(connection_);
}

PatternWindow::~PatternWindow() {
    xcb_disconnect(connection_);
}

bool PatternWindow::ok() const {
    return xcb_connection_has_error(connection_) == 0;
}

bool PatternWindow::handle_events() {
    for (;;) {
        const std::unique_ptr<xcb_generic_event_t, Freed> event{xcb_poll_for_event(connection_)};
        if (!event)
            return ok() && !closed_;
        switch (event->response_type & 0x7f) {
        case XCB_EXPOSE:
            background_stale_ = true;
            break;
        case XCB_CONFIGURE_NOTIFY: {
            const auto& change = reinterpret_cast<xcb_configure_notify_event_t&>(*event);
            if (change.width != width_ || change.height != height_)
                background_stale_ = true;
            width_ = change.width;
            height_ = change.height;
            break;
        }
        case XCB_CLIENT_MESSAGE:
            closed_ = reinterpret_cast<xcb_client_message_event_t&>(*event).data.data32[0] ==
                      delete_window_;
            break;
        case XCB_DESTROY_NOTIFY:
            closed_ = true;
            break;
        default:
            break;
        }
    }
}

void PatternWindow::fill(std::uint32_t color, int x, int y, int width, int height) {
    xcb_change_gc(connection_, gc_, XCB_GC_FOREGROUND, &color);
    const xcb_rectangle_t rectangle{
        static_cast<std::int16_t>(x),
        static_cast<std::int16_t>(y),
        static_cast<std::uint16_t>(width),
        static_cast<std::uint16_t>(height)};
    xcb_poly_fill_rectangle(connection_, window_, gc_, 1, &rectangle);
}

void PatternWindow::paint_background(bool flash) {
    if (background_stale_)
        fill(kGround, 0, kCellPixels, width_, height_ - kCellPixels);
    if (background_stale_ || flash != flash_shown_)
        fill(flash ? kWhite : kBlack, width_ / 8, height_ / 4, width_ * 3 / 4, height_ / 4);
    background_stale_ = false;
    flash_shown_ = flash;
}

void PatternWindow::paint(std::uint32_t counter, bool flash) {
    paint_background(flash);
    const int travel = std::max(1, width_ - kBarWidth);
    const int top = height_ * 3 / 4;
    fill(kGround, 0, top, width_, kBarHeight);
    fill(
        kBar,
        static_cast<int>(counter * 6 % static_cast<unsigned>(travel)),
        top,
        kBarWidth,
        kBarHeight);
    // The counter comes last and in one request, so that it can be seen only whole.
    constexpr int kStripWidth = kCells * kCellPixels;
    for (int cell = 0; cell < kCells; ++cell) {
        const bool white =
            cell == 0 || (cell > 1 && ((counter >> (kCounterBits + 1 - cell)) & 1) != 0);
        for (int row = 0; row < kCellPixels; ++row)
            std::fill_n(
                strip_.begin() + row * kStripWidth + cell * kCellPixels,
                kCellPixels,
                white ? kWhite : kBlack);
    }
    xcb_put_image(
        connection_,
        XCB_IMAGE_FORMAT_Z_PIXMAP,
        window_,
        gc_,
        kStripWidth,
        kCellPixels,
        0,
        0,
        0,
        depth_,
        static_cast<std::uint32_t>(strip_.size() * sizeof(std::uint32_t)),
        reinterpret_cast<const std::uint8_t*>(strip_.data()));
    xcb_flush(connection_);
}

}  // namespace hindsight::test
