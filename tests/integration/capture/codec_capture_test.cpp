#include "capture_harness.hpp"

#include <hindsight/mux/mp4_clip_writer.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <gtest/gtest.h>

namespace hindsight::test {
namespace {

class CodecCapture : public testing::Test {
protected:
    void SetUp() override {
        auto harness = CaptureHarness::start();
        ASSERT_TRUE(harness) << harness.error().what;
        harness_ = *std::move(harness);
        const auto spawned = harness_->spawn_capture();
        ASSERT_TRUE(spawned) << spawned.error().what;
    }

    /// Everything in the ring as one verified file.
    Result<std::vector<WrittenFile>> save_all() {
        WriteRequest request;
        request.segments = ring::list_segments(harness_->ring_folder(), "av");
        request.target = harness_->desktop().root() / "clip.mp4";
        return make_mp4_clip_writer(Log{"mux"})->write(request, {}, {});
    }

    std::unique_ptr<CaptureHarness> harness_;
};

TEST_F(CodecCapture, Av1GoesFromTheEncoderIntoAClip) {
    const auto window = harness_->show_pattern("640x360", 30);
    ASSERT_TRUE(window) << window.error().what;
    auto request = harness_->request(*window, 30);
    request.codec = "av1";
    const auto started = harness_->start_capture(request);
    ASSERT_TRUE(started) << started.error().what;
    EXPECT_EQ(started->codec, "av1");
    ASSERT_TRUE(harness_->record(4.0)) << harness_->capture().err();
    ASSERT_TRUE(harness_->stop_capture());
    const auto files = save_all();
    ASSERT_TRUE(files) << files.error().what;
    ASSERT_EQ(files->size(), 1u);
    const auto reading = read_clip(files->front().path);
    ASSERT_TRUE(reading) << reading.error().what;
    EXPECT_GT(reading->frames.size(), 100u);
    std::size_t read = 0;
    for (const FrameReading& frame : reading->frames)
        read += frame.counter ? 1 : 0;
    EXPECT_GT(read, reading->frames.size() * 9 / 10);
}

}  // namespace
}  // namespace hindsight::test
