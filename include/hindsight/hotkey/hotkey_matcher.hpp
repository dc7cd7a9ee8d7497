#pragma once

// Chords ("Alt+F10") and when they were pressed. Presses come from two sides, the grab that
// swallows the key and the raw stream that still works while a game holds the whole keyboard; one
// press is told once.

#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/hotkey/control_names.hpp>
#include <hindsight/hotkey/press_ways.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::hotkey {

struct Modifiers {
    bool ctrl = false;
    bool alt = false;
    bool shift = false;
    bool super = false;

    bool operator==(const Modifiers&) const = default;
};

struct Chord {
    Modifiers modifiers;
    Control key = 0;

    bool operator==(const Chord&) const = default;
};

/// Reads "Alt+F10", "ctrl+shift+f8": modifiers in any order, one key last, no regard to case.
/// Errors: InvalidArgument, with what is wrong and what to write. [any-thread]
[[nodiscard]] Result<Chord> parse_chord(std::string_view text);

/// "Ctrl+Shift+<key>" of the same key: what to try when a chord is taken. Empty when `text` is that
/// already. [any-thread]
[[nodiscard]] std::string alternative_chord(std::string_view text);

/// Which modifier keys are down, followed through a raw stream.
class ModifierTracker {
public:
    /// True when `key` is a modifier.
    bool on_key(Control key, bool down);

    void clear() { down_ = 0; }

    [[nodiscard]] Modifiers current() const;

private:
    std::uint8_t down_ = 0;
};

/// Invariants: 1. one press of a chord fires once, however many sides report it; 2. a held key that
/// repeats does not fire again, even when its press was forgotten; 3. a release ends the press;
/// 4. what fired of a chord with `hold` is told by take_ended() once. Times given do not go back.
/// One thread.
class HotkeyMatcher {
public:
    struct Entry {
        std::string id;
        Chord chord;
        /// Counts while it is held; its key is the game's as well. Whoever holds it may be running
        /// or crouching: other modifiers do not matter, unless another chord means just those.
        bool hold = false;
        /// Each chord may have one of every way; with `hold` there is Press alone.
        Way way = Way::Press;
    };

    void set(std::vector<Entry> entries);

    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

    /// A key of the raw stream or of a grab. Returns what this fires.
    std::optional<Fired> on_press(Control key, Modifiers modifiers, MonoTime t);

    /// True when the key belongs to a chord that is down (so that the press is no action).
    bool on_release(Control key, MonoTime t);

    /// What fires because time has passed: one at a time, so until there is none. Call every few
    /// hundredths of a second while waits().
    std::optional<Fired> settle(MonoTime now);

    /// True while it is open what a press means.
    [[nodiscard]] bool waits() const;

    /// True while `key` is held as part of a chord: its events are not the game's.
    [[nodiscard]] bool owns(Control key) const;

    /// True while any chord is held that the game does not see.
    [[nodiscard]] bool holds_any() const;

    /// Forgets presses whose key is not among `held`: the stream was interrupted. Those of chords
    /// with `hold` stay: they end when their key is up, see held_keys().
    void resync(std::span<const Control> held);

    /// The keys of chords with `hold` that are down.
    [[nodiscard]] std::vector<Control> held_keys() const;

    /// Ends what is held with `key`, which is up although no event told so.
    void end_held(Control key);

    /// Ids of the chords with `hold` whose press has ended. Call when no event waits: a repetition
    /// of the key is a release and a press.
    [[nodiscard]] std::vector<std::string> take_ended();

private:
    /// Index of the chord that is meant; the number of entries when none is.
    [[nodiscard]] std::size_t find(Control key, Modifiers modifiers) const;

    struct State {
        bool down = false;
        bool fired = false;  ///< of `hold`: and its end is not told yet
        MonoTime pressed = MonoTime::min();
        MonoTime released = MonoTime::min();
        PressWays ways;  ///< of all entries with this chord, in the first of them
    };

    std::vector<Entry> entries_;
    std::vector<State> states_;
    std::vector<std::string> ended_;  ///< of entries that are replaced
};

}  // namespace hindsight::hotkey
