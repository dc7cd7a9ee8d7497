#include "blend.hpp"

#include <cmath>

namespace hindsight::render {

namespace {

std::uint16_t fixed(float value) {
    return static_cast<std::uint16_t>(std::lround(value * 256.0F));
}

}  // namespace

void BlendPicture::compose(Rect area, std::span<const Mask> masks) {
    area_ = area;
    const auto size = static_cast<std::size_t>(area.w) * static_cast<std::size_t>(area.h);
    keep_.assign(size, 1.0F);
    luma_.assign(size, 0.0F);
    blue_.assign(size, 0.0F);
    red_.assign(size, 0.0F);
    for (const Mask& mask : masks) {
        const float step = mask.opacity / 255.0F;
        for (int y = 0; y < mask.area.h; ++y) {
            const std::uint8_t* row = mask.coverage + static_cast<std::ptrdiff_t>(y) * mask.stride;
            const std::size_t start = static_cast<std::size_t>(mask.area.y + y - area.y) *
                                          static_cast<std::size_t>(area.w) +
                                      static_cast<std::size_t>(mask.area.x - area.x);
            float* keep = keep_.data() + start;
            float* luma = luma_.data() + start;
            float* blue = blue_.data() + start;
            float* red = red_.data() + start;
            for (int x = 0; x < mask.area.w; ++x) {
                if (row[x] == 0)
                    continue;
                const float a = static_cast<float>(row[x]) * step;
                keep[x] *= 1 - a;
                luma[x] += (mask.luma - luma[x]) * a;
                blue[x] += (mask.blue - blue[x]) * a;
                red[x] += (mask.red - red[x]) * a;
            }
        }
    }
    quantise();
}

void BlendPicture::quantise() {
    const std::size_t size = keep_.size();
    luma_weights_.keep.resize(size);
    luma_weights_.add.resize(size);
    for (std::size_t i = 0; i < size; ++i) {
        luma_weights_.keep[i] = fixed(keep_[i]);
        luma_weights_.add[i] = fixed(luma_[i]);
    }
    const auto w = static_cast<std::size_t>(area_.w);
    blue_weights_.keep.resize(size / 4);
    blue_weights_.add.resize(size / 4);
    red_weights_.add.resize(size / 4);
    const auto mean = [w](const std::vector<float>& plane, std::size_t at) {
        return (plane[at] + plane[at + 1] + plane[at + w] + plane[at + w + 1]) / 4;
    };
    std::size_t out = 0;
    for (std::size_t y = 0; y < static_cast<std::size_t>(area_.h); y += 2) {
        for (std::size_t x = 0; x < w; x += 2, ++out) {
            const std::size_t at = y * w + x;
            blue_weights_.keep[out] = fixed(mean(keep_, at));
            blue_weights_.add[out] = fixed(mean(blue_, at));
            red_weights_.add[out] = fixed(mean(red_, at));
        }
    }
    red_weights_.keep = blue_weights_.keep;
}

void BlendPicture::apply_plane(const Plane& plane, const Rect& area, const Weights& weights) {
    const std::uint16_t* keep = weights.keep.data();
    const std::uint16_t* add = weights.add.data();
    for (int y = 0; y < area.h; ++y) {
        std::uint8_t* row =
            plane.data + static_cast<std::ptrdiff_t>(area.y + y) * plane.stride + area.x;
        for (int x = 0; x < area.w; ++x) {
            const unsigned sum = row[x] * static_cast<unsigned>(keep[x]) + add[x] + 128U;
            row[x] = static_cast<std::uint8_t>(sum >> 8);
        }
        keep += area.w;
        add += area.w;
    }
}

void BlendPicture::apply(Plane luma, Plane blue, Plane red) const {
    if (area_.empty())
        return;
    const Rect half{area_.x / 2, area_.y / 2, area_.w / 2, area_.h / 2};
    apply_plane(luma, area_, luma_weights_);
    apply_plane(blue, half, blue_weights_);
    apply_plane(red, half, red_weights_);
}

}  // namespace hindsight::render
