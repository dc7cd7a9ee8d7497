#include <hindsight/actions/profile.hpp>
#include <hindsight/hotkey/control_names.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace hindsight::hotkey {
namespace {

TEST(ControlNames, AreThoseThatProfilesMayUse) {
    std::vector<std::string> ours;
    for (const std::string_view name : all_control_names())
        ours.emplace_back(name);
    EXPECT_THAT(ours, testing::UnorderedElementsAreArray(actions::known_controls()));
}

TEST(ControlNames, AreUniqueBothWays) {
    std::set<Control> seen;
    for (const std::string_view name : all_control_names()) {
        const auto control = control_from_name(name);
        ASSERT_TRUE(control) << name;
        EXPECT_LT(*control, controls::kEnd) << name;
        EXPECT_TRUE(seen.insert(*control).second) << name;
    }
}

TEST(ControlNames, FollowTheKernelsCodes) {
    EXPECT_EQ(control_from_name("Escape"), 1);
    EXPECT_EQ(control_from_name("W"), 17);
    EXPECT_EQ(control_from_name("A"), 30);
    EXPECT_EQ(control_from_name("Space"), 57);
    EXPECT_EQ(control_from_name("Up"), 103);
    EXPECT_EQ(control_from_name("w"), std::nullopt);
    EXPECT_EQ(control_from_name(""), std::nullopt);
}

TEST(ControlNames, EveryLetterDigitAndSignCountsAsPrintable) {
    for (const char* name : {"A", "Z", "0", "9", "-", "=", "[", "/", "Space", "Keypad 5", "<"})
        EXPECT_TRUE(is_printable(*control_from_name(name))) << name;
    for (const char* name :
         {"Up", "F10", "Left Shift", "Return", "Tab", "Escape", "Mouse1", "PadA"})
        EXPECT_FALSE(is_printable(*control_from_name(name))) << name;
}

}  // namespace
}  // namespace hindsight::hotkey
