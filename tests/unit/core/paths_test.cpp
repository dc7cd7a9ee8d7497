#include <hindsight/core/paths.hpp>

#include <gtest/gtest.h>

namespace hindsight {
namespace {

TEST(FileName, DropsWhatFileSystemsAndShellsDislike) {
    EXPECT_EQ(paths::sanitize_file_name("a/b:c\n", 200), "a_b_c_");
    EXPECT_EQ(paths::sanitize_file_name("..hidden ", 200), "hidden");
    EXPECT_EQ(paths::sanitize_file_name("", 200), "untitled");
}

TEST(FileName, IsCutBetweenCharactersNeverInsideOne) {
    const std::string umlauts = "ÄÖÜ";  // two bytes each
    EXPECT_EQ(paths::sanitize_file_name(umlauts, 5), "ÄÖ");
}

}  // namespace
}  // namespace hindsight
