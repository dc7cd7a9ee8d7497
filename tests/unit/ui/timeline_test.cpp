#include "fake_library.hpp"
#include "timeline/clip_timeline.hpp"
#include "timeline/timeline_view.hpp"

#include <hindsight/actions/action_log.hpp>

#include <gtest/gtest.h>

namespace hindsight::ui {
namespace {

using actions::ActionRecord;
using actions::ActionType;
using actions::LogRecord;

LogRecord value(double t, std::uint16_t action, float x, float y = 0) {
    LogRecord record;
    record.t = Duration::from_seconds(t);
    record.action = action;
    record.x = x;
    record.y = y;
    return record;
}

LogRecord state(double t, std::vector<std::uint16_t> held) {
    LogRecord record;
    record.kind = ActionRecord::Kind::State;
    record.t = Duration::from_seconds(t);
    record.held = std::move(held);
    return record;
}

actions::ActionLog make_log() {
    actions::ActionLog log;
    const auto add = [&log](const char* label, ActionType type, bool pulse) {
        actions::ActionInfo action;
        action.id = static_cast<std::uint16_t>(log.actions.size());
        action.label = label;
        action.type = type;
        action.pulse = pulse;
        log.actions.push_back(action);
    };
    add("Forward", ActionType::Digital, false);
    add("Fire", ActionType::Digital, false);
    add("Next weapon", ActionType::Digital, true);
    add("Look", ActionType::Look, false);
    add("Jump", ActionType::Digital, false);
    log.video.keyframes = {Duration::zero(), Duration::from_seconds(1)};
    log.records = {
        state(0, {0}),
        value(0.5, 1, 1),
        value(0.75, 1, 0),
        value(0.8, 2, 1),
        value(0.9, 3, 14, -6),
        state(1, {1}),
        value(2, 1, 0)};
    return log;
}

Clip clip_of_three_seconds() {
    Clip clip = test::make_clip("a", "Freedoom", 0);
    clip.duration = Duration::from_seconds(3);
    clip.events = {
        {Duration::from_seconds(2), "marker", ""}, {Duration::from_seconds(1), "kill", "Imp"}};
    return clip;
}

TEST(ClipTimeline, HoldsFollowPressesAndStates) {
    const auto log = make_log();
    const ClipTimeline timeline = make_timeline(clip_of_three_seconds(), &log);
    ASSERT_EQ(timeline.lanes.size(), 3u) << "an action that was not used has no lane";
    EXPECT_EQ(timeline.lanes[0].label, "Forward");
    EXPECT_EQ(timeline.lanes[0].holds, (std::vector<Hold>{{0, 1}}));
    EXPECT_EQ(timeline.lanes[1].label, "Fire");
    EXPECT_EQ(timeline.lanes[1].holds, (std::vector<Hold>{{0.5, 0.75}, {1, 2}}));
    EXPECT_EQ(timeline.lanes[2].label, "Next weapon");
    ASSERT_EQ(timeline.look.size(), 1u);
    EXPECT_DOUBLE_EQ(timeline.look[0].dx, 14);
}

TEST(ClipTimeline, AHoldThatNeverEndsLastsToTheEnd) {
    auto log = make_log();
    log.records = {value(1, 4, 1)};
    const ClipTimeline timeline = make_timeline(clip_of_three_seconds(), &log);
    ASSERT_EQ(timeline.lanes.size(), 1u);
    EXPECT_EQ(timeline.lanes[0].holds, (std::vector<Hold>{{1, 3}}));
}

TEST(ClipTimeline, TheFrameOfAPressIsHeldAndThatOfItsReleaseIsNot) {
    const Lane lane{"Fire", {{0.5, 0.75}, {1, 2}}};
    EXPECT_EQ(lane.at(0.49), nullptr);
    ASSERT_NE(lane.at(0.5), nullptr);
    EXPECT_EQ(lane.at(0.75), nullptr);
    ASSERT_NE(lane.at(1.5), nullptr);
    EXPECT_DOUBLE_EQ(lane.at(1.5)->from, 1);
}

TEST(ClipTimeline, WithoutActionsItSaysWhy) {
    const ClipTimeline timeline = make_timeline(clip_of_three_seconds(), nullptr);
    EXPECT_TRUE(timeline.lanes.empty());
    EXPECT_FALSE(timeline.no_actions.isEmpty());
    ASSERT_EQ(timeline.events.size(), 2u);
    EXPECT_EQ(timeline.events[0].label, "Imp") << "by time";
    EXPECT_EQ(timeline.events[1].label, "Marker");
}

struct TimelineViewTest : testing::Test {
    Theme theme;
    TimelineView view{theme};

    TimelineViewTest() {
        const auto log = make_log();
        view.resize(1280, 240);
        view.set_timeline(make_timeline(clip_of_three_seconds(), &log));
    }
};

TEST_F(TimelineViewTest, EventsAreFoundFromThePlayhead) {
    view.set_position(0);
    EXPECT_DOUBLE_EQ(view.neighbour_event(1), 1);
    EXPECT_DOUBLE_EQ(view.neighbour_event(-1), -1);
    view.set_position(1);
    EXPECT_DOUBLE_EQ(view.neighbour_event(1), 2);
    view.set_position(2);
    EXPECT_DOUBLE_EQ(view.neighbour_event(-1), 1);
}

TEST_F(TimelineViewTest, ZoomStaysInsideTheClip) {
    view.zoom(1.25, 2.9);
    EXPECT_GE(view.view_from(), 0);
    EXPECT_LE(view.view_to(), 3 + 1e-9);
    EXPECT_LT(view.view_to() - view.view_from(), 3);
    for (int i = 0; i < 60; ++i)
        view.zoom(1.25, 1);
    EXPECT_NEAR(view.view_to() - view.view_from(), (1280 - 120 - 16) / 24.0 / 60, 1e-6)
        << "24 px a frame at most";
    for (int i = 0; i < 60; ++i)
        view.zoom(0.8, 1);
    EXPECT_NEAR(view.view_from(), 0, 1e-9);
    EXPECT_NEAR(view.view_to(), 3, 1e-9);
}

TEST_F(TimelineViewTest, ThePlayheadStaysInSight) {
    view.zoom(4, 0);
    view.set_position(2.5);
    EXPECT_LE(view.view_from(), 2.5);
    EXPECT_GE(view.view_to(), 2.5);
}

TEST_F(TimelineViewTest, HeldLanesChangeWithThePlayhead) {
    view.set_position(0.25);
    const QImage held = view.grab().toImage();
    view.set_position(2.5);
    const QImage free = view.grab().toImage();
    // The label column is the same picture but for the bold names of what is held.
    EXPECT_NE(held.copy(0, 0, 110, 200), free.copy(0, 0, 110, 200));
}

}  // namespace
}  // namespace hindsight::ui
