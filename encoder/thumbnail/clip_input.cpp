#include "clip_input.hpp"

#include <ffmpeg/av_error.hpp>

#include <string>

namespace hindsight::thumbnail {

Result<ClipInput> open_clip(const std::filesystem::path& clip) {
    AVFormatContext* context = nullptr;
    const std::string url = "file:" + clip.string();
    if (const int opened = avformat_open_input(&context, url.c_str(), nullptr, nullptr); opened < 0)
        return fail_av("opening the clip", opened);
    ClipInput input{InputHandle{context}, -1};
    if (const int found = avformat_find_stream_info(context, nullptr); found < 0)
        return fail_av("reading the clip", found);
    input.video = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (input.video < 0)
        return fail(Errc::Unsupported, "the file holds no video");
    return input;
}

}  // namespace hindsight::thumbnail
