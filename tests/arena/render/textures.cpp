#include "render/textures.hpp"

#include "engine/random.hpp"

#include <cstdlib>

namespace hindsight::arena {

namespace {

constexpr int kSide = kTextureSide;

/// Smooth noise of 0 to 255 that repeats at the edges: random values on a lattice of `cells`.
class Noise {
public:
    Noise(std::uint64_t seed, int cells) : cells_{cells} {
        Random random = Random::seeded(seed);
        for (int i = 0; i < cells * cells; ++i)
            values_.push_back(random.below(256));
    }

    [[nodiscard]] int operator()(int x, int y) const {
        const int step = kSide / cells_;
        const int left = x / step;
        const int top = y / step;
        const int right_part = x % step;
        const int low_part = y % step;
        const auto across = [&](int row) {
            return value(left, row) * (step - right_part) + value(left + 1, row) * right_part;
        };
        return (across(top) * (step - low_part) + across(top + 1) * low_part) / (step * step);
    }

private:
    [[nodiscard]] int value(int x, int y) const {
        const int place = y % cells_ * cells_ + x % cells_;
        return values_[static_cast<std::size_t>(place)];
    }

    int cells_;
    std::vector<int> values_;
};

template <class Rule>
Texture painted(Rule rule) {
    Texture texture;
    for (int x = 0; x < kSide; ++x)
        for (int y = 0; y < kSide; ++y)
            texture.at(x, y) = rule(x, y);
    return texture;
}

Texture brick() {
    const Noise rough{11, 32};
    const Noise stain{12, 8};
    return painted([&](int x, int y) {
        constexpr int kHeight = 16;
        constexpr int kWidth = 32;
        const int row = y / kHeight;
        const int in_row = y % kHeight;
        const int along = (x + (row % 2) * kWidth / 2) % kWidth;
        const int grain = rough(x, y) / 48 + stain(x, y) / 64;
        if (in_row >= kHeight - 2 || along == 0 || along == kWidth - 1)
            return color(Ramp::Stone, 4 + grain / 2);
        const int each = ((x + (row % 2) * kWidth / 2) / kWidth * 7 + row * 5) % 4;
        int shade = 4 + each + grain / 2;
        if (in_row == 0 || along == 1)
            shade += 3;
        if (in_row >= kHeight - 4 || along >= kWidth - 3)
            shade -= 2;
        return color(Ramp::Brick, shade);
    });
}

Texture stone() {
    const Noise rough{21, 32};
    const Noise broad{22, 8};
    return painted([&](int x, int y) {
        const int row = y / 32;
        const int along = (x + row * 21) % 64 % 43;
        const int grain = rough(x, y) / 50 + broad(x, y) / 40;
        const int in_row = y % 32;
        if (in_row >= 30 || along < 2)
            return color(Ramp::Stone, 2 + grain / 4);
        int shade = 3 + grain;
        if (in_row == 0 || along == 2)
            shade += 3;
        if (in_row >= 28)
            shade -= 2;
        return broad(y, x) > 190 && y > 36 ? color(Ramp::Moss, shade) : color(Ramp::Stone, shade);
    });
}

Texture metal() {
    const Noise brushed{31, 64};
    const Noise rust{32, 8};
    return painted([&](int x, int y) {
        const int in_x = x % 32;
        const int in_y = y % 32;
        const int grain = brushed(0, y) / 80 + brushed(x, y) / 120;
        if (in_x == 31 || in_y == 31)
            return color(Ramp::Steel, 1);
        int shade = 6 + grain;
        if (in_x == 0 || in_y == 0)
            shade += 4;
        const bool rivet =
            std::abs(std::abs(in_x - 15) - 11) <= 1 && std::abs(std::abs(in_y - 15) - 11) <= 1;
        if (rivet)
            shade += in_x % 2 + in_y % 2 == 0 ? 5 : 1;
        if (y >= 26 && y < 30)
            return color((x + y) / 8 % 2 == 0 ? Ramp::Yellow : Ramp::Black, shade);
        return rust(x, y) > 196 ? color(Ramp::Wood, shade) : color(Ramp::Steel, shade);
    });
}

Texture wood() {
    const Noise grain{41, 32};
    const Noise wave{42, 4};
    return painted([&](int x, int y) {
        const int board = x / 16;
        const int in_board = x % 16;
        const int line = (x * 3 + wave(x, y) / 24 + board * 13) % 7;
        const bool beam = y < 6 || y >= 58;
        if (in_board == 0 || y == 6 || y == 57)
            return color(Ramp::Wood, 1);
        int shade = 5 + grain(x, y / 4) / 70 + (line == 0 ? -2 : 0) + board % 3;
        if (in_board == 1)
            shade += 2;
        if (beam)
            shade -= 2;
        const bool nail = (y == 10 || y == 53) && in_board == 8;
        return nail ? color(Ramp::Steel, 12) : color(Ramp::Wood, shade);
    });
}

Texture pillar() {
    const Noise rough{51, 32};
    return painted([&](int x, int y) {
        // Round by its shading, with a capital and a foot.
        const bool end = y < 8 || y >= 56;
        const int off = std::abs((end ? x : x % 16 * 4) - 24);
        int shade = 13 - off / (end ? 8 : 5) + rough(x, y) / 90;
        if (y == 8 || y == 55)
            shade = 2;
        return color(Ramp::Sand, shade - 2);
    });
}

Texture door() {
    const Noise brushed{61, 64};
    return painted([&](int x, int y) {
        const bool frame = x < 5 || x >= 59 || y < 5;
        const int grain = brushed(3, y) / 90;
        if (frame)
            return color(Ramp::Grey, 5 + grain + (x == 4 || y == 4 ? -3 : 0));
        if (y >= 10 && y < 24 && x >= 14 && x < 50) {
            const bool edge = y == 10 || y == 23 || x == 14 || x == 49;
            return edge ? color(Ramp::Black, 8) : color(Ramp::Cyan, 5 + (x + y) % 16 / 5);
        }
        if (x >= 52 && x < 56 && y >= 30 && y < 38)
            return color(Ramp::Green, 12);
        if (y >= 52 && y < 60)
            return color((x + y) / 6 % 2 == 0 ? Ramp::Yellow : Ramp::Black, 8 + grain);
        int shade = 7 + grain - std::abs(x - 32) / 12;
        if (y == 30 || y == 44 || x == 31)
            shade -= 4;
        if (y == 31 || y == 45 || x == 32)
            shade += 2;
        return color(Ramp::Blue, shade - 1);
    });
}

Texture tiles() {
    const Noise rough{71, 32};
    return painted([&](int x, int y) {
        const bool dark = (x / 32 + y / 32) % 2 == 0;
        const bool gap = x % 32 == 0 || y % 32 == 0;
        const int shade = (dark ? 4 : 7) + rough(x, y) / 70;
        return gap ? color(Ramp::Black, 6) : color(Ramp::Stone, shade);
    });
}

Texture planks() {
    const Noise grain{81, 32};
    return painted([&](int x, int y) {
        const int board = y / 16;
        const bool gap = y % 16 == 0 || (x + board * 24) % 64 == 0;
        return gap ? color(Ramp::Wood, 1) : color(Ramp::Wood, 4 + grain(x / 4, y) / 60 + board % 2);
    });
}

Texture plates() {
    const Noise rough{91, 16};
    return painted([&](int x, int y) {
        const int in_x = x % 16;
        const int in_y = y % 16;
        const bool bump = std::abs(in_x - 8) + std::abs(in_y - 8) < 4;
        const bool seam = x == 0 || y == 0;
        return seam ? color(Ramp::Steel, 1)
                    : color(Ramp::Steel, 4 + rough(x, y) / 80 + (bump ? 2 + (in_x < 8) : 0));
    });
}

Texture ceiling() {
    const Noise rough{95, 32};
    return painted([&](int x, int y) {
        const bool beam = x < 6 || y < 6;
        if (beam)
            return color(Ramp::Grey, 4 + (x == 5 || y == 5 ? -3 : 0) + rough(x, y) / 120);
        const bool lamp = x >= 27 && x < 43 && y >= 31 && y < 39;
        if (lamp)
            return color(Ramp::White, 13 + (x + y) % 2);
        return color(Ramp::Grey, 2 + rough(x, y) / 90);
    });
}

}  // namespace

void paint_walls(Textures& textures) {
    const auto wall = [&](Wall kind) -> Texture& {
        return textures.walls[static_cast<std::size_t>(kind)];
    };
    wall(Wall::Brick) = brick();
    wall(Wall::Stone) = stone();
    wall(Wall::Metal) = metal();
    wall(Wall::Wood) = wood();
    wall(Wall::Pillar) = pillar();
    wall(Wall::Door) = door();
    textures.floors = {tiles(), planks(), plates()};
    textures.ceiling = ceiling();
}

Textures::Textures() {
    paint_walls(*this);
    paint_sprites(*this);
    paint_weapons(*this);
}

}  // namespace hindsight::arena
