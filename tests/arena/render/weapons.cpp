#include "render/brush.hpp"

namespace hindsight::arena {

namespace {

/// The hands that hold each of them.
void paint_hands(const Brush& brush) {
    brush.box(20, 54, 26, 10, Ramp::Blue, 7);
    brush.ball(32, 52, 10, 8, Ramp::Skin, 13);
    brush.box(24, 50, 4, 9, Ramp::Skin, 10);
    brush.box(37, 50, 4, 9, Ramp::Skin, 9);
}

void paint_pistol(Texture& texture) {
    const Brush brush{texture};
    paint_hands(brush);
    brush.box(27, 26, 11, 26, Ramp::Grey, 7);
    brush.box(28, 22, 9, 26, Ramp::Steel, 8);
    brush.box(30, 20, 5, 3, Ramp::Black, 12);
    brush.box(31, 18, 3, 3, Ramp::Green, 12);
    brush.box(28, 34, 9, 2, Ramp::Black, 10);
    for (int y = 38; y < 47; y += 3)
        brush.box(28, y, 9, 1, Ramp::Black, 12);
}

void paint_shotgun(Texture& texture) {
    const Brush brush{texture};
    paint_hands(brush);
    brush.box(24, 14, 8, 40, Ramp::Steel, 7);
    brush.box(33, 14, 8, 40, Ramp::Steel, 6);
    brush.box(26, 12, 4, 3, Ramp::Black, 8);
    brush.box(35, 12, 4, 3, Ramp::Black, 8);
    brush.box(22, 32, 21, 14, Ramp::Wood, 8);
    for (int y = 34; y < 45; y += 3)
        brush.box(22, y, 21, 1, Ramp::Wood, 3);
    brush.box(31, 12, 2, 3, Ramp::Yellow, 12);
}

void paint_launcher(Texture& texture) {
    const Brush brush{texture};
    paint_hands(brush);
    brush.box(21, 20, 23, 34, Ramp::Moss, 8);
    brush.ball(32, 20, 12, 7, Ramp::Moss, 12);
    brush.ball(32, 20, 8, 5, Ramp::Black, 9);
    brush.box(21, 30, 23, 3, Ramp::Yellow, 9);
    brush.box(44, 26, 5, 12, Ramp::Grey, 7);
    brush.box(27, 40, 11, 6, Ramp::Cyan, 6);
}

}  // namespace

void paint_weapons(Textures& textures) {
    paint_pistol(textures.weapons[0]);
    paint_shotgun(textures.weapons[1]);
    paint_launcher(textures.weapons[2]);
}

}  // namespace hindsight::arena
