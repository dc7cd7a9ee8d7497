#include "overlay_picture.hpp"

#include "blend.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/core/paths.hpp>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

extern "C" {
#include <ass/ass.h>
}

namespace hindsight::render {

namespace {

using LibraryHandle = UniqueHandle<ASS_Library, ass_library_done>;
using RendererHandle = UniqueHandle<ASS_Renderer, ass_renderer_done>;
using TrackHandle = UniqueHandle<ASS_Track, ass_free_track>;

constexpr int kAssLevelError = 1;
constexpr int kHighDefinitionLines = 720;

/// libass talks about fonts that our scripts never use: all but errors is for debugging.
void forward_message(int level, const char* format, va_list arguments, void* data) noexcept {
    char text[512];
    std::vsnprintf(text, sizeof text, format, arguments);
    static_cast<const Log*>(data)->write(
        level <= kAssLevelError ? LogLevel::Warn : LogLevel::Debug, text);
}

struct Yuv {
    float y, u, v;
};

Yuv to_yuv(std::uint32_t rgb, const ColourSpace& space) {
    const double r = (rgb >> 16 & 0xff) / 255.0;
    const double g = (rgb >> 8 & 0xff) / 255.0;
    const double b = (rgb & 0xff) / 255.0;
    const double y = space.kr * r + (1 - space.kr - space.kb) * g + space.kb * b;
    const double u = (b - y) / (2 * (1 - space.kb));
    const double v = (r - y) / (2 * (1 - space.kr));
    const double luma_range = space.full_range ? 255 : 219;
    const double chroma_range = space.full_range ? 255 : 224;
    return {
        static_cast<float>((space.full_range ? 0 : 16) + luma_range * y),
        static_cast<float>(128 + chroma_range * u),
        static_cast<float>(128 + chroma_range * v)};
}

/// Smallest even rectangle round all images that shows something, within the picture.
Rect cover(const ASS_Image* images, int width, int height) {
    int left = width;
    int top = height;
    int right = 0;
    int bottom = 0;
    for (const ASS_Image* image = images; image != nullptr; image = image->next) {
        if (image->w <= 0 || image->h <= 0)
            continue;
        left = std::min(left, image->dst_x);
        top = std::min(top, image->dst_y);
        right = std::max(right, image->dst_x + image->w);
        bottom = std::max(bottom, image->dst_y + image->h);
    }
    if (left >= right || top >= bottom)
        return {};
    left &= ~1;
    top &= ~1;
    // An odd picture's last column shares its chroma sample; it is left as it is.
    right = std::min((right + 1) & ~1, width & ~1);
    bottom = std::min((bottom + 1) & ~1, height & ~1);
    return {left, top, right - left, bottom - top};
}

/// Our labels are outlines, yet libass draws nothing without a font for the style: it gets ours, or
/// whatever the machine has.
void set_font(ASS_Renderer* renderer) {
    const std::filesystem::path font = paths::shipped_data_dir() / "fonts" / "Inter-Regular.otf";
    std::error_code ignored;
    const bool shipped = std::filesystem::exists(font, ignored);
    ass_set_fonts(
        renderer,
        shipped ? font.c_str() : nullptr,
        "Inter",
        shipped ? ASS_FONTPROVIDER_NONE : ASS_FONTPROVIDER_AUTODETECT,
        nullptr,
        1);
}

}  // namespace

ColourSpace ColourSpace::of(const AVCodecContext& decoder) {
    ColourSpace space;
    space.full_range =
        decoder.color_range == AVCOL_RANGE_JPEG || decoder.pix_fmt == AV_PIX_FMT_YUVJ420P;
    const bool standard_definition =
        decoder.colorspace == AVCOL_SPC_SMPTE170M || decoder.colorspace == AVCOL_SPC_BT470BG ||
        (decoder.colorspace == AVCOL_SPC_UNSPECIFIED && decoder.height < kHighDefinitionLines);
    if (standard_definition) {
        space.kr = .299;
        space.kb = .114;
    } else if (decoder.colorspace == AVCOL_SPC_BT2020_NCL) {
        space.kr = .2627;
        space.kb = .0593;
    }
    return space;
}

struct OverlayPicture::Impl {
    explicit Impl(Log l) : log{std::move(l)} {}

    Log log;
    LibraryHandle library;
    TrackHandle track;
    RendererHandle renderer;
    int width = 0;
    int height = 0;
    ColourSpace colours;
    BlendPicture picture;

    void compose(const ASS_Image* images) {
        const Rect area = cover(images, width, height);
        std::vector<Mask> masks;
        for (const ASS_Image* image = images; image != nullptr; image = image->next) {
            Mask mask;
            mask.area = {
                image->dst_x,
                image->dst_y,
                std::min(image->w, area.x + area.w - image->dst_x),
                std::min(image->h, area.y + area.h - image->dst_y)};
            if (mask.area.empty())
                continue;
            mask.coverage = image->bitmap;
            mask.stride = image->stride;
            mask.opacity = static_cast<float>(255 - (image->color & 0xff)) / 255.0F;
            const Yuv colour = to_yuv(image->color >> 8, colours);
            mask.luma = colour.y;
            mask.blue = colour.u;
            mask.red = colour.v;
            masks.push_back(mask);
        }
        picture.compose(area, masks);
    }
};

OverlayPicture::OverlayPicture(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

OverlayPicture::OverlayPicture(OverlayPicture&&) noexcept = default;
OverlayPicture& OverlayPicture::operator=(OverlayPicture&&) noexcept = default;
OverlayPicture::~OverlayPicture() = default;

Result<OverlayPicture> OverlayPicture::create(
    const std::string& script, int width, int height, ColourSpace colours, const Log& log) {
    auto impl = std::make_unique<Impl>(log);
    impl->width = width;
    impl->height = height;
    impl->colours = colours;
    impl->library.reset(ass_library_init());
    if (!impl->library)
        return fail(Errc::External, "the overlay cannot be drawn: libass does not start");
    ass_set_message_cb(impl->library.get(), forward_message, &impl->log);
    impl->renderer.reset(ass_renderer_init(impl->library.get()));
    if (!impl->renderer)
        return fail(Errc::External, "the overlay cannot be drawn: libass does not start");
    ass_set_storage_size(impl->renderer.get(), width, height);
    ass_set_frame_size(impl->renderer.get(), width, height);
    set_font(impl->renderer.get());
    std::string text = script;  // libass wants to write into it
    impl->track.reset(ass_read_memory(impl->library.get(), text.data(), text.size(), nullptr));
    if (!impl->track)
        return fail(Errc::Corrupt, "the overlay's script cannot be read");
    return OverlayPicture{std::move(impl)};
}

bool OverlayPicture::prepare(std::int64_t ms) {
    int change = 0;
    const ASS_Image* images =
        ass_render_frame(impl_->renderer.get(), impl_->track.get(), ms, &change);
    if (change != 0)
        impl_->compose(images);
    return !impl_->picture.area().empty();
}

void OverlayPicture::draw(AVFrame* frame) const {
    impl_->picture.apply(
        {frame->data[0], frame->linesize[0]},
        {frame->data[1], frame->linesize[1]},
        {frame->data[2], frame->linesize[2]});
}

}  // namespace hindsight::render
