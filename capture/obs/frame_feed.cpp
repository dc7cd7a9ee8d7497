#include "frame_feed.hpp"

#include <media-io/video-frame.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace hindsight::obs {

namespace {

/// Frames that may wait in libobs: as many as it allows (16), less for large pictures.
constexpr std::size_t kFewestFrames = 6;
constexpr std::size_t kMostFrames = 16;
constexpr std::uint64_t kShortestQueue = 2;
constexpr Duration kAdjustInterval = Duration::from_ms(500);
constexpr std::size_t kWaitingBytes = 32u << 20;
/// More of them wait with us, in memory that is taken only then.
constexpr std::size_t kSpareBytes = 64u << 20;

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

std::size_t frame_bytes(direct::PictureSize size) {
    return luma_bytes(size) * 3 / 2;
}

std::size_t cache_size(direct::PictureSize size) {
    return std::clamp(kWaitingBytes / frame_bytes(size), kFewestFrames, kMostFrames);
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
    info.cache_size = cache_size(size);
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
      queue_limit_{cache_size(size)},
      cache_limit_{cache_size(size)},
      painted_(frame_bytes(size)) {}

std::uint64_t VideoFeed::waiting() const {
    const std::uint64_t taken = video_output_get_total_frames(video_.get());
    const std::uint64_t pushed =
        pushed_.load(std::memory_order_relaxed) - pushed_before_.load(std::memory_order_relaxed);
    return pushed > taken ? pushed - taken : 0;
}

bool VideoFeed::has_room(std::uint64_t frames) const {
    return waiting() + spared_.load(std::memory_order_relaxed) + frames <=
           queue_limit_.load(std::memory_order_relaxed);
}

/// In libobs no more waits than the encoder takes in half a second: what waits there has to be
/// encoded before an encoder that is too slow can be replaced. Here half as much again may wait.
void VideoFeed::adjust_queue(MonoTime now) {
    const bool fresh = fresh_.exchange(false, std::memory_order_relaxed);
    const auto usual = static_cast<std::uint64_t>(grid_.fps.num) / 2;
    if (!fresh && now - adjusted_at_ < kAdjustInterval)
        return;
    const std::uint64_t taken = video_output_get_total_frames(video_.get());
    // libobs counts anew for each encoder.
    const std::uint64_t lately = fresh || taken < taken_then_ ? usual : taken - taken_then_;
    // Of one that stands still the half second before tells what it can do.
    const std::uint64_t pace = std::max(lately, taken_lately_);
    cache_limit_ = std::clamp<std::uint64_t>(pace, kShortestQueue, cache_size(size_));
    queue_limit_.store(
        std::clamp<std::uint64_t>(
            pace + pace / 2, kShortestQueue, cache_size(size_) + kSpareBytes / frame_bytes(size_)),
        std::memory_order_relaxed);
    taken_lately_ = lately;
    taken_then_ = taken;
    adjusted_at_ = now;
}

void VideoFeed::encoder_began() {
    // Without an encoder nothing waits, so what was pushed has been taken.
    const std::uint64_t pushed = pushed_.load(std::memory_order_relaxed);
    const std::uint64_t taken = video_output_get_total_frames(video_.get());
    pushed_before_.store(pushed > taken ? pushed - taken : 0, std::memory_order_relaxed);
    fresh_.store(true, std::memory_order_relaxed);
}

double VideoFeed::queue_share() const {
    return static_cast<double>(waiting() + spared_.load(std::memory_order_relaxed)) /
           static_cast<double>(queue_limit_.load(std::memory_order_relaxed));
}

/// Gives libobs what waits here, as far as it has room.
void VideoFeed::drain() {
    while (!spare_.empty() && !held_.load(std::memory_order_relaxed)) {
        const Frames& next = spare_.front();
        const std::uint64_t there = waiting();
        if (there != 0 && there + static_cast<std::uint64_t>(next.count) > cache_limit_)
            return;
        push(next.pixels.data(), next.first, next.count);
        spared_.fetch_sub(static_cast<std::uint64_t>(next.count), std::memory_order_relaxed);
        spare_.pop_front();
    }
}

/// The painted picture stands for so many frames; there is room for them.
void VideoFeed::add(std::int64_t first, int count, Change change) {
    const bool room = !held_.load(std::memory_order_relaxed) && spare_.empty() &&
                      waiting() + static_cast<std::uint64_t>(count) <= cache_limit_;
    if (room)
        return push(painted_.data(), first, count);
    spared_.fetch_add(static_cast<std::uint64_t>(count), std::memory_order_relaxed);
    if (change == Change::Same && !spare_.empty() &&
        spare_.back().first + spare_.back().count == first)
        spare_.back().count += count;
    else
        spare_.push_back({.first = first, .count = count, .pixels = painted_});
}

void VideoFeed::push(const std::uint8_t* pixels, std::int64_t first, int count) {
    video_frame frame{};
    pushed_.fetch_add(static_cast<std::uint64_t>(count), std::memory_order_relaxed);
    // False: no room after all; libobs repeats the frame before.
    if (!video_output_lock_frame(
            video_.get(), &frame, count, static_cast<std::uint64_t>(grid_.time_of(first).ns()))) {
        gaps_.repeated.add(first, count);
        return;
    }
    copy_rows(frame.data[0], frame.linesize[0], pixels, size_.width, size_.height);
    copy_rows(
        frame.data[1],
        frame.linesize[1],
        pixels + luma_bytes(size_),
        size_.width,
        size_.height / 2);
    video_output_unlock_frame(video_.get());
}

void VideoFeed::repeat(MonoTime first, int missed) {
    if (!anything_painted_)
        return;
    drain();
    const std::int64_t index = grid_.nearest_index(first);
    // More than may wait would only make the next frames wait.
    if (!has_room(static_cast<std::uint64_t>(missed)))
        return gaps_.absent.add(index, missed);
    gaps_.repeated.add(index, missed);
    add(index, missed, Change::Same);
}

/// A frame for which there is no room is left out. libobs would have the one before encoded once
/// more for each, and an encoder that is behind would never catch up.
void VideoFeed::show(MonoTime time, const direct::BgrxPicture& picture, Change change) {
    stale_ = stale_ || change == Change::New;
    adjust_queue(time);
    drain();
    const std::int64_t index = grid_.nearest_index(time);
    if (!has_room(1)) {
        gaps_.absent.add(index, 1);
        skipped_.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    const Change painted = stale_ ? Change::New : Change::Same;
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
    add(index, 1, painted);
}

}  // namespace hindsight::obs
