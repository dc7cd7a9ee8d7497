// A clip that cannot be written: one sentence, exit 1, and the moment is saved elsewhere.

#include "service_session.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

#include <cerrno>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

/// Mounts a tmpfs that only this test and what it starts can see.
void mount_tmpfs(const fs::path& folder, const char* options) {
    fs::create_directories(folder);
    ASSERT_EQ(::unshare(CLONE_NEWNS), 0) << "needs CAP_SYS_ADMIN";
    ASSERT_EQ(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    ASSERT_EQ(::mount("tmpfs", folder.c_str(), "tmpfs", 0, options), 0);
}

class FailedSave : public ::testing::Test {
protected:
    void SetUp() override {
        root_ = fs::temp_directory_path() / ("hindsight-disk-" + std::to_string(::getpid()));
        fs::create_directories(root_);
    }

    void TearDown() override {
        session_ = {};
        ::umount2((root_ / "disk").c_str(), MNT_DETACH);
        std::error_code error;
        fs::remove_all(root_, error);
    }

    void record() {
        auto session =
            ServiceSession::start(3, "[clips]\nfolder = \"" + (root_ / "disk").string() + "\"\n");
        ASSERT_TRUE(session) << session.error().what;
        session_ = *std::move(session);
    }

    /// `save --wait` fails with exit 1 and this sentence.
    void fails_with(const std::string& sentence) {
        const auto output = session_.desktop->run_program(
            "hindsightctl", {"save", "--last", "2s", "--wait"}, milliseconds{60'000});
        ASSERT_TRUE(output) << output.error().what;
        EXPECT_EQ(output->status.code, 1) << output->out;
        EXPECT_NE(output->err.find(sentence), std::string::npos)
            << output->err << session_.recorder->logs();
        EXPECT_NE(output->err.find("safe in memory"), std::string::npos) << output->err;
    }

    void is_saved_elsewhere() {
        const auto status = session_.recorder->ctl({"status"});
        ASSERT_TRUE(status) << status.error().what;
        ASSERT_EQ((*status)["failed"].size(), 1U) << status->dump();
        EXPECT_EQ((*status)["state"], "buffering");
        EXPECT_GT((*status)["ring"]["pinned_bytes"].get<std::uint64_t>(), 0U);
        const std::string id = (*status)["failed"][0]["id"].get<std::string>();
        const fs::path elsewhere = root_ / "elsewhere";
        const auto clip = session_.recorder->ctl(
            {"retry", id, "--to", elsewhere.string(), "--wait"}, milliseconds{60'000});
        ASSERT_TRUE(clip) << clip.error().what << session_.recorder->logs();
        const fs::path path = (*clip)["path"].get<std::string>();
        EXPECT_TRUE(path.string().starts_with(elsewhere.string())) << path;
        EXPECT_TRUE(session_.is_sound(path));
        const auto after = session_.recorder->ctl({"status"});
        ASSERT_TRUE(after);
        EXPECT_TRUE((*after)["failed"].empty()) << after->dump();
    }

    fs::path root_;
    ServiceSession session_;
};

TEST_F(FailedSave, OntoAFullDisk) {
    mount_tmpfs(root_ / "disk", "size=8k");
    record();
    fails_with("the disk is full");
    is_saved_elsewhere();
}

TEST_F(FailedSave, IntoAMissingFolder) {
    record();
    fails_with("the clip folder does not exist");
    EXPECT_FALSE(fs::exists(root_ / "disk"));
    is_saved_elsewhere();
}

TEST_F(FailedSave, CanBeLetGoOfAndItsMemoryIsFree) {
    record();
    fails_with("the clip folder does not exist");
    const auto status = session_.recorder->ctl({"status"});
    ASSERT_TRUE(status) << status.error().what;
    ASSERT_EQ((*status)["failed"].size(), 1U) << status->dump();
    const std::string id = (*status)["failed"][0]["id"].get<std::string>();
    const auto gone = session_.recorder->ctl({"discard", id});
    ASSERT_TRUE(gone) << gone.error().what;
    const auto after = session_.recorder->ctl({"status"});
    ASSERT_TRUE(after) << after.error().what;
    EXPECT_TRUE((*after)["failed"].empty()) << after->dump();
    EXPECT_EQ((*after)["ring"]["pinned_bytes"], 0) << after->dump();
    EXPECT_FALSE(session_.recorder->ctl({"retry", id})) << "there is nothing left to try again";
}

TEST_F(FailedSave, IntoAReadOnlyFolder) {
    mount_tmpfs(root_ / "disk", "size=64m,ro");
    record();
    fails_with("cannot be written to");
    is_saved_elsewhere();
}

}  // namespace
}  // namespace hindsight::test
