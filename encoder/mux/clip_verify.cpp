#include "clip_verify.hpp"

#include "mp4_input.hpp"

#include <ffmpeg/av_error.hpp>
#include <ffmpeg/av_handle.hpp>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace hindsight::mux {

namespace {

constexpr const char* kDoing = "checking the written clip";

tl::unexpected<Error> corrupt(const char* what) {
    return fail(Errc::Corrupt, std::string{"the written clip does not match the footage: "} + what);
}

/// Compares stored packets with the plan's, one by one.
class PlannedCheck final : public PacketCheck {
public:
    explicit PlannedCheck(const PartPlan& part) : tracks_(part.streams.size()) {
        for (const PlannedPacket& p : part.packets)
            tracks_[p.stream].planned.push_back(&p);
    }

    Result<> next(std::uint32_t track, std::uint32_t crc32c, bool keyframe) override {
        Track& at = tracks_[track];
        if (at.passed == at.planned.size())
            return corrupt("there are too many packets");
        const PlannedPacket& planned = *at.planned[at.passed++];
        if (crc32c != planned.crc32c)
            return corrupt("a packet differs");
        if (keyframe != planned.keyframe)
            return corrupt("a keyframe is not marked as such");
        return {};
    }

    [[nodiscard]] Result<> end() const override {
        const bool all = std::all_of(tracks_.begin(), tracks_.end(), [](const Track& track) {
            return track.passed == track.planned.size();
        });
        return all ? Result<>{} : corrupt("packets are missing");
    }

private:
    struct Track {
        std::vector<const PlannedPacket*> planned;
        std::size_t passed = 0;
    };

    std::vector<Track> tracks_;
};

Result<> check_tracks(const FilePlan& part, const AVFormatContext& file) {
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

/// What is learnt of the video track while its packets pass.
struct VideoTrack {
    PacketHandle first_keyframe;
    PacketHandle last_keyframe;
    std::int64_t first_pts = AV_NOPTS_VALUE;
    std::int64_t end_pts = AV_NOPTS_VALUE;

    void pass(const AVPacket& packet) {
        first_pts = first_pts == AV_NOPTS_VALUE ? packet.pts : first_pts;
        end_pts = packet.pts + packet.duration;
        if ((packet.flags & AV_PKT_FLAG_KEY) == 0)
            return;
        if (first_keyframe == nullptr)
            first_keyframe.reset(av_packet_clone(&packet));
        last_keyframe.reset(av_packet_clone(&packet));
    }
};

Result<VideoTrack> read_all(
    AVFormatContext* input, PacketCheck& check, std::size_t tracks, const std::stop_token& stop) {
    VideoTrack video;
    const PacketHandle packet{av_packet_alloc()};
    int read = 0;
    while ((read = av_read_frame(input, packet.get())) >= 0) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, "saving was cancelled");
        const auto track = static_cast<std::uint32_t>(packet->stream_index);
        const bool keyframe = (packet->flags & AV_PKT_FLAG_KEY) != 0;
        if (track < tracks)
            HINDSIGHT_TRY(check.next(track, crc32c(packet_data(*packet)), keyframe));
        if (track == 0)
            video.pass(*packet);
        av_packet_unref(packet.get());
    }
    if (read != AVERROR_EOF)
        return fail_av(kDoing, read);
    return video;
}

}  // namespace

Result<> verify_mp4(
    const FilePlan& plan,
    PacketCheck& check,
    const std::filesystem::path& file,
    const std::stop_token& stop) {
    HINDSIGHT_ASSIGN(const InputHandle input, open_all_packets(file, kDoing));
    HINDSIGHT_TRY(check_tracks(plan, *input));
    HINDSIGHT_ASSIGN(
        const VideoTrack video, read_all(input.get(), check, plan.streams.size(), stop));
    HINDSIGHT_TRY(check.end());
    const AVStream& track = *input->streams[0];
    const Duration planned = plan.duration() - plan.keyframes.front();
    const Duration stored =
        to_duration(video.end_pts - video.first_pts, {track.time_base.num, track.time_base.den});
    if (std::abs((stored - planned).ns()) > Duration::from_ms(1).ns())
        return corrupt("its length differs");
    if (video.first_keyframe == nullptr || video.last_keyframe == nullptr)
        return corrupt("it has no keyframe");
    HINDSIGHT_TRY(decode_keyframe(*track.codecpar, *video.first_keyframe));
    return decode_keyframe(*track.codecpar, *video.last_keyframe);
}

Result<>
verify_mp4(const PartPlan& part, const std::filesystem::path& file, const std::stop_token& stop) {
    PlannedCheck check{part};
    return verify_mp4(part, check, file, stop);
}

Result<> decode_keyframe(const AVCodecParameters& parameters, const AVPacket& packet) {
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

}  // namespace hindsight::mux
