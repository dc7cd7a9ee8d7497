#pragma once

// Keys by XTEST, with the moment they went down known to a fraction of a millisecond.

#include <hindsight/core/handle.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>

#include <xcb/xcb.h>

#include <cstdint>
#include <memory>
#include <string>

namespace hindsight::test {

class FakeKeys {
public:
    /// Errors: External (no such display, or no XTEST).
    static Result<FakeKeys> connect(const std::string& display);

    /// The server acted on the event between these two moments.
    struct Moment {
        MonoTime earliest;
        MonoTime latest;
    };

    /// `keycode` of X: that of evdev plus 8.
    Moment press(std::uint8_t keycode);
    Moment release(std::uint8_t keycode);

private:
    using Connection = UniqueHandle<xcb_connection_t, xcb_disconnect>;

    explicit FakeKeys(Connection connection) : connection_{std::move(connection)} {}

    Moment inject(std::uint8_t type, std::uint8_t keycode);

    Connection connection_;
};

}  // namespace hindsight::test
