#include <hindsight/core/nearest.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hindsight {
namespace {

const std::vector<std::string> kKnown{"Space", "Left Shift", "W", "F10"};

TEST(Nearest, DistanceCountsLettersPutInTakenOutAndExchanged) {
    EXPECT_EQ(edit_distance("", ""), 0u);
    EXPECT_EQ(edit_distance("", "abc"), 3u);
    EXPECT_EQ(edit_distance("abc", "abc"), 0u);
    EXPECT_EQ(edit_distance("controls", "control"), 1u);
    EXPECT_EQ(edit_distance("Spcae", "Space"), 2u);
}

TEST(Nearest, FindsTheWordThatWasMeant) {
    EXPECT_EQ(nearest_word("Spcae", kKnown), "Space");
    EXPECT_EQ(nearest_word("left shift", kKnown), "Left Shift");
    EXPECT_EQ(nearest_word("w", kKnown), "W");
}

TEST(Nearest, GuessesNothingWhereNothingIsNear) {
    EXPECT_EQ(nearest_word("Steering wheel", kKnown), "");
    EXPECT_EQ(nearest_word("", kKnown), "");
    EXPECT_EQ(nearest_word("Q", kKnown), "");
    EXPECT_EQ(nearest_word("Space", {}), "");
    EXPECT_EQ(nearest_word(std::string(100'000, 'x'), kKnown), "");
}

}  // namespace
}  // namespace hindsight
