#pragma once

// Walls, floors and sprites, painted by rules: the arena needs no files.

#include "engine/level.hpp"
#include "engine/state.hpp"
#include "render/palette.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace hindsight::arena {

inline constexpr int kTextureBits = 6;
inline constexpr int kTextureSide = 1 << kTextureBits;

/// Column by column (walls and sprites are drawn in columns): at(x, y) = x * 64 + y.
struct Texture {
    std::array<Pixel, std::size_t{kTextureSide} * kTextureSide> pixels{};

    Pixel& at(int x, int y) { return pixels[index(x, y)]; }

    [[nodiscard]] Pixel at(int x, int y) const { return pixels[index(x, y)]; }

    /// Outside nothing happens.
    void put(int x, int y, Pixel pixel) {
        if (x >= 0 && y >= 0 && x < kTextureSide && y < kTextureSide)
            at(x, y) = pixel;
    }

private:
    static std::size_t index(int x, int y) {
        return (static_cast<std::size_t>(x) << kTextureBits) + static_cast<std::size_t>(y);
    }
};

enum class EnemyFrame : std::uint8_t { WalkA, WalkB, Aim, Pain, Falling, Dead, Count };

struct Textures {
    Textures();

    std::array<Texture, static_cast<std::size_t>(Wall::Count)> walls;
    std::array<Texture, static_cast<std::size_t>(Ground::Count)> floors;
    Texture ceiling;
    std::array<std::array<Texture, static_cast<std::size_t>(EnemyFrame::Count)>, Level::kEnemyKinds>
        enemies;
    std::array<Texture, Level::kPickupKinds> pickups;
    std::array<Texture, static_cast<std::size_t>(Weapon::Count)> weapons;
    /// How thick the smoke is at each pixel, 0 to 15.
    Texture smoke;
};

/// Parts of the above.
void paint_walls(Textures& textures);
void paint_sprites(Textures& textures);
void paint_weapons(Textures& textures);

}  // namespace hindsight::arena
