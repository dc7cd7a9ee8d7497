#include "governor.hpp"

#include <gtest/gtest.h>

namespace hindsight::obs {
namespace {

/// Plays a machine: counters grow with time, and each rung can do so many frames per second.
class Machine {
public:
    explicit Machine(std::size_t rungs) : governor_{rungs} { governor_.restart(now_); }

    /// Runs for so long; `missed_share` of the frames are missed, the queue is that full.
    void run(double seconds, double missed_share, double queue = 0) {
        const MonoTime end = now_ + Duration::from_seconds(seconds);
        while (now_ < end) {
            now_ = now_ + Duration::from_ms(250);
            frames_ += 15;
            owed_ += 15 * missed_share;
            while (owed_ >= 1) {
                owed_ -= 1;
                ++missed_;
            }
            if (governor_.judge({now_, frames_, missed_, queue}))
                ++steps_;
        }
    }

    [[nodiscard]] std::size_t rung() const { return governor_.rung(); }

    [[nodiscard]] int steps() const { return steps_; }

private:
    Governor governor_;
    MonoTime now_ = MonoTime::from_ns(1'000'000'000);
    std::uint64_t frames_ = 0;
    std::uint64_t missed_ = 0;
    double owed_ = 0;
    int steps_ = 0;
};

TEST(Governor, LeavesAMachineAloneThatKeepsUp) {
    Machine machine{5};
    machine.run(600, 0, 0.1);
    EXPECT_EQ(machine.steps(), 0);
}

TEST(Governor, StepsDownWithinSecondsOfTrouble) {
    Machine machine{5};
    machine.run(60, 0);
    machine.run(1.5, 0.5);
    EXPECT_EQ(machine.rung(), 1u);
}

TEST(Governor, AQueueThatStaysFullIsTroubleBeforeAFrameIsMissed) {
    Machine machine{5};
    machine.run(60, 0);
    machine.run(1.5, 0, 0.8);
    EXPECT_EQ(machine.rung(), 1u);
}

TEST(Governor, AHiccupIsNoTrouble) {
    Machine machine{5};
    machine.run(60, 0);
    machine.run(0.5, 0, 0.9);
    machine.run(60, 0);
    EXPECT_EQ(machine.steps(), 0);
}

TEST(Governor, TakesOneStepAtATimeAndStopsAtTheLastRung) {
    Machine machine{4};
    machine.run(9, 0.5);
    EXPECT_EQ(machine.rung(), 3u);
    machine.run(60, 0.5);
    EXPECT_EQ(machine.steps(), 3);
}

TEST(Governor, StepsBackUpWhenThereIsRoomForAWhile) {
    Machine machine{4};
    machine.run(4, 0.5);
    EXPECT_EQ(machine.rung(), 1u);
    machine.run(28, 0);
    EXPECT_EQ(machine.rung(), 1u) << "too early";
    machine.run(10, 0);
    EXPECT_EQ(machine.rung(), 0u);
}

TEST(Governor, AStepUpThatDoesNotHoldIsTriedLessAndLessOften) {
    Machine machine{3};
    int tries = 0;
    // An hour on a machine that can do rung 1, but not rung 0.
    machine.run(4, 0.5);
    for (int second = 0; second < 3'600; ++second) {
        const std::size_t before = machine.rung();
        machine.run(1, machine.rung() == 0 ? 0.5 : 0);
        tries += before == 1 && machine.rung() == 0 ? 1 : 0;
    }
    EXPECT_GE(tries, 5);
    EXPECT_LE(tries, 12);
    EXPECT_LE(machine.steps(), 30);
}

TEST(Ladder, GoesFromPresetsOverTheRateToTheSize) {
    ipc::StartCapture request;
    request.preset = "veryfast";
    request.fps = 60;
    const auto ladder = make_ladder(request, true, 1920, 1080);
    ASSERT_EQ(ladder.size(), 6u);
    EXPECT_EQ(ladder[1].preset, "superfast");
    EXPECT_EQ(ladder[2].preset, "ultrafast");
    EXPECT_EQ(ladder[2].fps, 60);
    EXPECT_EQ(ladder[3].fps, 30);
    EXPECT_EQ(ladder[3].max_height, 1080);
    EXPECT_EQ(ladder[4].max_height, 720);
    EXPECT_EQ(ladder[5].max_height, 540);
}

TEST(Ladder, HasNothingBelowWhatIsSmallAndFastAlready) {
    ipc::StartCapture request;
    request.preset = "ultrafast";
    request.fps = 30;
    EXPECT_EQ(make_ladder(request, true, 640, 360).size(), 1u);
}

}  // namespace
}  // namespace hindsight::obs
