#include "picture_feed.hpp"

#include <graphics/graphics.h>

#include <algorithm>
#include <deque>
#include <utility>

namespace hindsight::obs {

namespace {

constexpr const char* kPictureSource = "hindsight_pictures";
// libobs hands nothing but settings to create().
constexpr const char* kScreenKey = "screen";
constexpr std::size_t kWaiting = 6;

struct Waiting {
    std::int64_t index = 0;  ///< on the grid
    direct::PictureSize size;
    std::vector<std::uint8_t> pixels;
};

}  // namespace

struct PictureFeed::Screen {
    explicit Screen(FrameGrid g) : grid{g} {}

    const FrameGrid grid;

    mutable std::mutex mutex;   ///< guards what follows
    std::deque<Waiting> queue;  ///< oldest first
    std::vector<std::vector<std::uint8_t>> spare;
    std::optional<MonoTime> first_canvas_time;
    std::int64_t first_index = 0;

    // Graphics thread only.
    gs_texture_t* texture = nullptr;
    direct::PictureSize texture_size;
    std::int64_t drawn_index = -1;

    void drop_front_locked() {
        if (!queue.front().pixels.empty())
            spare.push_back(std::move(queue.front().pixels));
        queue.pop_front();
    }

    /// The picture that the canvas frame at `canvas_time` shows; moves older ones out.
    std::optional<Waiting> take(MonoTime canvas_time) {
        const std::scoped_lock lock{mutex};
        if (queue.empty())
            return std::nullopt;
        if (!first_canvas_time) {
            // One to two frames late: the grab has that long to finish.
            first_canvas_time = canvas_time;
            first_index = grid.index_at_or_after(canvas_time) - 2;
        }
        const Duration since = canvas_time - *first_canvas_time;
        const FrameGrid from_zero{.origin = MonoTime::from_ns(0), .fps = grid.fps};
        const std::int64_t wanted =
            first_index + from_zero.nearest_index(MonoTime::from_ns(since.ns()));
        while (queue.size() > 1 && queue[1].index <= wanted)
            drop_front_locked();
        if (queue.front().index > wanted || queue.front().index == drawn_index)
            return std::nullopt;
        // The place in the queue stays, to tell that this one is drawn.
        Waiting picture{
            .index = queue.front().index,
            .size = queue.front().size,
            .pixels = std::exchange(queue.front().pixels, {})};
        return picture;
    }

    void give_back(std::vector<std::uint8_t> pixels) {
        const std::scoped_lock lock{mutex};
        spare.push_back(std::move(pixels));
    }
};

namespace {

using Screen = PictureFeed::Screen;

Screen& screen_of(void* data) {
    return **static_cast<std::shared_ptr<Screen>*>(data);
}

const char* picture_source_name(void* /*type_data*/) noexcept {
    return "Hindsight pictures";
}

void* create_picture_source(obs_data_t* settings, obs_source_t* /*source*/) noexcept {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): settings carry no pointers
    auto* given =
        reinterpret_cast<std::shared_ptr<Screen>*>(obs_data_get_int(settings, kScreenKey));
    return given != nullptr ? std::make_unique<std::shared_ptr<Screen>>(*given).release() : nullptr;
}

void destroy_picture_source(void* data) noexcept {
    const std::unique_ptr<std::shared_ptr<Screen>> screen{
        static_cast<std::shared_ptr<Screen>*>(data)};
    obs_enter_graphics();
    gs_texture_destroy(std::exchange((*screen)->texture, nullptr));
    obs_leave_graphics();
}

void tick_picture_source(void* data, float /*seconds*/) noexcept {
    Screen& screen = screen_of(data);
    auto picture =
        screen.take(MonoTime::from_ns(static_cast<std::int64_t>(obs_get_video_frame_time())));
    if (!picture)
        return;
    screen.drawn_index = picture->index;
    const auto width = static_cast<std::uint32_t>(picture->size.width);
    const auto height = static_cast<std::uint32_t>(picture->size.height);
    obs_enter_graphics();
    if (screen.texture == nullptr || screen.texture_size != picture->size) {
        gs_texture_destroy(screen.texture);
        screen.texture = gs_texture_create(width, height, GS_BGRX, 1, nullptr, GS_DYNAMIC);
        screen.texture_size = picture->size;
    }
    gs_texture_set_image(screen.texture, picture->pixels.data(), width * 4, false);
    obs_leave_graphics();
    screen.give_back(std::move(picture->pixels));
}

void render_picture_source(void* data, gs_effect_t* /*effect*/) noexcept {
    const Screen& screen = screen_of(data);
    if (screen.texture != nullptr)
        obs_source_draw(screen.texture, 0, 0, 0, 0, false);
}

std::uint32_t picture_width(void* data) noexcept {
    return static_cast<std::uint32_t>(screen_of(data).texture_size.width);
}

std::uint32_t picture_height(void* data) noexcept {
    return static_cast<std::uint32_t>(screen_of(data).texture_size.height);
}

}  // namespace

