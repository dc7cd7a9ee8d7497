#include "service_fakes.hpp"

#include <hindsight/service/memory_allowance.hpp>

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

constexpr std::uint64_t kMiB = 1ull << 20;

class Allowance : public ::testing::Test {
protected:
    Allowance() {
        allowance_.set_full(512 * kMiB);
        allowance_.set_least(100 * kMiB);
    }

    /// A warning that comes when the one before has taken effect.
    bool press(MemoryPressure pressure = MemoryPressure::Some) {
        clock_.advance(MemoryAllowance::kEffectTime);
        return allowance_.pressed(pressure);
    }

    test::ManualClock clock_;
    MemoryAllowance allowance_{clock_};
};

TEST_F(Allowance, IsHalvedByAWarningButNeverBelowOneClip) {
    EXPECT_TRUE(press());
    EXPECT_EQ(allowance_.limit(), 256 * kMiB);
    EXPECT_TRUE(allowance_.reduced());
    EXPECT_TRUE(press());
    EXPECT_TRUE(press());
    EXPECT_EQ(allowance_.limit(), 100 * kMiB);
    EXPECT_FALSE(press());
    EXPECT_EQ(allowance_.limit(), 100 * kMiB);
}

TEST_F(Allowance, GoesBelowOneClipOnlyWhenNothingGoesOnAnyMore) {
    for (int i = 0; i < 10; ++i)
        (void)press(MemoryPressure::Severe);
    EXPECT_EQ(allowance_.limit(), MemoryAllowance::kFloorBytes);
}

TEST_F(Allowance, TakesWarningsInQuickSuccessionAsOne) {
    EXPECT_TRUE(press());
    clock_.advance(Duration::from_ms(2'000));
    EXPECT_FALSE(allowance_.pressed(MemoryPressure::Severe));
    EXPECT_EQ(allowance_.limit(), 256 * kMiB);
}

TEST_F(Allowance, ComesBackInStepsWhenItHasBeenQuiet) {
    (void)press();
    (void)press();
    ASSERT_EQ(allowance_.limit(), 128 * kMiB);
    clock_.advance(MemoryAllowance::kQuietTime - Duration::from_ms(1));
    EXPECT_FALSE(allowance_.tick());
    clock_.advance(Duration::from_ms(1));
    EXPECT_TRUE(allowance_.tick());
    EXPECT_EQ(allowance_.limit(), 256 * kMiB);
    EXPECT_FALSE(allowance_.tick());
    clock_.advance(MemoryAllowance::kQuietTime);
    EXPECT_TRUE(allowance_.tick());
    EXPECT_EQ(allowance_.limit(), 512 * kMiB);
    EXPECT_FALSE(allowance_.reduced());
    clock_.advance(MemoryAllowance::kQuietTime);
    EXPECT_FALSE(allowance_.tick());
}

TEST_F(Allowance, AWarningPutsTheComebackOff) {
    (void)press();
    clock_.advance(MemoryAllowance::kQuietTime - Duration::from_ms(1'000));
    (void)press();
    clock_.advance(Duration::from_ms(1'000));
    EXPECT_FALSE(allowance_.tick());
}

TEST_F(Allowance, FollowsTheSettingButStaysReduced) {
    (void)press();
    allowance_.set_full(1024 * kMiB);
    EXPECT_EQ(allowance_.limit(), 256 * kMiB);
    allowance_.set_full(64 * kMiB);
    EXPECT_EQ(allowance_.limit(), 64 * kMiB);
    EXPECT_FALSE(allowance_.reduced());
    allowance_.set_full(512 * kMiB);
    EXPECT_EQ(allowance_.limit(), 512 * kMiB);
}

}  // namespace
}  // namespace hindsight::service
