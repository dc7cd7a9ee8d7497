#include "shared_image.hpp"
#include "x11_cursor.hpp"
#include "xcb_handle.hpp"

#include <hindsight/direct/x11_picture_source.hpp>

#include <xcb/composite.h>
#include <xcb/damage.h>

#include <algorithm>
#include <utility>

namespace hindsight::direct {

namespace {

/// After so many looks without a change the picture is fetched only when the server reports damage.
constexpr int kLooksUntilQuiet = 60;
/// In that state every so many looks fetch it nevertheless, to notice servers whose damage reports
/// cannot be trusted.
constexpr int kLooksBetweenProofs = 60;
/// While the server reports damage, every so many looks the picture is compared with an older one …
constexpr int kLooksBetweenDoubts = 30;
/// … and when so many were the same, its pixmap may be one that the window has left behind.
constexpr int kDoubts = 3;
/// Looks until the pixmap is named anew once more, doubled each time that it was for nothing.
constexpr std::int64_t kFirstRenewalPause = 120;
constexpr std::int64_t kLongestRenewalPause = 36'000;

/// A sum over a sparse grid of pixels: cheap, and enough to see that a moving picture moves.
std::uint64_t sample_sum(const std::uint8_t* pixels, PictureSize size) {
    std::uint64_t sum = 0xcbf29ce484222325u;
    for (int row = 0; row < size.height; row += 5)
        for (int column = row % 7; column < size.width; column += 7) {
            const std::ptrdiff_t at = (static_cast<std::ptrdiff_t>(row) * size.width + column) * 4;
            for (int channel = 0; channel < 3; ++channel)
                sum = (sum ^ pixels[at + channel]) * 0x100000001b3u;
        }
    return sum;
}

class X11PictureSource final : public PictureSource {
public:
    X11PictureSource(ConnectionHandle connection, const xcb_screen_t& screen, Log log)
        : connection_{std::move(connection)},
          root_{screen.root},
          log_{std::move(log)},
          image_{connection_.get()},
          cursor_{connection_.get(), screen.root} {}

    Result<> open(const X11PictureOptions& options);

    [[nodiscard]] PictureSize size() const override { return size_; }

    [[nodiscard]] Result<Look> look() override;

    [[nodiscard]] std::uint64_t renewals() const override { return renewals_; }

    [[nodiscard]] bool cropped() const override {
        return is_screen_ && (size_.width < region_.width || size_.height < region_.height);
    }

    [[nodiscard]] BgrxPicture picture() const override {
        return {.data = pixels_, .stride = picture_size_.width * 4, .size = picture_size_};
    }

private:
    xcb_connection_t* x() const { return connection_.get(); }

    Result<> redirect();
    void watch_damage();
    void place(const xcb_get_geometry_reply_t& geometry);
    bool measure();
    bool ensure_drawable();
    void drop_pixmap();
    void handle_events(bool queued_only);
    void handle_event(const xcb_generic_event_t& event);
    bool nothing_happened();
    bool fetch();
    Look judge(bool fetched_anew);
    void doubt();
    void judge_renewal();

    ConnectionHandle connection_;
    xcb_window_t root_;
    Log log_;
    SharedImage image_;
    X11Cursor cursor_;

    xcb_window_t window_ = 0;
    bool is_screen_ = false;
    Region region_;  ///< of the screen; empty: all of it
    int left_ = 0;   ///< what is fetched begins here
    int top_ = 0;
    bool draw_cursor_ = false;
    bool gone_ = false;
    PictureSize server_size_;  ///< of window or screen, by the server
    PictureSize size_;         ///< of what is fetched
    int border_ = 0;
    xcb_pixmap_t pixmap_ = 0;  ///< 0: to be named (windows only)

    xcb_damage_damage_t damage_ = 0;  ///< 0: not available, or found unreliable
    std::uint8_t damage_event_ = 0;
    bool damaged_now_ = true;
    bool damaged_before_ = true;
    bool cursor_changed_ = false;
    bool renamed_ = true;
    int quiet_looks_ = 0;
    std::uint64_t sum_ = 0;

    int reported_looks_ = 0;  ///< with damage, since the last doubt
    int equal_sums_ = 0;
    std::uint64_t doubted_sum_ = 0;
    bool renewing_ = false;  ///< the pixmap was dropped because of a doubt
    std::int64_t looks_ = 0;
    std::int64_t next_renewal_ = 0;
    std::int64_t renewal_pause_ = kFirstRenewalPause;
    std::uint64_t renewals_ = 0;

