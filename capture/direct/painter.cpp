#include <hindsight/direct/picture_source.hpp>

#include <libyuv.h>

#include <algorithm>
#include <cstring>

namespace hindsight::direct {

namespace {

constexpr int kSmallest = 16;

int even(std::int64_t value) {
    return static_cast<int>(value / 2 * 2);
}

/// `size` scaled by num/den, rounded to the nearest even number.
int scaled_even(int size, std::int64_t num, std::int64_t den) {
    return even((size * num + den / 2) / den + 1);
}

/// The factor (num/den) that makes `source` just fit `limit`.
struct Factor {
    std::int64_t num = 1;
    std::int64_t den = 1;
};

Factor fit(PictureSize source, PictureSize limit) {
    const bool width_decides = static_cast<std::int64_t>(source.width) * limit.height >=
                               static_cast<std::int64_t>(source.height) * limit.width;
    return width_decides ? Factor{limit.width, source.width} : Factor{limit.height, source.height};
}

void fill_black(const Nv12Picture& canvas, Placement area) {
    for (int row = area.y; row < area.y + area.height; ++row)
        std::memset(
            canvas.luma + static_cast<std::ptrdiff_t>(row) * canvas.luma_stride + area.x,
            16,
            static_cast<std::size_t>(area.width));
    for (int row = area.y / 2; row < (area.y + area.height) / 2; ++row)
        std::memset(
            canvas.chroma + static_cast<std::ptrdiff_t>(row) * canvas.chroma_stride + area.x,
            128,
            static_cast<std::size_t>(area.width));
}

}  // namespace

PictureSize canvas_size(PictureSize source, PictureSize limit) {
    PictureSize size = source;
    if (source.width > limit.width || source.height > limit.height) {
        const Factor factor = fit(source, limit);
        size.width = std::min(scaled_even(source.width, factor.num, factor.den), limit.width);
        size.height = std::min(scaled_even(source.height, factor.num, factor.den), limit.height);
    }
    return {std::max(even(size.width), kSmallest), std::max(even(size.height), kSmallest)};
}

Placement letterbox(PictureSize source, PictureSize canvas) {
    if (source.width <= 0 || source.height <= 0)
        return {};
    const Factor factor = fit(source, canvas);
    const int width =
        std::clamp(scaled_even(source.width, factor.num, factor.den), 2, canvas.width);
    const int height =
        std::clamp(scaled_even(source.height, factor.num, factor.den), 2, canvas.height);
    return {
        .x = even((canvas.width - width) / 2),
        .y = even((canvas.height - height) / 2),
        .width = width,
        .height = height};
}

void Painter::paint_black(const Nv12Picture& canvas) {
    fill_black(canvas, {.x = 0, .y = 0, .width = canvas.size.width, .height = canvas.size.height});
}

void Painter::paint(const BgrxPicture& picture, const Nv12Picture& canvas) {
    if (picture.data == nullptr || picture.size.width <= 0 || picture.size.height <= 0) {
        paint_black(canvas);
        return;
    }
    // An odd source loses its last row or column rather than the sharpness of all others.
    const PictureSize even_source{
        std::max(even(picture.size.width), 1), std::max(even(picture.size.height), 1)};
    const std::uint8_t* pixels = picture.data;
    int stride = picture.stride;
    Placement place{.x = 0, .y = 0, .width = canvas.size.width, .height = canvas.size.height};
    if (even_source != canvas.size) {
        place = letterbox(picture.size, canvas.size);
        stride = place.width * 4;
        scaled_.resize(static_cast<std::size_t>(stride) * static_cast<std::size_t>(place.height));
        libyuv::ARGBScale(
            picture.data,
            picture.stride,
            picture.size.width,
            picture.size.height,
            scaled_.data(),
            stride,
            place.width,
            place.height,
            libyuv::kFilterBox);
        pixels = scaled_.data();
        const int right = place.x + place.width;
        const int below = place.y + place.height;
        fill_black(canvas, {0, 0, canvas.size.width, place.y});
        fill_black(canvas, {0, below, canvas.size.width, canvas.size.height - below});
        fill_black(canvas, {0, place.y, place.x, place.height});
        fill_black(canvas, {right, place.y, canvas.size.width - right, place.height});
    }
    libyuv::ARGBToNV12(
        pixels,
        stride,
        canvas.luma + static_cast<std::ptrdiff_t>(place.y) * canvas.luma_stride + place.x,
        canvas.luma_stride,
        canvas.chroma + static_cast<std::ptrdiff_t>(place.y / 2) * canvas.chroma_stride + place.x,
        canvas.chroma_stride,
        place.width,
        place.height);
}

}  // namespace hindsight::direct
