// overlay_sheet FILE.png: every layout and theme, as burned into a bright, a dark and a busy
// picture.

#include "log_builder.hpp"
#include "overlay_picture.hpp"

#include <hindsight/actions/profile.hpp>
#include <hindsight/core/file.hpp>
#include <hindsight/overlay/overlay.hpp>

#include <ffmpeg/av_error.hpp>
#include <ffmpeg/av_handle.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

namespace hindsight {
namespace {

using actions::ActionLog;
using overlay::OverlayOptions;
using overlay::Theme;

constexpr int kTileWidth = 640;
constexpr int kTileHeight = 300;
constexpr int kColumns = 3;
constexpr int kGap = 8;
constexpr int kShownFrame = 30;  ///< of a clip at 60 frames a second
constexpr render::ColourSpace kColours{.299, .114, true};

struct Rgb {
    double r = 0;
    double g = 0;
    double b = 0;
};

Rgb mix(Rgb a, Rgb b, double part) {
    return {a.r + (b.r - a.r) * part, a.g + (b.g - a.g) * part, a.b + (b.b - a.b) * part};
}

/// Snow under a pale sky.
Rgb bright(int x, int y) {
    const double ridge = 150 + 40 * std::sin(x * .012) + 18 * std::sin(x * .05);
    if (y < ridge)
        return mix({205, 226, 240}, {238, 245, 250}, y / ridge);
    return mix({226, 236, 244}, {250, 252, 255}, (y - ridge) / (kTileHeight - ridge));
}

/// A corridor lit from its end.
Rgb dark(int x, int y) {
    const double distance = std::hypot(x - 430.0, (y - 120.0) * 1.5);
    return mix({58, 132, 176}, {14, 18, 26}, std::min(1.0, distance / 330));
}

/// Lit windows at night.
Rgb busy(int x, int y) {
    static const std::array<Rgb, 5> kLights{
        {{233, 66, 140}, {64, 208, 230}, {250, 196, 70}, {130, 80, 230}, {240, 240, 250}}};
    const unsigned cell =
        static_cast<unsigned>(x / 10) * 2654435761U ^ static_cast<unsigned>(y / 14) * 40503U;
    const unsigned hash = (cell ^ cell >> 13) * 2246822519U;
    const bool lit = hash % 5 == 0 && x % 10 > 2 && y % 14 > 5;
    return lit ? kLights.at((hash >> 8) % 5) : Rgb{38, 16, 70};
}

FrameHandle backdrop(Rgb (*picture)(int, int)) {
    FrameHandle frame{av_frame_alloc()};
    frame->format = AV_PIX_FMT_YUVJ420P;
    frame->width = kTileWidth;
    frame->height = kTileHeight;
    av_frame_get_buffer(frame.get(), 0);
    for (int y = 0; y < kTileHeight; ++y) {
        for (int x = 0; x < kTileWidth; ++x) {
            const Rgb c = picture(x, y);
            const double luma = .299 * c.r + .587 * c.g + .114 * c.b;
            frame->data[0][y * frame->linesize[0] + x] = static_cast<std::uint8_t>(luma);
            if (x % 2 != 0 || y % 2 != 0)
                continue;
            const int half = x / 2;
            frame->data[1][y / 2 * frame->linesize[1] + half] =
                static_cast<std::uint8_t>(128 + (c.b - luma) / 1.772);
            frame->data[2][y / 2 * frame->linesize[2] + half] =
                static_cast<std::uint8_t>(128 + (c.r - luma) / 1.402);
        }
    }
    return frame;
}

/// What is done in the shown frame, on the action table of a bundled profile.
class Scene {
public:
    explicit Scene(const actions::Profile& profile) {
        log_.sets = profile.sets;
        log_.actions = profile.actions;
        log_.video.width = kTileWidth;
        log_.video.height = kTileHeight;
        log_.video.fps = {60, 1};
        log_.video.frames = 300;
    }

    Scene& value(int frame, std::string_view name, float x, float y = 0) {
        for (const actions::ActionInfo& info : log_.actions) {
            if (info.name == name) {
                log_.records.push_back(
                    {.t = to_duration(frame, {1, 60}), .action = info.id, .x = x, .y = y});
            }
        }
        return *this;
    }

    Scene& held(std::initializer_list<std::string_view> names) {
        for (const std::string_view name : names)
            value(5, name, 1);
        return *this;
    }

    Scene& looking() {
        for (int k = kShownFrame - 5; k <= kShownFrame; ++k)
            value(k, "look", 34 + 3 * (k - kShownFrame), -22);
        return *this;
    }

