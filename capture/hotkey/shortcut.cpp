#include <hindsight/hotkey/shortcut.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace hindsight::hotkey {

namespace {

/// The way and the text behind it; "" for a chord that is simply pressed.
std::pair<std::string_view, std::string_view> split_way(std::string_view text) {
    static constexpr std::array<std::string_view, 2> kWays{"hold ", "double "};
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    for (const std::string_view way : kWays) {
        if (text.starts_with(way))
            return {way, text.substr(way.size())};
    }
    return {"", text};
}

}  // namespace

Result<Shortcut> parse_shortcut(std::string_view text) {
    const auto [way, keys] = split_way(text);
    HINDSIGHT_ASSIGN(const Chord chord, parse_chord(keys));
    if (way.empty())
        return Shortcut{.way = Way::Press, .chord = chord};
    return Shortcut{.way = way == "hold " ? Way::Long : Way::Twice, .chord = chord};
}

std::string alternative_shortcut(std::string_view text) {
    const auto [way, keys] = split_way(text);
    const std::string other = alternative_chord(keys);
    return other.empty() ? "" : std::string{way} + other;
}

}  // namespace hindsight::hotkey
