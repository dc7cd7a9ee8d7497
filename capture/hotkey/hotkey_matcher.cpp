#include <hindsight/hotkey/hotkey_matcher.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace hindsight::hotkey {

namespace {

/// Servers repeat a held key as release and press at the same moment; no finger is that fast.
constexpr Duration kRepeatGap = Duration::from_ms(3);

std::string lower(std::string_view text) {
    std::string result{text};
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

bool add_modifier(const std::string& name, Modifiers& modifiers) {
    if (name == "ctrl" || name == "control")
        modifiers.ctrl = true;
    else if (name == "alt")
        modifiers.alt = true;
    else if (name == "shift")
        modifiers.shift = true;
    else if (name == "super" || name == "meta" || name == "win")
        modifiers.super = true;
    else
        return false;
    return true;
}

std::optional<Control> key_by_loose_name(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kAliases{{
        {"esc", "Escape"},
        {"enter", "Return"},
        {"del", "Delete"},
        {"ins", "Insert"},
        {"pgup", "Page Up"},
        {"pgdown", "Page Down"},
        {"print", "Print Screen"},
        {"pageup", "Page Up"},
        {"pagedown", "Page Down"},
    }};
    const std::string wanted = lower(text);
    for (const auto& [alias, name] : kAliases) {
        if (wanted == alias)
            return control_from_name(name);
    }
    for (const std::string_view name : all_control_names()) {
        if (lower(name) == wanted)
            return control_from_name(name);
    }
    return std::nullopt;
}

bool is_modifier(Control key) {
    using namespace controls;
    return key == kLeftCtrl || key == kRightCtrl || key == kLeftAlt || key == kRightAlt ||
           key == kLeftShift || key == kRightShift || key == kLeftSuper || key == kRightSuper;
}

bool contains(const Modifiers& held, const Modifiers& wanted) {
    return (held.ctrl || !wanted.ctrl) && (held.alt || !wanted.alt) &&
           (held.shift || !wanted.shift) && (held.super || !wanted.super);
}

/// The text before and after the last '+' that separates (so that "Ctrl++" names the plus).
std::pair<std::string_view, std::string_view> split_last(std::string_view text) {
    const std::size_t at =
        text.size() < 2 ? std::string_view::npos : text.rfind('+', text.size() - 2);
    if (at == std::string_view::npos)
        return {"", trimmed(text)};
    return {text.substr(0, at), trimmed(text.substr(at + 1))};
}

}  // namespace

Result<Chord> parse_chord(std::string_view text) {
    const auto [head, key_name] = split_last(trimmed(text));
    Chord chord;
    std::string_view rest = head;
    while (!rest.empty()) {
        const std::size_t plus = rest.find('+');
        const std::string_view name = trimmed(rest.substr(0, plus));
        if (!add_modifier(lower(name), chord.modifiers))
            return fail(
                Errc::InvalidArgument,
                fmt::format("'{}' is no key to hold; use Ctrl, Alt, Shift or Super", name));
        rest = plus == std::string_view::npos ? "" : rest.substr(plus + 1);
    }
    const auto key = key_by_loose_name(key_name);
    if (!key || *key >= controls::kMouse1 || is_modifier(*key))
        return fail(
            Errc::InvalidArgument,
            fmt::format("'{}' is no key for a shortcut; write for example Alt+F10", key_name));
    const Modifiers& held = chord.modifiers;
    if (is_printable(*key) && !held.ctrl && !held.alt && !held.super)
        return fail(
            Errc::InvalidArgument,
            fmt::format("'{}' alone would fire while typing; add Ctrl, Alt or Super", text));
    chord.key = *key;
    return chord;
}

std::string alternative_chord(std::string_view text) {
    const auto chord = parse_chord(text);
    const Modifiers suggestion{.ctrl = true, .alt = false, .shift = true, .super = false};
    if (!chord || chord->modifiers == suggestion)
        return "";
    return fmt::format("Ctrl+Shift+{}", split_last(trimmed(text)).second);
}

bool ModifierTracker::on_key(Control key, bool down) {
    static constexpr std::array<Control, 8> kKeys{
        controls::kLeftCtrl,
        controls::kRightCtrl,
        controls::kLeftAlt,
        controls::kRightAlt,
        controls::kLeftShift,
        controls::kRightShift,
        controls::kLeftSuper,
        controls::kRightSuper};
    const auto* const found = std::find(kKeys.begin(), kKeys.end(), key);
    if (found == kKeys.end())
        return false;
    const auto bit = static_cast<std::uint8_t>(1u << (found - kKeys.begin()));
    down_ = static_cast<std::uint8_t>(down ? down_ | bit : down_ & ~bit);
    return true;
}

Modifiers ModifierTracker::current() const {
    return {
        .ctrl = (down_ & 0x03) != 0,
        .alt = (down_ & 0x0c) != 0,
        .shift = (down_ & 0x30) != 0,
        .super = (down_ & 0xc0) != 0};
}

void HotkeyMatcher::set(std::vector<Entry> entries) {
    for (State& state : states_)
        state.down = false;
    ended_ = take_ended();
    entries_ = std::move(entries);
    states_.assign(entries_.size(), {});
    for (const Entry& entry : entries_)
        states_[find(entry.chord.key, entry.chord.modifiers)].ways.add(entry.way, entry.id);
}

std::size_t HotkeyMatcher::find(Control key, Modifiers modifiers) const {
    const auto exact = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.chord == Chord{modifiers, key};
    });
    const auto meant =
        exact != entries_.end()
            ? exact
            : std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
                  return entry.hold && entry.chord.key == key &&
                         contains(modifiers, entry.chord.modifiers);
              });
    return static_cast<std::size_t>(meant - entries_.begin());
}

