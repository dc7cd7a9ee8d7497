#include "capture_harness.hpp"
#include "x_proxy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hindsight::test {
namespace {

class SourceFault : public testing::Test {
protected:
    void SetUp() override {
        auto harness = CaptureHarness::start({.width = 1600, .height = 900});
        ASSERT_TRUE(harness) << harness.error().what;
        harness_ = *std::move(harness);
        const auto window = harness_->show_pattern("640x360", 30);
        ASSERT_TRUE(window) << window.error().what;
        window_ = *window;
    }

    void start(const Environment& extra = {}) {
        ASSERT_TRUE(harness_->spawn_capture({}, extra));
        const auto started = harness_->start_capture(harness_->request(window_, 30));
        ASSERT_TRUE(started) << started.error().what;
        ASSERT_TRUE(harness_->record(2.0));
    }

    Result<> xdotool(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin() + 1, std::to_string(window_));
        return harness_->desktop().xdotool(std::move(arguments));
    }

    /// Waits until capture says a sentence with those words.
    bool is_told(const std::string& words) {
        return wait_until([&] {
            const auto status = harness_->receive<ipc::CaptureStatus>();
            if (!status)
                return false;
            for (const ipc::Trouble& trouble : status->troubles)
                if (trouble.text.find(words) != std::string::npos)
                    return true;
            return false;
        });
    }

    std::unique_ptr<CaptureHarness> harness_;
    std::uint32_t window_ = 0;
};

TEST_F(SourceFault, APictureThatStoppedWhileItsWindowDoesNotComesBack) {
    const auto proxy = XProxy::start(harness_->desktop().display());
    ASSERT_TRUE(proxy) << proxy.error().what;
    start({{"DISPLAY", (*proxy)->display()}});
    // The window gets a new pixmap, and the recorder does not hear of it.
    (*proxy)->keep_window_events_back();
    ASSERT_TRUE(xdotool({"windowunmap"}));
    ASSERT_TRUE(harness_->record(0.5));
    ASSERT_TRUE(xdotool({"windowmap"}));
    EXPECT_TRUE(is_told("The picture of the window had stopped")) << harness_->capture_log();
    ASSERT_TRUE(harness_->record(1.0));
    ASSERT_TRUE(harness_->stop_capture());
    const auto reading = harness_->read_ring();
    ASSERT_TRUE(reading) << reading.error().what;
    const auto& frames = reading->frames;
    ASSERT_GT(frames.size(), 60u);
    ASSERT_TRUE(frames.back().counter && frames.front().counter);
    // At the end the counter runs with the frames again.
    EXPECT_NEAR(
        static_cast<double>(*frames.back().counter - *frames.front().counter),
        static_cast<double>(frames.size()),
        5.0);
}

TEST_F(SourceFault, AMinimisedWindowIsSaidAndItsRecordingGoesOn) {
    start();
    ASSERT_TRUE(xdotool({"windowunmap"}));
    EXPECT_TRUE(is_told("shows nothing"));
    EXPECT_TRUE(harness_->record(1.0)) << "packets go on";
    ASSERT_TRUE(xdotool({"windowmap"}));
    const bool taken_back = wait_until([&] {
        const auto status = harness_->receive<ipc::CaptureStatus>();
        return status && status->source_alive && status->troubles.empty();
    });
    EXPECT_TRUE(taken_back);
    ASSERT_TRUE(harness_->record(1.0));
    ASSERT_TRUE(harness_->stop_capture());
    const auto reading = harness_->read_ring();
    ASSERT_TRUE(reading) << reading.error().what;
    EXPECT_TRUE(reading->frames.front().counter && reading->frames.back().counter);
}

/// 50 resizes, minimisings and moves between sizes, as a person at a desktop never could.
TEST_F(SourceFault, EveryResizeKeepsTheRecordingWhole) {
    start();
    constexpr std::array kSizes{"640 360", "1280 720", "700 500", "600 90", "1500 800"};
    for (int round = 0; round < 10; ++round) {
        for (const std::string size : kSizes) {
            const std::size_t space = size.find(' ');
            ASSERT_TRUE(xdotool({"windowsize", size.substr(0, space), size.substr(space + 1)}));
            ASSERT_TRUE(harness_->record(0.05)) << harness_->capture().err();
        }
        ASSERT_TRUE(xdotool({"windowunmap"}));
        ASSERT_TRUE(xdotool({"windowmap"}));
    }
    ASSERT_TRUE(xdotool({"windowsize", "640", "360"}));
    ASSERT_TRUE(harness_->record(1.0));
    ASSERT_TRUE(harness_->stop_capture());
    const auto reading = harness_->read_ring();
    ASSERT_TRUE(reading) << reading.error().what;
    EXPECT_EQ(reading->width, 640);
    EXPECT_TRUE(reading->frames.front().counter) << "from before";
    EXPECT_TRUE(reading->frames.back().counter) << "and from after";
    for (std::size_t i = 1; i < reading->frames.size(); ++i)
        ASSERT_NEAR(reading->frames[i].time_s - reading->frames[i - 1].time_s, 1.0 / 30, 1e-3);
}

}  // namespace
}  // namespace hindsight::test
