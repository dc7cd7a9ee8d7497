#include "session.hpp"

#include "server_time.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

namespace hindsight::input {

namespace {

constexpr int kBusyTickMs = 100;
constexpr int kIdleTickMs = 500;
/// How late the end of a held shortcut, or what a press means, may be noticed.
constexpr int kHeldTickMs = 25;
constexpr std::size_t kMaxListBytes = 100u << 10;
constexpr Duration kReconnect = Duration::from_ms(2'000);

bool variable_set(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
}

}  // namespace

void ChannelOutbox::send_text(std::string text) {
    flush();
    if (pending_.empty()) {
        const auto sent = channel_.send_text(text);
        if (sent || sent.error().code != Errc::Busy)
            return;
    }
    if (pending_.size() < kMaxPending)
        pending_.push_back(std::move(text));
}

void ChannelOutbox::flush() {
    while (!pending_.empty()) {
        const auto sent = channel_.send_text(pending_.front());
        if (!sent && sent.error().code == Errc::Busy)
            return;
        pending_.pop_front();
    }
}

Session::Session(ipc::Channel channel, const Clock& clock, Log log)
    : channel_{std::move(channel)},
      clock_{clock},
      log_{std::move(log)},
      outbox_{channel_},
      core_{outbox_},
      pads_{clock, log} {}

void Session::run() {
    connect_display();
    report_health();
    do {
        core_.tick(clock_.now());
        wait_for_events();
        outbox_.flush();
        read_display();
        end_held_hotkeys();
        read_pads();
        settle_hotkeys();
    } while (read_channel());
}

int Session::timeout_ms() const {
    if (!matcher_.held_keys().empty() || matcher_.waits() || pad_chords_.waits())
        return kHeldTickMs;
    return core_.idle() ? kIdleTickMs : kBusyTickMs;
}

void Session::wait_for_events() {
    if (display_ != nullptr)
        xcb_flush(display_->connection());
    const short channel_events = outbox_.waiting() ? POLLIN | POLLOUT : POLLIN;
    std::array<pollfd, 3> fds{
        {{.fd = channel_.fd(), .events = channel_events, .revents = 0},
         {.fd = pads_.fd(), .events = POLLIN, .revents = 0},
         {.fd = display_ == nullptr ? -1 : xcb_get_file_descriptor(display_->connection()),
          .events = POLLIN,
          .revents = 0}}};
    ::poll(fds.data(), fds.size(), event_waits() ? 0 : timeout_ms());
}

/// Whoever waits for an answer of the server may have read events before it: no descriptor tells of
/// those.
bool Session::event_waits() {
    if (display_ != nullptr && next_event_ == nullptr)
        next_event_.reset(xcb_poll_for_queued_event(display_->connection()));
    return next_event_ != nullptr;
}

bool Session::read_channel() {
    ipc::Message message;
    for (;;) {
        switch (channel_.receive(message)) {
        case ipc::Channel::ReceiveStatus::Message:
            handle(message);
            break;
        case ipc::Channel::ReceiveStatus::Empty:
            return true;
        case ipc::Channel::ReceiveStatus::Closed:
            return false;
        }
    }
}

void Session::handle(const ipc::Message& message) {
    if (message.is<ipc::SetProfile>()) {
        if (const auto profile = message.as<ipc::SetProfile>()) {
            core_.set_profile(*profile, clock_.now());
            resync();
        }
    } else if (message.is<ipc::SetGame>()) {
        if (const auto game = message.as<ipc::SetGame>()) {
            game_ = game->window;
            if (watcher_ != nullptr)
                watcher_->watch(game_);
        }
    } else if (message.is<ipc::SetGrid>()) {
        const auto grid = message.as<ipc::SetGrid>();
        if (grid && grid->fps_num > 0 && grid->fps_den > 0)
            core_.set_grid(
                {.origin = MonoTime::from_ns(grid->origin_ns),
                 .fps = {.num = grid->fps_num, .den = grid->fps_den}});
    } else if (message.is<ipc::SetHotkeys>()) {
        if (const auto hotkeys = message.as<ipc::SetHotkeys>())
            set_hotkeys(*hotkeys);
    } else if (message.is<ipc::ListWindows>()) {
        if (const auto list = message.as<ipc::ListWindows>())
            send_windows(list->request);
    }
}

void Session::send_windows(const std::string& request) {
    ipc::WindowList list;
    list.request = request;
    if (watcher_ != nullptr)
        list.windows = watcher_->list_windows();
    // Other programs choose their titles, and a message has a limit.
    while (!list.windows.empty() && ipc::encode(list).size() > kMaxListBytes)
        list.windows.pop_back();
    outbox_.send(list);
}

void Session::connect_display() {
    next_connect_ = clock_.now() + kReconnect;
    auto display = XDisplay::connect();
    if (!display)
        return;
    display_ = *std::move(display);
    grabber_ = std::make_unique<hotkey::KeyGrabber>(display_->connection(), display_->root());
    watcher_ = std::make_unique<game::FocusWatcher>(
        display_->connection(),
        display_->root(),
        game::FocusWatcher::Callbacks{
            .focus = [this](const ipc::FocusChanged& focus) { on_focus(focus); },
            .closed = [this](const ipc::WindowClosed& closed) { outbox_.send(closed); },
            .input = [this](bool has_input) { on_input(has_input); },
            // The raw press of a chord arrives before the grab that it sets off is told.
            .own_shortcut = [this] { return matcher_.holds_any(); },
            .window_manager =
                [this](bool there) {
                    window_manager_ = there;
                    report_health();
                }});
    if (const auto started = watcher_->start(); !started) {
        lose_display();
        return;
    }
    grab_hotkeys();
    watcher_->watch(game_);
}

void Session::lose_display() {
    log_.warn("the display is gone; shortcuts and keyboard actions wait for it");
    on_input(false);
    watcher_.reset();
    grabber_.reset();
    next_event_.reset();
    display_.reset();
    window_manager_ = false;
    // Windows of that server are gone for good.
    if (game_ != 0)
        outbox_.send(ipc::WindowClosed{.window = std::exchange(game_, 0u)});
    on_focus({});
    grab_hotkeys();
    report_health();
}

void Session::read_display() {
    if (display_ == nullptr) {
        if (clock_.now() < next_connect_)
            return;
        connect_display();
        if (display_ == nullptr)
            return;
        report_health();
    }
    for (;;) {
        const EventHandle event{
            event_waits() ? next_event_.release() : xcb_poll_for_event(display_->connection())};
        if (event == nullptr)
            break;
        if (const auto raw = display_->decode(*event)) {
            watcher_->settle();
            on_raw(*raw);
        } else {
            on_core_event(*event);
        }
        // The library frees the event; what it said about a key goes with it.
        ::explicit_bzero(static_cast<void*>(event.get()), sizeof(xcb_generic_event_t));
    }
    watcher_->settle();
    if (!display_->alive())
        lose_display();
}

void Session::on_core_event(const xcb_generic_event_t& event) {
    const auto type = event.response_type & 0x7f;
    if (type != XCB_KEY_PRESS && type != XCB_KEY_RELEASE) {
        watcher_->on_event(&event);
        return;
    }
    const auto& key = reinterpret_cast<const xcb_key_press_event_t&>(event);
    const MonoTime t = from_server_time(key.time, clock_.now());
    const auto control = static_cast<Control>(key.detail - 8);
    if (type == XCB_KEY_PRESS) {
        press_hotkey(control, grabber_->modifiers(key.state), t);
        grabber_->pass_on();
    } else {
        release_hotkey(control, t);
    }
}

void Session::on_raw(const RawEvent& event) {
    // A late event of a selection that has ended.
    if (!core_.focused())
        return;
    const MonoTime t = from_server_time(event.server_ms, clock_.now());
    switch (event.kind) {
    case RawEvent::Kind::Key:
        on_raw_key(event, t);
        break;
    case RawEvent::Kind::Button:
        core_.button(event.control, event.down, t);
        break;
    case RawEvent::Kind::Wheel:
        core_.wheel(event.control, t);
        break;
    case RawEvent::Kind::Motion:
        core_.motion(event.dx, event.dy, t);
        break;
    case RawEvent::Kind::DevicesChanged:
        resync();
        break;
    }
}

void Session::on_raw_key(const RawEvent& event, MonoTime t) {
    modifiers_.on_key(event.control, event.down);
    if (event.down) {
        press_hotkey(event.control, modifiers_.current(), t);
        // The chord is ours: the game does not see the key, so it is no action.
        if (matcher_.owns(event.control))
            return;
    } else if (release_hotkey(event.control, t)) {
        return;
    }
    core_.key(event.control, event.down, t);
}

void Session::on_input(bool has_input) {
    const MonoTime now = clock_.now();
    pads_.set_active(has_input);
    if (!has_input) {
        if (display_ != nullptr && display_->alive())
            display_->select_raw(false);
        core_.focus_lost(now);
        modifiers_.clear();
        matcher_.resync({});
        return;
    }
    display_->select_raw(true);
    core_.focus_gained(now, {});
    resync();
}

void Session::resync() {
    if (!core_.focused() || display_ == nullptr)
        return;
    std::vector<Control> held = display_->held();
    modifiers_.clear();
    for (const Control control : held)
        modifiers_.on_key(control, true);
    matcher_.resync(held);
    // Not erased: what erasing leaves behind the end would stay in memory.
    const auto end = std::partition(
        held.begin(), held.end(), [this](Control control) { return !matcher_.owns(control); });
    core_.resync(clock_.now(), {held.begin(), end});
    if (!held.empty())
        ::explicit_bzero(static_cast<void*>(held.data()), held.size() * sizeof(Control));
}

void Session::read_pads() {
    for (const PadEvent& event : pads_.take()) {
        switch (event.kind) {
        case PadEvent::Kind::Button:
            for (const hotkey::Fired& fired :
                 pad_chords_.on_button(event.control, event.down, event.t))
                tell(fired);
            // The game sees the buttons of a chord as well.
            core_.button(event.control, event.down, event.t);
            break;
        case PadEvent::Kind::Trigger:
            core_.trigger(event.control, event.x, event.t);
            break;
        case PadEvent::Kind::Stick:
            core_.stick(event.control, event.x, event.y, event.t);
            break;
        case PadEvent::Kind::Count:
            pads_connected_ = static_cast<int>(event.x);
            outbox_.send(ipc::ControllerState{.connected = pads_connected_});
            break;
        }
    }
}

void Session::report_health() {
    ipc::InputHealth health;
    health.display = display_ != nullptr;
    health.raw_input = health.display && display_->raw_supported();
    health.window_manager = window_manager_;
    health.wayland = variable_set("WAYLAND_DISPLAY");
    health.controllers = pads_.works();
    if (!health.display)
        health.what = "there is no X11 display, so shortcuts and keyboard actions do not work; "
                      "start Hindsight from the desktop";
    else if (!health.raw_input)
        health.what = "this X server lacks XInput 2.2, so keyboard actions are not recorded";
    else if (health.wayland)
        health.what = "in a Wayland session only X11 windows (most games) are seen";
    else if (!health.window_manager)
        health.what = "there is no window manager, so the focus is taken from the X server alone";
    outbox_.send(health);
}

}  // namespace hindsight::input
