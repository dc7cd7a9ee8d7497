#pragma once

#include "render/textures.hpp"

namespace hindsight::arena {

/// Draws on one texture, in pixels of it.
class Brush {
public:
    explicit Brush(Texture& texture) : texture_{texture} {}

    /// Lit from the upper left; flatter than wide is well.
    void ball(int x, int y, int wide, int high, Ramp ramp, int bright = 14) const {
        for (int dx = -wide; dx <= wide; ++dx) {
            for (int dy = -high; dy <= high; ++dy) {
                const int rim = dx * dx * 256 / (wide * wide) + dy * dy * 256 / (high * high);
                if (rim > 256)
                    continue;
                const int lit_x = dx + wide / 3;
                const int lit_y = dy + high / 2;
                const int away =
                    lit_x * lit_x * 256 / (wide * wide) + lit_y * lit_y * 256 / (high * high);
                const int shade = bright - away * bright / 680 - (rim > 225 ? 3 : 0);
                texture_.put(x + dx, y + dy, color(ramp, shade));
            }
        }
    }

    /// Lit at its left and upper edges.
    void box(int x, int y, int wide, int high, Ramp ramp, int shade) const {
        for (int dx = 0; dx < wide; ++dx) {
            for (int dy = 0; dy < high; ++dy) {
                const bool lit = dx == 0 || dy == 0;
                const bool dark = dx == wide - 1 || dy == high - 1;
                const int round = shade + 2 - dx * 5 / wide;
                texture_.put(x + dx, y + dy, color(ramp, round + (lit ? 2 : 0) - (dark ? 3 : 0)));
            }
        }
    }

    void glow(int x, int y, int radius, Ramp ramp) const {
        for (int dx = -radius; dx <= radius; ++dx)
            for (int dy = -radius; dy <= radius; ++dy)
                if (dx * dx + dy * dy <= radius * radius)
                    texture_.put(
                        x + dx,
                        y + dy,
                        color(ramp, 15 - (dx * dx + dy * dy) * 7 / (radius * radius)));
    }

private:
    Texture& texture_;
};

}  // namespace hindsight::arena
