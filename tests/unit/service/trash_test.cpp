#include "service_fakes.hpp"

#include <hindsight/service/trash.hpp>

#include <gtest/gtest.h>

#include <sstream>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

class Trash : public ::testing::Test {
protected:
    void SetUp() override {
        ::setenv("XDG_DATA_HOME", (folder_.path() / "data").c_str(), 1);
        fs::create_directories(folder_.path() / "clips");
    }

    fs::path make(const std::string& name) {
        fs::path file = folder_.path() / "clips" / name;
        std::ofstream{file} << name;
        return file;
    }

    test::TemporaryFolder folder_;
};

TEST_F(Trash, MovesTheFileAndSaysWhereItWas) {
    const fs::path file = make("a b.mp4");
    const auto trashed = move_to_trash(file);
    ASSERT_TRUE(trashed) << trashed.error().what;
    EXPECT_FALSE(fs::exists(file));
    EXPECT_EQ(trashed->trashed, folder_.path() / "data/Trash/files/a b.mp4");
    std::ifstream info{folder_.path() / "data/Trash/info/a b.mp4.trashinfo"};
    std::ostringstream text;
    text << info.rdbuf();
    EXPECT_TRUE(text.str().starts_with(
        "[Trash Info]\nPath=" + (folder_.path() / "clips/a%20b.mp4").string() + "\nDeletionDate="))
        << text.str();
}

TEST_F(Trash, TwoFilesOfOneNameBothComeBack) {
    const fs::path file = make("a.mp4");
    const auto first = move_to_trash(file);
    make("a.mp4");
    const auto second = move_to_trash(file);
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->trashed, second->trashed);
    ASSERT_TRUE(restore_from_trash({*first}));
    EXPECT_TRUE(fs::exists(file));
    EXPECT_FALSE(fs::exists(first->info));
    const auto again = restore_from_trash({*second});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::AlreadyExists);
}

TEST_F(Trash, AnEmptiedTrashIsSaid) {
    const auto trashed = move_to_trash(make("a.mp4"));
    ASSERT_TRUE(trashed);
    fs::remove(trashed->trashed);
    const auto back = restore_from_trash({*trashed});
    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().code, Errc::NotFound);
}

TEST_F(Trash, AStrayFileInTheTrashOnlyTakesItsOwnName) {
    fs::create_directories(folder_.path() / "data/Trash/files");
    std::ofstream{folder_.path() / "data/Trash/files/a.mp4"} << "stray";
    const auto trashed = move_to_trash(make("a.mp4"));
    ASSERT_TRUE(trashed) << trashed.error().what;
    EXPECT_EQ(trashed->trashed, folder_.path() / "data/Trash/files/a.2.mp4");
    EXPECT_FALSE(fs::exists(folder_.path() / "data/Trash/info/a.mp4.trashinfo"));
}

TEST_F(Trash, FilesOfOneClipComeBackTogetherOrNotAtAll) {
    const auto clip = move_to_trash(make("a.mp4"));
    const auto actions = move_to_trash(make("a.jsonl"));
    ASSERT_TRUE(clip && actions);
    fs::remove(actions->trashed);
    ASSERT_FALSE(restore_from_trash({*clip, *actions}));
    EXPECT_TRUE(fs::exists(clip->trashed));
    EXPECT_TRUE(fs::exists(clip->info));
    EXPECT_FALSE(fs::exists(clip->original));
}

TEST_F(Trash, AMissingFileIsAnErrorAndLeavesNoTrace) {
    ASSERT_FALSE(move_to_trash(folder_.path() / "clips/none.mp4"));
    EXPECT_FALSE(fs::exists(folder_.path() / "data/Trash/info/none.mp4.trashinfo"));
}

}  // namespace
}  // namespace hindsight::service
