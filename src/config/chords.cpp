#include "chords.hpp"

#include <hindsight/config/config.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace hindsight::config {

namespace {

constexpr double kShortestSave_s = 1;
constexpr double kLongestSave_s = 3600;

/// "60s", "1.5m"; nothing for anything else.
std::optional<Duration> read_length(std::string_view word) {
    double number = 0;
    const auto [end, error] =
        std::from_chars(word.data(), word.data() + word.size(), number, std::chars_format::fixed);
    const std::string_view unit{end, static_cast<std::size_t>(word.data() + word.size() - end)};
    if (error != std::errc{} || (unit != "s" && unit != "m"))
        return std::nullopt;
    const double seconds = unit == "m" ? number * 60 : number;
    if (!(seconds >= kShortestSave_s && seconds <= kLongestSave_s))
        return std::nullopt;
    return Duration::from_seconds(seconds);
}

/// Up to the next space or comma; "Ctrl+," names the comma.
std::string_view next_word(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    std::size_t end = 0;
    while (end < text.size() && text[end] != ' ' &&
           (text[end] != ',' || end == 0 || text[end - 1] == '+'))
        ++end;
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

/// Takes "<keys> <length> [+<delay>] [new]" from the front of `text`, and the comma behind it.
/// Names of keys may have spaces, so the keys go on until the length.
std::optional<SaveKey> take_save_key(std::string_view& text) {
    SaveKey key;
    bool complete = false;
    for (;;) {
        const std::string_view word = next_word(text);
        if (word.empty())
            break;
        if (!complete) {
            const auto length = read_length(word);
            complete = length.has_value();
            if (complete)
                key.last = *length;
            else
                key.chord += (key.chord.empty() ? "" : " ") + std::string{word};
        } else if (word == "new") {
            key.new_only = true;
        } else if (const auto delay = read_length(word.substr(1)); delay && word[0] == '+') {
            key.delay = *delay;
        } else {
            return std::nullopt;
        }
        if (text.starts_with(',')) {
            text.remove_prefix(1);
            break;
        }
    }
    if (!complete || key.chord.empty() || !is_shortcut(key.chord))
        return std::nullopt;
    return key;
}

/// The way of pressing ("hold ", "double " or none) and the keys.
std::pair<std::string_view, std::string_view> split_way(std::string_view text) {
    for (const std::string_view way : {"hold ", "double "}) {
        if (text.starts_with(way))
            return {way, text.substr(way.size())};
    }
    return {"", text};
}

/// Buttons of a controller.
bool is_pad_chord(std::string_view text) {
    while (text.starts_with("Pad")) {
        const std::size_t plus = text.find('+');
        if (plus == std::string_view::npos)
            return true;
        text.remove_prefix(plus + 1);
    }
    return false;
}

/// Modifiers and, last, the key; of a controller, whose buttons have no order, all before it.
std::pair<std::set<std::string_view>, std::string> parts_of(std::string_view chord) {
    std::set<std::string_view> modifiers;
    for (std::size_t plus = chord.find('+', 1); plus != std::string_view::npos;
         plus = chord.find('+', 1)) {
        modifiers.insert(chord.substr(0, plus));
        chord.remove_prefix(plus + 1);
    }
    if (chord.starts_with("Pad")) {
        modifiers.insert(chord);
        chord = "";
    }
    std::string key{chord};
    std::transform(key.begin(), key.end(), key.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return {std::move(modifiers), std::move(key)};
}

}  // namespace

bool is_chord(std::string_view text) {
    static constexpr std::array<std::string_view, 4> kModifiers{"Ctrl", "Alt", "Shift", "Super"};
    while (!text.empty()) {
        const std::size_t plus = text.find('+', 1);
        if (plus == std::string_view::npos)
            return text.find_first_of(" \t\n\"") == std::string_view::npos ||
                   text.find_first_not_of(' ') != std::string_view::npos;
        const std::string_view part = text.substr(0, plus);
        if (std::find(kModifiers.begin(), kModifiers.end(), part) == kModifiers.end())
            return false;
        text.remove_prefix(plus + 1);
        if (text.empty())
            return false;
    }
    return true;
}

bool is_shortcut(std::string_view text) {
    const auto [way, chord] = split_way(text);
    return is_pad_chord(chord) || (is_chord(chord) && (way.empty() || !chord.empty()));
}

bool same_chord(std::string_view a, std::string_view b) {
    return !a.empty() && !b.empty() &&
           parts_of(split_way(a).second) == parts_of(split_way(b).second);
}

bool same_shortcut(std::string_view a, std::string_view b) {
    return same_chord(a, b) && split_way(a).first == split_way(b).first;
}

Result<std::vector<SaveKey>> parse_save_keys(std::string_view text) {
    std::vector<SaveKey> keys;
    while (text.find_first_not_of(' ') != std::string_view::npos) {
        const auto key = take_save_key(text);
        if (!key)
            return fail(
                Errc::InvalidArgument, "these are no save keys; write them like Ctrl+F9 60s");
        keys.push_back(*key);
    }
    return keys;
}

bool is_save_keys(std::string_view text) {
    return parse_save_keys(text).has_value();
}

}  // namespace hindsight::config
