#include "x11_cursor.hpp"

#include <algorithm>

namespace hindsight::direct {

X11Cursor::X11Cursor(xcb_connection_t* connection, xcb_window_t root) : connection_{connection} {
    const auto* extension = xcb_get_extension_data(connection_, &xcb_xfixes_id);
    if (extension == nullptr || extension->present == 0)
        return;
    const Reply<xcb_xfixes_query_version_reply_t> version{xcb_xfixes_query_version_reply(
        connection_, xcb_xfixes_query_version(connection_, 4, 0), nullptr)};
    if (!version)
        return;
    available_ = true;
    first_event_ = extension->first_event;
    xcb_xfixes_select_cursor_input(connection_, root, XCB_XFIXES_CURSOR_NOTIFY_MASK_DISPLAY_CURSOR);
}

bool X11Cursor::handle(const xcb_generic_event_t& event) {
    if (!available_ || (event.response_type & 0x7f) != first_event_ + XCB_XFIXES_CURSOR_NOTIFY)
        return false;
    image_stale_ = true;
    return true;
}

void X11Cursor::request(xcb_window_t window) {
    pending_ = xcb_query_pointer(connection_, window);
}

bool X11Cursor::receive() {
    xcb_generic_error_t* error = nullptr;
    const Reply<xcb_query_pointer_reply_t> reply{
        xcb_query_pointer_reply(connection_, pending_, &error)};
    const Reply<xcb_generic_error_t> refused{error};
    if (!reply)
        return false;
    const bool inside = reply->same_screen != 0;
    bool changed = inside != inside_ || (inside && (reply->win_x != x_ || reply->win_y != y_));
    inside_ = inside;
    x_ = reply->win_x;
    y_ = reply->win_y;
    if (image_stale_) {
        image_stale_ = false;
        fetch_image();
        changed = true;
    }
    return changed;
}

void X11Cursor::fetch_image() {
    const Reply<xcb_xfixes_get_cursor_image_reply_t> reply{xcb_xfixes_get_cursor_image_reply(
        connection_, xcb_xfixes_get_cursor_image(connection_), nullptr)};
    image_.clear();
    if (!reply)
        return;
    image_size_ = {reply->width, reply->height};
    hot_x_ = reply->xhot;
    hot_y_ = reply->yhot;
    const std::uint32_t* pixels = xcb_xfixes_get_cursor_image_cursor_image(reply.get());
    image_.assign(pixels, pixels + xcb_xfixes_get_cursor_image_cursor_image_length(reply.get()));
}

void X11Cursor::draw(std::uint8_t* pixels, PictureSize size, int origin_x, int origin_y) const {
    if (!inside_ || image_.empty())
        return;
    const int left = x_ - hot_x_ - origin_x;
    const int top = y_ - hot_y_ - origin_y;
    for (int row = std::max(0, -top); row < std::min(image_size_.height, size.height - top); ++row)
        for (int column = std::max(0, -left);
             column < std::min(image_size_.width, size.width - left);
             ++column) {
            const std::uint32_t color = image_
                [static_cast<std::size_t>(row) * static_cast<std::size_t>(image_size_.width) +
                 static_cast<std::size_t>(column)];
            const std::uint32_t keep = 255 - (color >> 24);
            std::uint8_t* at =
                pixels + (static_cast<std::ptrdiff_t>(top + row) * size.width + left + column) * 4;
            for (int channel = 0; channel < 3; ++channel) {
                const std::uint32_t over = (color >> (8 * channel)) & 0xff;
                at[channel] = static_cast<std::uint8_t>(
                    std::min(255u, over + (at[channel] * keep + 127) / 255));
            }
        }
}

}  // namespace hindsight::direct
