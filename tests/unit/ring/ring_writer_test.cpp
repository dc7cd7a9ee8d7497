#include "ring_packets.hpp"

#include <hindsight/ring/snapshot.hpp>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>

namespace hindsight::ring {
namespace {

using namespace testing;

class RingWriterTest : public ::testing::Test {
protected:
    std::unique_ptr<RingWriter> make(RingOptions options) {
        options.folder = memory_.ring();
        auto ring = RingWriter::create(std::move(options), Log{"ring"});
        EXPECT_TRUE(ring) << ring.error().what;
        return ring ? *std::move(ring) : nullptr;
    }

    /// A ring with an epoch begun.
    std::unique_ptr<RingWriter> make_running(RingOptions options = {}) {
        auto ring = make(std::move(options));
        const auto begun = ring->begin_epoch(ring->last_epoch() + 1, video_and_audio());
        EXPECT_TRUE(begun) << begun.error().what;
        return ring;
    }

    MemoryFolder memory_;
    PacketFactory packets_{1000};
};

TEST_F(RingWriterTest, GivesBackWhatWasAppended) {
    const auto ring = make_running();
    append_seconds(*ring, packets_, 0, 1);
    EXPECT_EQ(
        footage(memory_.ring()),
        "v!0 a0 v100 a100 v200 a200 v300 a300 v400 a400 v500 a500 v600 a600 v700 a700 v800 a800 "
        "v900 a900 ");
    EXPECT_EQ(ring->status().segments, 1u);
    EXPECT_EQ(ring->status().buffered, Duration::from_ms(900));
    EXPECT_EQ(ring->newest(0), MonoTime::from_ns(900'000'000));
}

TEST_F(RingWriterTest, SkipsWhatComesBeforeTheFirstKeyframe) {
    const auto ring = make_running();
    EXPECT_TRUE(ring->append(packets_.audio(Duration::from_ms(1))));
    EXPECT_TRUE(ring->append(packets_.video(Duration::from_ms(2), false)));
    EXPECT_TRUE(ring->append(packets_.video(Duration::from_ms(3), true)));
    EXPECT_EQ(footage(memory_.ring()), "v!3 ");
    EXPECT_EQ(ring->status().dropped_packets, 0u);
}

TEST_F(RingWriterTest, EvictsWholeSegmentsBeyondTheTimeLimit) {
    const auto ring = make_running({.limit = Duration::from_ms(3'000)});
    append_seconds(*ring, packets_, 0, 20);
    EXPECT_TRUE(eventually([&] { return ring->status().buffered <= Duration::from_ms(4'000); }));
    EXPECT_GE(ring->status().buffered, Duration::from_ms(3'000));
    EXPECT_TRUE(footage(memory_.ring()).starts_with("v!16000 "));
}

TEST_F(RingWriterTest, StaysUnderByteLimitWhenNoKeyframeArrives) {
    const std::uint64_t limit = 1u << 20;
    const auto ring = make_running({.limit_bytes = limit, .segment_bytes = 256u << 10});
    append_seconds(*ring, packets_, 0, 2);
    std::uint64_t refused = 0;
    for (int i = 0; i < 4'000; ++i) {
        const auto appended = ring->append(packets_.video(Duration::from_ms(2'000 + i), false));
        if (!appended) {
            EXPECT_EQ(appended.error().code, Errc::NoSpace);
            ++refused;
        }
        ASSERT_LE(folder_bytes(memory_.ring()), limit);
        ASSERT_LE(ring->status().buffered_bytes, limit);
    }
    EXPECT_GT(refused, 0u);
    EXPECT_EQ(ring->status().dropped_packets, refused);
    // The next keyframe starts anew.
    EXPECT_TRUE(ring->append(packets_.video(Duration::from_ms(7'000), true)));
    EXPECT_TRUE(footage(memory_.ring()).ends_with("v!7000 "));
}

TEST_F(RingWriterTest, SpanBelowOneGopKeepsOneGopAndTerminates) {
    const auto ring = make_running({.limit = Duration::from_ms(1)});
    append_seconds(*ring, packets_, 0, 5);
    EXPECT_TRUE(eventually([&] { return ring->status().segments == 1; }));
    EXPECT_TRUE(footage(memory_.ring()).starts_with("v!4000 a4000 v4100 "));
}

}  // namespace
}  // namespace hindsight::ring
