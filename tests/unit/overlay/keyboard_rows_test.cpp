#include "keyboard_rows.hpp"
#include "log_builder.hpp"

#include <hindsight/actions/profile.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace hindsight::overlay {
namespace {

using hindsight::testing::LogBuilder;
using ::testing::Contains;
using ::testing::IsSupersetOf;
using ::testing::Not;

actions::ActionLog log_of_profile(const char* id) {
    const auto store = actions::ProfileStore::load(HINDSIGHT_PROFILES_DIR, "/nowhere");
    const actions::Profile* profile = store.find(id);
    EXPECT_NE(profile, nullptr);
    actions::ActionLog log = LogBuilder{}.log();
    if (profile != nullptr) {
        log.sets = profile->sets;
        log.actions = profile->actions;
    }
    return log;
}

KeyboardRows rows_of(const actions::ActionLog& log) {
    return keyboard_rows(ControlMap{log, actions::make_cues(log), Device::KeyboardMouse});
}

std::vector<std::string> labels(const KeyboardRows& rows) {
    std::vector<std::string> found;
    for (const Key& key : rows.keys)
        found.push_back(key.label);
    return found;
}

TEST(KeyboardRows, ShowTheLetterClusterForGamesOfTheLeftHand) {
    const KeyboardRows rows = rows_of(log_of_profile("generic"));
    EXPECT_THAT(
        labels(rows),
        IsSupersetOf({"W", "A", "S", "D", "Q", "E", "R", "Tab", "Shift", "Ctrl", "Space", "V"}));
    EXPECT_EQ(rows.keys.size(), 12U);
    EXPECT_EQ(rows.height, 180);
}

TEST(KeyboardRows, ShowTheArrowClusterForGamesOfTheArrows) {
    for (const char* id : {"chocolate-doom", "freedoom", "supertux"}) {
        const KeyboardRows rows = rows_of(log_of_profile(id));
        EXPECT_THAT(labels(rows), IsSupersetOf({"↑", "↓", "←", "→", "Ctrl", "Alt", "Space"}));
        EXPECT_THAT(labels(rows), Not(Contains("W")));
    }
    EXPECT_THAT(
        labels(rows_of(log_of_profile("freedoom"))), IsSupersetOf({"Tab", "Shift", ",", "."}));
}

TEST(KeyboardRows, ShowNumbersOnlyInClipsThatUseThem) {
    actions::ActionLog log = log_of_profile("freedoom");
    EXPECT_THAT(labels(rows_of(log)), Not(Contains("3")));
    const auto shotgun = std::find_if(
        log.actions.begin(), log.actions.end(), [](const auto& a) { return a.name == "weapon_3"; });
    ASSERT_NE(shotgun, log.actions.end());
    log.records.push_back({.t = Duration::from_ms(100), .action = shotgun->id, .x = 1});
    const KeyboardRows rows = rows_of(log);
    EXPECT_THAT(labels(rows), IsSupersetOf({"1", "2", "3", "4", "5", "6", "7", "8"}));
    EXPECT_GT(rows.height, 180);
}

TEST(KeyboardRows, NeverPutTwoKeysInOnePlaceNorOneOutside) {
    for (const char* id : {"generic", "chocolate-doom", "freedoom", "supertux"}) {
        const KeyboardRows rows = rows_of(log_of_profile(id));
        for (std::size_t i = 0; i < rows.keys.size(); ++i) {
            const Box a = rows.keys[i].box;
            EXPECT_GE(a.x, 0);
            EXPECT_LE(a.x + a.w, 324.01);
            EXPECT_LE(a.y + a.h, rows.height + .01);
            for (std::size_t j = i + 1; j < rows.keys.size(); ++j) {
                const Box b = rows.keys[j].box;
                const bool apart = a.x + a.w + 4 <= b.x || b.x + b.w + 4 <= a.x ||
                                   a.y + a.h + 4 <= b.y || b.y + b.h + 4 <= a.y;
                EXPECT_TRUE(apart) << id << ' ' << rows.keys[i].label << ' ' << rows.keys[j].label;
            }
        }
    }
}

TEST(ControlMap, AnActionLightsTheFirstOfItsControlsOnEachDevice) {
    const actions::ActionLog log =
        LogBuilder{}.action("fire", {"Left Ctrl", "Mouse1", "PadA"}).hold(3, 9, "fire").log();
    const auto cues = actions::make_cues(log);
    const ControlMap keyboard{log, cues, Device::KeyboardMouse};
    EXPECT_TRUE(keyboard.used("Ctrl"));
    EXPECT_FALSE(keyboard.used("Mouse1"));
    const ControlMap pad{log, cues, Device::Controller};
    EXPECT_TRUE(pad.used("PadA"));
    EXPECT_FALSE(pad.used("Ctrl"));
}

TEST(ControlMap, TwoActionsOnOneCellHoldItTogether) {
    const actions::ActionLog log = LogBuilder{}
                                       .action("jump", {"Space"})
                                       .action("climb", {"Space"})
                                       .hold(3, 9, "jump")
                                       .hold(6, 15, "climb")
                                       .log();
    const ControlMap controls{log, actions::make_cues(log), Device::KeyboardMouse};
    ASSERT_EQ(controls.spans("Space").size(), 1U);
    EXPECT_EQ(controls.spans("Space").front().from, to_duration(3, {1, 60}));
    EXPECT_EQ(controls.spans("Space").front().to, to_duration(15, {1, 60}));
}

}  // namespace
}  // namespace hindsight::overlay
