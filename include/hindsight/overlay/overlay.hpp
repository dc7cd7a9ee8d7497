#pragma once

// Draws the actions of a clip as an ASS script: filled vector paths only, labels as outlines, so
// that every libass player shows the same picture and needs no font. The same text serves the
// sidecar (`<name>.ass`), the player and the burn-in.

#include <hindsight/actions/action_log.hpp>
#include <hindsight/core/result.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace hindsight::overlay {

enum class Layout : std::uint8_t { Auto, KeyboardMouse, Controller };
enum class Theme : std::uint8_t { Midnight, Paper, Outline };
enum class Corner : std::uint8_t { BottomLeft, BottomRight, TopLeft, TopRight };

/// The names of the configuration: "auto", "keyboard-mouse", "controller"; "midnight", "paper",
/// "outline"; "bottom-left", …
[[nodiscard]] bool parse_layout(std::string_view name, Layout& layout);
[[nodiscard]] bool parse_theme(std::string_view name, Theme& theme);
[[nodiscard]] bool parse_corner(std::string_view name, Corner& corner);
[[nodiscard]] const char* layout_name(Layout layout);

struct OverlayOptions {
    Layout layout = Layout::Auto;
    Theme theme = Theme::Midnight;
    Corner corner = Corner::BottomLeft;
    double scale = 1.25;  ///< 0.5–3; 1 is 460 x 180 px at 1080 lines
    int width = 0;        ///< picture in pixels; 0: as the log says
    int height = 0;
    bool reduced_motion = false;  ///< no pulse, no fades
    /// Font of the labels; empty: `<shipped data>/fonts/Inter-Bold.otf`. Only read, not named in
    /// the result.
    std::filesystem::path font{};
};

/// The overlay of `log`, frame-exact at up to 80 frames a second: a state begins to show in exactly
/// the frame its record belongs to. A log without actions gives a script without events.
/// Errors: InvalidArgument (no picture size), NotFound (font), Corrupt (font). [any-thread]
[[nodiscard]] Result<std::string>
make_ass(const actions::ActionLog& log, const OverlayOptions& options);

/// What Layout::Auto stands for: the controller when more of the log's actions can only have come
/// from one than from keyboard and mouse.
[[nodiscard]] Layout choose_layout(const actions::ActionLog& log);

}  // namespace hindsight::overlay
