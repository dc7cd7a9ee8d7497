#include "clip_verify.hpp"

#include "mp4_input.hpp"

#include <ffmpeg/av_error.hpp>
#include <ffmpeg/av_handle.hpp>

#include <cstdlib>
#include <utility>

namespace hindsight::mux {

namespace {

constexpr const char* kDoing = "checking the written clip";

tl::unexpected<Error> corrupt(const char* what) {
    return fail(Errc::Corrupt, std::string{"the written clip does not match the footage: "} + what);
}

/// Compares stored packets of one track with the plan's, one by one.
class TrackCheck {
public:
    TrackCheck(const PartPlan& part, std::uint32_t stream) {
        for (const PlannedPacket& p : part.packets) {
            if (p.stream == stream)
                planned_.push_back(&p);
        }
    }

    [[nodiscard]] Result<> next(const AVPacket& stored) {
        if (at_ == planned_.size())
            return corrupt("there are too many packets");
        const PlannedPacket& planned = *planned_[at_++];
        const auto data = std::as_bytes(
            std::span{stored.data, static_cast<std::size_t>(std::max(stored.size, 0))});
        if (crc32c(data) != planned.crc32c)
            return corrupt("a packet differs");
        if (planned.keyframe != ((stored.flags & AV_PKT_FLAG_KEY) != 0))
            return corrupt("a keyframe is not marked as such");
        return {};
    }

    [[nodiscard]] Result<> end() const {
        return at_ == planned_.size() ? Result<>{} : corrupt("packets are missing");
    }

private:
    std::vector<const PlannedPacket*> planned_;
    std::size_t at_ = 0;
};

/// Decodes one keyframe on its own.
Result<> decode(const AVCodecParameters& parameters, const AVPacket& packet) {
    const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
    if (codec == nullptr)
        return {};  // a codec this FFmpeg only copies; its packets were compared
    const CodecContextHandle decoder{avcodec_alloc_context3(codec)};
    const FrameHandle frame{av_frame_alloc()};
    if (decoder == nullptr || frame == nullptr)
        return fail_av(kDoing, AVERROR(ENOMEM));
    avcodec_parameters_to_context(decoder.get(), &parameters);
    decoder->thread_count = 1;
    decoder->err_recognition = AV_EF_CRCCHECK | AV_EF_BUFFER | AV_EF_EXPLODE;
    if (avcodec_open2(decoder.get(), codec, nullptr) < 0 ||
        avcodec_send_packet(decoder.get(), &packet) < 0 ||
        avcodec_send_packet(decoder.get(), nullptr) < 0 ||
        avcodec_receive_frame(decoder.get(), frame.get()) < 0)
        return corrupt("a keyframe cannot be decoded");
    if (frame->width != parameters.width || frame->height != parameters.height)
        return corrupt("a keyframe has another size");
    return {};
}

Result<> check_tracks(const PartPlan& part, const AVFormatContext& file) {
    // A track for the chapter names may follow.
    if (file.nb_streams < part.streams.size())
        return corrupt("a track is missing");
    for (std::size_t s = 0; s < part.streams.size(); ++s) {
        const AVCodecDescriptor* codec =
            avcodec_descriptor_get(file.streams[s]->codecpar->codec_id);
        if (codec == nullptr || part.streams[s].info.codec != codec->name)
            return corrupt("a track has another codec");
    }
    return {};
}

}  // namespace

Result<>
verify_mp4(const PartPlan& part, const std::filesystem::path& file, const std::stop_token& stop) {
    HINDSIGHT_ASSIGN(const InputHandle input, open_all_packets(file, kDoing));
    HINDSIGHT_TRY(check_tracks(part, *input));
    std::vector<TrackCheck> tracks;
    for (std::uint32_t s = 0; s < part.streams.size(); ++s)
        tracks.emplace_back(part, s);

    const AVStream& video = *input->streams[0];
    PacketHandle first_keyframe;
    PacketHandle last_keyframe;
    std::int64_t first_pts = AV_NOPTS_VALUE;
    std::int64_t end_pts = AV_NOPTS_VALUE;
    const PacketHandle packet{av_packet_alloc()};
    int read = 0;
    while ((read = av_read_frame(input.get(), packet.get())) >= 0) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, "saving was cancelled");
        const auto stream = static_cast<std::size_t>(packet->stream_index);
        if (stream < tracks.size())
            HINDSIGHT_TRY(tracks[stream].next(*packet));
        if (stream == 0) {
            first_pts = first_pts == AV_NOPTS_VALUE ? packet->pts : first_pts;
            end_pts = packet->pts + packet->duration;
            if ((packet->flags & AV_PKT_FLAG_KEY) != 0) {
                if (first_keyframe == nullptr)
                    first_keyframe.reset(av_packet_clone(packet.get()));
                last_keyframe.reset(av_packet_clone(packet.get()));
            }
        }
        av_packet_unref(packet.get());
    }
    if (read != AVERROR_EOF)
        return fail_av(kDoing, read);
    for (const TrackCheck& track : tracks)
        HINDSIGHT_TRY(track.end());

    const Duration planned = part.duration() - part.keyframes.front();
    const Duration stored =
        to_duration(end_pts - first_pts, {video.time_base.num, video.time_base.den});
    if (std::abs((stored - planned).ns()) > Duration::from_ms(1).ns())
        return corrupt("its length differs");
    if (first_keyframe == nullptr || last_keyframe == nullptr)
        return corrupt("it has no keyframe");
    HINDSIGHT_TRY(decode(*video.codecpar, *first_keyframe));
    return decode(*video.codecpar, *last_keyframe);
}

}  // namespace hindsight::mux
