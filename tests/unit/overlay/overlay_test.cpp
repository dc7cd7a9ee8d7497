#include "ass_events.hpp"
#include "log_builder.hpp"
#include "spans.hpp"

#include <hindsight/overlay/overlay.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace hindsight::overlay {
namespace {

using hindsight::testing::ass_events;
using hindsight::testing::AssEvent;
using hindsight::testing::LogBuilder;
using ::testing::ElementsAre;

struct Bounds {
    double left = 1e9;
    double top = 1e9;
    double right = -1e9;
    double bottom = -1e9;
};

/// Of everything that stands still, in pixels.
Bounds bounds(const std::string& script) {
    Bounds box;
    for (const AssEvent& event : ass_events(script)) {
        if (event.text.find("\\pos(0,0)") == std::string::npos)
            continue;
        std::istringstream in{event.text.substr(event.text.find('}') + 1)};
        bool x = true;
        for (std::string word; in >> word;) {
            if (word == "m" || word == "l" || word == "b")
                continue;
            const double value = std::stod(word) / 8;
            (x ? box.left : box.top) = std::min(x ? box.left : box.top, value);
            (x ? box.right : box.bottom) = std::max(x ? box.right : box.bottom, value);
            x = !x;
        }
    }
    return box;
}

Bounds placed(int width, int height, OverlayOptions options) {
    options.width = width;
    options.height = height;
    const auto text = make_ass(LogBuilder{}.shooter().hold(5, 20, "jump").log(), options);
    EXPECT_TRUE(text);
    return bounds(*text);
}

TEST(OverlayPlace, StandsInItsCornerWithTheMarginOfTheDesign) {
    const Bounds left = placed(1920, 1080, {.scale = 1});
    EXPECT_NEAR(left.left, 48 - 2, .2);  // the halo is 2 wide
    EXPECT_NEAR(left.bottom, 1080 - 48 + 2, .2);
    EXPECT_NEAR(left.right - left.left, 464, .5);
    const Bounds right = placed(1920, 1080, {.corner = Corner::TopRight, .scale = 1});
    EXPECT_NEAR(right.right, 1920 - 48 + 2, .6);
    EXPECT_NEAR(right.top, 48 - 2, .2);
}

TEST(OverlayPlace, GrowsWithThePictureAndTheChosenSize) {
    const Bounds small = placed(1280, 720, {.scale = 1});
    EXPECT_NEAR(small.right - small.left, 464 * 720 / 1080.0, .5);
    const Bounds large = placed(1280, 720, {.scale = 1.6});
    EXPECT_NEAR(large.right - large.left, 464 * 1.6 * 720 / 1080.0, .5);
}

TEST(OverlayPlace, NeverTakesMoreThanNineTenths) {
    const std::vector<std::pair<int, int>> sizes{
        {1920, 1080}, {640, 480}, {1080, 1920}, {320, 180}, {400, 120}};
    for (const auto& [width, height] : sizes) {
        for (const Corner corner : {Corner::BottomLeft, Corner::TopRight}) {
            const Bounds box = placed(width, height, {.corner = corner, .scale = 3});
            EXPECT_LE(box.right - box.left, width * .92) << width << 'x' << height;
            EXPECT_LE(box.bottom - box.top, height * .94) << width << 'x' << height;
            EXPECT_GE(box.left, 0);
            EXPECT_GE(box.top, 0);
            EXPECT_LE(box.right, width);
            EXPECT_LE(box.bottom, height);
        }
    }
}

TEST(OverlayPlace, LeavesRoomForButtonsBelowInPortrait) {
    const Bounds box = placed(1080, 1920, {});
    EXPECT_NEAR(box.bottom, 1920 - 220 + 2.5, .6);
}

TEST(OverlayNames, AreThoseOfTheConfiguration) {
    Layout layout{};
    Theme theme{};
    Corner corner{};
    EXPECT_TRUE(parse_layout("keyboard-mouse", layout));
    EXPECT_EQ(layout, Layout::KeyboardMouse);
    EXPECT_STREQ(layout_name(layout), "keyboard-mouse");
    EXPECT_TRUE(parse_theme("paper", theme));
    EXPECT_EQ(theme, Theme::Paper);
    EXPECT_TRUE(parse_corner("top-right", corner));
    EXPECT_EQ(corner, Corner::TopRight);
    EXPECT_FALSE(parse_layout("piano", layout));
    EXPECT_FALSE(parse_theme("", theme));
    EXPECT_FALSE(parse_corner("middle", corner));
}

TEST(OverlayLayout, IsTheControllerWhenTheActionsCameFromOne) {
    EXPECT_EQ(
        choose_layout(LogBuilder{}.shooter().value(3, "stick", 1, 0).hold(5, 9, "jump").log()),
        Layout::Controller);
    EXPECT_EQ(
        choose_layout(LogBuilder{}.shooter().hold(3, 9, "fire").value(4, "look", 1, 1).log()),
        Layout::KeyboardMouse);
    EXPECT_EQ(
        choose_layout(LogBuilder{}.shooter().hold(3, 9, "jump").log()), Layout::KeyboardMouse);
    EXPECT_EQ(choose_layout(LogBuilder{}.log()), Layout::KeyboardMouse);
}

TEST(OverlayLayout, EveryThemeAndLayoutMakesAScript) {
    const actions::ActionLog log =
        LogBuilder{}
            .shooter()
            .action("trigger", {"PadRightTrigger"}, actions::ActionType::Axis1d)
            .state(0, {"forward"})
            .hold(5, 9, "jump")
            .value(6, "stick", .4F, -.3F)
            .value(7, "trigger", .8F)
            .value(30, "trigger", 0)
            .value(30, "stick", 0, 0)
            .log();
    for (const Theme theme : {Theme::Midnight, Theme::Paper, Theme::Outline}) {
        for (const Layout layout : {Layout::KeyboardMouse, Layout::Controller}) {
            const auto text = make_ass(log, {.layout = layout, .theme = theme});
            ASSERT_TRUE(text);
            EXPECT_FALSE(ass_events(*text).empty());
        }
    }
}

Span span(int from, int to, bool pressed = false) {
    return {Duration::from_ms(from), Duration::from_ms(to), pressed};
}

TEST(Spans, ThatOverlapBecomeOneAndThatTouchStayTwo) {
    EXPECT_THAT(
        merged({span(30, 40), span(0, 10, true), span(5, 20), span(20, 25), span(7, 7)}),
        ElementsAre(span(0, 20, true), span(20, 25), span(30, 40)));
}

TEST(Spans, WithoutOthersAreWhatIsLeft) {
    EXPECT_THAT(
        without({span(0, 50), span(60, 80)}, {span(0, 10), span(20, 30), span(45, 65)}),
        ElementsAre(span(10, 20), span(30, 45), span(65, 80)));
    EXPECT_THAT(without({span(0, 10)}, {}), ElementsAre(span(0, 10)));
    EXPECT_THAT(without({span(0, 10)}, {span(0, 10)}), ElementsAre());
}

}  // namespace
}  // namespace hindsight::overlay
