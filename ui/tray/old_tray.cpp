#include "old_tray.hpp"

#include <hindsight/core/handle.hpp>

#include <xcb/xcb.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace hindsight::ui {

namespace {

using XConnection = UniqueHandle<xcb_connection_t, xcb_disconnect>;
template <class T>
using XReply = UniqueHandle<T, std::free>;

}  // namespace

bool old_tray_is_there() {
    int screen = 0;
    const XConnection x{xcb_connect(nullptr, &screen)};
    if (xcb_connection_has_error(x.get()) != 0)
        return false;
    const std::string name = "_NET_SYSTEM_TRAY_S" + std::to_string(screen);
    const auto length = static_cast<std::uint16_t>(name.size());
    const auto asked = xcb_intern_atom(x.get(), 1, length, name.c_str());
    const XReply<xcb_intern_atom_reply_t> atom{xcb_intern_atom_reply(x.get(), asked, nullptr)};
    if (!atom || atom->atom == XCB_ATOM_NONE)
        return false;
    const auto owner = xcb_get_selection_owner(x.get(), atom->atom);
    const XReply<xcb_get_selection_owner_reply_t> reply{
        xcb_get_selection_owner_reply(x.get(), owner, nullptr)};
    return reply && reply->owner != XCB_WINDOW_NONE;
}

}  // namespace hindsight::ui
