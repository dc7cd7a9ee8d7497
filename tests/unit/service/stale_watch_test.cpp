#include "stale_watch.hpp"

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

constexpr Duration seconds(std::int64_t count) {
    return Duration::from_ms(count * 1000);
}

/// Ticks once a second for so long; how often it said that the word is overdue.
int overdue_within(StaleWatch& watch, MonoTime& now, int count) {
    int overdue = 0;
    for (int i = 0; i < count; ++i) {
        now = now + seconds(1);
        overdue += watch.tick(now) ? 1 : 0;
    }
    return overdue;
}

TEST(StaleWatch, SaysOnceThatAWordIsOverdue) {
    StaleWatch watch;
    MonoTime now = MonoTime::from_ns(0);
    watch.expect_within(seconds(10));
    EXPECT_FALSE(watch.tick(now));
    EXPECT_EQ(overdue_within(watch, now, 9), 0);
    EXPECT_EQ(overdue_within(watch, now, 1), 1);
    EXPECT_EQ(overdue_within(watch, now, 9), 0) << "the next word has as long";
}

TEST(StaleWatch, EveryWordBeginsTheCountAnew) {
    StaleWatch watch;
    MonoTime now = MonoTime::from_ns(0);
    for (int word = 0; word < 20; ++word) {
        watch.expect_within(seconds(10));
        EXPECT_EQ(overdue_within(watch, now, 9), 0);
    }
}

TEST(StaleWatch, AWatchThatStoodStillItselfAccusesNobody) {
    StaleWatch watch;
    MonoTime now = MonoTime::from_ns(0);
    watch.expect_within(seconds(10));
    EXPECT_FALSE(watch.tick(now));
    now = now + seconds(3600);
    EXPECT_FALSE(watch.tick(now));
    EXPECT_EQ(overdue_within(watch, now, 7), 0);
    EXPECT_EQ(overdue_within(watch, now, 1), 1);
}

}  // namespace
}  // namespace hindsight::service
