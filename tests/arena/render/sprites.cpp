#include "engine/random.hpp"
#include "render/brush.hpp"

#include <algorithm>
#include <cstdlib>

namespace hindsight::arena {

namespace {

constexpr int kMiddle = kTextureSide / 2;

/// A floating eye with fins.
void paint_drone(Texture& texture, EnemyFrame frame) {
    const Brush brush{texture};
    if (frame == EnemyFrame::Dead) {
        brush.ball(kMiddle, 57, 20, 6, Ramp::Steel, 8);
        brush.box(14, 54, 10, 4, Ramp::Red, 4);
        brush.box(40, 56, 12, 3, Ramp::Grey, 6);
        return;
    }
    const bool falling = frame == EnemyFrame::Falling;
    const int y = falling ? 42 : frame == EnemyFrame::WalkB ? 30 : 28;
    brush.box(kMiddle - 27, y - 2, 54, 5, Ramp::Grey, 8);
    brush.box(kMiddle - 29, y - 8, 5, 18, Ramp::Red, 8);
    brush.box(kMiddle + 24, y - 8, 5, 18, Ramp::Red, 8);
    brush.box(kMiddle - 1, y - 25, 2, 10, Ramp::Grey, 10);
    brush.glow(kMiddle, y - 25, 2, falling ? Ramp::Black : Ramp::Red);
    brush.ball(kMiddle, y, 18, 17, Ramp::Steel);
    brush.box(kMiddle - 8, y + 14, 16, 5, Ramp::Grey, 6);
    if (!falling)
        brush.ball(kMiddle, y + 21, frame == EnemyFrame::WalkB ? 5 : 4, 5, Ramp::Cyan, 15);
    brush.ball(kMiddle, y + 1, 10, 10, Ramp::Black, 12);
    const Ramp eye = frame == EnemyFrame::Aim    ? Ramp::Yellow
                     : frame == EnemyFrame::Pain ? Ramp::White
                     : falling                   ? Ramp::Black
                                                 : Ramp::Red;
    brush.glow(kMiddle, y + 1, frame == EnemyFrame::Aim ? 8 : 6, eye);
    if (frame == EnemyFrame::Pain || falling)
        for (int i = 0; i < 8; ++i)
            brush.glow(14 + i * 37 % 40, y - 12 + i * 23 % 26, 2, Ramp::Orange);
}

/// A machine on two legs.
void paint_walker(Texture& texture, EnemyFrame frame) {
    const Brush brush{texture};
    if (frame == EnemyFrame::Dead) {
        brush.box(12, 56, 38, 7, Ramp::Moss, 6);
        brush.box(40, 52, 12, 8, Ramp::Moss, 8);
        brush.ball(20, 56, 6, 4, Ramp::Orange, 8);
        return;
    }
    const bool falling = frame == EnemyFrame::Falling;
    const int drop = falling ? 14 : 0;
    const int step = frame == EnemyFrame::WalkA ? 3 : frame == EnemyFrame::WalkB ? -3 : 0;
    brush.box(22 - step, 42 + drop, 8, 18 - drop, Ramp::Grey, 7);
    brush.box(35 + step, 42 + drop, 8, 18 - drop, Ramp::Grey, 6);
    brush.box(19 - step, 59, 12, 5, Ramp::Black, 14);
    brush.box(34 + step, 59, 12, 5, Ramp::Black, 14);
    brush.box(18, 19 + drop, 28, 25, Ramp::Moss, 8);
    brush.box(22, 24 + drop, 20, 10, Ramp::Moss, 5);
    brush.box(24, 26 + drop, 16, 3, Ramp::Orange, falling ? 4 : 12);
    brush.box(10, 20 + drop, 8, 22, Ramp::Grey, 8);
    brush.box(46, 20 + drop, 8, 16, Ramp::Grey, 7);
    brush.box(44, 34 + drop, 12, 6, Ramp::Steel, 9);
    brush.ball(kMiddle, 11 + drop, 10, 9, Ramp::Moss, 13);
    const Ramp visor = frame == EnemyFrame::Pain ? Ramp::White
                       : falling                 ? Ramp::Black
                                                 : Ramp::Orange;
    brush.box(kMiddle - 7, 9 + drop, 14, 4, visor, 12);
    if (frame == EnemyFrame::Aim)
        brush.glow(50, 37, 6, Ramp::Yellow);
    if (frame == EnemyFrame::Pain || falling)
        for (int i = 0; i < 8; ++i)
            brush.glow(16 + i * 29 % 34, 16 + drop + i * 17 % 26, 2, Ramp::Yellow);
}

void paint_health(Texture& texture) {
    const Brush brush{texture};
    brush.box(17, 40, 30, 23, Ramp::White, 11);
    brush.box(27, 36, 10, 4, Ramp::Grey, 6);
    brush.box(28, 44, 8, 16, Ramp::Red, 9);
    brush.box(24, 48, 16, 8, Ramp::Red, 9);
}

void paint_ammunition(Texture& texture) {
    const Brush brush{texture};
    brush.box(15, 46, 34, 17, Ramp::Moss, 8);
    brush.box(15, 44, 34, 4, Ramp::Moss, 11);
    for (int i = 0; i < 4; ++i) {
        brush.box(19 + i * 7, 34, 5, 11, Ramp::Yellow, 10);
        brush.ball(21 + i * 7, 34, 2, 3, Ramp::Orange, 13);
    }
    brush.box(24, 52, 16, 5, Ramp::Yellow, 9);
}

void paint_smoke(Texture& texture) {
    // Many small clouds, thick in the middle.
    Random random = Random::seeded(77);
    for (int i = 0; i < 90; ++i) {
        const int x = random.between(14, 50);
        const int y = random.between(14, 50);
        const int radius = random.between(5, 13);
        for (int dx = -radius; dx <= radius; ++dx) {
            for (int dy = -radius; dy <= radius; ++dy) {
                const int from_middle =
                    (x + dx - 32) * (x + dx - 32) + (y + dy - 32) * (y + dy - 32);
                if (dx * dx + dy * dy > radius * radius || from_middle > 31 * 31)
                    continue;
                const int limit = 15 - from_middle * 15 / (31 * 31);
                Pixel& there = texture.at(x + dx, y + dy);
                there = static_cast<Pixel>(
                    std::min(limit, there + 1 + (radius - std::abs(dx) > radius / 2 ? 1 : 0)));
            }
        }
    }
}

}  // namespace

void paint_sprites(Textures& textures) {
    for (std::size_t i = 0; i < textures.enemies[0].size(); ++i) {
        paint_drone(textures.enemies[0][i], static_cast<EnemyFrame>(i));
        paint_walker(textures.enemies[1][i], static_cast<EnemyFrame>(i));
    }
    paint_health(textures.pickups[0]);
    paint_ammunition(textures.pickups[1]);
    paint_smoke(textures.smoke);
}

}  // namespace hindsight::arena
