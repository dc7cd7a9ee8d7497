#include "render/painter.hpp"
#include "render/scene.hpp"

#include <algorithm>

namespace hindsight::arena {

namespace {

/// Something that stands in the level and always faces us.
struct Thing {
    const Texture* texture = nullptr;
    Fixed ahead = 0;
    Fixed aside = 0;
    Fixed height = 0;  ///< of its lower edge above the floor
    Fixed size = kOne;
    std::uint32_t smoke = 0;  ///< 0: a solid thing, else how thick, in 16ths
};

Thing seen(const Scene& scene, Fixed x, Fixed y) {
    const Camera& camera = scene.camera;
    const Fixed dx = x - camera.x;
    const Fixed dy = y - camera.y;
    Thing thing;
    thing.ahead = multiply(dx, camera.ahead_x) + multiply(dy, camera.ahead_y);
    thing.aside = multiply(dy, camera.ahead_x) - multiply(dx, camera.ahead_y);
    return thing;
}

EnemyFrame frame_of(const Enemy& enemy) {
    switch (enemy.mood) {
    case EnemyMood::Attack:
        return EnemyFrame::Aim;
    case EnemyMood::Pain:
        return EnemyFrame::Pain;
    case EnemyMood::Dying:
        return EnemyFrame::Falling;
    case EnemyMood::Dead:
        return EnemyFrame::Dead;
    case EnemyMood::Wander:
    case EnemyMood::Chase:
        break;
    }
    return enemy.timer / 12 % 2 == 0 ? EnemyFrame::WalkA : EnemyFrame::WalkB;
}

std::vector<Thing> things_of(const Scene& scene) {
    const State& state = scene.engine.state();
    std::vector<Thing> things;
    for (const Enemy& enemy : state.enemies) {
        Thing thing = seen(scene, enemy.x, enemy.y);
        thing.texture =
            &scene.textures.enemies[enemy.kind][static_cast<std::size_t>(frame_of(enemy))];
        thing.size = thousandths(820);
        things.push_back(thing);
    }
    for (const Pickup& pickup : state.pickups) {
        if (pickup.gone > 0)
            continue;
        Thing thing = seen(scene, pickup.x, pickup.y);
        thing.texture = &scene.textures.pickups[pickup.kind];
        thing.size = thousandths(420);
        // It bobs, so that it is seen to be no part of the floor.
        thing.height = absolute(static_cast<Fixed>(state.tick % 64) - 32) * (kOne / 700);
        things.push_back(thing);
    }
    for (const Smoke& smoke : state.smoke) {
        Thing thing = seen(scene, smoke.x, smoke.y);
        thing.texture = &scene.textures.smoke;
        const int grown = std::min(smoke.age, 90);
        thing.size = thousandths(400) + thousandths(9) * grown;
        thing.height = smoke.height - thing.size / 4;
        const int left = std::min(smoke.life - smoke.age, 120);
        thing.smoke = static_cast<std::uint32_t>(std::clamp(left / 8, 1, 14));
        things.push_back(thing);
    }
    std::erase_if(things, [](const Thing& thing) { return thing.ahead < kOne / 5; });
    std::stable_sort(things.begin(), things.end(), [](const Thing& a, const Thing& b) {
        return a.ahead > b.ahead;
    });
    return things;
}

void draw_solid(
    std::uint32_t* pixel,
    int stride,
    int rows,
    const Pixel* strip,
    std::uint32_t at,
    std::uint32_t step,
    const Colors& colors) {
    for (int i = 0; i < rows; ++i, at += step, pixel += stride)
        if (const Pixel shade = strip[(at >> 16) & (kTextureSide - 1)]; shade != kNothing)
            *pixel = colors[shade];
}

void draw_cloud(
    std::uint32_t* pixel,
    int stride,
    int rows,
    const Pixel* strip,
    std::uint32_t at,
    std::uint32_t step,
    std::uint32_t thick) {
    constexpr std::uint32_t kCloud = 0xb4b8bc;
    for (int i = 0; i < rows; ++i, at += step, pixel += stride)
        if (const std::uint32_t part = strip[(at >> 16) & (kTextureSide - 1)] * thick / 16;
            part > 0)
            *pixel = blend(*pixel, kCloud, part);
}

void draw_thing(const Scene& scene, const Thing& thing) {
    const Camera& camera = scene.camera;
    const auto pixels = [&](Fixed length) {
        return static_cast<int>(static_cast<std::int64_t>(camera.distance) * length / thing.ahead);
    };
    const int side = std::max(1, pixels(thing.size));
    const int left = scene.canvas.width / 2 + pixels(thing.aside) - side / 2;
    const int bottom = camera.horizon + pixels(camera.eye - thing.height);
    const int top = bottom - side;
    const int first = std::clamp(top, 0, scene.canvas.height);
    const int last = std::clamp(bottom, first, scene.canvas.height);
    const std::uint32_t step =
        (std::uint32_t{kTextureSide} << 16) / static_cast<std::uint32_t>(side);
    const Colors& colors = scene.light(thing.ahead);
    for (int x = std::max(left, 0); x < std::min(left + side, scene.canvas.width); ++x) {
        if (scene.depth[static_cast<std::size_t>(x)] < thing.ahead)
            continue;
        const auto column = static_cast<std::uint32_t>(x - left) * step >> 16;
        const Pixel* strip =
            &thing.texture
                 ->pixels[std::min<std::uint32_t>(column, kTextureSide - 1) << kTextureBits];
        std::uint32_t* pixel =
            scene.canvas.pixels + static_cast<std::ptrdiff_t>(first) * scene.canvas.stride + x;
        const auto at = static_cast<std::uint32_t>(first - top) * step;
        if (thing.smoke > 0)
            draw_cloud(pixel, scene.canvas.stride, last - first, strip, at, step, thing.smoke);
        else
            draw_solid(pixel, scene.canvas.stride, last - first, strip, at, step, colors);
    }
}

}  // namespace

void draw_things(const Scene& scene) {
    for (const Thing& thing : things_of(scene))
        draw_thing(scene, thing);
}

void draw_weapon(const Scene& scene) {
    const Player& player = scene.engine.state().player;
    if (player.dead > 0)
        return;
    const int width = scene.canvas.width;
    const int height = scene.canvas.height;
    const int side = height * 5 / 9;
    const auto swing = static_cast<Angle>(player.walked / 4);
    const int sway = multiply(sine(swing), side / 14);
    const int bob = absolute(multiply(cosine(swing), side / 20));
    const int kick = player.flash * side / 60;
    const int x = width / 2 - side / 2 + sway;
    const int y = height - side * 39 / 40 + bob + kick;
    const Painter painter{scene.canvas};
    if (player.flash > 2 && player.weapon != Weapon::SmokeLauncher) {
        const int glow = side / 8;
        for (int ring = 4; ring >= 1; --ring)
            painter.box(
                x + side / 2 - glow * ring / 4,
                y + side / 4 - glow * ring / 4,
                glow * ring / 2,
                glow * ring / 2,
                scene.palette(ring > 2 ? Ramp::Orange : Ramp::Yellow, 16 - ring));
    }
    painter.sprite(
        x,
        y,
        side,
        scene.textures.weapons[static_cast<std::size_t>(player.weapon)],
        scene.palette.light(player.flash > 0 ? 0 : 3));
}

}  // namespace hindsight::arena
