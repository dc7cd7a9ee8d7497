#include "clip_input.hpp"

#include <hindsight/thumbnail/thumbnail.hpp>

#include <ffmpeg/av_error.hpp>
#include <ffmpeg/part_file.hpp>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <limits>
#include <optional>

namespace hindsight {

namespace {

namespace fs = std::filesystem;
using thumbnail::ClipInput;

constexpr const char* kDecoding = "decoding a picture of the clip";
constexpr const char* kEncoding = "writing a picture of the clip";
constexpr int kJpegQuality = 3;  ///< FFmpeg's scale: 2 is best, 31 worst

struct PictureFormat {
    AVCodecID codec;
    AVPixelFormat pixels;
};

std::optional<PictureFormat> format_of(const fs::path& target) {
    if (target.extension() == ".png")
        return PictureFormat{AV_CODEC_ID_PNG, AV_PIX_FMT_RGB24};
    if (target.extension() == ".jpg" || target.extension() == ".jpeg")
        return PictureFormat{AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ420P};
    return std::nullopt;
}

Result<CodecContextHandle> open_decoder(const AVStream& stream) {
    const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
    if (codec == nullptr)
        return fail(Errc::Unsupported, "the clip's video cannot be decoded here");
    CodecContextHandle decoder{avcodec_alloc_context3(codec)};
    if (decoder == nullptr)
        return fail_av(kDecoding, AVERROR(ENOMEM));
    avcodec_parameters_to_context(decoder.get(), stream.codecpar);
    // Frames in flight would have to be decoded for nothing.
    decoder->thread_count = 1;
    if (const int opened = avcodec_open2(decoder.get(), codec, nullptr); opened < 0)
        return fail_av(kDecoding, opened);
    return decoder;
}

/// The next frame that is meant to be seen; frames of a hidden lead-in never leave the decoder.
Result<FrameHandle> next_frame(const ClipInput& input, AVCodecContext& decoder) {
    FrameHandle frame{av_frame_alloc()};
    const PacketHandle packet{av_packet_alloc()};
    if (frame == nullptr || packet == nullptr)
        return fail_av(kDecoding, AVERROR(ENOMEM));
    while (true) {
        const int received = avcodec_receive_frame(&decoder, frame.get());
        if (received >= 0)
            return frame;
        if (received != AVERROR(EAGAIN))
            return fail_av(kDecoding, received);
        const int read = av_read_frame(input.file.get(), packet.get());
        int sent = 0;
        if (read < 0)
            sent = avcodec_send_packet(&decoder, nullptr);
        else if (packet->stream_index == input.video)
            sent = avcodec_send_packet(&decoder, packet.get());
        av_packet_unref(packet.get());
        if (sent < 0 && sent != AVERROR_INVALIDDATA)
            return fail_av(kDecoding, sent);
    }
}

Result<FrameHandle> frame_near(const ClipInput& input, Duration at) {
    HINDSIGHT_ASSIGN(const auto decoder, open_decoder(*input.stream()));
    const AVStream& stream = *input.stream();
    std::int64_t ticks =
        av_rescale_q(std::max<std::int64_t>(at.ns(), 0), {1, 1'000'000'000}, stream.time_base);
    if (stream.duration != AV_NOPTS_VALUE)
        ticks = std::min(ticks, std::max<std::int64_t>(stream.duration - 1, 0));
    if (ticks > 0 &&
        av_seek_frame(input.file.get(), input.video, ticks, AVSEEK_FLAG_BACKWARD) < 0) {
        // A file without an index: the first picture will do.
        avformat_seek_file(input.file.get(), -1, INT64_MIN, 0, INT64_MAX, 0);
    }
    return next_frame(input, *decoder);
}

Result<FrameHandle> scale(const AVFrame& source, int max_width, AVPixelFormat pixels) {
    const AVRational aspect =
        source.sample_aspect_ratio.num > 0 ? source.sample_aspect_ratio : AVRational{1, 1};
    const double shown_width = source.width * av_q2d(aspect);
    const int width = std::max(2, std::min(max_width, static_cast<int>(shown_width)) / 2 * 2);
    const int height =
        std::max(2, static_cast<int>(std::lround(width * source.height / shown_width / 2)) * 2);
    FrameHandle scaled{av_frame_alloc()};
    if (scaled == nullptr)
        return fail_av(kEncoding, AVERROR(ENOMEM));
    scaled->format = pixels;
    scaled->width = width;
    scaled->height = height;
    scaled->color_range = AVCOL_RANGE_JPEG;
    if (const int got = av_frame_get_buffer(scaled.get(), 0); got < 0)
        return fail_av(kEncoding, got);
    const ScalerHandle scaler{sws_getContext(
        source.width,
        source.height,
        static_cast<AVPixelFormat>(source.format),
        width,
        height,
        pixels,
        SWS_AREA | SWS_ACCURATE_RND,
        nullptr,
        nullptr,
        nullptr)};
    if (scaler == nullptr)
        return fail(Errc::Unsupported, "the clip's pictures have a format that cannot be scaled");
    // Video of 720 lines and more is BT.709, smaller BT.601, unless it says otherwise.
    const bool hd = source.colorspace == AVCOL_SPC_BT709 ||
                    (source.colorspace == AVCOL_SPC_UNSPECIFIED && source.height >= 720);
    const int* from = sws_getCoefficients(hd ? SWS_CS_ITU709 : SWS_CS_ITU601);
    const int* to = sws_getCoefficients(SWS_CS_ITU601);  // JPEG's
    sws_setColorspaceDetails(
        scaler.get(), from, source.color_range == AVCOL_RANGE_JPEG, to, 1, 0, 1 << 16, 1 << 16);
    sws_scale(
        scaler.get(),
        source.data,
        source.linesize,
        0,
        source.height,
        scaled->data,
        scaled->linesize);
    return scaled;
}

Result<PacketHandle> encode(AVFrame& frame, AVCodecID codec_id) {
    const AVCodec* codec = avcodec_find_encoder(codec_id);
    if (codec == nullptr)
        return fail(Errc::Unsupported, "this FFmpeg cannot write pictures of that kind");
    const CodecContextHandle encoder{avcodec_alloc_context3(codec)};
    PacketHandle packet{av_packet_alloc()};
    if (encoder == nullptr || packet == nullptr)
        return fail_av(kEncoding, AVERROR(ENOMEM));
    encoder->width = frame.width;
    encoder->height = frame.height;
    encoder->pix_fmt = static_cast<AVPixelFormat>(frame.format);
    encoder->color_range = AVCOL_RANGE_JPEG;
    encoder->time_base = {1, 1};
    encoder->flags |= AV_CODEC_FLAG_QSCALE;
    encoder->global_quality = kJpegQuality * FF_QP2LAMBDA;
    frame.quality = encoder->global_quality;
    frame.pts = 0;
    int result = avcodec_open2(encoder.get(), codec, nullptr);
    if (result >= 0)
        result = avcodec_send_frame(encoder.get(), &frame);
    if (result >= 0)
        result = avcodec_send_frame(encoder.get(), nullptr);
    if (result >= 0)
        result = avcodec_receive_packet(encoder.get(), packet.get());
    if (result < 0)
        return fail_av(kEncoding, result);
    return packet;
}

Result<fs::path> write_bytes(const AVPacket& packet, const fs::path& target, NameClash clash) {
    HINDSIGHT_ASSIGN(PartFile file, PartFile::create(target));
    int written = 0;
    while (written < packet.size) {
        const ssize_t n = ::write(
            file.fd(), packet.data + written, static_cast<std::size_t>(packet.size - written));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(kEncoding, errno);
        written += static_cast<int>(n);
    }
    HINDSIGHT_TRY(file.sync());
    HINDSIGHT_ASSIGN(const Published published, file.publish(clash));
    return published.path;
}

Result<fs::path> write_picture(
    const fs::path& clip, Duration at, int max_width, const fs::path& target, NameClash clash) {
    const auto format = format_of(target);
    if (!format || max_width < 2)
        return fail(Errc::InvalidArgument, "a picture is a .png or .jpg of at least two pixels");
    HINDSIGHT_ASSIGN(const ClipInput input, thumbnail::open_clip(clip));
    HINDSIGHT_ASSIGN(const FrameHandle frame, frame_near(input, at));
    HINDSIGHT_ASSIGN(const FrameHandle scaled, scale(*frame, max_width, format->pixels));
    HINDSIGHT_ASSIGN(const PacketHandle packet, encode(*scaled, format->codec));
    return write_bytes(*packet, target, clash);
}

}  // namespace

Result<> write_thumbnail(const fs::path& clip, Duration at, int max_width, const fs::path& target) {
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    HINDSIGHT_TRY(write_picture(clip, at, max_width, target, NameClash::Replace));
    return {};
}

Result<fs::path> write_first_picture(const fs::path& clip, const fs::path& target) {
    constexpr int kAnyWidth = std::numeric_limits<int>::max();
    return write_picture(clip, Duration::zero(), kAnyWidth, target, NameClash::Number);
}

}  // namespace hindsight
