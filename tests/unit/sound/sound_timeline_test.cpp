#include <hindsight/sound/sound_timeline.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace hindsight::sound {
namespace {

using testing::ElementsAre;

/// Frames whose left sample is their index and whose right one is minus that.
std::vector<float> numbered(std::int64_t first, int count) {
    std::vector<float> frames;
    for (int i = 0; i < count; ++i) {
        frames.push_back(static_cast<float>(first + i));
        frames.push_back(-static_cast<float>(first + i));
    }
    return frames;
}

std::vector<float> left_of(const SoundTimeline& timeline, std::int64_t first, std::size_t count) {
    std::vector<float> left(count);
    std::vector<float> right(count);
    timeline.mix(first, 1, 1, left, right);
    for (std::size_t i = 0; i < count; ++i)
        EXPECT_EQ(left[i], -right[i]);
    return left;
}

TEST(SoundTimeline, ASampleAndItsTimeAreOne) {
    for (const std::int64_t index : {0L, 1L, 47'999L, 48'000L, 48'001L, 17'280'000'123L})
        EXPECT_EQ(sample_at(time_of_sample(index)), index);
    EXPECT_EQ(sample_at(MonoTime::from_ns(1'000'000'000)), 48'000);
}

TEST(SoundTimeline, GivesBackWhatWasWrittenWhereItWasWritten) {
    SoundTimeline timeline{Duration::from_ms(1)};  // 48 frames
    timeline.write(1'000, numbered(1'000, 4));
    EXPECT_THAT(left_of(timeline, 999, 6), ElementsAre(0, 1'000, 1'001, 1'002, 1'003, 0));
    EXPECT_EQ(timeline.end(), 1'004);
}

TEST(SoundTimeline, AHoleIsSilenceAndNotWhatLayThereBefore) {
    SoundTimeline timeline{Duration::from_ms(1)};
    timeline.write(0, numbered(100, 48));
    timeline.write(52, numbered(52, 2));
    EXPECT_THAT(left_of(timeline, 47, 7), ElementsAre(147, 0, 0, 0, 0, 52, 53));
}

TEST(SoundTimeline, WhatIsOlderThanItRemembersIsSilence) {
    SoundTimeline timeline{Duration::from_ms(1)};
    timeline.write(0, numbered(0, 60));
    timeline.write(5, numbered(900, 2));
    EXPECT_THAT(left_of(timeline, 10, 4), ElementsAre(0, 0, 12, 13));
    EXPECT_THAT(left_of(timeline, 5, 2), ElementsAre(0, 0));
}

TEST(SoundTimeline, ALaterBlockReplacesWhatItOverlaps) {
    SoundTimeline timeline{Duration::from_ms(1)};
    timeline.write(0, numbered(0, 4));
    timeline.write(2, numbered(12, 4));
    EXPECT_THAT(left_of(timeline, 0, 6), ElementsAre(0, 1, 12, 13, 14, 15));
}

TEST(SoundTimeline, MixesWithAGainThatGoesEvenlyFromOneToAnother) {
    SoundTimeline timeline{Duration::from_ms(1)};
    timeline.write(0, std::vector<float>{8, -8, 8, -8, 8, -8, 8, -8});
    std::array<float, 4> left{1, 1, 1, 1};
    std::array<float, 4> right{1, 1, 1, 1};
    timeline.mix(0, 1, 0, left, right);
    EXPECT_THAT(left, ElementsAre(9, 7, 5, 3));
    EXPECT_THAT(right, ElementsAre(-7, -5, -3, -1));
}

}  // namespace
}  // namespace hindsight::sound
