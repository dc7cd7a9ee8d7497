#include "output.hpp"

#include <gtest/gtest.h>

namespace hindsight::ctl {
namespace {

TEST(Output, ComplaintsAreSentences) {
    EXPECT_EQ(as_sentence("the disk is full"), "The disk is full.");
    EXPECT_EQ(as_sentence("Done."), "Done.");
    EXPECT_EQ(as_sentence("two\nlines\n"), "Two lines.");
    EXPECT_EQ(as_sentence("recording.fps: wrong"), "recording.fps: wrong.");
    EXPECT_EQ(as_sentence("config.toml:3: wrong"), "config.toml:3: wrong.");
    EXPECT_FALSE(as_sentence("").empty());
}

TEST(Output, TablesAlignByCharactersAndDoNotTrail) {
    EXPECT_EQ(
        table({"ID", "TITLE", "X"}, {{"a", "ÄÖ", ""}, {"bbb", "x", "y"}}),
        "ID   TITLE  X\n"
        "a    ÄÖ\n"
        "bbb  x      y\n");
    EXPECT_EQ(table({"ID"}, {}), "");
}

TEST(Output, LengthsAndSizesAreReadable) {
    EXPECT_EQ(length_text(30), "0:30");
    EXPECT_EQ(length_text(29.97), "0:30");
    EXPECT_EQ(length_text(3'723), "1:02:03");
    EXPECT_EQ(size_text(0), "0 B");
    EXPECT_EQ(size_text(999), "999 B");
    EXPECT_EQ(size_text(1'500'000), "1.5 MB");
    EXPECT_EQ(size_text(71'400'000), "71 MB");
    EXPECT_EQ(size_text(5e15), "5000 TB");
}

TEST(Output, MissingOrStrangeValuesAreEmptyNotFatal) {
    const Json value{{"text", "x"}, {"number", 2}, {"null", nullptr}, {"list", {1}}};
    EXPECT_EQ(text_of(value, "text"), "x");
    EXPECT_EQ(text_of(value, "number"), "2");
    EXPECT_EQ(text_of(value, "null"), "");
    EXPECT_EQ(text_of(Json(3), "text"), "");
    EXPECT_EQ(number_of(value, "text"), 0);
    EXPECT_FALSE(flag_of(value, "number"));
    EXPECT_EQ(part_of(value, "list").size(), 1U);
    EXPECT_TRUE(part_of(value, "nothing").empty());
    EXPECT_TRUE(part_of(Json(3), "x").empty());
}

}  // namespace
}  // namespace hindsight::ctl
