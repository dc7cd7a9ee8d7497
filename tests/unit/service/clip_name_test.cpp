#include "service_fakes.hpp"

#include <hindsight/service/clip_name.hpp>

#include <gtest/gtest.h>

#include <ctime>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

class ClipName : public ::testing::Test {
protected:
    void SetUp() override {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
        ::setenv("HOME", folder_.path().c_str(), 1);
        ::unsetenv("XDG_CONFIG_HOME");
    }

    test::TemporaryFolder folder_;
    ClipNameFacts facts_{"Chocolate Doom", "Big fight", 1'700'000'000'000};
};

TEST_F(ClipName, ExpandsGameDateAndTime) {
    EXPECT_EQ(
        expand_clip_name("{game}/{game}_{date}_{time}", facts_),
        fs::path{"Chocolate Doom/Chocolate Doom_2023-11-14_22-13-20"});
}

TEST_F(ClipName, NeverLeavesItsFolder) {
    facts_.game = "../../etc";
    facts_.title = "..";
    for (const char* shape : {"{game}", "../{game}", "/{title}/{game}", "{title}", "a/../../b"}) {
        const fs::path name = expand_clip_name(shape, facts_);
        EXPECT_FALSE(name.is_absolute()) << shape;
        EXPECT_FALSE(name.empty()) << shape;
        for (const fs::path& part : name)
            EXPECT_NE(part, "..") << shape;
    }
}

TEST_F(ClipName, KeepsWithin200BytesAndCutsBetweenCharacters) {
    facts_.game = "";
    for (int i = 0; i < 100; ++i)
        facts_.game += "ö";
    facts_.title = facts_.game;
    const std::string name =
        expand_clip_name("{game}{game}{game}/{title}{title}{title}{game}{game}", facts_);
    EXPECT_LE(name.size(), 200u);
    EXPECT_NE(static_cast<unsigned char>(name.back()), 0xc3);
}

TEST_F(ClipName, TheDefaultFolderIsMade) {
    const auto folder = clip_folder("");
    ASSERT_TRUE(folder) << folder.error().what;
    EXPECT_TRUE(fs::is_directory(*folder));
}

TEST_F(ClipName, AConfiguredFolderThatIsMissingIsAnError) {
    const auto folder = clip_folder((folder_.path() / "stick/clips").string());
    ASSERT_FALSE(folder);
    EXPECT_EQ(folder.error().code, Errc::NotFound);
    EXPECT_FALSE(fs::exists(folder_.path() / "stick"));
}

TEST_F(ClipName, NeverTakesANameThatExists) {
    const auto first = free_clip_path(folder_.path(), "Doom/clip");
    ASSERT_TRUE(first);
    EXPECT_EQ(first->filename(), "clip.mp4");
    std::ofstream{*first} << "x";
    fs::create_symlink("nowhere", folder_.path() / "Doom/clip_2.mp4");
    const auto next = free_clip_path(folder_.path(), "Doom/clip");
    ASSERT_TRUE(next);
    EXPECT_EQ(next->filename(), "clip_3.mp4");
}

}  // namespace
}  // namespace hindsight::service
