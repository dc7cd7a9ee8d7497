// A sound encoder that fails, in each of the ways of failing: the pictures are recorded whatever
// becomes of the sound.

#include "capture_harness.hpp"
#include "hanging_encoders.hpp"

#include <hindsight/ring/segment_reader.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hindsight::test {
namespace {

constexpr int kFps = 30;
constexpr Duration kSecond = Duration::from_ms(1'000);
/// libobs' name for the only sound encoder that is used.
constexpr const char* kSoundEncoder = "ffmpeg_aac";

class SoundEncoder : public testing::Test {
protected:
    void SetUp() override {
        auto harness = CaptureHarness::start({.window_manager = false, .sound = false});
        ASSERT_TRUE(harness) << harness.error().what;
        harness_ = *std::move(harness);
    }

    void spawn(const char* fault) {
        Environment environment = with_hanging_encoders(HINDSIGHT_HANGING_ENCODERS);
        environment[kSoundFault] = fault;
        const auto spawned = harness_->spawn_capture({}, environment);
        ASSERT_TRUE(spawned) << spawned.error().what;
    }

    void start(const ipc::StartCapture& order) {
        const auto started = harness_->start_capture(order);
        ASSERT_TRUE(started) << started.error().what << harness_->capture_log();
    }

    /// The screen, with silence where there is no sound server.
    [[nodiscard]] ipc::StartCapture order() const {
        ipc::StartCapture order = harness_->request(0, kFps);
        order.max_width = 640;
        order.max_height = 400;
        order.encoder = "obs_x264";
        return order;
    }

    /// All sentences about it, as soon as there is one, or none any more.
    std::string troubles(bool any) {
        std::string text;
        const bool as_wanted = wait_until([&] {
            const auto status = harness_->receive<ipc::CaptureStatus>();
            text.clear();
            if (status)
                for (const ipc::Trouble& trouble : status->troubles)
                    text += trouble.text + " " + trouble.mend + "\n";
            return !status || text.empty() != any;
        });
        return as_wanted ? text : "not as wanted: " + text;
    }

    struct Content {
        std::size_t streams = 0;
        MonoTime first = MonoTime::max();  ///< picture
        MonoTime last = MonoTime::min();
        MonoTime last_sound = MonoTime::min();
    };

    [[nodiscard]] Content content(std::uint64_t epoch) const {
        Content content;
        for (const auto& file : ring::list_segments(harness_->ring_folder(), "av")) {
            const auto reader = ring::SegmentReader::open(file);
            if (!reader || (*reader)->info().epoch != epoch)
                continue;
            content.streams = (*reader)->info().streams.size();
            while (const auto stored = (*reader)->next()) {
                const MonoTime time = stored->packet.capture_time;
                if (stored->packet.stream != 0) {
                    content.last_sound = std::max(content.last_sound, time);
                    continue;
                }
                content.first = std::min(content.first, time);
                content.last = std::max(content.last, time);
            }
            EXPECT_FALSE((*reader)->damaged());
        }
        return content;
    }

    void expect_recorded_without(const char* fault) {
        spawn(fault);
        start(order());
        EXPECT_THAT(troubles(true), testing::HasSubstr("Desktop"));
        ASSERT_TRUE(harness_->record(1));
        const Content recorded = content(1);
        EXPECT_EQ(recorded.streams, 1u);
        EXPECT_GE(recorded.last - recorded.first, kSecond);
    }

    void expect_told_and_ended() {
        const auto stuck = harness_->receive<ipc::EncoderStuck>();
        ASSERT_TRUE(stuck) << harness_->capture_log();
        EXPECT_EQ(stuck->encoder, kSoundEncoder);
        EXPECT_TRUE(harness_->capture().wait());
    }

    std::unique_ptr<CaptureHarness> harness_;
};

TEST_F(SoundEncoder, ThatCannotBeCreatedCostsNoPicture) {
    expect_recorded_without(kSoundRefused);
    EXPECT_TRUE(harness_->stop_capture());
}

TEST_F(SoundEncoder, ThatGivesNothingCostsNoPicture) {
    expect_recorded_without(kSoundSilent);
    EXPECT_TRUE(harness_->stop_capture());
}

TEST_F(SoundEncoder, ThatHangsCostsNoPictureAndTheProcessStillEnds) {
    expect_recorded_without(kSoundHangs);
    harness_->close_channel();
    EXPECT_TRUE(harness_->capture().wait());
    EXPECT_GE(content(1).last - content(1).first, kSecond);
}

TEST_F(SoundEncoder, ThatHangsWhenItIsCreatedIsDoneWithoutByTheNextProcess) {
    spawn(kSoundHangsWhenCreated);
    ipc::StartCapture order = this->order();
    ASSERT_TRUE(harness_->send(order));
    expect_told_and_ended();
    spawn(kSoundHangsWhenCreated);
    order.avoid = {kSoundEncoder};
    start(order);
    EXPECT_THAT(troubles(true), testing::HasSubstr("Desktop"));
    ASSERT_TRUE(harness_->record(1));
    EXPECT_GE(content(1).last - content(1).first, kSecond);
}

TEST_F(SoundEncoder, ThatComesLateIsHeardFromThenOnAndNoPictureIsLost) {
    spawn(kSoundLate);
    start(order());
    EXPECT_THAT(troubles(true), testing::HasSubstr("Desktop"));
    const auto again = harness_->receive<ipc::CaptureStarted>();
    ASSERT_TRUE(again) << harness_->capture_log();
    EXPECT_EQ(again->epoch, 2u);
    EXPECT_EQ(troubles(false), "");
    ASSERT_TRUE(harness_->record(2));
    const Content without = content(1);
    const Content with = content(2);
    EXPECT_EQ(without.streams, 1u);
    EXPECT_EQ(with.streams, 2u);
    EXPECT_GT(with.last_sound, with.first + kSecond);
    // The very next frame, but for those that a machine out of breath left out anywhere.
    const auto& status = harness_->last_status();
    ASSERT_TRUE(status);
    const auto frames = static_cast<std::int64_t>(1 + status->skipped + status->lagged);
    EXPECT_LE((with.first - without.last).ns(), frames * (kSecond.ns() / kFps + 1));
}

TEST_F(SoundEncoder, ThatFailsLaterIsSaidAndEverySaveStillEndsAtOnce) {
    spawn(kSoundFailsLater);
    start(order());
    EXPECT_THAT(troubles(true), testing::HasSubstr("Desktop"));
    ASSERT_TRUE(harness_->record(1));
    const Content recorded = content(1);
    EXPECT_EQ(recorded.streams, 2u);
    EXPECT_GT(recorded.last_sound, recorded.first);
    EXPECT_GT(recorded.last, recorded.last_sound + kSecond);
}

TEST_F(SoundEncoder, ThatHangsLaterIsSaidAndNoSaveWaitsForIt) {
    spawn(kSoundHangsLater);
    start(order());
    EXPECT_THAT(troubles(true), testing::HasSubstr("Desktop"));
    ASSERT_TRUE(harness_->record(1));
    EXPECT_GT(content(1).last, content(1).last_sound + kSecond);
}

}  // namespace
}  // namespace hindsight::test
