#include "mp4_tracks.hpp"

#include "mp4_input.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/core/mp4_sample.hpp>

#include <ffmpeg/av_error.hpp>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <ctime>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/mathematics.h>
}

namespace hindsight::mux {

namespace {

Result<> set_extradata(AVCodecParameters* to, const std::vector<std::byte>& extradata) {
    if (extradata.empty())
        return {};
    to->extradata =
        static_cast<std::uint8_t*>(av_mallocz(extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    if (to->extradata == nullptr)
        return fail_av("describing a track", AVERROR(ENOMEM));
    std::memcpy(to->extradata, extradata.data(), extradata.size());
    to->extradata_size = static_cast<int>(extradata.size());
    return {};
}

Result<AVCodecID> codec_id(const std::string& name) {
    const AVCodecDescriptor* codec = avcodec_descriptor_get_by_name(name.c_str());
    if (codec == nullptr)
        return fail(Errc::Unsupported, "a clip cannot hold the codec " + name);
    return codec->id;
}

Result<> add_stream(
    AVFormatContext* context,
    const PlannedStream& planned,
    const std::vector<std::byte>& extradata,
    bool first_of_kind) {
    const StreamInfo& info = planned.info;
    AVStream* stream = avformat_new_stream(context, nullptr);
    if (stream == nullptr)
        return fail_av("describing a track", AVERROR(ENOMEM));
    AVCodecParameters* par = stream->codecpar;
    HINDSIGHT_ASSIGN(par->codec_id, codec_id(info.codec));
    stream->time_base = {planned.time_base.num, planned.time_base.den};
    if (info.kind == StreamKind::Video) {
        par->codec_type = AVMEDIA_TYPE_VIDEO;
        par->width = info.width;
        par->height = info.height;
        // The name that says: all parameter sets are in the description. Apple's players want it.
        if (par->codec_id == AV_CODEC_ID_HEVC)
            par->codec_tag = MKTAG('h', 'v', 'c', '1');
        stream->avg_frame_rate = {info.frame_rate.num, info.frame_rate.den};
        stream->r_frame_rate = stream->avg_frame_rate;
    } else {
        par->codec_type = AVMEDIA_TYPE_AUDIO;
        par->sample_rate = info.sample_rate;
        par->frame_size = info.frame_samples;
        av_channel_layout_default(&par->ch_layout, info.channels);
    }
    if (!info.name.empty()) {
        av_dict_set(&stream->metadata, "title", info.name.c_str(), 0);
        // What players show as the track's name.
        av_dict_set(&stream->metadata, "handler_name", info.name.c_str(), 0);
    }
    stream->disposition = first_of_kind ? AV_DISPOSITION_DEFAULT : 0;
    return set_extradata(par, extradata);
}

/// What MP4 says of a track instead of Annex B parameter sets: avcC or hvcC. FFmpeg's muxer knows
/// how to make it, but would then take the packets for Annex B too; so it is made in a file without
/// packets and read from there.
Result<std::vector<std::byte>> description_of(const PlannedStream& planned) {
    constexpr const char* kDoing = "describing a track";
    const UniqueFd memory{::memfd_create("track-description", MFD_CLOEXEC)};
    if (!memory)
        return fail_errno(kDoing, errno);
    const std::string path = "/proc/self/fd/" + std::to_string(memory.get());
    {
        HINDSIGHT_ASSIGN(const auto output, AvOutputFile::create(memory.get(), path, "mp4"));
        HINDSIGHT_TRY(add_stream(output->context(), planned, planned.info.extradata, true));
        AvOptions options;
        options.set("movflags", "+empty_moov");
        HINDSIGHT_TRY(output->write_header(options));
        HINDSIGHT_TRY(output->flush());
    }
    HINDSIGHT_ASSIGN(const InputHandle input, open_all_packets(path, kDoing));
    if (input->nb_streams != 1)
        return fail(Errc::External, "a track cannot be described");
    const AVCodecParameters& read = *input->streams[0]->codecpar;
    const auto bytes =
        std::as_bytes(std::span{read.extradata, static_cast<std::size_t>(read.extradata_size)});
    return std::vector<std::byte>{bytes.begin(), bytes.end()};
}

}  // namespace

Result<> add_streams(AVFormatContext* context, const std::vector<PlannedStream>& streams) {
    bool audio_seen = false;
    for (const PlannedStream& stream : streams) {
        const bool audio = stream.info.kind == StreamKind::Audio;
        std::vector<std::byte> extradata = stream.info.extradata;
        if (is_annex_b(stream.info) && !extradata.empty()) {
            HINDSIGHT_ASSIGN(extradata, description_of(stream));
        }
        HINDSIGHT_TRY(add_stream(context, stream, extradata, !audio || !audio_seen));
        audio_seen = audio_seen || audio;
    }
    return {};
}

void add_labels(AVFormatContext* context, const FileLabels& labels) {
    const auto set = [&](const char* key, const std::string& value) {
        if (!value.empty())
            av_dict_set(&context->metadata, key, value.c_str(), 0);
    };
    set("title", labels.title);
    // MP4 has no tag for a game; what players and file managers show as the album comes nearest.
    set("album", labels.game);
    set("comment", labels.comment);
    if (labels.created_ms > 0) {
        std::time_t seconds = labels.created_ms / 1'000;
        std::tm utc{};
        ::gmtime_r(&seconds, &utc);
        char text[40];
        std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.000000Z", &utc);
        set("creation_time", text);
    }
}

Result<> write_planned(
    AvOutputFile& output,
    AVPacket* packet,
    const PlannedPacket& planned,
    const std::vector<PlannedStream>& streams) {
    const AVStream* stream = output.context()->streams[planned.stream];
    const Rational tb = streams[planned.stream].time_base;
    // Borrowed: the muxer copies or writes before it returns.
    packet->data =
        const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(planned.data.data()));
    packet->size = static_cast<int>(planned.data.size());
    packet->stream_index = static_cast<int>(planned.stream);
    packet->flags = planned.keyframe ? AV_PKT_FLAG_KEY : 0;
    packet->pts = planned.pts;
    packet->dts = planned.dts;
    packet->duration = planned.duration;
    av_packet_rescale_ts(packet, {tb.num, tb.den}, stream->time_base);
    return output.write(packet);
}

}  // namespace hindsight::mux
