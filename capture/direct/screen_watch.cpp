#include "xcb_handle.hpp"

#include <hindsight/direct/screen_watch.hpp>

#include <optional>
#include <utility>

namespace hindsight::direct {

namespace {

constexpr Duration kSettled = Duration::from_ms(300);

class X11ScreenWatch final : public ScreenWatch {
public:
    explicit X11ScreenWatch(ConnectionHandle connection) : connection_{std::move(connection)} {}

    [[nodiscard]] bool changed(MonoTime now) override {
        while (const Reply<xcb_generic_event_t> event{xcb_poll_for_event(connection_.get())})
            if ((event->response_type & 0x7f) == XCB_CONFIGURE_NOTIFY)
                changed_at_ = now;
        if (!changed_at_ || now - *changed_at_ < kSettled)
            return false;
        changed_at_.reset();
        return true;
    }

private:
    ConnectionHandle connection_;
    std::optional<MonoTime> changed_at_;
};

}  // namespace

std::unique_ptr<ScreenWatch> ScreenWatch::open() {
    int screen_number = 0;
    ConnectionHandle connection{xcb_connect(nullptr, &screen_number)};
    if (xcb_connection_has_error(connection.get()) != 0)
        return nullptr;
    auto screens = xcb_setup_roots_iterator(xcb_get_setup(connection.get()));
    for (; screens.rem > 1 && screen_number > 0; --screen_number)
        xcb_screen_next(&screens);
    if (screens.rem == 0)
        return nullptr;
    const std::uint32_t events = XCB_EVENT_MASK_STRUCTURE_NOTIFY;
    xcb_change_window_attributes(connection.get(), screens.data->root, XCB_CW_EVENT_MASK, &events);
    xcb_flush(connection.get());
    return std::make_unique<X11ScreenWatch>(std::move(connection));
}

}  // namespace hindsight::direct
