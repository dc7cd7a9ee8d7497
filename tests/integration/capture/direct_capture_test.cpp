#include "capture_harness.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hindsight::test {
namespace {

class DirectCapture : public testing::Test {
protected:
    void SetUp() override {
        auto harness = CaptureHarness::start({.width = 1600, .height = 900});
        ASSERT_TRUE(harness) << harness.error().what;
        harness_ = *std::move(harness);
        const auto spawned = harness_->spawn_capture();
        ASSERT_TRUE(spawned) << spawned.error().what;
    }

    std::uint32_t show_pattern(const std::string& size, int fps) {
        const auto window = harness_->show_pattern(size, fps);
        EXPECT_TRUE(window) << window.error().what;
        return window.value_or(0);
    }

    void expect_whole_pattern(const std::string& size, int fps) {
        const auto window = show_pattern(size, fps);
        const auto started = harness_->start_capture(harness_->request(window, fps));
        ASSERT_TRUE(started) << started.error().what;
        EXPECT_EQ(started->picture, "direct");
        EXPECT_EQ(started->encoder, "obs_x264");
        ASSERT_TRUE(harness_->record(11.0)) << harness_->capture().err();
        ASSERT_TRUE(harness_->send(ipc::StopCapture{}));
        ASSERT_TRUE(harness_->receive<ipc::CaptureStopped>());

        auto reading = harness_->read_ring();
        ASSERT_TRUE(reading) << reading.error().what;
        // What stands in the first second was taken while libobs and its encoder were starting.
        reading->drop_before(1.0);
        EXPECT_EQ(std::to_string(reading->width) + "x" + std::to_string(reading->height), size);
        EXPECT_GE(reading->frames.size(), static_cast<std::size_t>(fps * 10));
        EXPECT_EQ(reading->counter_fault(), "") << harness_->pattern().out();
        ASSERT_EQ(reading->tracks.size(), 1u);
        EXPECT_EQ(reading->tracks[0].title, "Desktop");
        const auto delays = reading->beep_delays();
        ASSERT_GE(delays.size(), 8u);
        for (const double delay : delays)
            EXPECT_LE(std::fabs(delay), 0.025) << "beep against flash";
    }

    std::unique_ptr<CaptureHarness> harness_;
};

TEST_F(DirectCapture, EveryFrameOf640x360At60IsThereOnceWithItsSound) {
    expect_whole_pattern("640x360", 60);
}

TEST_F(DirectCapture, EveryFrameOf1280x720At60IsThereOnceWithItsSound) {
    expect_whole_pattern("1280x720", 60);
}

}  // namespace
}  // namespace hindsight::test
