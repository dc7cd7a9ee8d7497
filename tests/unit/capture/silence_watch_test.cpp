#include "silence_watch.hpp"

#include <gtest/gtest.h>

namespace hindsight::obs {
namespace {

using Verdict = SilenceWatch::Verdict;

/// A recording at 60 frames a second that is looked at four times a second.
class SilenceWatched : public testing::Test {
protected:
    SilenceWatched() { watch_.begin(60, 30, counts_); }

    struct PerLook {
        std::uint64_t given = 15;
        std::uint64_t taken = 15;
        std::uint64_t packets = 15;
    };

    /// The verdict after looks for so long; the first one that is not Alive.
    Verdict look(Duration how_long, PerLook each) {
        for (Duration passed = Duration::zero(); passed < how_long; passed = passed + kLook)
            if (const Verdict verdict = look_once(kLook, each); verdict != Verdict::Alive)
                return verdict;
        return Verdict::Alive;
    }

    Verdict look_once(Duration after, PerLook news) {
        counts_.now = counts_.now + after;
        counts_.given += news.given;
        counts_.taken += news.taken;
        counts_.packets += news.packets;
        return watch_.judge(counts_);
    }

    static constexpr Duration kLook = Duration::from_ms(250);
    static constexpr Duration kSecond = Duration::from_ms(1'000);

    SilenceWatch watch_;
    SilenceWatch::Counts counts_{.now = MonoTime::from_ns(0)};
};

TEST_F(SilenceWatched, AnEncoderThatTakesAndGivesNothingIsDeadWithinTwoSeconds) {
    EXPECT_EQ(look(kSecond * 3, {}), Verdict::Alive);
    EXPECT_EQ(look(kSecond, {.packets = 0}), Verdict::Alive);
    EXPECT_EQ(look(kSecond, {.packets = 0}), Verdict::Silent);
}

TEST_F(SilenceWatched, OneThatTakesNothingThatWaitsForItHangs) {
    EXPECT_EQ(look(kSecond * 3, {}), Verdict::Alive);
    EXPECT_EQ(look(kSecond * 2, {.taken = 0, .packets = 0}), Verdict::Alive);
    EXPECT_EQ(look(kSecond / 2, {.taken = 0, .packets = 0}), Verdict::Hangs);
}

TEST_F(SilenceWatched, OneWhoseThreadsWantToRunMayOnlyBeStarved) {
    EXPECT_EQ(look(kSecond * 3, {}), Verdict::Alive);
    counts_.busy = true;
    EXPECT_EQ(look(kSecond * 9, {.taken = 0, .packets = 0}), Verdict::Alive);
    EXPECT_EQ(look(kSecond * 2, {.taken = 0, .packets = 0}), Verdict::Hangs);
}

TEST_F(SilenceWatched, AMachineThatLetsItTakeLittleIsWaitedFor) {
    EXPECT_EQ(look(kSecond * 10, {.taken = 1, .packets = 0}), Verdict::Alive);
}

TEST_F(SilenceWatched, TimeInWhichNobodyWasLetRunDoesNotCount) {
    EXPECT_EQ(look(kSecond * 3, {}), Verdict::Alive);
    // What the pacer missed is told in one go.
    EXPECT_EQ(
        look_once(kSecond * 3600, {.given = 216'000, .taken = 0, .packets = 0}), Verdict::Alive);
    EXPECT_EQ(look(kSecond, {.taken = 0, .packets = 0}), Verdict::Alive);
    EXPECT_EQ(look(kSecond * 3, {}), Verdict::Alive);
}

TEST_F(SilenceWatched, OneThatHoldsPicturesBackIsWaitedForWhereTheyComeSeldom) {
    constexpr PerLook kTaken{.given = 1, .taken = 1, .packets = 0};
    watch_.begin(4, 34, counts_);
    EXPECT_EQ(look(kSecond * 34 / 4, kTaken), Verdict::Alive);
    EXPECT_EQ(look(kSecond, kTaken), Verdict::Silent);
}

TEST_F(SilenceWatched, NobodyIsBlamedWhileTheDisplayGivesNoPictures) {
    EXPECT_EQ(look(kSecond * 3, {}), Verdict::Alive);
    EXPECT_EQ(look(kSecond * 60, {.given = 0, .taken = 0, .packets = 0}), Verdict::Alive);
}

}  // namespace
}  // namespace hindsight::obs
