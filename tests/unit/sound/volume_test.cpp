#include <hindsight/sound/volume.hpp>

#include <gtest/gtest.h>

namespace hindsight::sound {
namespace {

MonoTime at_ms(std::int64_t ms) {
    return MonoTime::from_ns(ms * 1'000'000);
}

TEST(Volume, ChangesAtItsMomentAndNotBefore) {
    Volume volume{0.5F};
    volume.set(0, at_ms(200));
    volume.set(1, at_ms(300));
    EXPECT_EQ(volume.at(at_ms(100)), 0.5F);
    EXPECT_EQ(volume.at(at_ms(200)), 0);
    EXPECT_EQ(volume.at(at_ms(299)), 0);
    EXPECT_EQ(volume.at(at_ms(300)), 1);
}

TEST(Volume, WhatIsSaidNowCountsBeforeWhatWasSaidOfLater) {
    Volume volume{1};
    volume.set(0, at_ms(400));  // the end of a release tail
    volume.set(1, at_ms(300));  // the key is pressed again
    EXPECT_EQ(volume.at(at_ms(500)), 1);
    volume.set(0, MonoTime::min());
    EXPECT_EQ(volume.at(at_ms(1)), 0);
    EXPECT_EQ(volume.at(at_ms(500)), 0);
}

TEST(Volume, AnyNumberOfChangesKeepsTheLastOnes) {
    Volume volume{1};
    for (int i = 0; i < 1'000; ++i)
        volume.set(static_cast<float>(i), at_ms(i));
    for (int i = 980; i < 1'000; ++i)
        EXPECT_EQ(volume.at(at_ms(i)), static_cast<float>(i));
}

}  // namespace
}  // namespace hindsight::sound
