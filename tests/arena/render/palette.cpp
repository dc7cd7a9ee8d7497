#include "render/palette.hpp"

namespace hindsight::arena {

namespace {

struct Color {
    int red;
    int green;
    int blue;
};

struct RampEnds {
    Color dark;
    Color middle;
    Color bright;
};

constexpr std::array<RampEnds, static_cast<std::size_t>(Ramp::Count)> kRamps{{
    {{0, 0, 0}, {14, 14, 18}, {34, 34, 42}},           // Black
    {{20, 20, 24}, {104, 106, 112}, {206, 208, 212}},  // Grey
    {{38, 14, 10}, {142, 62, 42}, {226, 148, 112}},    // Brick
    {{26, 26, 22}, {112, 108, 96}, {204, 198, 180}},   // Stone
    {{14, 20, 30}, {84, 102, 124}, {196, 214, 232}},   // Steel
    {{26, 14, 6}, {116, 74, 38}, {206, 154, 96}},      // Wood
    {{40, 32, 18}, {150, 128, 84}, {236, 220, 176}},   // Sand
    {{12, 22, 10}, {64, 94, 48}, {154, 184, 112}},     // Moss
    {{8, 14, 40}, {44, 84, 176}, {150, 196, 255}},     // Blue
    {{36, 4, 6}, {176, 30, 34}, {255, 140, 130}},      // Red
    {{44, 18, 2}, {214, 110, 24}, {255, 206, 128}},    // Orange
    {{46, 38, 4}, {222, 184, 38}, {255, 246, 170}},    // Yellow
    {{6, 34, 10}, {48, 166, 66}, {164, 250, 160}},     // Green
    {{2, 34, 40}, {34, 176, 190}, {176, 255, 250}},    // Cyan
    {{44, 22, 14}, {176, 116, 84}, {250, 212, 180}},   // Skin
    {{60, 60, 66}, {170, 172, 178}, {255, 255, 255}},  // White
}};

constexpr Color kFog{12, 14, 20};

constexpr int mix(int from, int to, int part, int whole) {
    return from + (to - from) * part / whole;
}

constexpr Color mix(const Color& from, const Color& to, int part, int whole) {
    return {
        mix(from.red, to.red, part, whole),
        mix(from.green, to.green, part, whole),
        mix(from.blue, to.blue, part, whole)};
}

constexpr std::uint32_t packed(const Color& color) {
    return static_cast<std::uint32_t>(color.red) << 16 |
           static_cast<std::uint32_t>(color.green) << 8 | static_cast<std::uint32_t>(color.blue);
}

}  // namespace

Palette::Palette() {
    for (std::size_t index = 0; index < 256; ++index) {
        const RampEnds& ramp = kRamps[index / kShades];
        const int shade = static_cast<int>(index % kShades);
        const Color plain = shade < kShades / 2
                                ? mix(ramp.dark, ramp.middle, shade, kShades / 2)
                                : mix(ramp.middle, ramp.bright, shade - kShades / 2, 7);
        for (int light = 0; light < kLights; ++light)
            lights_[static_cast<std::size_t>(light)][index] =
                packed(mix(plain, kFog, light, kLights));
    }
}

}  // namespace hindsight::arena
