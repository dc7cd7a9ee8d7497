#include "x_witness.hpp"

#include "report.hpp"
#include "server_time.hpp"
#include "x_display.hpp"

#include <poll.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace hindsight::bench {

namespace {

using arena::Action;

constexpr int kLookEveryMs = 50;

/// As the bot plays (program/x11_bot.cpp), in the order of Action.
constexpr std::array<std::string_view, static_cast<std::size_t>(Action::Count)> kControls{
    "W",
    "S",
    "A",
    "D",
    "Left",
    "Right",
    "Mouse1",
    "E",
    "Space",
    "Left Shift",
    "1",
    "2",
    "3",
    "WheelUp",
    "WheelDown"};

std::optional<Action> action_of(const input::RawEvent& event) {
    if (!event.down && event.kind != input::RawEvent::Kind::Wheel)
        return std::nullopt;
    for (std::size_t a = 0; a < kControls.size(); ++a)
        if (hotkey::control_from_name(kControls[a]) == event.control)
            return static_cast<Action>(a);
    return std::nullopt;
}

}  // namespace

XWitness::XWitness() {
    display_ = need(input::XDisplay::connect(), "listening to the X server");
    display_->select_raw(true);
    xcb_flush(display_->connection());
    thread_ = std::thread{[this] { run(); }};
}

XWitness::~XWitness() {
    static_cast<void>(stop());
}

const std::vector<SeenPress>& XWitness::stop() {
    stop_ = true;
    if (thread_.joinable())
        thread_.join();
    return presses_;
}

void XWitness::run() {
    const SystemClock clock;
    pollfd ready{
        .fd = xcb_get_file_descriptor(display_->connection()), .events = POLLIN, .revents = 0};
    while (!stop_) {
        ::poll(&ready, 1, kLookEveryMs);
        for (;;) {
            const std::unique_ptr<xcb_generic_event_t, decltype(&std::free)> event{
                xcb_poll_for_event(display_->connection()), &std::free};
            if (!event)
                break;
            const auto raw = display_->decode(*event);
            const MonoTime arrival = clock.now();
            if (const auto action = raw ? action_of(*raw) : std::nullopt)
                presses_.push_back(
                    {*action, input::from_server_time(raw->server_ms, arrival), arrival});
        }
    }
}

}  // namespace hindsight::bench
