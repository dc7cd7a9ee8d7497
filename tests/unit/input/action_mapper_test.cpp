#include "action_mapper.hpp"
#include "fake_outbox.hpp"
#include "input_core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace hindsight::input {
namespace {

namespace controls = hotkey::controls;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint16_t kForward = 0;
constexpr std::uint16_t kFire = 1;
constexpr std::uint16_t kLook = 2;
constexpr std::uint16_t kSteer = 3;
constexpr std::uint16_t kNext = 4;
constexpr std::uint16_t kStick = 5;

ipc::SetProfile profile() {
    ipc::SetProfile profile;
    profile.bindings = {
        {"W", kForward, 1},
        {"Up", kForward, 1},
        {"Mouse1", kFire, 1},
        {"PadRightTrigger", kFire, 1},
        {"MouseMove", kLook, 1},
        {"D", kSteer, 1},
        {"A", kSteer, -1},
        {"WheelDown", kNext, 1},
        {"PadLeftStick", kStick, 1, 0.15F},
        {"PadLeftStickUp", kForward, 1},
        {"No such control", kFire, 1}};
    profile.digital = {kForward, kFire};
    profile.pulse = {kNext};
    return profile;
}

Control key(const char* name) {
    return hotkey::control_from_name(name).value();
}

Mapped edge(std::uint16_t action, float x) {
    return {.kind = Mapped::Kind::Edge, .action = action, .x = x, .y = 0};
}

Mapped axis(std::uint16_t action, float x, float y = 0) {
    return {.kind = Mapped::Kind::Axis, .action = action, .x = x, .y = y};
}

class MapperTest : public testing::Test {
protected:
    MapperTest() { mapper_.set_profile(profile()); }

