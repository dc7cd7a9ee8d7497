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
constexpr std::uint64_t kShortestQueue = 2;
constexpr Duration kAdjustInterval = Duration::from_ms(500);
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

std::size_t queue_size(direct::PictureSize size) {
    return std::clamp(kWaitingBytes / (luma_bytes(size) * 3 / 2), kFewestFrames, kMostFrames);
}

}  // namespace

Result<std::unique_ptr<VideoFeed>>
VideoFeed::open(direct::PictureSize size, int fps, FrameGaps& gaps) {
    video_output_info info{};
    info.name = "hindsight";
    info.format = VIDEO_FORMAT_NV12;
    info.fps_num = static_cast<std::uint32_t>(fps);
    info.fps_den = 1;
    info.width = static_cast<std::uint32_t>(size.width);
    info.height = static_cast<std::uint32_t>(size.height);
    info.cache_size = queue_size(size);
    // What libyuv's conversion makes, and what the encoder therefore writes into the stream.
    info.colorspace = VIDEO_CS_601;
    info.range = VIDEO_RANGE_PARTIAL;
    video_t* video = nullptr;
    if (const int code = video_output_open(&video, &info); code != VIDEO_OUTPUT_SUCCESS)
        return fail(Errc::External, "libobs did not open a video output", code);
    return std::unique_ptr<VideoFeed>{new VideoFeed{
        VideoHandle{video}, size, {.origin = MonoTime::from_ns(0), .fps = {fps, 1}}, gaps}};
}

VideoFeed::VideoFeed(VideoHandle video, direct::PictureSize size, FrameGrid grid, FrameGaps& gaps)
    : video_{std::move(video)},
      size_{size},
      grid_{grid},
      gaps_{gaps},
      queue_limit_{queue_size(size)},
      painted_(luma_bytes(size) * 3 / 2) {}

std::uint64_t VideoFeed::waiting() const {
    const std::uint64_t taken = video_output_get_total_frames(video_.get());
    const std::uint64_t pushed =
        pushed_.load(std::memory_order_relaxed) - pushed_before_.load(std::memory_order_relaxed);
    return pushed > taken ? pushed - taken : 0;
}

bool VideoFeed::has_room(std::uint64_t frames) const {
    return !held_.load(std::memory_order_relaxed) &&
           waiting() + frames <= queue_limit_.load(std::memory_order_relaxed);
}

/// No more waits than the encoder took in the last half second: what waits has to be encoded before
/// an encoder that is too slow can be replaced.
void VideoFeed::adjust_queue(MonoTime now) {
    if (now - adjusted_at_ < kAdjustInterval)
        return;
    const std::uint64_t taken = video_output_get_total_frames(video_.get());
    // libobs counts anew for each encoder.
    const std::uint64_t lately = taken >= taken_then_ ? taken - taken_then_ : queue_size(size_);
    queue_limit_.store(
        std::clamp<std::uint64_t>(lately, kShortestQueue, queue_size(size_)),
        std::memory_order_relaxed);
    taken_then_ = taken;
    adjusted_at_ = now;
}

void VideoFeed::encoder_began() {
    // Without an encoder nothing waits, so what was pushed has been taken.
    const std::uint64_t pushed = pushed_.load(std::memory_order_relaxed);
    const std::uint64_t taken = video_output_get_total_frames(video_.get());
    pushed_before_.store(pushed > taken ? pushed - taken : 0, std::memory_order_relaxed);
}

double VideoFeed::queue_share() const {
    return static_cast<double>(waiting()) /
           static_cast<double>(queue_limit_.load(std::memory_order_relaxed));
}

void VideoFeed::push(MonoTime time, int count) {
    video_frame frame{};
    pushed_.fetch_add(static_cast<std::uint64_t>(count), std::memory_order_relaxed);
    // False: no room after all; libobs repeats the frame before.
    if (!video_output_lock_frame(
            video_.get(), &frame, count, static_cast<std::uint64_t>(time.ns()))) {
        gaps_.repeated.add(grid_.nearest_index(time), count);
        return;
    }
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
    if (!anything_painted_)
        return;
    const std::int64_t index = grid_.nearest_index(first);
    // More than fits into the queue would only make the next frames wait.
    if (!has_room(static_cast<std::uint64_t>(missed)))
        return gaps_.absent.add(index, missed);
    gaps_.repeated.add(index, missed);
    push(first, missed);
}

/// A frame for which the encoder has no room is left out. libobs would have the one before encoded
/// once more for each, and an encoder that is behind would never catch up.
void VideoFeed::show(MonoTime time, const direct::BgrxPicture& picture, Change change) {
    stale_ = stale_ || change == Change::New;
    adjust_queue(time);
    if (!has_room(1)) {
        gaps_.absent.add(grid_.nearest_index(time), 1);
        skipped_.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    if (stale_) {
        const direct::Nv12Picture canvas{
            .luma = painted_.data(),
            .chroma = painted_.data() + luma_bytes(size_),
            .luma_stride = size_.width,
            .chroma_stride = size_.width,
            .size = size_};
        painter_.paint(picture, canvas);
        anything_painted_ = true;
        stale_ = false;
    }
    push(time, 1);
}

}  // namespace hindsight::obs
