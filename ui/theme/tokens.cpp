#include "tokens.hpp"

#include <hindsight/core/result.hpp>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

// Q_INIT_RESOURCE declares a global function and must therefore be used outside every namespace.
static void init_resource_file() {
    Q_INIT_RESOURCE(hindsight_ui);
}

namespace hindsight::ui {

void init_resources() {
    init_resource_file();
}

Tokens load_tokens(bool dark) {
    init_resources();
    QFile file{":/hindsight/tokens.json"};
    HINDSIGHT_CHECK(file.open(QIODevice::ReadOnly));
    const QJsonObject all = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonObject set = all.value(dark ? "dark" : "light").toObject();
    const auto colour = [&set](const char* name) {
        const QColor value{set.value(name).toString()};
        HINDSIGHT_CHECK(value.isValid());
        return value;
    };
    Tokens t;
    t.dark = dark;
    t.bg = colour("bg");
    t.surface1 = colour("surface1");
    t.surface2 = colour("surface2");
    t.surface3 = colour("surface3");
    t.line = colour("line");
    t.border = colour("border");
    t.text = colour("text");
    t.text2 = colour("text2");
    t.text3 = colour("text3");
    t.accent = colour("accent");
    t.accent_hover = colour("accent-hover");
    t.accent_press = colour("accent-press");
    t.on_accent = colour("on-accent");
    t.accent_soft = colour("accent-soft");
    t.accent_text = colour("accent-text");
    t.focus = colour("focus");
    t.info = colour("info");
    t.success = colour("success");
    t.warning = colour("warning");
    t.error = colour("error");
    t.error_fill = colour("error-fill");
    t.on_error = colour("on-error");
    t.info_soft = colour("info-soft");
    t.success_soft = colour("success-soft");
    t.warning_soft = colour("warning-soft");
    t.error_soft = colour("error-soft");
    t.ev_kill = colour("ev-kill");
    t.ev_death = colour("ev-death");
    t.ev_goal = colour("ev-goal");
    t.ev_achievement = colour("ev-achievement");
    t.ev_round = colour("ev-round");
    t.ev_marker = colour("ev-marker");
    t.badge = colour("badge");
    t.on_badge = colour("on-badge");
    return t;
}

QColor Tokens::event(std::string_view type) const {
    if (type == "kill")
        return ev_kill;
    if (type == "death")
        return ev_death;
    if (type == "goal")
        return ev_goal;
    if (type == "achievement")
        return ev_achievement;
    if (type == "round")
        return ev_round;
    return ev_marker;
}

QColor badge_plate(const Tokens& tokens) {
    QColor plate = tokens.badge;
    plate.setAlphaF(0.82F);
    return plate;
}

QColor stage_colour() {
    return {0x06, 0x08, 0x0a};
}

double contrast(const QColor& a, const QColor& b) {
    const auto luminance = [](const QColor& c) {
        const auto linear = [](double v) {
            return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
    };
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace hindsight::ui