    ActionMapper mapper_;
    ActionMapper::Out out_;
};

using ActionMapperTest = MapperTest;

TEST(ActionMapper, UnmappedKeysLeaveNoTrace) {
    FakeOutbox with_keys;
    FakeOutbox without;
    for (FakeOutbox* outbox : {&with_keys, &without}) {
        InputCore core{*outbox};
        core.set_profile(profile(), MonoTime::from_ns(0));
        core.focus_gained(MonoTime::from_ns(1), {});
        for (int i = 0; i < 60; ++i) {
            const MonoTime t = MonoTime::from_ns(0) + Duration::from_ms(500 * i);
            core.key(key("W"), i % 2 == 0, t);
            if (outbox == &with_keys) {
                // One at a time: a burst would rightly be taken for typing.
                core.key(key("K"), true, t);
                core.key(key("K"), false, t);
                core.button(controls::kMouse1 + 3, true, t);
                core.wheel(controls::kWheelUp, t);
            }
            core.tick(t);
        }
        core.tick(MonoTime::from_ns(0) + Duration::from_ms(40'000));
    }
    EXPECT_FALSE(without.raw.empty());
    EXPECT_EQ(with_keys.raw, without.raw);
}

TEST_F(ActionMapperTest, TellsEdgesOfTheFirstAndTheLastControlOnly) {
    mapper_.press(key("W"), true, out_);
    mapper_.press(key("Up"), true, out_);
    mapper_.press(key("W"), false, out_);
    mapper_.press(key("Up"), false, out_);
    EXPECT_THAT(out_, ElementsAre(edge(kForward, 1), edge(kForward, 0)));
}

TEST_F(ActionMapperTest, DropsRepeatsAndDuplicates) {
    for (int i = 0; i < 5; ++i)
        mapper_.press(key("W"), true, out_);
    mapper_.press(key("W"), false, out_);
    mapper_.press(key("W"), false, out_);
    EXPECT_THAT(out_, ElementsAre(edge(kForward, 1), edge(kForward, 0)));
}

TEST_F(ActionMapperTest, KeysPullAnAxisFromBothSides) {
    mapper_.press(key("D"), true, out_);
    mapper_.press(key("A"), true, out_);
    mapper_.press(key("D"), false, out_);
    EXPECT_THAT(out_, ElementsAre(axis(kSteer, 1), axis(kSteer, 0), axis(kSteer, -1)));
}

TEST_F(ActionMapperTest, WheelIsAPulseWithoutRelease) {
    mapper_.wheel(controls::kWheelDown, out_);
    mapper_.wheel(controls::kWheelDown, out_);
    mapper_.wheel(controls::kWheelUp, out_);
    EXPECT_THAT(out_, ElementsAre(edge(kNext, 1), edge(kNext, 1)));
}

TEST_F(ActionMapperTest, TriggerAsButtonHasHysteresis) {
    for (const float value : {0.3F, 0.45F, 0.55F, 0.45F, 0.55F, 0.35F})
        mapper_.trigger(controls::kPadRightTrigger, value, out_);
    EXPECT_THAT(out_, ElementsAre(edge(kFire, 1), edge(kFire, 0)));
}

TEST_F(ActionMapperTest, StickHasADeadZoneAndReachesTheRim) {
    mapper_.stick(controls::kPadLeftStick, 0.1F, 0.1F, out_);
    EXPECT_THAT(out_, IsEmpty());
    mapper_.stick(controls::kPadLeftStick, 1, 0, out_);
    EXPECT_THAT(out_, ElementsAre(axis(kStick, 1, 0)));
    mapper_.stick(controls::kPadLeftStick, 0, 0, out_);
    EXPECT_EQ(out_.back(), axis(kStick, 0, 0));
}

TEST_F(ActionMapperTest, ADeadZoneIsAsWideAsTheProfileSays) {
    ipc::SetProfile wide = profile();
    for (ipc::Binding& binding : wide.bindings) {
        if (binding.control == "PadLeftStick")
            binding.dead_zone = 0.5F;
    }
    mapper_.set_profile(wide);
    mapper_.stick(controls::kPadLeftStick, 0.5F, 0, out_);
    EXPECT_THAT(out_, IsEmpty());
    mapper_.stick(controls::kPadLeftStick, 0.75F, 0, out_);
    EXPECT_THAT(out_, ElementsAre(axis(kStick, 0.5F, 0)));
}

TEST_F(ActionMapperTest, StickDirectionCanBeAButton) {
    mapper_.stick(controls::kPadLeftStick, 0, -0.9F, out_);
    EXPECT_THAT(out_, testing::Contains(edge(kForward, 1)));
    mapper_.stick(controls::kPadLeftStick, 0, 0, out_);
    EXPECT_THAT(out_, testing::Contains(edge(kForward, 0)));
}

TEST_F(ActionMapperTest, ReleasesEverythingThatIsHeld) {
    mapper_.press(key("W"), true, out_);
    mapper_.press(key("D"), true, out_);
    out_.clear();
    mapper_.release_all(out_);
    EXPECT_THAT(out_, ElementsAre(edge(kForward, 0), axis(kSteer, 0)));
    out_.clear();
    mapper_.press(key("W"), false, out_);
    EXPECT_THAT(out_, IsEmpty());
}

TEST_F(ActionMapperTest, ResumeTellsWhatIsHeldThen) {
    mapper_.press(key("W"), true, out_);
    mapper_.suspend();
    out_.clear();
    mapper_.press(key("W"), false, out_);
    mapper_.press(key("Up"), true, out_);
    mapper_.wheel(controls::kWheelDown, out_);
    mapper_.motion(3, 4, out_);
    EXPECT_THAT(out_, IsEmpty());
    mapper_.resume(out_);
    EXPECT_THAT(out_, ElementsAre(edge(kForward, 1)));
    mapper_.press(key("Up"), false, out_);
    EXPECT_EQ(out_.back(), edge(kForward, 0));
}

TEST_F(ActionMapperTest, SyncFollowsWhatIsReallyDown) {
    mapper_.press(key("Up"), true, out_);
    out_.clear();
    const std::vector<Control> held{key("D"), key("K")};
    mapper_.sync(held, out_);
    EXPECT_THAT(out_, testing::UnorderedElementsAre(edge(kForward, 0), axis(kSteer, 1)));
}

}  // namespace
}  // namespace hindsight::input