    const std::uint8_t* pixels_ = nullptr;
    PictureSize picture_size_;
};

Result<> X11PictureSource::open(const X11PictureOptions& options) {
    is_screen_ = options.window == 0;
    window_ = is_screen_ ? root_ : options.window;
    region_ = options.region;
    draw_cursor_ = options.draw_cursor && cursor_.available();

    xcb_generic_error_t* error = nullptr;
    const Reply<xcb_get_geometry_reply_t> geometry{
        xcb_get_geometry_reply(x(), xcb_get_geometry(x(), window_), &error)};
    const Reply<xcb_generic_error_t> refused{error};
    if (!geometry)
        return fail(Errc::NotFound, "the window to record does not exist");
    if (geometry->depth != 24 && geometry->depth != 32)
        return fail(Errc::Unsupported, "the window to record does not have 24 bit colours");
    if (xcb_get_setup(x())->image_byte_order != XCB_IMAGE_ORDER_LSB_FIRST)
        return fail(Errc::Unsupported, "the display server stores pictures big end first");
    place(*geometry);
    if (size_.width <= 0 || size_.height <= 0)
        return fail(Errc::NotFound, "nothing of the region to record is on the screen");

    const std::uint32_t events = XCB_EVENT_MASK_STRUCTURE_NOTIFY;
    xcb_change_window_attributes(x(), window_, XCB_CW_EVENT_MASK, &events);
    if (!is_screen_)
        HINDSIGHT_TRY(redirect());
    watch_damage();
    return {};
}

Result<> X11PictureSource::redirect() {
    const auto* extension = xcb_get_extension_data(x(), &xcb_composite_id);
    if (extension == nullptr || extension->present == 0)
        return fail(
            Errc::Unsupported, "the display server cannot record single windows (no XComposite)");
    const Reply<xcb_composite_query_version_reply_t> version{
        xcb_composite_query_version_reply(x(), xcb_composite_query_version(x(), 0, 4), nullptr)};
    if (!version || (version->major_version == 0 && version->minor_version < 2))
        return fail(Errc::Unsupported, "the display server's XComposite is too old");
    const Reply<xcb_generic_error_t> refused{xcb_request_check(
        x(),
        xcb_composite_redirect_window_checked(x(), window_, XCB_COMPOSITE_REDIRECT_AUTOMATIC))};
    if (refused)
        return fail(
            Errc::NotFound, "the window to record cannot be redirected", refused->error_code);
    return {};
}

void X11PictureSource::watch_damage() {
    const auto* extension = xcb_get_extension_data(x(), &xcb_damage_id);
    if (extension == nullptr || extension->present == 0)
        return;
    const Reply<xcb_damage_query_version_reply_t> version{
        xcb_damage_query_version_reply(x(), xcb_damage_query_version(x(), 1, 1), nullptr)};
    if (!version)
        return;
    damage_event_ = extension->first_event;
    damage_ = xcb_generate_id(x());
    const Reply<xcb_generic_error_t> refused{xcb_request_check(
        x(), xcb_damage_create_checked(x(), damage_, window_, XCB_DAMAGE_REPORT_LEVEL_NON_EMPTY))};
    if (refused)
        damage_ = 0;
}

void X11PictureSource::handle_event(const xcb_generic_event_t& event) {
    const std::uint8_t type = event.response_type & 0x7f;
    if (damage_event_ != 0 && type == damage_event_ + XCB_DAMAGE_NOTIFY) {
        damaged_now_ = true;
        return;
    }
    if (cursor_.handle(event))
        return;
    switch (type) {
    case XCB_CONFIGURE_NOTIFY: {
        const auto& change = reinterpret_cast<const xcb_configure_notify_event_t&>(event);
        if (change.window == window_ && (PictureSize{change.width, change.height} != server_size_ ||
                                         (!is_screen_ && change.border_width != border_)))
            drop_pixmap();
        break;
    }
    case XCB_MAP_NOTIFY:
    case XCB_UNMAP_NOTIFY:
        drop_pixmap();
        break;
    case XCB_DESTROY_NOTIFY:
        if (reinterpret_cast<const xcb_destroy_notify_event_t&>(event).window == window_)
            gone_ = true;
        break;
    default:
        break;
    }
}

void X11PictureSource::handle_events(bool queued_only) {
    for (;;) {
        const Reply<xcb_generic_event_t> event{
            queued_only ? xcb_poll_for_queued_event(x()) : xcb_poll_for_event(x())};
        if (!event)
            return;
        handle_event(*event);
    }
}

void X11PictureSource::drop_pixmap() {
    if (pixmap_ != 0)
        xcb_free_pixmap(x(), pixmap_);
    pixmap_ = 0;
    size_ = server_size_ = {};
}

/// What there is to fetch: the window without its border, or the part of the screen that is there.
void X11PictureSource::place(const xcb_get_geometry_reply_t& geometry) {
    server_size_ = {geometry.width, geometry.height};
    size_ = server_size_;
    border_ = is_screen_ ? 0 : geometry.border_width;
    left_ = top_ = border_;
    if (!is_screen_ || region_.width <= 0)
        return;
    left_ = std::max(region_.x, 0);
    top_ = std::max(region_.y, 0);
    size_ = {
        std::max(std::min(region_.x + region_.width, size_.width) - left_, 0),
        std::max(std::min(region_.y + region_.height, size_.height) - top_, 0)};
}

/// Asks for size and visibility. False: nothing to see there now.
bool X11PictureSource::measure() {
    const auto geometry_cookie = xcb_get_geometry(x(), window_);
    const auto attributes_cookie = xcb_get_window_attributes(x(), window_);
    xcb_generic_error_t* error = nullptr;
    const Reply<xcb_get_geometry_reply_t> geometry{
        xcb_get_geometry_reply(x(), geometry_cookie, &error)};
    const Reply<xcb_generic_error_t> no_geometry{std::exchange(error, nullptr)};
    const Reply<xcb_get_window_attributes_reply_t> attributes{
        xcb_get_window_attributes_reply(x(), attributes_cookie, &error)};
    const Reply<xcb_generic_error_t> no_attributes{error};
    if (!geometry || !attributes) {
        gone_ = xcb_connection_has_error(x()) == 0;
        return false;
    }
    place(*geometry);
    return size_.width > 0 && size_.height > 0 &&
           (is_screen_ || attributes->map_state == XCB_MAP_STATE_VIEWABLE);
}

/// Makes sure that there is something to fetch from. False: hidden or gone.
bool X11PictureSource::ensure_drawable() {
    if (is_screen_ ? size_.width > 0 : pixmap_ != 0)
        return true;
    if (!measure())
        return false;
    renamed_ = true;
    if (is_screen_)
        return true;
    pixmap_ = xcb_generate_id(x());
    const Reply<xcb_generic_error_t> refused{
        xcb_request_check(x(), xcb_composite_name_window_pixmap_checked(x(), window_, pixmap_))};
    if (refused)
        pixmap_ = 0;
    return !refused;
}

/// In the quiet state: asks only whether anything happened. The answer to any request comes behind
/// all damage reports before it, so no change can slip through.
bool X11PictureSource::nothing_happened() {
    if (damage_ == 0 || quiet_looks_ < kLooksUntilQuiet || quiet_looks_ % kLooksBetweenProofs == 0)
        return false;
    cursor_.request(window_);
    // What is received here is not told a second time: the fetch that follows must know it.
    cursor_changed_ = cursor_.receive() && draw_cursor_;
    handle_events(true);
    return !cursor_changed_ && !damaged_now_ && !damaged_before_ && !gone_ &&
           (is_screen_ || pixmap_ != 0) && size_.width > 0;
}

bool X11PictureSource::fetch() {
    if (damage_ != 0)
        xcb_damage_subtract(x(), damage_, XCB_NONE, XCB_NONE);
    const PictureSize asked = size_;
    const auto pending = image_.request(is_screen_ ? root_ : pixmap_, left_, top_, asked);
    if (draw_cursor_)
        cursor_.request(window_);
    const bool received = image_.receive(pending);
    if (draw_cursor_ && cursor_.receive())
        cursor_changed_ = true;
    handle_events(true);
    if (!received)
        return false;
    pixels_ = image_.data();
    picture_size_ = asked;
    return true;
}

/// The server says that the window is drawn to. When the picture stays the same nevertheless, its
/// pixmap may belong to the window no more, and is named anew.
void X11PictureSource::doubt() {
    if (++reported_looks_ < kLooksBetweenDoubts)
        return;
    reported_looks_ = 0;
    const std::uint64_t sum = sample_sum(pixels_, picture_size_);
    equal_sums_ = std::exchange(doubted_sum_, sum) == sum ? equal_sums_ + 1 : 0;
    if (equal_sums_ < kDoubts || looks_ < next_renewal_)
        return;
    equal_sums_ = 0;
    renewing_ = true;
    drop_pixmap();
}

/// The first picture after a doubt: was it justified?
void X11PictureSource::judge_renewal() {
    if (sample_sum(pixels_, picture_size_) != doubted_sum_) {
        ++renewals_;
        renewal_pause_ = kFirstRenewalPause;
        log_.warn("the picture had stopped although its window was drawn to; it is back");
    } else {
        renewal_pause_ = std::min(2 * renewal_pause_, kLongestRenewalPause);
    }
    next_renewal_ = looks_ + renewal_pause_;
}

/// Whether the picture just fetched differs from the one before.
Look X11PictureSource::judge(bool fetched_anew) {
    bool changed = std::exchange(cursor_changed_, false) || fetched_anew;
    const bool reported = damaged_now_ || damaged_before_;
    // A report at the edge of two looks may belong to either: it counts for both.
    damaged_before_ = std::exchange(damaged_now_, false);
    // The last look before the quiet state takes the sum that the first proof compares with.
    const bool proof = damage_ == 0 || quiet_looks_ >= kLooksUntilQuiet - 1;
    if (proof) {
        const std::uint64_t sum = sample_sum(pixels_, picture_size_);
        const bool differs = std::exchange(sum_, sum) != sum;
        if (damage_ != 0 && differs && !reported && !fetched_anew &&
            quiet_looks_ >= kLooksUntilQuiet) {
            log_.info("the display server's damage reports are incomplete; not using them");
            xcb_damage_destroy(x(), damage_);
            damage_ = 0;
        }
        changed = changed || differs;
    }
    changed = changed || reported;
    quiet_looks_ = changed ? 0 : quiet_looks_ + 1;
    if (fetched_anew && std::exchange(renewing_, false))
        judge_renewal();
    else if (reported && damage_ != 0 && !is_screen_)
        doubt();
    return changed ? Look::Changed : Look::Unchanged;
}

Result<Look> X11PictureSource::look() {
    ++looks_;
    handle_events(false);
    if (nothing_happened()) {
        ++quiet_looks_;
        return Look::Unchanged;
    }
    // Twice: a window resized a moment ago refuses once.
    bool fetched = false;
    for (int attempt = 0; attempt < 2 && !fetched && !gone_; ++attempt) {
        if (!ensure_drawable())
            break;
        fetched = fetch();
        if (!fetched && xcb_connection_has_error(x()) == 0)
            drop_pixmap();
    }
    if (xcb_connection_has_error(x()) != 0)
        return fail(Errc::DeviceLost, "the connection to the display server is lost");
    if (gone_)
        return Look::Gone;
    if (!fetched) {
        quiet_looks_ = 0;
        return Look::Hidden;
    }
    const Look result = judge(std::exchange(renamed_, false));
    if (draw_cursor_)
        cursor_.draw(image_.data(), picture_size_, is_screen_ ? left_ : 0, is_screen_ ? top_ : 0);
    return result;
}

}  // namespace

Result<std::unique_ptr<PictureSource>>
open_x11_picture_source(const X11PictureOptions& options, Log log) {
    int screen_number = 0;
    ConnectionHandle connection{xcb_connect(nullptr, &screen_number)};
    if (xcb_connection_has_error(connection.get()) != 0)
        return fail(Errc::DeviceLost, "there is no X display to record from");
    auto screens = xcb_setup_roots_iterator(xcb_get_setup(connection.get()));
    for (; screens.rem > 1 && screen_number > 0; --screen_number)
        xcb_screen_next(&screens);
    if (screens.rem == 0)
        return fail(Errc::DeviceLost, "the X display has no screen");
    auto source =
        std::make_unique<X11PictureSource>(std::move(connection), *screens.data, std::move(log));
    HINDSIGHT_TRY(source->open(options));
    return std::unique_ptr<PictureSource>{std::move(source)};
}

}  // namespace hindsight::direct