    [[nodiscard]] const ActionLog& log() {
        std::stable_sort(
            log_.records.begin(), log_.records.end(), [](const auto& a, const auto& b) {
                return a.t < b.t;
            });
        return log_;
    }

private:
    ActionLog log_;
};

struct Row {
    ActionLog log;
    Theme theme = Theme::Midnight;
};

std::vector<Row> rows(const actions::ProfileStore& store) {
    const actions::Profile& generic = *store.find("generic");
    const actions::Profile& doom = *store.find("freedoom");
    const auto shooter = [&] {
        return Scene{generic}
            .held({"move_forward", "move_right", "sprint", "primary"})
            .value(kShownFrame - 2, "jump", 1)
            .value(kShownFrame - 1, "jump", 0)
            .looking()
            .log();
    };
    return {
        {shooter()},
        {Scene{doom}
             .held({"move_forward", "turn_right", "fire", "run"})
             .value(kShownFrame - 3, "weapon_3", 1)
             .log()},
        {Scene{generic}
             .value(5, "move_stick", .75F, -.5F)
             .value(5, "look_stick", -.3F, .9F)
             .value(5, "secondary_trigger", .35F)
             .value(5, "primary_trigger", .9F)
             .held({"left_shoulder", "jump", "use"})
             .log()},
        {shooter(), Theme::Paper},
        {shooter(), Theme::Outline}};
}

Result<> draw_tile(const Row& row, Rgb (*picture)(int, int), AVFrame* sheet, int left, int top) {
    OverlayOptions options;
    options.theme = row.theme;
    // Drawn as in a picture of 640 lines, so that the tile is filled.
    options.scale = 2.6;
    HINDSIGHT_ASSIGN(const std::string script, overlay::make_ass(row.log, options));
    HINDSIGHT_ASSIGN(
        auto drawer,
        render::OverlayPicture::create(script, kTileWidth, kTileHeight, kColours, Log{"sheet"}));
    const FrameHandle tile = backdrop(picture);
    if (drawer.prepare(kShownFrame * 1000 / 60))
        drawer.draw(tile.get());
    const ScalerHandle scaler{sws_getContext(
        kTileWidth,
        kTileHeight,
        AV_PIX_FMT_YUVJ420P,
        kTileWidth,
        kTileHeight,
        AV_PIX_FMT_RGB24,
        SWS_BICUBIC | SWS_ACCURATE_RND,
        nullptr,
        nullptr,
        nullptr)};
    std::array<std::uint8_t*, 4> to{sheet->data[0] + top * sheet->linesize[0] + left * 3};
    const std::array<int, 4> stride{sheet->linesize[0]};
    sws_scale(scaler.get(), tile->data, tile->linesize, 0, kTileHeight, to.data(), stride.data());
    return {};
}

Result<> write_png(const AVFrame* sheet, const char* file) {
    const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
    const CodecContextHandle context{avcodec_alloc_context3(codec)};
    context->width = sheet->width;
    context->height = sheet->height;
    context->pix_fmt = AV_PIX_FMT_RGB24;
    context->time_base = {1, 1};
    context->compression_level = 9;
    const PacketHandle packet{av_packet_alloc()};
    int error = avcodec_open2(context.get(), codec, nullptr);
    if (error >= 0)
        error = avcodec_send_frame(context.get(), sheet);
    if (error >= 0)
        error = avcodec_send_frame(context.get(), nullptr);
    if (error >= 0)
        error = avcodec_receive_packet(context.get(), packet.get());
    if (error < 0)
        return fail_av("writing the picture", error);
    return write_file_atomically(
        file,
        {reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size)});
}

Result<> draw_sheet(const char* file) {
    const auto store = actions::ProfileStore::load(HINDSIGHT_PROFILES_DIR, "/nonexistent");
    const std::vector<Row> all = rows(store);
    const FrameHandle sheet{av_frame_alloc()};
    sheet->format = AV_PIX_FMT_RGB24;
    sheet->width = kColumns * (kTileWidth + kGap) + kGap;
    sheet->height = static_cast<int>(all.size()) * (kTileHeight + kGap) + kGap;
    av_frame_get_buffer(sheet.get(), 0);
    std::fill_n(sheet->data[0], sheet->linesize[0] * sheet->height, std::uint8_t{0x10});
    const std::array<Rgb (*)(int, int), kColumns> pictures{bright, dark, busy};
    int top = kGap;
    for (const Row& row : all) {
        int left = kGap;
        for (const auto picture : pictures) {
            HINDSIGHT_TRY(draw_tile(row, picture, sheet.get(), left, top));
            left += kTileWidth + kGap;
        }
        top += kTileHeight + kGap;
    }
    return write_png(sheet.get(), file);
}

}  // namespace
}  // namespace hindsight

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: overlay_sheet FILE.png\n");
        return 2;
    }
    const auto drawn = hindsight::draw_sheet(argv[1]);
    if (!drawn)
        std::fprintf(stderr, "%s\n", drawn.error().what.c_str());
    return drawn ? 0 : 1;
}
