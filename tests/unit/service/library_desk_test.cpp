#include "library_desk.hpp"
#include "service_fakes.hpp"

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

class NoSidecars final : public SidecarWriter {
public:
    Result<SidecarResult> write(const SidecarRequest&) override { return SidecarResult{}; }

    Result<std::vector<ClipOnset>> read_onsets(const fs::path&) override {
        return std::vector<ClipOnset>{};
    }

    Result<> set_train(const fs::path&, bool allowed) override {
        if (failure)
            return tl::unexpected(*failure);
        trains.push_back(allowed);
        return {};
    }

    std::optional<Error> failure;

    std::vector<bool> trains;
};

class ClipDesk : public ::testing::Test {
protected:
    void SetUp() override {
        ::setenv("XDG_DATA_HOME", (folder_.path() / "data").c_str(), 1);
        clip_.id = "c1";
        clip_.path = folder_.path() / "a.mp4";
        clip_.actions_path = folder_.path() / "a.actions.jsonl";
        clip_.thumbnail_path = folder_.path() / "c1.jpg";
        for (const fs::path& file : {clip_.path, clip_.actions_path, clip_.thumbnail_path})
            std::ofstream{file} << "content";
        ASSERT_TRUE(store_.insert(clip_, {}));
    }

    /// Answers once; true when it worked.
    Reply<> reply() {
        return [this](const Result<>& result) { worked_ = result.has_value(); };
    }

    void run() {
        while (storer_.run_one() || control_.run_one()) {
        }
    }

    test::TemporaryFolder folder_;
    Clip clip_;
    test::FakeStore store_;
    NoSidecars sidecars_;
    test::QueuedExecutor control_;
    test::QueuedExecutor storer_;
    LibraryDesk desk_{store_, sidecars_, control_, storer_, {}};
    std::optional<bool> worked_;
};

TEST_F(ClipDesk, AClipThatIsDeletedLeavesNoThumbnail) {
    desk_.remove("c1", reply());
    run();
    EXPECT_EQ(worked_, true);
    EXPECT_FALSE(fs::exists(clip_.path));
    EXPECT_FALSE(fs::exists(clip_.thumbnail_path));
    desk_.restore("c1", reply());
    run();
    EXPECT_EQ(worked_, true);
    EXPECT_TRUE(fs::exists(clip_.path));
    EXPECT_TRUE(fs::exists(clip_.actions_path));
    EXPECT_TRUE(store_.clips.at("c1").thumbnail_path.empty()) << "it is made again";
}

TEST_F(ClipDesk, AClipThatTheLibraryKeepsKeepsItsFiles) {
    store_.failure = Error{Errc::Busy, "the library is locked"};
    desk_.remove("c1", reply());
    run();
    EXPECT_EQ(worked_, false);
    EXPECT_TRUE(fs::exists(clip_.path));
    EXPECT_TRUE(fs::exists(clip_.actions_path));
    EXPECT_TRUE(fs::exists(clip_.thumbnail_path));
}

TEST_F(ClipDesk, AClipThatTheLibraryDoesNotTakeBackStaysInTheTrash) {
    desk_.remove("c1", reply());
    run();
    store_.failure = Error{Errc::Busy, "the library is locked"};
    desk_.restore("c1", reply());
    run();
    EXPECT_EQ(worked_, false);
    EXPECT_FALSE(fs::exists(clip_.path));
    store_.failure.reset();
    desk_.restore("c1", reply());
    run();
    EXPECT_EQ(worked_, true);
    EXPECT_TRUE(fs::exists(clip_.path));
}

TEST_F(ClipDesk, ForgottenActionsTakeWhatWasMadeOfThemAlongButNotTheClip) {
    Clip& stored = store_.clips.at("c1");
    stored.ass_path = folder_.path() / "a.ass";
    stored.overlay_path = folder_.path() / "a.overlay.mp4";
    for (const fs::path& file : {stored.ass_path, stored.overlay_path})
        std::ofstream{file} << "content";
    const Clip before = stored;
    desk_.forget_actions("c1", reply());
    run();
    EXPECT_EQ(worked_, true);
    EXPECT_TRUE(fs::exists(before.path));
    for (const fs::path& file : {before.actions_path, before.ass_path, before.overlay_path})
        EXPECT_FALSE(fs::exists(file)) << file;
    EXPECT_FALSE(store_.clips.at("c1").keep_actions);
    EXPECT_TRUE(store_.clips.at("c1").actions_path.empty());
    desk_.forget_actions("c1", reply());
    run();
    EXPECT_EQ(worked_, true) << "again is no error";
}

TEST_F(ClipDesk, ActionsOnADiskThatIsNotThereAreNotCalledForgotten) {
    fs::rename(clip_.path, folder_.path() / "elsewhere.mp4");
    fs::rename(clip_.actions_path, folder_.path() / "elsewhere.actions.jsonl");
    desk_.forget_actions("c1", reply());
    run();
    EXPECT_EQ(worked_, false);
    EXPECT_EQ(store_.clips.at("c1").actions_path, clip_.actions_path) << "the library knows where";
}

TEST_F(ClipDesk, AnOverlayThatNobodyKnowsOfIsForgottenToo) {
    const fs::path overlay = folder_.path() / "a.overlay.mp4";
    std::ofstream{overlay} << "drawn just before";
    desk_.forget_actions("c1", reply());
    run();
    EXPECT_EQ(worked_, true);
    EXPECT_FALSE(fs::exists(overlay));
}

TEST_F(ClipDesk, ActionsThatCannotBeRemovedStayKnown) {
    fs::remove(clip_.actions_path);
    fs::create_directories(clip_.actions_path / "in the way");
    desk_.forget_actions("c1", reply());
    run();
    EXPECT_EQ(worked_, false);
    EXPECT_EQ(store_.clips.at("c1").actions_path, clip_.actions_path);
}

TEST_F(ClipDesk, TheConsentToTrainingIsInTheLibraryAndInTheFile) {
    desk_.set_train("c1", true, reply());
    run();
    EXPECT_EQ(worked_, true);
    EXPECT_TRUE(store_.clips.at("c1").train);
    desk_.set_train("c1", false, reply());
    run();
    EXPECT_FALSE(store_.clips.at("c1").train);
    EXPECT_EQ(sidecars_.trains, (std::vector<bool>{true, false}));
}

TEST_F(ClipDesk, TheFileIsNeverMoreGenerousThanTheLibrary) {
    store_.failure = Error{Errc::Busy, "the library is locked"};
    desk_.set_train("c1", true, reply());
    run();
    EXPECT_EQ(worked_, false);
    EXPECT_TRUE(sidecars_.trains.empty()) << "given in the library first";
    store_.failure.reset();
    store_.clips.at("c1").train = true;
    sidecars_.failure = Error{Errc::PermissionDenied, "the file may not be written"};
    desk_.set_train("c1", false, reply());
    run();
    EXPECT_EQ(worked_, false);
    EXPECT_TRUE(store_.clips.at("c1").train) << "taken back in the file first";
}

TEST_F(ClipDesk, WithoutActionsThereIsNothingToConsentTo) {
    store_.clips.at("c1").actions_path.clear();
    desk_.set_train("c1", true, reply());
    run();
    EXPECT_EQ(worked_, false);
    EXPECT_FALSE(store_.clips.at("c1").train);
}

}  // namespace
}  // namespace hindsight::service
