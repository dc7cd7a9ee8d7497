#include "service_fakes.hpp"
#include "suspend_log.hpp"

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

constexpr Duration kSecond = Duration::from_ms(1'000);

TEST(SuspendLog, NoticesASleepOnceAndNotTheNoiseOfTheClocks) {
    test::ManualClock clock;
    SuspendLog log{clock};
    clock.advance(kSecond);
    clock.suspend(Duration::from_us(3));
    EXPECT_EQ(log.look(), Duration::zero());
    clock.suspend(kSecond * 3'600);
    clock.advance(kSecond);
    EXPECT_GE(log.look(), kSecond * 3'600);
    EXPECT_EQ(log.look(), Duration::zero());
}

TEST(SuspendLog, KnowsHowMuchWasSleptSinceATime) {
    test::ManualClock clock;
    SuspendLog log{clock};
    const MonoTime start = clock.now();
    for (int minute = 0; minute < 3; ++minute) {
        clock.advance(kSecond * 60);
        (void)log.look();
        clock.suspend(kSecond * 100);
        clock.advance(kSecond);
        (void)log.look();
    }
    EXPECT_EQ(log.slept_since(start), kSecond * 300);
    EXPECT_EQ(log.slept_since(start + kSecond * 90), kSecond * 200);
    EXPECT_EQ(log.slept_since(clock.now()), Duration::zero());
    EXPECT_EQ(log.unix_ms_of(start, 1'000'000), 1'000'000 - 183'000 - 300'000);
}

TEST(SuspendLog, TheSystemsClocksDifferByWhatItSlept) {
    const SystemClock clock;
    EXPECT_GE(clock.suspended(), Duration::zero());
    SuspendLog log{clock};
    EXPECT_EQ(log.look(), Duration::zero());
}

}  // namespace
}  // namespace hindsight::service
