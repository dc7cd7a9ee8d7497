#pragma once

// The colours of the arena: 16 ramps of 16 shades, and what each becomes in the distance. Textures
// hold one byte a pixel; shading a pixel is one look into a table of a kilobyte.

#include <array>
#include <cstdint>

namespace hindsight::arena {

enum class Ramp : std::uint8_t {
    Black,  ///< index 0 of it is also "nothing" in sprites
    Grey,
    Brick,
    Stone,
    Steel,
    Wood,
    Sand,
    Moss,
    Blue,
    Red,
    Orange,
    Yellow,
    Green,
    Cyan,
    Skin,
    White,
    Count,
};

inline constexpr int kShades = 16;
inline constexpr int kLights = 32;  ///< from full light to fog

using Pixel = std::uint8_t;
inline constexpr Pixel kNothing = 0;

/// `shade` is clamped to 0 … 15, dark to bright; never kNothing.
constexpr Pixel color(Ramp ramp, int shade) {
    const int clamped = shade < 0 ? 0 : shade >= kShades ? kShades - 1 : shade;
    const int index = static_cast<int>(ramp) * kShades + clamped;
    return static_cast<Pixel>(index == 0 ? 1 : index);
}

using Colors = std::array<std::uint32_t, 256>;  ///< 0xRRGGBB

class Palette {
public:
    Palette();

    /// Index 0: as painted.
    [[nodiscard]] const Colors& light(int level) const {
        return lights_[static_cast<std::size_t>(level)];
    }

    [[nodiscard]] std::uint32_t operator()(Ramp ramp, int shade) const {
        return lights_[0][color(ramp, shade)];
    }

private:
    std::array<Colors, kLights> lights_{};
};

}  // namespace hindsight::arena
