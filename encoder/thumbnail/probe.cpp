#include "clip_input.hpp"

#include <hindsight/thumbnail/thumbnail.hpp>

#include <utility>

namespace hindsight {

namespace {

std::string tag(const AVDictionary* tags, const char* key) {
    const AVDictionaryEntry* entry = av_dict_get(tags, key, nullptr, 0);
    return entry == nullptr ? std::string{} : std::string{entry->value};
}

const char* kind_name(AVMediaType type) {
    switch (type) {
    case AVMEDIA_TYPE_VIDEO:
        return "video";
    case AVMEDIA_TYPE_AUDIO:
        return "audio";
    case AVMEDIA_TYPE_SUBTITLE:
        return "subtitle";
    default:
        return nullptr;
    }
}

/// What is shown, without the lead-in that an edit list hides.
Duration shown_duration(const AVFormatContext& file, const AVStream& video) {
    if (video.duration != AV_NOPTS_VALUE) {
        const std::int64_t hidden =
            video.start_time != AV_NOPTS_VALUE && video.start_time < 0 ? -video.start_time : 0;
        return to_duration(video.duration - hidden, {video.time_base.num, video.time_base.den});
    }
    return file.duration == AV_NOPTS_VALUE ? Duration::zero() : Duration::from_us(file.duration);
}

}  // namespace

Result<ProbedClip> probe_clip(const std::filesystem::path& clip) {
    HINDSIGHT_ASSIGN(const auto input, thumbnail::open_clip(clip));
    const AVStream& video = *input.stream();
    ProbedClip probed;
    std::error_code error;
    probed.size_bytes = std::filesystem::file_size(clip, error);
    probed.duration = shown_duration(*input.file, video);
    probed.width = video.codecpar->width;
    probed.height = video.codecpar->height;
    probed.fps = {video.avg_frame_rate.num, video.avg_frame_rate.den};
    probed.title = tag(input.file->metadata, "title");
    probed.game = tag(input.file->metadata, "album");
    for (unsigned i = 0; i < input.file->nb_streams; ++i) {
        const AVStream& stream = *input.file->streams[i];
        const char* kind = kind_name(stream.codecpar->codec_type);
        if (kind == nullptr)
            continue;
        std::string title = tag(stream.metadata, "title");
        if (title.empty())
            title = tag(stream.metadata, "handler_name");
        probed.tracks.push_back(
            {kind, avcodec_get_name(stream.codecpar->codec_id), std::move(title)});
    }
    return probed;
}

}  // namespace hindsight
