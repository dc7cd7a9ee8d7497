#include <hindsight/actions/log_table.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace hindsight::actions {
namespace {

using Kind = ActionRecord::Kind;

ActionLog small_log() {
    ActionLog log;
    log.video.fps = {60, 1};
    const auto add = [&log](const char* name, const char* label, ActionType type) {
        ActionInfo action;
        action.id = static_cast<std::uint16_t>(log.actions.size());
        action.name = name;
        action.label = label;
        action.type = type;
        log.actions.push_back(action);
    };
    add("move_forward", "Forward", ActionType::Digital);
    add("fire", "Fire", ActionType::Digital);
    add("next", "Next weapon", ActionType::Digital);
    log.actions.back().pulse = true;
    add("look", "Look", ActionType::Look);
    add("steer", "Steer", ActionType::Axis1d);
    add("move", "", ActionType::Axis2d);
    return log;
}

LogRow row(const LogRecord& record) {
    return describe(small_log(), record);
}

TEST(LogTable, EveryKindOfRecordHasItsFrameAndItsWords) {
    const Duration t = Duration::from_ns(550'000'000);
    EXPECT_EQ(row({.t = t, .action = 1, .x = 1}), (LogRow{33, 0.55, "Fire", "pressed"}));
    EXPECT_EQ(row({.t = t, .action = 1, .x = 0}), (LogRow{33, 0.55, "Fire", "released"}));
    EXPECT_EQ(row({.t = t, .action = 2, .x = 1}), (LogRow{33, 0.55, "Next weapon", "once"}));
    EXPECT_EQ(row({.t = t, .action = 3, .x = 12, .y = -3}), (LogRow{33, 0.55, "Look", "+12, -3"}));
    EXPECT_EQ(row({.t = t, .action = 4, .x = 0.75}), (LogRow{33, 0.55, "Steer", "0.75"}));
    EXPECT_EQ(
        row({.t = t, .action = 5, .x = 0.5, .y = -1}), (LogRow{33, 0.55, "move", "0.50, -1.00"}));
    EXPECT_EQ(
        row({.kind = Kind::State, .t = t, .held = {0, 1}}),
        (LogRow{33, 0.55, "held", "Forward, Fire"}));
    EXPECT_EQ(row({.kind = Kind::State, .t = t}), (LogRow{33, 0.55, "held", "nothing"}));
    EXPECT_EQ(
        row({.kind = Kind::Mode, .t = t, .mode = Mode::Paused}),
        (LogRow{33, 0.55, "mode", "paused"}));
    EXPECT_EQ(
        row({.kind = Kind::Event, .t = t, .event = "kill", .label = "Imp"}),
        (LogRow{33, 0.55, "kill", "Imp"}));
}

TEST(LogTable, AnActionThatTheTableLacksIsNamedByItsNumber) {
    EXPECT_EQ(row({.action = 41, .x = 1}), (LogRow{0, 0, "41", "pressed"}));
}

}  // namespace
}  // namespace hindsight::actions
