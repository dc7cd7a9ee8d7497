#include "ass_script.hpp"
#include "control_map.hpp"
#include "glyphs.hpp"
#include "layouts.hpp"
#include "theme.hpp"

#include <hindsight/actions/cues.hpp>
#include <hindsight/core/paths.hpp>
#include <hindsight/overlay/overlay.hpp>

#include <algorithm>
#include <cmath>

namespace hindsight::overlay {

namespace {

constexpr double kReferenceLines = 1080;
constexpr double kMargin = 48;
constexpr double kPortraitMargin = 220;  ///< below: where phones put their buttons
constexpr double kLargestPart = .90;     ///< of the picture's width or height
constexpr double kMinScale = .5;
constexpr double kMaxScale = 3;

bool is_left(Corner corner) {
    return corner == Corner::BottomLeft || corner == Corner::TopLeft;
}

bool is_top(Corner corner) {
    return corner == Corner::TopLeft || corner == Corner::TopRight;
}

Placement place(const Scene& scene, const OverlayOptions& options, int width, int height) {
    const bool portrait = height > width;
    const double unit = std::min(width, height) / kReferenceLines;
    const double room_x = width * kLargestPart / scene.width;
    const double room_y = height * kLargestPart / scene.height;
    const double wished = unit * std::clamp(options.scale, kMinScale, kMaxScale);
    const double scale = std::min({wished, room_x, room_y});
    const double margin_x = std::min(kMargin * unit, (width - scene.width * scale) / 2);
    const double room_below = height - scene.height * scale;
    const double wanted_y = portrait && !is_top(options.corner) ? kPortraitMargin : kMargin;
    const double margin_y = std::min(wanted_y * unit, room_below / 2);
    return {
        scale,
        {std::round(is_left(options.corner) ? margin_x : width - margin_x - scene.width * scale),
         std::round(is_top(options.corner) ? margin_y : room_below - margin_y)}};
}

}  // namespace

Layout choose_layout(const actions::ActionLog& log) {
    std::int64_t balance = 0;
    for (const actions::LogRecord& record : log.records) {
        if (record.kind != actions::ActionRecord::Kind::Value)
            continue;
        const auto action =
            std::find_if(log.actions.begin(), log.actions.end(), [&](const actions::ActionInfo& a) {
                return a.id == record.action;
            });
        if (action == log.actions.end() || action->default_controls.empty())
            continue;
        const auto pads = std::count_if(
            action->default_controls.begin(),
            action->default_controls.end(),
            [](const std::string& control) { return is_pad_control(control); });
        if (pads == std::ssize(action->default_controls))
            ++balance;
        else if (pads == 0)
            --balance;
    }
    return balance > 0 ? Layout::Controller : Layout::KeyboardMouse;
}

Result<std::string> make_ass(const actions::ActionLog& log, const OverlayOptions& options) {
    const int width = options.width > 0 ? options.width : log.video.width;
    const int height = options.height > 0 ? options.height : log.video.height;
    if (width <= 0 || height <= 0)
        return fail(Errc::InvalidArgument, "the size of the clip's picture is not known");
    const std::filesystem::path font = options.font.empty()
                                           ? paths::shipped_data_dir() / "fonts" / "Inter-Bold.otf"
                                           : options.font;
    HINDSIGHT_ASSIGN(const Glyphs glyphs, Glyphs::open(font));
    const actions::Cues cues = actions::make_cues(log);
    const Layout layout = options.layout == Layout::Auto ? choose_layout(log) : options.layout;
    const Colours inks = colours(options.theme);
    const ControlMap controls{
        log, cues, layout == Layout::Controller ? Device::Controller : Device::KeyboardMouse};
    const Scene scene = layout == Layout::Controller ? controller_scene(controls, inks, glyphs)
                                                     : keyboard_mouse_scene(controls, inks, glyphs);
    return make_script(
        scene,
        {.width = width,
         .height = height,
         .placement = place(scene, options, width, height),
         .period = cues.period,
         .end = cues.end,
         .reduced_motion = options.reduced_motion});
}

}  // namespace hindsight::overlay
