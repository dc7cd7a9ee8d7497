#pragma once

// The whole of hindsight-input: joins the display, controllers and the channel to hindsightd in one
// loop, until that channel ends.

#include "input_core.hpp"
#include "outbox.hpp"
#include "pad_reader.hpp"
#include "x_display.hpp"

#include <hindsight/core/log.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/game/focus_watcher.hpp>
#include <hindsight/hotkey/hotkey_matcher.hpp>
#include <hindsight/hotkey/key_grabber.hpp>
#include <hindsight/hotkey/pad_chords.hpp>
#include <hindsight/ipc/messages.hpp>

#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace hindsight::input {

/// Sends over the channel; what the other side does not read in time waits, within bounds.
class ChannelOutbox final : public Outbox {
public:
    explicit ChannelOutbox(ipc::Channel& channel) : channel_{channel} {}

    void flush();

    [[nodiscard]] bool waiting() const { return !pending_.empty(); }

protected:
    void send_text(std::string text) override;

private:
    static constexpr std::size_t kMaxPending = 4096;

    ipc::Channel& channel_;
    std::deque<std::string> pending_;
};

/// One thread [input], but for PadReader's own. `clock` outlives this.
class Session {
public:
    Session(ipc::Channel channel, const Clock& clock, Log log);

    /// Returns when the channel has ended.
    void run();

private:
    struct FreeC {
        void operator()(void* p) const noexcept { std::free(p); }
    };

    using EventHandle = std::unique_ptr<xcb_generic_event_t, FreeC>;

    void wait_for_events();
    [[nodiscard]] int timeout_ms() const;
    [[nodiscard]] bool event_waits();
    [[nodiscard]] bool read_channel();
    void handle(const ipc::Message& message);
    void send_windows(const std::string& request);
    void set_hotkeys(const ipc::SetHotkeys& wanted);
    void on_focus(const ipc::FocusChanged& focus);
    void grab_hotkeys();
    void end_held_hotkeys();
    void settle_hotkeys();
    void tell(const std::optional<hotkey::Fired>& fired);
    void grab_held_hotkeys();
    void report_hotkey(const ipc::Hotkey& hotkey, const std::string& what);

    void connect_display();
    void lose_display();
    void read_display();
    void on_core_event(const xcb_generic_event_t& event);
    void on_raw(const RawEvent& event);
    void on_raw_key(const RawEvent& event, MonoTime t);
    void on_input(bool has_input);
    void resync();
    void press_hotkey(Control key, hotkey::Modifiers modifiers, MonoTime t);
    bool release_hotkey(Control key, MonoTime t);  ///< as HotkeyMatcher::on_release()

    void read_pads();
    void report_health();

    ipc::Channel channel_;
    const Clock& clock_;
    Log log_;
    ChannelOutbox outbox_;
    InputCore core_;
    hotkey::HotkeyMatcher matcher_;
    hotkey::ModifierTracker modifiers_;
    hotkey::PadChords pad_chords_;
    std::vector<ipc::Hotkey> hotkeys_;
    std::map<std::string, std::string> told_hotkeys_;  ///< what HotkeyState said last of each
    std::vector<std::string> never_in_;
    ipc::FocusChanged focus_;
    bool hotkeys_off_ = false;  ///< a program of never_in_ has the focus
    std::uint32_t game_ = 0;
    int pads_connected_ = 0;
    bool window_manager_ = false;
    MonoTime next_connect_ = MonoTime::min();
    std::unique_ptr<XDisplay> display_;
    EventHandle next_event_;
    std::unique_ptr<hotkey::KeyGrabber> grabber_;  ///< uses display_
    std::unique_ptr<game::FocusWatcher> watcher_;  ///< uses display_
    PadReader pads_;
};

}  // namespace hindsight::input
