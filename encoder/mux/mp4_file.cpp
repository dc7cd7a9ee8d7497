#include "mp4_file.hpp"

#include <ffmpeg/av_error.hpp>
#include <ffmpeg/av_output_file.hpp>

#include <algorithm>
#include <cstring>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/mathematics.h>
}

namespace hindsight::mux {

namespace {

/// Index bytes per packet at most: size, chunk offset (64 bit), chunk run and time run entries.
constexpr std::uint64_t kIndexBytesPerPacket = 36;
constexpr std::uint64_t kIndexBytesFixed = 16u << 10;
constexpr std::uint64_t kIndexBytesPerChapter = 400;
constexpr int kPacketsPerStopCheck = 64;

enum class IndexPlace {
    Reserved,  ///< space is kept at the start and filled in at the end: one pass
    Moved,     ///< written at the end, then everything is shifted: always fits
};

std::uint64_t index_bytes(const PartPlan& part, const FileLabels& labels) {
    std::uint64_t text = labels.title.size() + labels.game.size() + labels.comment.size();
    for (const auto& [when, name] : labels.chapters)
        text += 2 * name.size();
    return kIndexBytesFixed + kIndexBytesPerPacket * part.packets.size() +
           kIndexBytesPerChapter * (labels.chapters.size() + 1) + text;
}

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

Result<> add_stream(AVFormatContext* context, const PlannedStream& planned, bool first_of_kind) {
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
    return set_extradata(par, info.extradata);
}

Result<> add_chapters(AVFormatContext* context, const PartPlan& part, const FileLabels& labels) {
    static const std::string beginning = "Start";
    std::vector<std::pair<std::int64_t, const std::string*>> starts;
    const std::int64_t end = part.duration().ns();
    for (const auto& [when, name] : labels.chapters) {
        const std::int64_t at = (when - part.origin).ns();
        if (at >= 0 && at < end)
            starts.emplace_back(at, &name);
    }
    std::stable_sort(starts.begin(), starts.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
    });
    if (starts.empty())
        return {};
    // FFmpeg's chapter track has no way to begin later than the clip: it would move the first one.
    if (starts.front().first > 0)
        starts.insert(starts.begin(), {0, &beginning});
    context->chapters = static_cast<AVChapter**>(av_calloc(starts.size(), sizeof(AVChapter*)));
    if (context->chapters == nullptr)
        return fail_av("adding chapters", AVERROR(ENOMEM));
    for (std::size_t i = 0; i < starts.size(); ++i) {
        auto* chapter = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
        if (chapter == nullptr)
            return fail_av("adding chapters", AVERROR(ENOMEM));
        chapter->id = static_cast<std::int64_t>(i);
        chapter->time_base = {1, 1'000'000'000};
        chapter->start = starts[i].first;
        chapter->end = i + 1 < starts.size() ? starts[i + 1].first : end;
        av_dict_set(&chapter->metadata, "title", starts[i].second->c_str(), 0);
        context->chapters[context->nb_chapters++] = chapter;
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

Result<> write_packets(
    const PartPlan& part,
    AvOutputFile& output,
    const std::stop_token& stop,
    const std::function<void(double)>& progress) {
    const PacketHandle packet{av_packet_alloc()};
    if (packet == nullptr)
        return fail_av("writing the clip", AVERROR(ENOMEM));
    std::uint64_t done = 0;
    int until_check = 0;
    for (const PlannedPacket& planned : part.packets) {
        if (until_check-- == 0) {
            until_check = kPacketsPerStopCheck;
            if (stop.stop_requested())
                return fail(Errc::Cancelled, "saving was cancelled");
            progress(static_cast<double>(done) / static_cast<double>(part.payload_bytes));
        }
        done += planned.data.size();
        const AVStream* stream = output.context()->streams[planned.stream];
        const Rational tb = part.streams[planned.stream].time_base;
        // Borrowed: the muxer copies or writes before it returns.
        packet->data =
            const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(planned.data.data()));
        packet->size = static_cast<int>(planned.data.size());
        packet->stream_index = static_cast<int>(planned.stream);
        packet->flags = planned.keyframe ? AV_PKT_FLAG_KEY : 0;
        packet->pts = planned.pts;
        packet->dts = planned.dts;
        packet->duration = planned.duration;
        av_packet_rescale_ts(packet.get(), {tb.num, tb.den}, stream->time_base);
        HINDSIGHT_TRY(output.write(packet.get()));
    }
    return {};
}

Result<> write_once(
    const PartPlan& part,
    const FileLabels& labels,
    PartFile& file,
    IndexPlace place,
    const std::stop_token& stop,
    const std::function<void(double)>& progress) {
    HINDSIGHT_TRY(file.restart());
    HINDSIGHT_ASSIGN(const auto output, AvOutputFile::create(file.fd(), file.path(), "mp4"));
    AVFormatContext* context = output->context();
    bool audio_seen = false;
    for (const PlannedStream& stream : part.streams) {
        const bool audio = stream.info.kind == StreamKind::Audio;
        HINDSIGHT_TRY(add_stream(context, stream, !audio || !audio_seen));
        audio_seen = audio_seen || audio;
    }
    HINDSIGHT_TRY(add_chapters(context, part, labels));
    add_labels(context, labels);
    // Negative times stay: they are the lead-in, and the muxer hides them by an edit list.
    context->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;

    AvOptions options;
    const std::int32_t ticks = part.streams.front().time_base.den;
    options.set("use_editlist", "1");
    options.set("movie_timescale", ticks);
    options.set("video_track_timescale", ticks);
    if (place == IndexPlace::Reserved)
        options.set("moov_size", static_cast<std::int64_t>(index_bytes(part, labels)));
    else
        options.set("movflags", "+faststart");
    HINDSIGHT_TRY(output->write_header(options));
    HINDSIGHT_TRY(write_packets(part, *output, stop, progress));
    return output->finish();
}

}  // namespace

std::uint64_t estimated_bytes(const PartPlan& part, const FileLabels& labels) {
    // Length prefixes are no longer than the start codes they replace, but for a few bytes.
    return part.payload_bytes + 8 * part.packets.size() + index_bytes(part, labels);
}

Result<> write_mp4(
    const PartPlan& part,
    const FileLabels& labels,
    PartFile& file,
    const std::stop_token& stop,
    const std::function<void(double)>& progress) {
    auto written = write_once(part, labels, file, IndexPlace::Reserved, stop, progress);
    const bool index_too_large = !written && written.error().external_code == AVERROR(EINVAL);
    if (!index_too_large)
        return written;
    return write_once(part, labels, file, IndexPlace::Moved, stop, progress);
}

}  // namespace hindsight::mux
