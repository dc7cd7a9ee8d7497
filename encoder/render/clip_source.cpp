#include "clip_source.hpp"

#include <ffmpeg/av_error.hpp>

#include <utility>

namespace hindsight::render {

namespace {

constexpr const char* kOpening = "opening the clip";
constexpr const char* kReading = "reading the clip";

struct OpenedFile {
    InputHandle input;
    int video_index = -1;
};

Result<OpenedFile> open_file(const std::filesystem::path& clip) {
    // "file:" keeps a name with a colon from being taken for a protocol.
    const std::string url = "file:" + clip.string();
    AVFormatContext* context = nullptr;
    if (const int error = avformat_open_input(&context, url.c_str(), nullptr, nullptr); error < 0)
        return fail_av(kOpening, error);
    OpenedFile file{InputHandle{context}, -1};
    if (const int error = avformat_find_stream_info(context, nullptr); error < 0)
        return fail_av(kOpening, error);
    file.video_index = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (file.video_index < 0)
        return fail(Errc::Unsupported, "the clip has no picture", file.video_index);
    return file;
}

}  // namespace

Result<ClipSource> ClipSource::open(const std::filesystem::path& clip, int threads) {
    HINDSIGHT_ASSIGN(OpenedFile file, open_file(clip));
    ClipSource source;
    source.input_ = std::move(file.input);
    source.video_index_ = file.video_index;
    HINDSIGHT_TRY(source.open_decoder(threads));
    return source;
}

Result<> ClipSource::open_decoder(int threads) {
    const AVCodecParameters* parameters = video()->codecpar;
    const AVCodec* codec = avcodec_find_decoder(parameters->codec_id);
    if (codec == nullptr)
        return fail(
            Errc::Unsupported,
            std::string{"no decoder for "} + avcodec_get_name(parameters->codec_id) +
                " is installed");
    decoder_.reset(avcodec_alloc_context3(codec));
    if (!decoder_)
        return fail_av(kOpening, AVERROR(ENOMEM));
    if (const int error = avcodec_parameters_to_context(decoder_.get(), parameters); error < 0)
        return fail_av(kOpening, error);
    decoder_->thread_count = threads;
    decoder_->pkt_timebase = video()->time_base;
    if (const int error = avcodec_open2(decoder_.get(), codec, nullptr); error < 0)
        return fail_av(kOpening, error);
    return {};
}

Result<ClipSource::Kind> ClipSource::next(AVFrame* frame, AVPacket* packet) {
    for (;;) {
        const int error = avcodec_receive_frame(decoder_.get(), frame);
        if (error == 0)
            return Kind::Picture;
        if (error == AVERROR_EOF)
            return Kind::End;
        if (error != AVERROR(EAGAIN))
            return fail_av("decoding the clip", error);
        HINDSIGHT_ASSIGN(const auto kind, read_packet(packet));
        if (kind)
            return *kind;
    }
}

/// Feeds the decoder with one packet, or hands out one of another track.
Result<std::optional<ClipSource::Kind>> ClipSource::read_packet(AVPacket* packet) {
    av_packet_unref(packet);
    int error = av_read_frame(input_.get(), packet);
    if (error == AVERROR_EOF) {
        if (std::exchange(drained_, true))
            return fail(Errc::Corrupt, "the clip's picture ends in the middle");
        error = avcodec_send_packet(decoder_.get(), nullptr);
        return error < 0 ? Result<std::optional<Kind>>{fail_av("decoding the clip", error)}
                         : std::optional<Kind>{};
    }
    if (error < 0)
        return fail_av(kReading, error);
    if (packet->stream_index != video_index_)
        return std::optional{Kind::Packet};
    error = avcodec_send_packet(decoder_.get(), packet);
    av_packet_unref(packet);
    if (error < 0)
        return fail_av("decoding the clip", error);
    return std::optional<Kind>{};
}

Result<std::int64_t> count_shown_frames(const std::filesystem::path& clip) {
    HINDSIGHT_ASSIGN(OpenedFile file, open_file(clip));
    const PacketHandle packet{av_packet_alloc()};
    if (!packet)
        return fail_av(kReading, AVERROR(ENOMEM));
    std::int64_t frames = 0;
    for (;;) {
        const int error = av_read_frame(file.input.get(), packet.get());
        if (error == AVERROR_EOF)
            return frames;
        if (error < 0)
            return fail_av(kReading, error);
        if (packet->stream_index == file.video_index &&
            (packet->flags & (AV_PKT_FLAG_DISCARD | AV_PKT_FLAG_CORRUPT)) == 0)
            ++frames;
        av_packet_unref(packet.get());
    }
}

}  // namespace hindsight::render
