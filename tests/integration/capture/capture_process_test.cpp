#include "capture_harness.hpp"

#include <gtest/gtest.h>

namespace hindsight::test {
namespace {

class CaptureProcess : public testing::Test {
protected:
    void SetUp() override {
        auto harness = CaptureHarness::start();
        ASSERT_TRUE(harness) << harness.error().what;
        harness_ = *std::move(harness);
        const auto window = harness_->show_pattern("640x360", 30);
        ASSERT_TRUE(window) << window.error().what;
        window_ = *window;
        const auto spawned = harness_->spawn_capture();
        ASSERT_TRUE(spawned) << spawned.error().what;
    }

    void start() {
        const auto started = harness_->start_capture(harness_->request(window_, 30));
        ASSERT_TRUE(started) << started.error().what;
    }

    void expect_readable_footage() {
        const auto reading = harness_->read_ring();
        ASSERT_TRUE(reading) << reading.error().what;
        EXPECT_GE(reading->frames.size(), 50u);
        for (const FrameReading& frame : reading->frames)
            EXPECT_TRUE(frame.counter);
    }

    std::unique_ptr<CaptureHarness> harness_;
    std::uint32_t window_ = 0;
};

TEST_F(CaptureProcess, KilledItLeavesItsSegmentsReadable) {
    start();
    ASSERT_TRUE(harness_->record(2.5));
    harness_->capture().kill(SIGKILL);
    ASSERT_TRUE(harness_->capture().wait());
    expect_readable_footage();

    // The next one takes them over as the oldest part of its ring.
    ASSERT_TRUE(harness_->spawn_capture());
    const auto started = harness_->start_capture(harness_->request(window_, 30));
    ASSERT_TRUE(started) << started.error().what;
    EXPECT_EQ(started->epoch, 2u);
    const auto status = harness_->receive<ipc::CaptureStatus>();
    ASSERT_TRUE(status);
    EXPECT_GT(status->buffered_ns, 2'000'000'000);
}

TEST_F(CaptureProcess, WithoutItsServiceItSealsAndEndsWell) {
    start();
    ASSERT_TRUE(harness_->record(2.5));
    harness_->close_channel();
    const auto status = harness_->capture().wait();
    ASSERT_TRUE(status);
    EXPECT_TRUE(status->success()) << harness_->capture().err();
    expect_readable_footage();
}

TEST_F(CaptureProcess, ADeadXServerEndsItWithoutASignal) {
    start();
    ASSERT_TRUE(harness_->record(2.5));
    harness_->desktop().kill_x();
    const auto failed = harness_->receive<ipc::CaptureFailed>();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->code, errc_name(Errc::DeviceLost));
    const auto status = harness_->capture().wait();
    ASSERT_TRUE(status);
    EXPECT_EQ(status->signal, 0);
    EXPECT_NE(status->code, 0);
    expect_readable_footage();
}

TEST_F(CaptureProcess, AWindowThatDoesNotExistIsSaid) {
    ASSERT_TRUE(harness_->send(harness_->request(0x12345, 30)));
    const auto failed = harness_->receive<ipc::CaptureFailed>();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->code, errc_name(Errc::NotFound));
    const auto status = harness_->capture().wait();
    ASSERT_TRUE(status);
    EXPECT_EQ(status->code, 1);
}

TEST_F(CaptureProcess, AStartThatFailsIsSaidWhateverElseIsAskedMeanwhile) {
    ASSERT_TRUE(harness_->send(harness_->request(0x12345, 30)));
    ASSERT_TRUE(harness_->send(ipc::SetLimits{1 << 20, 1'000'000'000}));
    ASSERT_TRUE(harness_->send(ipc::AwaitTime{"save", 1}));
    const auto failed = harness_->receive<ipc::CaptureFailed>();
    ASSERT_TRUE(failed) << harness_->capture_log();
    EXPECT_EQ(failed->window, 0x12345u);
}

TEST_F(CaptureProcess, StoppedItCanStartAnew) {
    start();
    ASSERT_TRUE(harness_->record(1.0));
    ASSERT_TRUE(harness_->send(ipc::StopCapture{.clear_ring = true}));
    ASSERT_TRUE(harness_->receive<ipc::CaptureStopped>());
    EXPECT_TRUE(newest_epoch(harness_->ring_folder()).empty());
    start();
    ASSERT_TRUE(harness_->record(1.0));
}

TEST_F(CaptureProcess, EveryEncoderIsReallyTried) {
    ASSERT_TRUE(harness_->send(ipc::ProbeEncoders{}));
    const auto list = harness_->receive<ipc::EncoderList>();
    ASSERT_TRUE(list);
    EXPECT_FALSE(list->gl_renderer.empty());
    EXPECT_FALSE(list->libobs_version.empty());
    const auto works = [&](const std::string& id) {
        for (const auto& encoder : list->encoders)
            if (encoder.id == id)
                return encoder.works;
        return false;
    };
    EXPECT_TRUE(works("obs_x264"));
    EXPECT_TRUE(works("ffmpeg_aac"));
}

}  // namespace
}  // namespace hindsight::test
