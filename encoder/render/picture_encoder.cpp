#include "picture_encoder.hpp"

#include <ffmpeg/av_error.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

extern "C" {
#include <libavutil/opt.h>
}

namespace hindsight::render {

namespace {

constexpr const char* kEncoding = "encoding the overlay video";
constexpr int kDefaultKeyframeDistance = 120;

void describe(AVCodecContext* to, const AVCodecContext& like, const EncoderOptions& options) {
    to->width = like.width;
    to->height = like.height;
    to->sample_aspect_ratio = like.sample_aspect_ratio;
    to->pix_fmt = AV_PIX_FMT_YUV420P;
    to->color_range = like.pix_fmt == AV_PIX_FMT_YUVJ420P ? AVCOL_RANGE_JPEG : like.color_range;
    to->color_primaries = like.color_primaries;
    to->color_trc = like.color_trc;
    to->colorspace = like.colorspace;
    to->chroma_sample_location = like.chroma_sample_location;
    to->time_base = options.time_base;
    to->framerate = options.frame_rate;
    to->thread_count = options.threads;
    // A key picture every two seconds keeps jumping in the player quick.
    to->gop_size = options.frame_rate.num > 0
                       ? static_cast<int>(std::lround(2 * av_q2d(options.frame_rate)))
                       : kDefaultKeyframeDistance;
    to->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
}

}  // namespace

PictureEncoder::PictureEncoder(CodecContextHandle context, PacketHandle packet, PacketSink sink)
    : context_{std::move(context)}, packet_{std::move(packet)}, sink_{std::move(sink)} {}

Result<PictureEncoder>
PictureEncoder::create(const AVCodecContext& like, const EncoderOptions& options, PacketSink sink) {
    const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
    if (codec == nullptr)
        return fail(
            Errc::Unsupported,
            "the overlay video needs FFmpeg with x264, which is not installed here");
    CodecContextHandle context{avcodec_alloc_context3(codec)};
    PacketHandle packet{av_packet_alloc()};
    if (!context || !packet)
        return fail_av(kEncoding, AVERROR(ENOMEM));
    describe(context.get(), like, options);
    AvOptions settings;
    settings.set("preset", options.preset.c_str());
    settings.set("crf", options.crf);
    if (const int error = avcodec_open2(context.get(), codec, settings.out()); error < 0)
        return fail_av(kEncoding, error);
    return PictureEncoder{std::move(context), std::move(packet), std::move(sink)};
}

Result<> PictureEncoder::encode(const AVFrame* frame) {
    if (const int error = avcodec_send_frame(context_.get(), frame); error < 0)
        return fail_av(kEncoding, error);
    for (;;) {
        const int error = avcodec_receive_packet(context_.get(), packet_.get());
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF)
            return {};
        if (error < 0)
            return fail_av(kEncoding, error);
        auto taken = sink_(packet_.get());
        av_packet_unref(packet_.get());
        HINDSIGHT_TRY(std::move(taken));
    }
}

}  // namespace hindsight::render
