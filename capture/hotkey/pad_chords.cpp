#include <hindsight/hotkey/pad_chords.hpp>

#include <algorithm>
#include <utility>

namespace hindsight::hotkey {

void PadChords::set(const std::vector<Entry>& entries) {
    chords_.clear();
    for (const Entry& entry : entries) {
        auto at = std::find_if(chords_.begin(), chords_.end(), [&](const Chord& chord) {
            return chord.buttons == entry.buttons;
        });
        if (at == chords_.end()) {
            Chord chord;
            chord.buttons = chord.missing = entry.buttons;
            at = chords_.insert(chords_.end(), std::move(chord));
        }
        at->ways.add(entry.way, entry.id);
    }
}

std::vector<Fired> PadChords::on_button(Control button, bool down, MonoTime t) {
    std::vector<Fired> all;
    for (Chord& chord : chords_) {
        if (!chord.buttons.contains(button))
            continue;
        if (!down) {
            if (chord.missing.empty())
                chord.released = t;
            chord.missing.insert(button);
        } else if (chord.missing.erase(button) != 0 && chord.missing.empty()) {
            if (auto fired = chord.ways.press(t, chord.released))
                all.push_back(*std::move(fired));
        }
    }
    return all;
}

std::optional<Fired> PadChords::settle(MonoTime now) {
    for (Chord& chord : chords_) {
        const MonoTime released = chord.missing.empty() ? MonoTime::max() : chord.released;
        if (auto fired = chord.ways.settle(now, released))
            return fired;
    }
    return std::nullopt;
}

bool PadChords::waits() const {
    return std::any_of(
        chords_.begin(), chords_.end(), [](const Chord& chord) { return chord.ways.waits(); });
}

}  // namespace hindsight::hotkey
