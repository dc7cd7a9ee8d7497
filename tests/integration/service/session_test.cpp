// A session is whole, whoever is killed and whatever the disk does.

#include "service_session.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

#include <csignal>
#include <thread>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

class RecordedSession : public ::testing::Test {
protected:
    void TearDown() override {
        session_ = {};
        if (!disk_.empty())
            ::umount2(disk_.c_str(), MNT_DETACH);
    }

    void record(double footage_s, const std::string& config = {}) {
        auto session = ServiceSession::start(footage_s, config);
        ASSERT_TRUE(session) << session.error().what;
        session_ = *std::move(session);
    }

    Recorder& recorder() { return *session_.recorder; }

    Json session_status() {
        const auto status = recorder().ctl({"status"});
        return status && status->contains("session") ? (*status)["session"] : Json::object();
    }

    void begin() {
        const auto begun = recorder().ctl({"record", "start", "--title", "Evening"});
        ASSERT_TRUE(begun) << begun.error().what << recorder().logs();
    }

    /// Until the session is at least this long.
    void grow(double seconds) {
        Json last;
        ASSERT_TRUE(wait_until(
            [&] {
                last = session_status();
                return last.value("active", false) && last.value("duration_s", 0.0) >= seconds;
            },
            milliseconds{60'000}))
            << last.dump() << recorder().logs();
    }

    Json end() {
        const auto clip = recorder().ctl({"record", "stop", "--wait"}, milliseconds{90'000});
        EXPECT_TRUE(clip) << clip.error().what << recorder().logs();
        return clip.value_or(Json::object());
    }

    /// The only session of the library, sound and with nothing left beside it.
    Json the_clip() {
        Json found;
        EXPECT_TRUE(wait_until(
            [&] {
                const auto list = recorder().ctl({"list"});
                if (!list || list->size() != 1)
                    return false;
                found = list->front();
                return !session_status().value("active", true) && session_.files(".part").empty();
            },
            milliseconds{60'000}))
            << recorder().logs();
        EXPECT_TRUE(session_.is_sound(found.value("path", ""))) << found.dump();
        return found;
    }

    ServiceSession session_;
    fs::path disk_;
};

TEST_F(RecordedSession, PlaysWhileItGrowsAndBecomesAClipBesideTheOthers) {
    record(2);
    begin();
    grow(3);
    const fs::path growing = session_status().value("path", "");
    EXPECT_TRUE(growing.string().ends_with(".mp4.part")) << growing;
    EXPECT_TRUE(session_.is_sound(growing));
    const auto clip = recorder().ctl({"save", "--last", "2s", "--wait"}, milliseconds{60'000});
    ASSERT_TRUE(clip) << clip.error().what << recorder().logs();
    const Json whole = end();
    EXPECT_GE(whole.value("duration_s", 0.0), 3.0) << whole.dump();
    EXPECT_EQ(whole.value("title", ""), "Evening");
    EXPECT_TRUE(whole["gaps"].empty()) << whole.dump();
    EXPECT_TRUE(session_.is_sound(whole.value("path", "")));
    EXPECT_TRUE(session_.files(".part").empty());
    const auto list = recorder().ctl({"list"});
    ASSERT_TRUE(list);
    EXPECT_EQ(list->size(), 2U);
    EXPECT_TRUE(fs::is_empty(session_.desktop->runtime() / "hindsight/sessions"));
}

TEST_F(RecordedSession, OfAKilledServiceIsPlayableAndGoesOnWithTheNext) {
    record(1);
    begin();
    grow(2);
    const fs::path growing = session_status().value("path", "");
    recorder().service().kill(SIGKILL);
    ASSERT_TRUE(recorder().service().wait());
    EXPECT_TRUE(session_.is_sound(growing));
    ASSERT_TRUE(recorder().restart());
    ASSERT_TRUE(recorder().wait_for_state("buffering")) << recorder().logs();
    const double before = session_status().value("duration_s", 0.0);
    grow(before + 2);
    const Json whole = end();
    EXPECT_GE(whole.value("duration_s", 0.0), before + 2) << whole.dump();
    EXPECT_LE(whole["gaps"].size(), 1U) << whole.dump();
    EXPECT_TRUE(session_.is_sound(whole.value("path", "")));
    EXPECT_TRUE(session_.files(".part").empty());
}

TEST_F(RecordedSession, GoesOnWithTheNextCapture) {
    record(1);
    begin();
    grow(2);
    const auto captures = recorder().children("hindsight-capture");
    ASSERT_EQ(captures.size(), 1U);
    ASSERT_EQ(::kill(captures.front(), SIGKILL), 0);
    const double before = session_status().value("duration_s", 0.0);
    grow(before + 3);
    const Json whole = end();
    EXPECT_GE(whole.value("duration_s", 0.0), before + 3) << whole.dump();
    EXPECT_TRUE(whole["parts"].empty()) << whole.dump();
    EXPECT_TRUE(session_.is_sound(whole.value("path", "")));
}

TEST_F(RecordedSession, EndsWithTheRecordingAndIsKept) {
    record(1);
    begin();
    grow(2);
    ASSERT_TRUE(recorder().ctl({"stop"}));
    EXPECT_GE(the_clip().value("duration_s", 0.0), 2.0);
}

TEST_F(RecordedSession, IsFinishedWhenTheServiceIsAskedToEnd) {
    record(1);
    begin();
    grow(2);
    recorder().service().kill(SIGTERM);
    const auto status = recorder().service().wait(milliseconds{60'000});
    ASSERT_TRUE(status);
    EXPECT_TRUE(status->success()) << recorder().logs();
    EXPECT_TRUE(session_.files(".part").empty());
    const auto files = session_.files("_session.mp4");
    ASSERT_EQ(files.size(), 1U);
    EXPECT_TRUE(session_.is_sound(files.front()));
}

TEST_F(RecordedSession, OfAServiceKilledWhileItBecomesAClipIsWholeAndThereOnce) {
    record(1);
    begin();
    grow(6);
    ASSERT_TRUE(recorder().ctl({"record", "stop"}));
    // While the plain file is being written it lies beside the growing one.
    const auto half = [&] { return !session_.files("_session.mp4.part").empty(); };
    for (int poll = 0; poll < 10'000 && !half() && session_.files("_session.mp4").empty(); ++poll)
        std::this_thread::sleep_for(milliseconds{1});
    EXPECT_TRUE(half()) << "it was finished before it could be seen";
    recorder().service().kill(SIGKILL);
    ASSERT_TRUE(recorder().service().wait());
    ASSERT_TRUE(recorder().restart());
    EXPECT_GE(the_clip().value("duration_s", 0.0), 6.0);
    EXPECT_EQ(session_.files(".mp4").size(), 1U);
}

TEST_F(RecordedSession, ThatAPowerCutLeftIsAClipAfterTheNextStart) {
    record(1);
    begin();
    grow(3);
    recorder().service().kill(SIGKILL);
    ASSERT_TRUE(recorder().service().wait());
    ASSERT_EQ(session_.files(".session.mp4.part").size(), 1U);
    // The memory is empty after a power cut, and half a fragment is on the disk.
    const fs::path growing = session_.files(".session.mp4.part").front();
    ASSERT_TRUE(wait_until([&] { return recorder().children("hindsight-capture").empty(); }));
    fs::remove_all(session_.desktop->runtime() / "hindsight");
    fs::resize_file(growing, fs::file_size(growing) - 100);
    // Of a clip that was finished, and had not got its actions yet.
    ASSERT_TRUE(write_text(growing.parent_path() / "a_session.session.actions.part", "HSHA"));
    ASSERT_TRUE(recorder().restart());
    const Json clip = the_clip();
    EXPECT_GE(clip.value("duration_s", 0.0), 1.0) << clip.dump();
    EXPECT_EQ(clip.value("title", ""), "Evening");
    EXPECT_EQ(clip.value("game", ""), "Screen");
    EXPECT_GT(clip.value("width", 0), 0);
}

TEST_F(RecordedSession, WhoseDiskIsGoneAtItsEndIsFinishedByARetry) {
    disk_ = fs::temp_directory_path() / ("hindsight-session-" + std::to_string(::getpid()));
    fs::create_directories(disk_ / "clips");
    record(1, "[clips]\nfolder = \"" + (disk_ / "clips").string() + "\"\n");
    begin();
    grow(2);
    // As when it is unmounted: the path leads nowhere any more.
    fs::rename(disk_ / "clips", disk_ / "away");
    const auto stopped = recorder().ctl({"record", "stop", "--wait"}, milliseconds{60'000});
    EXPECT_FALSE(stopped) << stopped->dump();
    Json failed;
    ASSERT_TRUE(wait_until([&] {
        const auto status = recorder().ctl({"status"});
        failed = status ? (*status)["failed"] : Json::array();
        return failed.size() == 1;
    })) << recorder().logs();
    const std::string id = failed[0].value("id", "");
    EXPECT_NE(failed[0].value("text", "").find("safe"), std::string::npos) << failed.dump();
    EXPECT_FALSE(recorder().ctl({"retry", id, "--wait"}, milliseconds{60'000}));
    fs::rename(disk_ / "away", disk_ / "clips");
    const auto clip = recorder().ctl({"retry", id, "--wait"}, milliseconds{60'000});
    ASSERT_TRUE(clip) << clip.error().what << recorder().logs();
    EXPECT_GE(clip->value("duration_s", 0.0), 2.0) << clip->dump();
    EXPECT_TRUE(session_.is_sound(clip->value("path", "")));
    fs::remove_all(disk_);
}

TEST_F(RecordedSession, OntoAFullDiskEndsWithASentenceWhileTheRingGoesOn) {
    disk_ = fs::temp_directory_path() / ("hindsight-session-" + std::to_string(::getpid()));
    fs::create_directories(disk_);
    ASSERT_EQ(::unshare(CLONE_NEWNS), 0) << "needs CAP_SYS_ADMIN";
    ASSERT_EQ(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    ASSERT_EQ(::mount("tmpfs", disk_.c_str(), "tmpfs", 0, "size=1052k"), 0);
    record(1, "[clips]\nfolder = \"" + disk_.string() + "\"\n");
    begin();
    std::string told;
    ASSERT_TRUE(wait_until(
        [&] {
            const auto status = recorder().ctl({"status"});
            if (!status)
                return false;
            for (const Json& item : (*status)["health"])
                told += item.value("text", "") + "\n";
            return told.find("the disk is full") != std::string::npos;
        },
        milliseconds{60'000}))
        << session_status().dump() << recorder().logs();
    EXPECT_NE(told.find("The recording ended because the disk is full."), std::string::npos)
        << told;
    EXPECT_GT(the_clip().value("duration_s", 0.0), 0.0);
    EXPECT_TRUE(recorder().wait_for_state("buffering"));
}

TEST_F(RecordedSession, NeedsSomethingThatIsRecordedAndIsOnlyOne) {
    record(0);
    const auto nothing = recorder().ctl({"record", "start"});
    ASSERT_FALSE(nothing);
    EXPECT_NE(nothing.error().what.find("othing is being recorded"), std::string::npos)
        << nothing.error().what;
    const auto none = recorder().ctl({"record", "stop"});
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().what.find("o session is being recorded"), std::string::npos)
        << none.error().what;
    ASSERT_TRUE(recorder().ctl({"start", "screen"}));
    ASSERT_TRUE(recorder().wait_for_footage(1));
    begin();
    EXPECT_FALSE(recorder().ctl({"record", "start"}));
}

}  // namespace
}  // namespace hindsight::test
