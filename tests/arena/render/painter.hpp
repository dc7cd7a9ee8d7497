#pragma once

// Flat drawing over the picture: boxes, text, scaled sprites. Everything is clipped.

#include "render/textures.hpp"
#include "strip/strip.hpp"

#include <cstdint>
#include <string_view>

namespace hindsight::arena {

/// `over` on `under`, in 16ths.
constexpr std::uint32_t blend(std::uint32_t under, std::uint32_t over, std::uint32_t part) {
    const std::uint32_t rest = 16 - part;
    const std::uint32_t outer = ((under & 0xff00ff) * rest + (over & 0xff00ff) * part) >> 4;
    const std::uint32_t green = ((under & 0x00ff00) * rest + (over & 0x00ff00) * part) >> 4;
    return (outer & 0xff00ff) | (green & 0x00ff00);
}

class Painter {
public:
    explicit Painter(const Canvas& canvas) : canvas_{canvas} {}

    void box(int x, int y, int width, int height, std::uint32_t color) const;

    /// `part` 16ths of the color over what is there.
    void veil(int x, int y, int width, int height, std::uint32_t color, std::uint32_t part) const;

    /// Letters are 5 by 7 of `scale` pixels, 6 apart; small letters become capitals, and what the
    /// font does not have becomes a box.
    void text(int x, int y, std::string_view text, int scale, std::uint32_t color) const;

    static int text_width(std::string_view text, int scale) {
        return static_cast<int>(text.size()) * 6 * scale;
    }

    static constexpr int kTextHeight = 7;

    /// A sprite in a square of `side` pixels.
    void sprite(int x, int y, int side, const Texture& texture, const Colors& colors) const;

private:
    Canvas canvas_;
};

}  // namespace hindsight::arena
