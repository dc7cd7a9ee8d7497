#include "capture_harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hindsight::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::Le;

constexpr int kTakes = 3;

class CanvasCapture : public testing::Test {
protected:
    void SetUp() override {
        auto harness = CaptureHarness::start();
        ASSERT_TRUE(harness) << harness.error().what;
        harness_ = *std::move(harness);
        // Forced by the command line; the request itself says direct.
        const auto spawned = harness_->spawn_capture({"--picture=canvas"});
        ASSERT_TRUE(spawned) << spawned.error().what;
    }

    std::unique_ptr<CaptureHarness> harness_;
};

TEST_F(CanvasCapture, EveryFrameOfAWindowAt30IsThereWithItsSound) {
    const auto window = harness_->show_pattern("640x360", 30);
    ASSERT_TRUE(window) << window.error().what;
    std::string fault = "nothing recorded";
    for (int take = 0; take < kTakes && !fault.empty(); ++take) {
        const auto started = harness_->start_capture(harness_->request(*window, 30));
        ASSERT_TRUE(started) << started.error().what;
        EXPECT_EQ(started->picture, "canvas");
        ASSERT_TRUE(harness_->record(7.0));
        ASSERT_TRUE(harness_->stop_capture());
        auto reading = harness_->read_ring();
        ASSERT_TRUE(reading) << reading.error().what;
        EXPECT_EQ(reading->width, 640);
        EXPECT_EQ(reading->height, 360);
        reading->drop_before(1.0);
        EXPECT_GE(reading->beep_delays().size(), 4u);
        EXPECT_THAT(reading->beep_delays(), Each(AllOf(Ge(-0.080), Le(0.080))));
        fault = reading->counter_fault();
        if (!fault.empty())
            std::cerr << "take " << take << ": " << fault << "\n";
    }
    EXPECT_EQ(fault, "");
}

TEST_F(CanvasCapture, TheWholeScreenIsDecodedWithItsPicture) {
    const auto window = harness_->show_pattern("640x360", 30);
    ASSERT_TRUE(window) << window.error().what;
    auto request = harness_->request(0, 30);
    request.max_width = 640;
    request.max_height = 400;
    const auto started = harness_->start_capture(request);
    ASSERT_TRUE(started) << started.error().what;
    EXPECT_EQ(started->picture, "canvas");
    EXPECT_EQ(started->width, 640);
    ASSERT_TRUE(harness_->record(3.0));
    const auto status = harness_->receive<ipc::CaptureStatus>();
    ASSERT_TRUE(status);
    EXPECT_TRUE(status->source_alive);
    EXPECT_GT(status->captured, 30u);
    ASSERT_TRUE(harness_->stop_capture());
    // The window lies somewhere on a screen scaled to half: its white flash is seen as such.
    const auto reading = harness_->read_ring({.x = 160, .y = 110, .width = 320, .height = 180});
    ASSERT_TRUE(reading) << reading.error().what;
    EXPECT_GT(reading->frames.size(), 60u);
}

}  // namespace
}  // namespace hindsight::test
