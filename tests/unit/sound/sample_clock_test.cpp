#include "sample_clock.hpp"

#include <hindsight/sound/sound_timeline.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace hindsight::sound {
namespace {

constexpr std::int64_t kBlock = 960;
constexpr std::int64_t kStart = 1'000'000;  // where sample 0 of the stream truly lies

/// A server that answers every tenth block.
class SampleClockTest : public testing::Test {
protected:
    /// Plays `blocks` blocks, with `error(n)` samples added to the answer of block n and the truth
    /// moving by `drift` samples a block.
    template <class Error>
    void play(int blocks, Error error, double drift = 0) {
        for (int n = 0; n < blocks; ++n, position_ += kBlock) {
            truth_ += drift;
            if (n % 10 == 0)
                clock_.answer(
                    position_, time_of_sample(position_ + std::llround(truth_) + error(n)));
            const auto placed = clock_.block(position_, kBlock);
            ASSERT_TRUE(placed);
            if (meets_ && *meets_ != placed->first)
                ++breaks_;
            meets_ = placed->first + kBlock + placed->stretch;
            off_ = placed->first - position_ - std::llround(truth_);
        }
    }

    SampleClock clock_;
    std::int64_t position_ = 0;
    double truth_ = kStart;
    std::optional<std::int64_t> meets_;
    std::int64_t off_ = 0;  ///< of the last block against the truth
    int breaks_ = 0;        ///< blocks that did not meet the one before
};

TEST_F(SampleClockTest, SaysNothingBeforeTheFirstAnswer) {
    EXPECT_FALSE(clock_.block(0, kBlock));
}

TEST_F(SampleClockTest, IsRightFromTheFirstAnswerOn) {
    play(1, [](int) { return 0; });
    EXPECT_EQ(off_, 0);
}

TEST_F(SampleClockTest, BelievesTheEarlyAnswersOfAServerThatIsUpToABlockLate) {
    // Ten milliseconds late, in a slow saw-tooth, as PulseAudio's monitors are.
    play(3'000, [](int n) { return n % 500 * 480 / 500; });
    EXPECT_LT(std::abs(off_), 96);
    EXPECT_EQ(breaks_, 0);
}

TEST_F(SampleClockTest, AWildAnswerChangesNothing) {
    play(500, [](int n) { return n == 250 ? -40'000 : 0; });
    EXPECT_EQ(off_, 0);
    EXPECT_EQ(breaks_, 0);
}

TEST_F(SampleClockTest, FollowsADriftWithoutABreak) {
    // 100 ppm for ten minutes are 60 ms.
    play(
        30'000, [](int) { return 0; }, 0.096);
    EXPECT_LT(std::abs(off_), 240);
    EXPECT_EQ(breaks_, 0);
}

TEST_F(SampleClockTest, FollowsAJumpAtOnce) {
    play(100, [](int) { return 0; });
    truth_ += 48'000;
    play(31, [](int) { return 0; });
    EXPECT_EQ(off_, 0);
    EXPECT_EQ(breaks_, 1);
}

}  // namespace
}  // namespace hindsight::sound
