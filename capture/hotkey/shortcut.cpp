#include <hindsight/hotkey/shortcut.hpp>

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

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

bool same_text(std::string_view a, std::string_view b) {
    return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::optional<Control> button_from_name(std::string_view name) {
    for (const std::string_view known : all_control_names()) {
        const Control control = *control_from_name(known);
        if (control >= controls::kPadA && control < controls::kPadLeftTrigger &&
            same_text(known, name))
            return control;
    }
    return std::nullopt;
}

/// What stands between plus signs.
std::vector<std::string_view> parts_of(std::string_view keys) {
    std::vector<std::string_view> parts;
    for (std::size_t plus = 0; plus != std::string_view::npos;) {
        plus = keys.find('+');
        std::string_view part = keys.substr(0, plus);
        part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
        parts.push_back(part.substr(0, part.find_last_not_of(' ') + 1));
        if (plus != std::string_view::npos)
            keys.remove_prefix(plus + 1);
    }
    return parts;
}

Result<std::set<Control>> buttons_of(const std::vector<std::string_view>& parts) {
    std::set<Control> buttons;
    for (const std::string_view part : parts) {
        const auto button = button_from_name(part);
        if (!button)
            return fail(
                Errc::InvalidArgument,
                fmt::format(
                    "'{}' is no button of a controller; write for example PadBack+PadUp", part));
        buttons.insert(*button);
    }
    return buttons;
}

}  // namespace

Result<Shortcut> parse_shortcut(std::string_view text) {
    const auto [way_text, keys] = split_way(text);
    Shortcut shortcut;
    if (!way_text.empty())
        shortcut.way = way_text == "hold " ? Way::Long : Way::Twice;
    const std::vector<std::string_view> parts = parts_of(keys);
    const bool of_pad = std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
        return same_text(part.substr(0, 3), "Pad");
    });
    if (!of_pad) {
        HINDSIGHT_ASSIGN(shortcut.chord, parse_chord(keys));
        return shortcut;
    }
    HINDSIGHT_ASSIGN(shortcut.buttons, buttons_of(parts));
    const bool in_play = *shortcut.buttons.begin() != controls::kPadGuide;
    if (shortcut.way == Way::Press && shortcut.buttons.size() == 1 && in_play)
        return fail(
            Errc::InvalidArgument,
            fmt::format(
                "'{}' alone would fire while playing; add another button, or hold before it",
                parts.front()));
    return shortcut;
}

std::string alternative_shortcut(std::string_view text) {
    const auto [way, keys] = split_way(text);
    const std::string other = alternative_chord(keys);
    return other.empty() ? "" : std::string{way} + other;
}

}  // namespace hindsight::hotkey
