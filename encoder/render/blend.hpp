#pragma once

// Coloured masks joined into one picture that is then laid over 4:2:0 frames: the joining happens
// only when the overlay changes, the laying once a frame.

#include <cstdint>
#include <span>
#include <vector>

namespace hindsight::render {

/// In pixels; even on all sides, so that chroma samples are covered whole.
struct Rect {
    int x = 0;
    int y = 0;
    int w = 0;
    int h = 0;

    [[nodiscard]] bool empty() const { return w <= 0 || h <= 0; }
};

/// A colour in the clip's own numbers (0–255), seen through a mask.
struct Mask {
    const std::uint8_t* coverage = nullptr;  ///< 255: all of the colour
    int stride = 0;
    Rect area;
    float luma = 0;
    float blue = 128;
    float red = 128;
    float opacity = 1;
};

struct Plane {
    std::uint8_t* data = nullptr;
    int stride = 0;
};

class BlendPicture {
public:
    /// Joins `masks`, the first at the bottom. `area` holds them all.
    void compose(Rect area, std::span<const Mask> masks);

    [[nodiscard]] const Rect& area() const { return area_; }

    void apply(Plane luma, Plane blue, Plane red) const;

private:
    /// What remains of the picture below, and what is added, both times 256.
    struct Weights {
        std::vector<std::uint16_t> keep;
        std::vector<std::uint16_t> add;
    };

    static void apply_plane(const Plane& plane, const Rect& area, const Weights& weights);
    void quantise();

    Rect area_;
    std::vector<float> keep_, luma_, blue_, red_;  ///< at full size, while composing
    Weights luma_weights_, blue_weights_, red_weights_;
};

}  // namespace hindsight::render
