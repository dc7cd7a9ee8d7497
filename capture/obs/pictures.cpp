#include "pictures.hpp"

#include <hindsight/direct/x11_picture_source.hpp>

#include <util/platform.h>

#include <algorithm>
#include <utility>

namespace hindsight::obs {

namespace {

constexpr int kPicturePolls = 200;
constexpr unsigned kPicturePollMs = 5;

}  // namespace

Pictures::Pictures(
    ObsRuntime& runtime, ipc::StartCapture request, std::function<void()> on_lost, Log log)
    : runtime_{runtime},
      request_{std::move(request)},
      on_lost_{std::move(on_lost)},
      log_{std::move(log)},
      path_{request_.picture} {
    if (path_ == ipc::PicturePath::Auto)
        path_ = runtime_.gl().software ? ipc::PicturePath::Direct : ipc::PicturePath::Canvas;
}

Result<std::unique_ptr<Pictures>> Pictures::open(
    ObsRuntime& runtime, const ipc::StartCapture& request, std::function<void()> on_lost, Log log) {
    std::unique_ptr<Pictures> pictures{
        new Pictures{runtime, request, std::move(on_lost), std::move(log)}};
    HINDSIGHT_ASSIGN(auto source, pictures->open_source());
    pictures->full_size_ =
        direct::canvas_size(source->size(), {request.max_width, request.max_height});
    if (pictures->path_ == ipc::PicturePath::Canvas) {
        HINDSIGHT_TRY(pictures->open_canvas());
    } else {
        HINDSIGHT_TRY(runtime.set_canvas({}));
        HINDSIGHT_TRY(pictures->open_direct(std::move(source)));
    }
    return pictures;
}

Result<> Pictures::reopen(const ipc::StartCapture& request) {
    gaps_.repeated.clear();
    gaps_.absent.clear();
    request_ = request;
    if (path_ == ipc::PicturePath::Direct) {
        carried_ = totals();
        auto source = pacer_->stop();
        pacer_.reset();
        return open_direct(std::move(source));
    }
    pacer_.reset();
    screen_watch_.reset();
    scene_.reset();
    picture_feed_.reset();
    return open_canvas();
}

FrameGrid Pictures::absolute_grid() const {
    return {.origin = MonoTime::from_ns(0), .fps = {request_.fps, 1}};
}

std::optional<FrameGrid> Pictures::grid() const {
    return pacer_ ? std::optional{absolute_grid()} : std::nullopt;
}

Duration Pictures::delay() const {
    return picture_feed_ ? picture_feed_->delay() : Duration::zero();
}

Result<std::unique_ptr<direct::PictureSource>> Pictures::open_source() const {
    return direct::open_x11_picture_source(
        {.window = request_.source == ipc::SourceKind::Window ? request_.window : 0,
         .region =
             {request_.region_x, request_.region_y, request_.region_width, request_.region_height},
         .draw_cursor = request_.cursor},
        log_);
}

Result<> Pictures::open_direct(std::unique_ptr<direct::PictureSource> source) {
    size_ = direct::canvas_size(full_size_, {request_.max_width, request_.max_height});
    HINDSIGHT_ASSIGN(video_feed_, VideoFeed::open(size_, request_.fps, gaps_));
    video_ = video_feed_->video();
    pacer_ = std::make_unique<FramePacer>(
        std::move(source), *video_feed_, absolute_grid(), on_lost_, log_);
    return {};
}

Result<> Pictures::open_canvas() {
    size_ = direct::canvas_size(full_size_, {request_.max_width, request_.max_height});
    // libobs cuts the width to a multiple of 4 and would scale once more.
    size_ = {std::max(size_.width / 4 * 4, 16), std::max(size_.height / 4 * 4, 16)};
    HINDSIGHT_TRY(
        runtime_.set_canvas({.width = size_.width, .height = size_.height, .fps = request_.fps}));
    video_ = obs_get_video();
    // libobs' screen source knows no regions.
    SourceHandle source =
        request_.region_width > 0 ? SourceHandle{} : open_native_source(request_, log_);
    if (source && request_.source == ipc::SourceKind::Screen)
        screen_watch_ = direct::ScreenWatch::open();
    if (!source) {
        // Our own look at it stands in where libobs cannot see it.
        HINDSIGHT_ASSIGN(auto picture, open_source());
        HINDSIGHT_ASSIGN(picture_feed_, PictureFeed::open(absolute_grid()));
        source = SourceHandle{obs_source_get_ref(picture_feed_->source())};
        pacer_ = std::make_unique<FramePacer>(
            std::move(picture), *picture_feed_, absolute_grid(), on_lost_, log_);
    }
    HINDSIGHT_ASSIGN(scene_, CanvasScene::show(std::move(source), size_));
    if (picture_feed_)
        wait_for_picture();
    return {};
}

/// The first picture on the canvas decides how much later than taken all of them are drawn.
void Pictures::wait_for_picture() const {
    for (int poll = 0; poll < kPicturePolls && picture_feed_->delay() == Duration::zero(); ++poll)
        os_sleep_ms(kPicturePollMs);
}

FrameTotals Pictures::canvas_counters() const {
    return {
        .captured = video_output_get_total_frames(video_),
        .lagged = obs_get_lagged_frames() + (pacer_ ? pacer_->lagged() : 0),
        .skipped = video_output_get_skipped_frames(video_)};
}

FrameTotals Pictures::totals() const {
    if (!video_feed_)
        return tally_.totals(canvas_counters());
    return {
        .captured = carried_.captured + pacer_->frames(),
        .lagged = carried_.lagged + pacer_->lagged(),
        .skipped = carried_.skipped + video_feed_->skipped()};
}

void Pictures::encoder_began() {
    if (video_feed_)
        video_feed_->encoder_began();
    else
        tally_.begin(canvas_counters());
}

void Pictures::encoder_ended() {
    if (video_feed_)
        return;
    tally_.end(canvas_counters());
    gaps_.repeated.clear();
}

std::uint64_t Pictures::offered() const {
    // What libobs drew late it did not draw at all.
    return video_feed_ ? totals().captured : obs_get_total_frames() - obs_get_lagged_frames();
}

void Pictures::mark_canvas_misses(std::int64_t newest_frame) {
    if (video_feed_)
        return;
    if (const std::uint64_t misses = tally_.new_misses(canvas_counters()); misses > 0)
        gaps_.repeated.add(newest_frame + 1, static_cast<std::int64_t>(misses));
}

void Pictures::report(ipc::CaptureStatus& status) const {
    const FrameTotals frames = totals();
    status.captured = frames.captured;
    status.lagged = frames.lagged;
    status.skipped = frames.skipped;
    status.unchanged = pacer_ ? pacer_->unchanged() : 0;
    status.source_alive = source_alive();
}

bool Pictures::source_alive() const {
    return pacer_ ? pacer_->source_alive() : scene_ == nullptr || scene_->alive();
}

bool Pictures::outdated() {
    return screen_watch_ && screen_watch_->changed(SystemClock{}.now());
}

void Pictures::renew_source() {
    if (!pacer_ && scene_)
        scene_->renew();
}

}  // namespace hindsight::obs
