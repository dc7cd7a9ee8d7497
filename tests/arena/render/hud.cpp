#include "render/hud.hpp"

#include "render/painter.hpp"

#include <algorithm>
#include <array>

namespace hindsight::arena {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Weapon::Count)> kWeaponNames{
    "PISTOL", "SHOTGUN", "SMOKE"};
constexpr std::array<std::string_view, kMenuItems> kMenu{"RESUME", "QUIT"};

class Hud {
public:
    Hud(const Canvas& canvas, const State& state, const Palette& palette)
        : state_{state},
          palette_{palette},
          painter_{canvas},
          width_{canvas.width},
          height_{canvas.height},
          scale_{std::max(1, canvas.height / 170)} {}

    void bar() const {
        const int high = 15 * scale_;
        const int top = height_ - high;
        const Player& player = state_.player;
        painter_.veil(0, top, width_, high, 0x080a10, 10);
        painter_.box(0, top, width_, std::max(1, scale_ / 2), palette_(Ramp::Cyan, 8));
        const int line = top + 4 * scale_;
        const Ramp mood = player.health > 60   ? Ramp::Green
                          : player.health > 25 ? Ramp::Yellow
                                               : Ramp::Red;
        painter_.text(4 * scale_, line, "HP", scale_, palette_(Ramp::White, 9));
        const int full = 50 * scale_;
        painter_.box(18 * scale_, line, full, 7 * scale_, palette_(Ramp::Black, 15));
        painter_.box(
            18 * scale_, line, full * player.health / kFullHealth, 7 * scale_, palette_(mood, 10));
        painter_.text(
            72 * scale_, line, std::to_string(player.health), scale_, palette_(Ramp::White, 13));
        const auto slot = static_cast<std::size_t>(player.weapon);
        const std::string weapon = std::to_string(slot + 1) + " " +
                                   std::string{kWeaponNames[slot]} + " " +
                                   std::to_string(player.ammunition[slot]);
        painter_.text(
            width_ - Painter::text_width(weapon, scale_) - 4 * scale_,
            line,
            weapon,
            scale_,
            palette_(Ramp::Yellow, 12));
        const std::string score =
            "LEVEL " + std::to_string(state_.level + 1) + "  KILLS " + std::to_string(state_.kills);
        painter_.text(
            (width_ - Painter::text_width(score, scale_)) / 2,
            line,
            score,
            scale_,
            palette_(Ramp::Cyan, 12));
    }

    void cross_hair() const {
        const std::uint32_t color = palette_(Ramp::Green, 14);
        const int x = width_ / 2;
        const int y = height_ / 2;
        const int gap = 2 * scale_;
        const int length = 3 * scale_;
        painter_.box(x - gap - length, y, length, scale_, color);
        painter_.box(x + gap + scale_, y, length, scale_, color);
        painter_.box(x, y - gap - length, scale_, length, color);
        painter_.box(x, y + gap + scale_, scale_, length, color);
    }

    void pain() const {
        if (state_.player.hurt == 0 && state_.player.dead == 0)
            return;
        const std::uint32_t red = palette_(Ramp::Red, 9);
        const int edge = height_ / 12;
        const auto part =
            static_cast<std::uint32_t>(state_.player.dead > 0 ? 8 : state_.player.hurt * 10 / 18);
        painter_.veil(0, 0, width_, edge, red, part);
        painter_.veil(0, height_ - edge, width_, edge, red, part);
        painter_.veil(0, edge, edge, height_ - 2 * edge, red, part);
        painter_.veil(width_ - edge, edge, edge, height_ - 2 * edge, red, part);
        if (state_.player.dead > 0)
            title("YOU FELL", height_ / 3, Ramp::Red);
    }

    void chat(const Overlay& overlay) const {
        constexpr int kLines = 4;
        const int line = 10 * scale_;
        int y = height_ - 32 * scale_;
        if (state_.mode == Mode::TextEntry) {
            painter_.veil(3 * scale_, y - 2 * scale_, width_ * 2 / 3, 11 * scale_, 0x000000, 11);
            const bool blinks = state_.frame / 20 % 2 == 0;
            painter_.text(
                6 * scale_,
                y,
                "SAY: " + overlay.chat + (blinks ? "_" : ""),
                scale_,
                palette_(Ramp::White, 14));
        }
        const std::size_t shown = std::min<std::size_t>(kLines, overlay.said.size());
        for (std::size_t i = 0; i < shown; ++i) {
            y -= line;
            painter_.text(
                6 * scale_,
                y,
                overlay.said[overlay.said.size() - 1 - i],
                scale_,
                palette_(Ramp::Sand, 13));
        }
    }

    void menu() const {
        if (state_.mode == Mode::Unfocused)
            title("NOT IN FRONT", height_ / 3, Ramp::Grey);
        if (state_.mode != Mode::Menu)
            return;
        painter_.veil(0, 0, width_, height_, 0x05070c, 10);
        title("PAUSED", height_ / 4, Ramp::Cyan);
        for (int i = 0; i < kMenuItems; ++i) {
            const bool chosen = i == state_.menu_item;
            const std::string_view item = kMenu[static_cast<std::size_t>(i)];
            const int big = scale_ * 2;
            const int y = height_ / 2 + i * 12 * big;
            const int wide = 60 * big;
            if (chosen)
                painter_.box(
                    (width_ - wide) / 2, y - 2 * big, wide, 11 * big, palette_(Ramp::Blue, 6));
            painter_.text(
                (width_ - Painter::text_width(item, big)) / 2,
                y,
                item,
                big,
                palette_(Ramp::White, chosen ? 15 : 8));
        }
    }

private:
    void title(std::string_view text, int y, Ramp ramp) const {
        const int big = scale_ * 3;
        const int x = (width_ - Painter::text_width(text, big)) / 2;
        painter_.text(x + scale_, y + scale_, text, big, 0x000000);
        painter_.text(x, y, text, big, palette_(ramp, 12));
    }

    const State& state_;
    const Palette& palette_;
    Painter painter_;
    int width_;
    int height_;
    int scale_;
};

}  // namespace

void draw_hud(
    const Canvas& canvas, const State& state, const Overlay& overlay, const Palette& palette) {
    const Hud hud{canvas, state, palette};
    if (state.mode == Mode::Gameplay && state.player.dead == 0)
        hud.cross_hair();
    hud.pain();
    hud.bar();
    hud.chat(overlay);
    hud.menu();
}

}  // namespace hindsight::arena
