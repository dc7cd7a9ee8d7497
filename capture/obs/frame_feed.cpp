#include "frame_feed.hpp"

#include <media-io/video-frame.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace hindsight::obs {

namespace {

/// Frames that may wait for the encoder: as many as libobs allows (16), less for large pictures.
constexpr std::size_t kFewestFrames = 6;
constexpr std::size_t kMostFrames = 16;
constexpr std::size_t kWaitingBytes = 32u << 20;

std::size_t luma_bytes(direct::PictureSize size) {
    return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

void copy_rows(
    std::uint8_t* to, std::uint32_t to_stride, const std::uint8_t* from, int width, int rows) {
    const auto bytes = static_cast<std::size_t>(width);
    if (to_stride == bytes) {
        std::memcpy(to, from, bytes * static_cast<std::size_t>(rows));
        return;
    }
    for (int row = 0; row < rows; ++row)
        std::memcpy(
            to + static_cast<std::size_t>(row) * to_stride,
            from + static_cast<std::size_t>(row) * bytes,
            bytes);
}

}  // namespace

Result<std::unique_ptr<VideoFeed>> VideoFeed::open(direct::PictureSize size, int fps) {
    const std::size_t frame_bytes = luma_bytes(size) * 3 / 2;
    video_output_info info{};
    info.name = "hindsight";
    info.format = VIDEO_FORMAT_NV12;
    info.fps_num = static_cast<std::uint32_t>(fps);
    info.fps_den = 1;
    info.width = static_cast<std::uint32_t>(size.width);
    info.height = static_cast<std::uint32_t>(size.height);
    info.cache_size = std::clamp(kWaitingBytes / frame_bytes, kFewestFrames, kMostFrames);
    // What libyuv's conversion makes, and what the encoder therefore writes into the stream.
    info.colorspace = VIDEO_CS_601;
    info.range = VIDEO_RANGE_PARTIAL;
    video_t* video = nullptr;
    if (const int code = video_output_open(&video, &info); code != VIDEO_OUTPUT_SUCCESS)
        return fail(Errc::External, "libobs did not open a video output", code);
    return std::unique_ptr<VideoFeed>{new VideoFeed{VideoHandle{video}, size}};
}

VideoFeed::VideoFeed(VideoHandle video, direct::PictureSize size)
    : video_{std::move(video)}, size_{size}, painted_(luma_bytes(size) * 3 / 2) {}

void VideoFeed::push(MonoTime time, int count) {
    video_frame frame{};
    // False: the encoder has no room; libobs counts the frames and repeats the one before.
    if (!video_output_lock_frame(
            video_.get(), &frame, count, static_cast<std::uint64_t>(time.ns())))
        return;
    copy_rows(frame.data[0], frame.linesize[0], painted_.data(), size_.width, size_.height);
    copy_rows(
        frame.data[1],
        frame.linesize[1],
        painted_.data() + luma_bytes(size_),
        size_.width,
        size_.height / 2);
    video_output_unlock_frame(video_.get());
}

void VideoFeed::repeat(MonoTime first, int missed) {
    if (anything_painted_)
        push(first, missed);
}

void VideoFeed::show(MonoTime time, const direct::BgrxPicture& picture, Change change) {
    if (change == Change::New || !anything_painted_) {
        const direct::Nv12Picture canvas{
            .luma = painted_.data(),
            .chroma = painted_.data() + luma_bytes(size_),
            .luma_stride = size_.width,
            .chroma_stride = size_.width,
            .size = size_};
        painter_.paint(picture, canvas);
        anything_painted_ = true;
    }
    push(time, 1);
}

}  // namespace hindsight::obs
