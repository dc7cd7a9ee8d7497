#include <hindsight/service/save_window.hpp>

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

MonoTime at(int seconds) {
    return MonoTime::from_ns(seconds * 1'000'000'000LL);
}

Duration seconds(int n) {
    return Duration::from_ms(n * 1000);
}

Footage live() {
    Footage footage;
    footage.capturing = true;
    footage.oldest = at(0);
    footage.newest = at(100);
    return footage;
}

TEST(SaveWindow, EndsAtThePressWhileCapturing) {
    const auto window = save_window(at(100), seconds(30), Duration::zero(), false, live());
    ASSERT_TRUE(window);
    EXPECT_EQ(window->from, at(70));
    EXPECT_EQ(window->to, at(100));
}

TEST(SaveWindow, DelayMovesTheEndAndNotTheStart) {
    const auto window = save_window(at(100), seconds(30), seconds(5), false, live());
    ASSERT_TRUE(window);
    EXPECT_EQ(window->from, at(70));
    EXPECT_EQ(window->to, at(105));
}

TEST(SaveWindow, ReachesTheLastFootageWhenCaptureHasEnded) {
    Footage footage = live();
    footage.capturing = false;
    const auto window = save_window(at(160), seconds(30), seconds(5), false, footage);
    ASSERT_TRUE(window);
    EXPECT_EQ(window->to, at(100) + Duration::from_ns(1));
    EXPECT_EQ(window->to - window->from, seconds(30));
}

Footage restarting() {
    Footage footage = live();
    footage.capturing = false;
    footage.starting = true;
    return footage;
}

TEST(SaveWindow, StaysThatOfThePressWhileCaptureStartsAgain) {
    const auto window = save_window(at(103), seconds(30), seconds(5), false, restarting());
    ASSERT_TRUE(window);
    EXPECT_EQ(window->from, at(73));
    EXPECT_EQ(window->to, at(108));
}

TEST(SaveWindow, ReachesTheFootageBeforeALongRestart) {
    const auto window = save_window(at(103), seconds(2), seconds(5), false, restarting());
    ASSERT_TRUE(window);
    EXPECT_EQ(window->from, at(98) + Duration::from_ns(1));
    EXPECT_EQ(window->to, at(108));
}

TEST(SaveWindow, HoldsOnlyWhatWillComeWhenNothingWasThereBefore) {
    Footage footage = restarting();
    footage.newest = MonoTime::min();
    footage.not_before = at(101);
    const auto window = save_window(at(103), seconds(30), seconds(5), false, footage);
    ASSERT_TRUE(window);
    EXPECT_EQ(window->from, at(101));
    EXPECT_EQ(window->to, at(108));
    EXPECT_FALSE(save_window(at(103), seconds(30), Duration::zero(), false, footage));
    footage.newest = at(100);
    EXPECT_FALSE(save_window(at(103), seconds(30), Duration::zero(), false, footage))
        << "footage of another game";
    EXPECT_TRUE(save_window(at(103), seconds(1), seconds(5), false, footage));
}

TEST(SaveWindow, DoesNotReachTheGameBefore) {
    Footage footage = live();
    footage.not_before = at(90);
    EXPECT_EQ(save_window(at(100), seconds(30), Duration::zero(), false, footage)->from, at(90));
}

TEST(SaveWindow, NewOnlyStartsWhereTheLastSaveEnded) {
    Footage footage = live();
    footage.last_saved = at(95);
    EXPECT_EQ(save_window(at(100), seconds(30), Duration::zero(), true, footage)->from, at(95));
    EXPECT_EQ(save_window(at(100), seconds(30), Duration::zero(), false, footage)->from, at(70));
}

TEST(SaveWindow, IsEmptyWhenNothingIsNew) {
    Footage footage = live();
    footage.last_saved = at(100);
    EXPECT_FALSE(save_window(at(100), seconds(30), Duration::zero(), true, footage));
}

TEST(SaveWindow, IsEmptyWhenNothingWasRecorded) {
    EXPECT_FALSE(save_window(at(100), seconds(30), Duration::zero(), false, Footage{}));
}

}  // namespace
}  // namespace hindsight::service
