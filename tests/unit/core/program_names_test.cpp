#include <hindsight/core/program_names.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hindsight {
namespace {

TEST(ProgramNames, AreReadBetweenCommasWithoutSpaces) {
    EXPECT_THAT(
        program_names(" firefox ,, Big Game,"), testing::ElementsAre("firefox", "Big Game"));
    EXPECT_THAT(program_names(" "), testing::IsEmpty());
}

TEST(ProgramNames, MeanTheFileOrTheClassInAnyCase) {
    const auto names = program_names("Firefox, gimp");
    EXPECT_TRUE(names_program(names, "firefox", ""));
    EXPECT_TRUE(names_program(names, "python3", "GIMP"));
    EXPECT_FALSE(names_program(names, "firefox-bin", ""));
    EXPECT_FALSE(names_program(names, "", "")) << "a window of which nothing is known";
}

}  // namespace
}  // namespace hindsight
