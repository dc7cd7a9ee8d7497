// The shortcuts of a Session: which there are, and what is told of them.

#include "session.hpp"

#include <hindsight/core/program_names.hpp>
#include <hindsight/hotkey/shortcut.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hindsight::input {

namespace {

/// Both copies of one press, from the grab and from the raw stream, carry the same server time.
MonoTime to_millisecond(MonoTime t) {
    return MonoTime::from_ns(t.ns() / 1'000'000 * 1'000'000);
}

/// What counts while it is held is held, and nothing else.
Result<hotkey::Shortcut> shortcut_of(const ipc::Hotkey& wanted) {
    if (!wanted.hold)
        return hotkey::parse_shortcut(wanted.chord);
    HINDSIGHT_ASSIGN(const hotkey::Chord chord, hotkey::parse_chord(wanted.chord));
    return hotkey::Shortcut{.chord = chord};
}

}  // namespace

void Session::set_hotkeys(const ipc::SetHotkeys& wanted) {
    hotkeys_ = wanted.hotkeys;
    // A chord that is watched leaves the others theirs, so they come first.
    std::stable_partition(
        hotkeys_.begin(), hotkeys_.end(), [](const ipc::Hotkey& hotkey) { return !hotkey.hold; });
    never_in_ = wanted.never_in;
    hotkeys_off_ = names_program(never_in_, focus_.executable, focus_.wm_class);
    told_hotkeys_.clear();
    grab_hotkeys();
}

void Session::on_focus(const ipc::FocusChanged& focus) {
    outbox_.send(focus);
    focus_ = focus;
    const bool off = names_program(never_in_, focus_.executable, focus_.wm_class);
    if (std::exchange(hotkeys_off_, off) != off)
        grab_hotkeys();
}

void Session::grab_hotkeys() {
    std::vector<hotkey::HotkeyMatcher::Entry> entries;
    std::vector<hotkey::PadChords::Entry> pad_entries;
    if (grabber_ != nullptr)
        grabber_->ungrab_all();
    for (const ipc::Hotkey& wanted : hotkeys_) {
        const auto shortcut = shortcut_of(wanted);
        if (!shortcut) {
            report_hotkey(wanted, shortcut.error().what);
            continue;
        }
        if (!shortcut->buttons.empty()) {
            if (!hotkeys_off_)
                pad_entries.push_back(
                    {.id = wanted.id, .buttons = shortcut->buttons, .way = shortcut->way});
            report_hotkey(wanted, "");
            continue;
        }
        if (grabber_ == nullptr) {
            report_hotkey(
                wanted,
                fmt::format(
                    "{} needs an X11 display; bind 'hindsightctl save' to a key in the settings of "
                    "the desktop",
                    wanted.chord));
            continue;
        }
        // Whether it is free will be known when it is wanted again.
        if (hotkeys_off_)
            continue;
        const auto taking = wanted.hold ? hotkey::Taking::Watch : hotkey::Taking::Swallow;
        if (const auto grabbed = grabber_->grab(shortcut->chord, taking); !grabbed) {
            const std::string other = hotkey::alternative_shortcut(wanted.chord);
            report_hotkey(
                wanted,
                fmt::format(
                    "{} is used by another program; choose another shortcut{}{}",
                    wanted.chord,
                    other.empty() ? "" : ", for example ",
                    other));
            continue;
        }
        entries.push_back(
            {.id = wanted.id, .chord = shortcut->chord, .hold = wanted.hold, .way = shortcut->way});
        report_hotkey(wanted, "");
    }
    matcher_.set(std::move(entries));
    pad_chords_.set(pad_entries);
}

void Session::settle_hotkeys() {
    const MonoTime now = clock_.now();
    while (const auto fired = matcher_.settle(now))
        tell(fired);
    while (const auto fired = pad_chords_.settle(now))
        tell(fired);
}

void Session::tell(const std::optional<hotkey::Fired>& fired) {
    if (fired)
        outbox_.send(ipc::HotkeyPressed{.id = fired->id, .t_ns = fired->t.ns()});
}

/// A grab that lasted as long as its key is held would take the whole keyboard from the game. So
/// the server is asked whether the key is down, which no lost event and no other program's grab
/// belies.
void Session::end_held_hotkeys() {
    for (const Control key : matcher_.held_keys()) {
        if (display_ == nullptr || !display_->is_down(key))
            matcher_.end_held(key);
    }
    for (const std::string& id : matcher_.take_ended())
        outbox_.send(ipc::HotkeyReleased{.id = id});
    grab_held_hotkeys();
}

/// Their presses are waited for with a grab, unless raw input tells of them; while one is held,
/// each repetition of its key would set the grab off for nothing.
void Session::grab_held_hotkeys() {
    if (grabber_ == nullptr)
        return;
    const bool told = core_.focused() && display_->raw_supported();
    const std::vector<Control> held = matcher_.held_keys();
    for (const hotkey::HotkeyMatcher::Entry& entry : matcher_.entries()) {
        if (!entry.hold)
            continue;
        const bool is_held = std::find(held.begin(), held.end(), entry.chord.key) != held.end();
        if (told || is_held)
            grabber_->ungrab(entry.chord);
        else if (!grabber_->grab(entry.chord, hotkey::Taking::Watch))
            return grab_hotkeys();  // somebody else has taken it meanwhile: that is to be told
    }
}

void Session::report_hotkey(const ipc::Hotkey& hotkey, const std::string& what) {
    const auto [told, first] = told_hotkeys_.try_emplace(hotkey.id, what);
    if (!first && std::exchange(told->second, what) == what)
        return;
    if (!what.empty())
        log_.warn("shortcut '{}': {}", hotkey.id, what);
    outbox_.send(ipc::HotkeyState{.id = hotkey.id, .available = what.empty(), .what = what});
}

void Session::press_hotkey(Control key, hotkey::Modifiers modifiers, MonoTime t) {
    tell(matcher_.on_press(key, modifiers, to_millisecond(t)));
}

bool Session::release_hotkey(Control key, MonoTime t) {
    return matcher_.on_release(key, to_millisecond(t));
}

}  // namespace hindsight::input