void register_picture_source() {
    obs_source_info info{};
    info.id = kPictureSource;
    info.type = OBS_SOURCE_TYPE_INPUT;
    info.output_flags = OBS_SOURCE_VIDEO | OBS_SOURCE_DO_NOT_DUPLICATE;
    info.get_name = picture_source_name;
    info.create = create_picture_source;
    info.destroy = destroy_picture_source;
    info.video_tick = tick_picture_source;
    info.video_render = render_picture_source;
    info.get_width = picture_width;
    info.get_height = picture_height;
    obs_register_source(&info);
}

Result<std::unique_ptr<PictureFeed>> PictureFeed::open(FrameGrid grid) {
    auto screen = std::make_shared<Screen>(grid);
    const SettingsHandle settings{obs_data_create()};
    obs_data_set_int(settings.get(), kScreenKey, reinterpret_cast<std::intptr_t>(&screen));
    SourceHandle source{obs_source_create_private(kPictureSource, "pictures", settings.get())};
    if (!source)
        return fail(Errc::External, "libobs did not make a source");
    return std::unique_ptr<PictureFeed>{new PictureFeed{std::move(screen), std::move(source)}};
}

PictureFeed::PictureFeed(std::shared_ptr<Screen> screen, SourceHandle source)
    : screen_{std::move(screen)}, source_{std::move(source)} {}

PictureFeed::~PictureFeed() = default;

obs_source_t* PictureFeed::source() const {
    return source_.get();
}

Duration PictureFeed::delay() const {
    const std::scoped_lock lock{screen_->mutex};
    if (!screen_->first_canvas_time)
        return Duration::zero();
    return *screen_->first_canvas_time - screen_->grid.time_of(screen_->first_index);
}

void PictureFeed::repeat(MonoTime /*first*/, int /*missed*/) {
    // The canvas draws the picture before until there is a newer one.
}

void PictureFeed::show(MonoTime time, const direct::BgrxPicture& picture, Change change) {
    if (picture.data == nullptr)
        return;
    const std::scoped_lock lock{screen_->mutex};
    if (change == Change::Same && !screen_->queue.empty())
        return;
    Waiting waiting{.index = screen_->grid.nearest_index(time), .size = picture.size, .pixels = {}};
    if (!screen_->spare.empty()) {
        waiting.pixels = std::move(screen_->spare.back());
        screen_->spare.pop_back();
    }
    const auto bytes =
        static_cast<std::size_t>(picture.stride) * static_cast<std::size_t>(picture.size.height);
    waiting.pixels.assign(picture.data, picture.data + bytes);
    screen_->queue.push_back(std::move(waiting));
    // A canvas that does not draw must not make the queue grow.
    while (screen_->queue.size() > kWaiting)
        screen_->drop_front_locked();
}

}  // namespace hindsight::obs
