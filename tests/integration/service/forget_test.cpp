// `forget --last`: what is taken back is in no place any more from which it could come again.

#include "service_session.hpp"

#include <hindsight/core/id.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <gtest/gtest.h>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

class Forget : public ::testing::Test {
protected:
    void record(double footage_s, const std::string& more_config = {}) {
        auto session = ServiceSession::start(footage_s, more_config);
        ASSERT_TRUE(session) << session.error().what;
        session_ = *std::move(session);
    }

    Result<Json> ctl(const std::vector<std::string>& arguments) {
        return session_.recorder->ctl(arguments, milliseconds{60'000});
    }

    /// Segments, of pictures and of actions, that hold anything of this time.
    [[nodiscard]] std::vector<fs::path> holding(MonoTime from, MonoTime to) const {
        std::vector<fs::path> found;
        const fs::path home = session_.desktop->runtime() / "hindsight";
        std::error_code error;
        for (const auto& entry : fs::recursive_directory_iterator{home, error}) {
            if (entry.path().extension() != ".hsseg")
                continue;
            const auto reader = ring::SegmentReader::open(entry.path());
            while (const auto stored = reader ? (*reader)->next() : std::nullopt)
                if (stored->packet.capture_time >= from && stored->packet.capture_time < to) {
                    found.push_back(entry.path());
                    break;
                }
        }
        return found;
    }

    ServiceSession session_;
    SystemClock clock_;
};

TEST_F(Forget, TheLastSecondsAreInNoSegmentAndInNoLaterClip) {
    record(2);
    ASSERT_TRUE(ctl({"mark", "stays"}));
    ASSERT_TRUE(session_.recorder->wait_for_footage(6));
    ASSERT_TRUE(ctl({"mark", "goes"}));
    const MonoTime before = clock_.now();
    ASSERT_FALSE(holding(before - Duration::from_ms(2'000), before).empty());

    const auto forgotten = ctl({"forget", "--last", "2s"});
    ASSERT_TRUE(forgotten) << forgotten.error().what << session_.recorder->logs();
    EXPECT_EQ((*forgotten)["session"], false);
    EXPECT_TRUE(holding(before - Duration::from_ms(2'000), before).empty());
    EXPECT_FALSE(holding(MonoTime::min(), before).empty()) << "what was before stays";

    ASSERT_TRUE(session_.recorder->wait_for_state("buffering")) << "it goes on";
    const auto clip = ctl({"save", "--last", "60s", "--delay", "2s", "--wait"});
    ASSERT_TRUE(clip) << clip.error().what << session_.recorder->logs();
    ASSERT_EQ((*clip)["events"].size(), 1U) << clip->dump();
    EXPECT_EQ((*clip)["events"][0]["label"], "stays");
    ASSERT_EQ((*clip)["gaps"].size(), 1U) << clip->dump();
    EXPECT_GE((*clip)["gaps"][0]["duration_s"].get<double>(), 2.0) << clip->dump();
    EXPECT_TRUE(session_.is_sound((*clip)["path"].get<std::string>()));
}

TEST_F(Forget, AClipThatCouldNotBeSavedGoesAndASavedOneStays) {
    const fs::path disk = fs::temp_directory_path() / ("hindsight-forget-" + random_id());
    record(3, "[clips]\nfolder = \"" + disk.string() + "\"\n");
    EXPECT_FALSE(ctl({"save", "--last", "2s", "--wait"})) << "its folder is not there";
    const auto failed = ctl({"status"});
    ASSERT_TRUE(failed) << failed.error().what;
    ASSERT_EQ((*failed)["failed"].size(), 1U) << failed->dump();
    fs::create_directories(disk);
    const auto clip = ctl({"save", "--last", "1s", "--wait"});
    ASSERT_TRUE(clip) << clip.error().what;

    ASSERT_TRUE(ctl({"forget", "--last", "5m"}));
    const auto status = ctl({"status"});
    ASSERT_TRUE(status) << status.error().what;
    EXPECT_TRUE((*status)["failed"].empty()) << status->dump();
    EXPECT_EQ((*status)["ring"]["pinned_bytes"], 0) << status->dump();
    EXPECT_TRUE(fs::exists((*clip)["path"].get<std::string>()));
    fs::remove_all(disk);
}

TEST_F(Forget, WithNothingRecordedOrANonsensicalLengthSaysSo) {
    record(0);
    EXPECT_TRUE(ctl({"forget", "--last", "30s"})) << "there is nothing, which is as asked";
    EXPECT_FALSE(ctl({"forget", "--last", "0s"}));
    EXPECT_FALSE(ctl({"forget"}));
}

}  // namespace
}  // namespace hindsight::test
