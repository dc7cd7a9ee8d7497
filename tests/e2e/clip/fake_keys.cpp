#include "fake_keys.hpp"

#include <xcb/xtest.h>

#include <cstdlib>

namespace hindsight::test {

Result<FakeKeys> FakeKeys::connect(const std::string& display) {
    Connection connection{xcb_connect(display.c_str(), nullptr)};
    if (xcb_connection_has_error(connection.get()) != 0)
        return fail(Errc::External, "cannot connect to display " + display);
    const auto* extension = xcb_get_extension_data(connection.get(), &xcb_test_id);
    if (extension == nullptr || extension->present == 0)
        return fail(Errc::External, "the display has no XTEST");
    return FakeKeys{std::move(connection)};
}

FakeKeys::Moment FakeKeys::press(std::uint8_t keycode) {
    return inject(XCB_KEY_PRESS, keycode);
}

FakeKeys::Moment FakeKeys::release(std::uint8_t keycode) {
    return inject(XCB_KEY_RELEASE, keycode);
}

FakeKeys::Moment FakeKeys::inject(std::uint8_t type, std::uint8_t keycode) {
    const SystemClock clock;
    const MonoTime earliest = clock.now();
    xcb_test_fake_input(connection_.get(), type, keycode, XCB_CURRENT_TIME, XCB_NONE, 0, 0, 0);
    // Requests are answered in order, so a reply to the next means that the event has happened.
    std::free(xcb_get_input_focus_reply(
        connection_.get(), xcb_get_input_focus(connection_.get()), nullptr));
    return {.earliest = earliest, .latest = clock.now()};
}

}  // namespace hindsight::test
