#pragma once

// What a frame says of itself, for programs: two rows of black and white cells along the upper
// edge, eighty in a row. 8 cells begin, 19 bytes follow, highest bit first: frame number, held
// actions, mode, look, sticks, events, and a CRC-16 over all that. Cells are as wide as an 80th of
// the picture, so that at 640 pixels each is one block of the codec.

#include "engine/engine.hpp"
#include "luma.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace hindsight::arena {

/// What the engine had done and got when it made the picture.
struct FrameMark {
    std::uint32_t frame = 0;
    Actions held = 0;  ///< pressed ones of the frame too, were they released in it
    Mode mode = Mode::Gameplay;
    Pair look = {};
    Pair move = {};
    Pair stick = {};
    std::uint8_t events = 0;  ///< bit n: kEventNames[n]

    friend bool operator==(const FrameMark&, const FrameMark&) = default;
};

[[nodiscard]] FrameMark
mark_of(const State& state, const Inputs& inputs, const std::vector<Event>& events);

inline constexpr int kStripColumns = 80;
inline constexpr int kStripRows = 2;

constexpr int strip_cell(int width) {
    return width / kStripColumns;
}

constexpr int strip_height(int width) {
    return kStripRows * strip_cell(width);
}

/// Pixels of 32 bits, borrowed.
struct Canvas {
    std::uint32_t* pixels = nullptr;
    int stride = 0;  ///< in pixels
    int width = 0;
    int height = 0;
};

/// Draws over the upper edge of the canvas, which must be at least 80 pixels wide.
void draw_strip(const Canvas& canvas, const FrameMark& mark);

/// Where the strip is in a picture that was scaled or letterboxed.
struct StripLayout {
    double x = 0;
    double y = 0;
    double cell = 0;  ///< 0: an 80th of the picture's width, rounded down
};

/// Nothing when there is no strip, when a cell is neither black nor white, or the checksum is
/// wrong.
[[nodiscard]] std::optional<FrameMark>
read_strip(const test::Luma& luma, const StripLayout& layout = {});

}  // namespace hindsight::arena
