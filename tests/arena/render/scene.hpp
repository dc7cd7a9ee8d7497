#pragma once

// Between the parts of the renderer.

#include "engine/engine.hpp"
#include "render/textures.hpp"
#include "strip/strip.hpp"

#include <vector>

namespace hindsight::arena {

/// The eye, and how it sees.
struct Camera {
    Camera(const Player& player, int width, int height);

    Fixed x, y;
    Fixed eye;  ///< above the floor, in cells
    Fixed ahead_x, ahead_y;
    Fixed aside_x, aside_y;  ///< to the right edge of the picture at a distance of one
    int distance;            ///< of the picture plane, in pixels
    int horizon;             ///< row
};

/// Borrowed for one picture; `canvas` is the view without the strip.
struct Scene {
    const Canvas& canvas;
    const Engine& engine;
    const Camera& camera;
    const Textures& textures;
    const Palette& palette;
    std::vector<Fixed>& depth;
    std::vector<int>& top;
    std::vector<int>& bottom;

    /// The colors at that distance.
    [[nodiscard]] const Colors& light(Fixed far, int darker = 0) const {
        const int level = far / (kOne * 2 / 5) + darker - (engine.state().player.flash > 0 ? 4 : 0);
        return palette.light(level < 0 ? 0 : level >= kLights ? kLights - 1 : level);
    }
};

void draw_walls(const Scene& scene);
void draw_floors(const Scene& scene);
void draw_things(const Scene& scene);
void draw_weapon(const Scene& scene);

}  // namespace hindsight::arena