std::optional<Fired> HotkeyMatcher::on_press(Control key, Modifiers modifiers, MonoTime t) {
    const std::size_t at = find(key, modifiers);
    if (at == entries_.size())
        return std::nullopt;
    State& state = states_[at];
    const bool same = t == state.pressed;
    const bool repeat = state.released != MonoTime::min() && t - state.released < kRepeatGap;
    const bool again = entries_[at].hold ? state.fired || same : state.down || same || repeat;
    state.down = true;
    state.fired = true;
    state.pressed = t;
    return again ? std::nullopt : state.ways.press(t, state.released);
}

std::optional<Fired> HotkeyMatcher::settle(MonoTime now) {
    for (State& state : states_) {
        // A repetition is a release and a press, and only the first may have been read.
        const bool repeats = state.released != MonoTime::min() && now - state.released < kRepeatGap;
        const MonoTime released = state.down || repeats ? MonoTime::max() : state.released;
        if (auto fired = state.ways.settle(now, released))
            return fired;
    }
    return std::nullopt;
}

bool HotkeyMatcher::waits() const {
    return std::any_of(
        states_.begin(), states_.end(), [](const State& state) { return state.ways.waits(); });
}

bool HotkeyMatcher::on_release(Control key, MonoTime t) {
    bool owned = false;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].chord.key != key)
            continue;
        owned = owned || (states_[i].down && !entries_[i].hold);
        states_[i].down = false;
        // Also of a press that is forgotten: what repeats it comes at this very moment.
        states_[i].released = t;
    }
    return owned;
}

bool HotkeyMatcher::owns(Control key) const {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].chord.key == key && states_[i].down && !entries_[i].hold)
            return true;
    }
    return false;
}

bool HotkeyMatcher::holds_any() const {
    return std::any_of(entries_.begin(), entries_.end(), [this](const Entry& entry) {
        return owns(entry.chord.key);
    });
}

void HotkeyMatcher::resync(std::span<const Control> held) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const bool up = std::find(held.begin(), held.end(), entries_[i].chord.key) == held.end();
        if (up && !entries_[i].hold)
            states_[i].down = false;
    }
}

std::vector<Control> HotkeyMatcher::held_keys() const {
    std::vector<Control> keys;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].hold && states_[i].down)
            keys.push_back(entries_[i].chord.key);
    }
    return keys;
}

void HotkeyMatcher::end_held(Control key) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].hold && entries_[i].chord.key == key)
            states_[i].down = false;
    }
}

std::vector<std::string> HotkeyMatcher::take_ended() {
    std::vector<std::string> ended = std::exchange(ended_, {});
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (!entries_[i].hold || states_[i].down || !states_[i].fired)
            continue;
        states_[i].fired = false;
        ended.push_back(entries_[i].id);
    }
    return ended;
}

}  // namespace hindsight::hotkey
