#include "microphone_gate.hpp"

#include <gtest/gtest.h>

#include <map>

namespace hindsight::service {
namespace {

MonoTime at_ms(std::int64_t ms) {
    return MonoTime::from_ns(ms * 1'000'000);
}

/// Hears what the gate tells, as capture does.
class MicrophoneGateTest : public testing::Test {
protected:
    /// Whether the microphone is heard, by what was told; must be what the gate says itself.
    bool heard(std::int64_t ms) {
        const auto later = told_.upper_bound(at_ms(ms));
        return later != told_.begin() && std::prev(later)->second;
    }

    bool open(std::int64_t ms) {
        EXPECT_EQ(heard(ms), gate_.is_open(at_ms(ms))) << ms;
        return gate_.is_open(at_ms(ms));
    }

    std::map<MonoTime, bool> told_;
    MicrophoneGate gate_{[this](bool open, MonoTime from) {
        told_.erase(told_.lower_bound(from), told_.end());
        told_[from] = open;
    }};
};

TEST_F(MicrophoneGateTest, WithoutATalkKeyItIsHeardUnlessItIsMuted) {
    gate_.set_talk_key(false, at_ms(0));
    EXPECT_TRUE(open(1));
    gate_.mute(true, at_ms(2));
    EXPECT_FALSE(open(3));
    gate_.mute(false, at_ms(4));
    EXPECT_TRUE(open(5));
}

TEST_F(MicrophoneGateTest, WithATalkKeyItIsSilentButWhileTheKeyIsHeldAndAMomentLonger) {
    gate_.set_talk_key(true, at_ms(0));
    EXPECT_FALSE(open(10));
    gate_.press(at_ms(100));
    EXPECT_FALSE(heard(99));
    EXPECT_TRUE(open(100));
    EXPECT_TRUE(open(60'000));
    gate_.release(at_ms(60'000));
    EXPECT_TRUE(open(60'199));
    EXPECT_FALSE(open(60'200));
}

TEST_F(MicrophoneGateTest, APressWithinTheTailGoesOn) {
    gate_.set_talk_key(true, at_ms(0));
    gate_.press(at_ms(100));
    gate_.release(at_ms(300));
    gate_.press(at_ms(400));
    EXPECT_TRUE(open(499));
    EXPECT_TRUE(open(1'000));
}

TEST_F(MicrophoneGateTest, MuteWinsOverTheKey) {
    gate_.set_talk_key(true, at_ms(0));
    gate_.press(at_ms(100));
    gate_.mute(true, at_ms(200));
    EXPECT_FALSE(open(201));
    gate_.release(at_ms(300));
    EXPECT_FALSE(open(301));
    gate_.press(at_ms(400));
    EXPECT_FALSE(open(401));
    gate_.release(at_ms(500));
    // Unmuted within the tail: that still ends.
    gate_.mute(false, at_ms(600));
    EXPECT_TRUE(open(650));
    EXPECT_FALSE(open(700));
}

TEST_F(MicrophoneGateTest, AnotherKeyIsNotHeldBecauseTheOldOneWas) {
    gate_.set_talk_key(true, at_ms(0));
    gate_.press(at_ms(100));
    gate_.set_talk_key(true, at_ms(200));
    EXPECT_FALSE(open(200));
    gate_.press(at_ms(300));
    gate_.set_talk_key(false, at_ms(400));
    gate_.set_talk_key(true, at_ms(500));
    EXPECT_FALSE(open(500));
}

TEST_F(MicrophoneGateTest, AReleaseWithoutAPressOpensNothing) {
    gate_.set_talk_key(true, at_ms(0));
    gate_.release(at_ms(100));
    EXPECT_FALSE(open(100));
}

}  // namespace
}  // namespace hindsight::service
