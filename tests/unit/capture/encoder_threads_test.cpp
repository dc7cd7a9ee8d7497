#include "encoder_threads.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

namespace hindsight::obs {
namespace {

TEST(EncoderThreads, AreBusyWhileOneOfThemWantsToRun) {
    std::atomic<bool> end{false};
    EncoderThreads threads;
    threads.before();
    std::jthread worker{[&] {
        while (!end)
            continue;
    }};
    threads.after();
    EXPECT_TRUE(threads.busy());
    end = true;
}

TEST(EncoderThreads, AreNotBusyWhileTheyWait) {
    std::latch begun{1};
    std::latch end{1};
    std::atomic<bool> spins{true};
    std::jthread older{[&] {
        while (spins)
            continue;
    }};
    EncoderThreads threads;
    threads.before();
    std::jthread worker{[&] {
        begun.count_down();
        end.wait();
    }};
    begun.wait();
    threads.after();
    // From the latch to the wait behind it there are some steps.
    while (threads.busy())
        std::this_thread::yield();
    EXPECT_FALSE(threads.busy()) << "others of the process do not count";
    end.count_down();
    spins = false;
}

}  // namespace
}  // namespace hindsight::obs
