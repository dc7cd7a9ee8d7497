// Two hundred kills of each program at random instants, some of them in the middle of saves: what
// was recorded before is in reach after each, and every clip that lies in the folder is a sound
// one.

#include "service_session.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

constexpr int kKills = 200;
/// Every so many kills a save runs when the kill comes.
constexpr int kKillsPerSave = 4;
constexpr milliseconds kSaving{60'000};

class Kills : public testing::Test {
protected:
    void SetUp() override {
        auto session = ServiceSession::start(3);
        ASSERT_TRUE(session) << session.error().what;
        session_ = std::move(*session);
    }

    [[nodiscard]] Recorder& recorder() const { return *session_.recorder; }

    /// The instants are what is random here; nothing is waited for.
    void let_pass(int most_ms) {
        std::this_thread::sleep_for(
            milliseconds{std::uniform_int_distribution<int>{0, most_ms}(random_)});
    }

    /// Asks for a save that goes on for about a second.
    void ask_for_save() {
        const auto asked = recorder().ctl({"save", "--last", "2s", "--delay", "1s"});
        ASSERT_TRUE(asked) << asked.error().what;
        ++asked_;
    }

    /// All that was asked for is in the library, and the folder holds nothing else.
    void every_save_became_one_sound_clip() {
        const auto done = [this] {
            const auto list = recorder().ctl({"list", "--limit", "1000"});
            const auto status = recorder().ctl({"status"});
            return list && list->size() == asked_ && status && (*status)["exports"].empty();
        };
        ASSERT_TRUE(wait_until(done, kSaving)) << recorder().logs();
        const auto files = session_.files(".mp4");
        EXPECT_EQ(files.size(), asked_);
        for (const fs::path& file : files)
            EXPECT_TRUE(session_.is_sound(file)) << file;
        EXPECT_TRUE(session_.files(".part").empty());
        EXPECT_TRUE(fs::is_empty(session_.desktop->runtime() / "hindsight/pins"));
    }

    /// A save now reaches behind the kill.
    void footage_from_before_is_in_reach(double seconds) {
        const auto clip = recorder().ctl({"save", "--last", "60s", "--wait=video"}, kSaving);
        ASSERT_TRUE(clip) << clip.error().what << recorder().logs();
        ++asked_;
        EXPECT_GT((*clip)["duration_s"].get<double>(), seconds) << clip->dump();
    }

    ServiceSession session_;
    std::mt19937 random_{20'261'126};  // the same instants every time
    std::size_t asked_ = 0;
};

TEST_F(Kills, TwoHundredOfCaptureLoseNothingFromBefore) {
    for (int i = 0; i < kKills; ++i) {
        const auto before = recorder().children("hindsight-capture");
        ASSERT_EQ(before.size(), 1U) << i;
        if (i % kKillsPerSave == 0)
            ask_for_save();
        let_pass(1'500);
        ASSERT_EQ(::kill(before.front(), SIGKILL), 0);
        ASSERT_TRUE(wait_until([&] {
            const auto now = recorder().children("hindsight-capture");
            return now.size() == 1 && now != before;
        })) << i
            << recorder().logs();
        ASSERT_TRUE(recorder().wait_for_state("buffering")) << i << recorder().logs();
        if (i % 20 == 19)
            footage_from_before_is_in_reach(10);
    }
    every_save_became_one_sound_clip();
}

TEST_F(Kills, TwoHundredOfTheServiceLoseNothingFromBefore) {
    for (int i = 0; i < kKills; ++i) {
        if (i % kKillsPerSave == 0)
            ask_for_save();
        let_pass(1'500);
        recorder().service().kill(SIGKILL);
        ASSERT_TRUE(recorder().service().wait());
        ASSERT_TRUE(recorder().restart()) << i;
        ASSERT_TRUE(recorder().wait_for_state("buffering")) << i << recorder().logs();
        if (i % 20 == 19)
            footage_from_before_is_in_reach(10);
    }
    every_save_became_one_sound_clip();
}

}  // namespace
}  // namespace hindsight::test
