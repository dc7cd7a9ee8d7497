#pragma once

// The colours of the look, read once from the compiled-in tokens.json. Everything that paints takes
// them from Theme, never from a literal.

#include <QColor>
#include <string_view>

namespace hindsight::ui {

struct Tokens {
    bool dark = true;
    QColor bg, surface1, surface2, surface3;
    QColor line, border;
    QColor text, text2, text3;
    QColor accent, accent_hover, accent_press, on_accent, accent_soft, accent_text;
    QColor focus;
    QColor info, success, warning, error, error_fill, on_error;
    QColor info_soft, success_soft, warning_soft, error_soft;
    QColor ev_kill, ev_death, ev_goal, ev_achievement, ev_round, ev_marker;
    QColor badge, on_badge;

    /// Colour of an event type; unknown types look like markers.
    [[nodiscard]] QColor event(std::string_view type) const;
};

/// Plates on pictures: the badge colour at 82 %.
[[nodiscard]] QColor badge_plate(const Tokens& tokens);

/// Black behind the picture of the player.
[[nodiscard]] QColor stage_colour();

[[nodiscard]] Tokens load_tokens(bool dark);

/// Contrast of two opaque colours as WCAG 2 defines it, 1 to 21.
[[nodiscard]] double contrast(const QColor& a, const QColor& b);

/// Makes the compiled-in icons and colours reachable. Call before load_tokens.
void init_resources();

}  // namespace hindsight::ui
