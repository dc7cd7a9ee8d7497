#include <hindsight/overlay/overlay.hpp>

#include <array>
#include <utility>

namespace hindsight::overlay {

namespace {

template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, const char*>, N>;

constexpr Names<Layout, 3> kLayouts{{
    {Layout::Auto, "auto"},
    {Layout::KeyboardMouse, "keyboard-mouse"},
    {Layout::Controller, "controller"},
}};

constexpr Names<Theme, 3> kThemes{{
    {Theme::Midnight, "midnight"},
    {Theme::Paper, "paper"},
    {Theme::Outline, "outline"},
}};

constexpr Names<Corner, 4> kCorners{{
    {Corner::BottomLeft, "bottom-left"},
    {Corner::BottomRight, "bottom-right"},
    {Corner::TopLeft, "top-left"},
    {Corner::TopRight, "top-right"},
}};

template <class Enum, std::size_t N>
bool parse_in(const Names<Enum, N>& names, std::string_view text, Enum& value) {
    for (const auto& [entry, name] : names) {
        if (text == name) {
            value = entry;
            return true;
        }
    }
    return false;
}

}  // namespace

bool parse_layout(std::string_view name, Layout& layout) {
    return parse_in(kLayouts, name, layout);
}

bool parse_theme(std::string_view name, Theme& theme) {
    return parse_in(kThemes, name, theme);
}

bool parse_corner(std::string_view name, Corner& corner) {
    return parse_in(kCorners, name, corner);
}

const char* layout_name(Layout layout) {
    for (const auto& [entry, name] : kLayouts) {
        if (entry == layout)
            return name;
    }
    return "";
}

}  // namespace hindsight::overlay
