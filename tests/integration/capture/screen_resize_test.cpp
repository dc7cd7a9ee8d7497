// The screen gets another size (RandR) while it, a part of it or a window on it is recorded.

#include "capture_harness.hpp"

#include <hindsight/ring/segment_reader.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace hindsight::test {
namespace {

constexpr int kFps = 30;
constexpr int kWidth = 1280;
constexpr int kHeight = 720;

/// Where the pattern is on a screen of that size, in a recording of 1280x720.
MarkLayout layout_on(double screen_width, double screen_height) {
    const double scale = std::min(kWidth / screen_width, kHeight / screen_height);
    return {
        .x = (kWidth - screen_width * scale) / 2,
        .y = (kHeight - screen_height * scale) / 2,
        .width = 640 * scale,
        .height = 360 * scale,
        .cell = 16 * scale};
}

/// Without a window manager the pattern lies in the top left corner.
class ScreenResize : public testing::Test {
protected:
    void SetUp() override {
        auto harness = CaptureHarness::start(
            {.width = kWidth, .height = kHeight, .window_manager = false, .sound = false});
        ASSERT_TRUE(harness) << harness.error().what;
        harness_ = *std::move(harness);
        const auto window = harness_->show_pattern("640x360", kFps);
        ASSERT_TRUE(window) << window.error().what;
        window_ = *window;
    }

    void start(const ipc::StartCapture& request) {
        ASSERT_TRUE(harness_->spawn_capture());
        const auto started = harness_->start_capture(request);
        ASSERT_TRUE(started) << started.error().what;
        ASSERT_TRUE(harness_->record(1.5));
    }

    /// Another size by a new mode of the only output, and a second and a half in it.
    void resize(int width, int height) {
        const std::string size = std::to_string(width) + "x" + std::to_string(height);
        const std::string timing = " 40 " + std::to_string(width) + " 2000 2010 2100 " +
                                   std::to_string(height) + " 1000 1010 1100; ";
        const auto done = harness_->desktop().run(
            {"sh",
             "-c",
             "xrandr --newmode test" + size + timing + "xrandr --addmode screen test" + size +
                 " && xrandr --output screen --mode test" + size + " --fb " + size +
                 " --fbmm 300x200"},
            kPatience,
            {},
            "x11-xserver-utils");
        ASSERT_TRUE(done && done->status.success()) << (done ? done->err : done.error().what);
        ASSERT_TRUE(harness_->record(1.5)) << harness_->capture_log();
    }

    /// One epoch of one size in which every frame is there; frames that show the counter.
    std::vector<FrameReading> read(const MarkLayout& layout) {
        const auto reading = harness_->read_ring(layout);
        EXPECT_TRUE(reading) << reading.error().what;
        if (!reading)
            return {};
        for (std::size_t i = 1; i < reading->frames.size(); ++i)
            EXPECT_NEAR(
                reading->frames[i].time_s - reading->frames[i - 1].time_s, 1.0 / kFps, 1e-3);
        return reading->frames;
    }

    static std::size_t counted(const std::vector<FrameReading>& frames, double from, double to) {
        return static_cast<std::size_t>(
            std::count_if(frames.begin(), frames.end(), [&](const FrameReading& frame) {
                const double t = frame.time_s - frames.front().time_s;
                return frame.counter && t >= from && t < to;
            }));
    }

    [[nodiscard]] std::uint64_t newest_epoch_number() const {
        std::uint64_t epoch = 0;
        for (const auto& file : ring::list_segments(harness_->ring_folder(), "av"))
            if (const auto reader = ring::SegmentReader::open(file))
                epoch = std::max(epoch, (*reader)->info().epoch);
        return epoch;
    }

    [[nodiscard]] std::string told() {
        const auto status = harness_->receive<ipc::CaptureStatus>();
        std::string text;
        if (status)
            for (const ipc::Trouble& trouble : status->troubles)
                text += trouble.text + "\n";
        return text;
    }

    bool is_told(const std::string& words) {
        return wait_until([&] { return told().find(words) != std::string::npos; });
    }

    [[nodiscard]] ipc::StartCapture request(ipc::PicturePath path) const {
        ipc::StartCapture request = harness_->request(0, kFps);
        request.picture = path;
        request.desktop_audio = false;
        request.max_width = kWidth;
        request.max_height = kHeight;
        return request;
    }

    std::unique_ptr<CaptureHarness> harness_;
    std::uint32_t window_ = 0;
};

TEST_F(ScreenResize, OfTheRecordedScreenKeepsTheRecordingWholeAndScalesThePicture) {
    start(request(ipc::PicturePath::Direct));
    resize(800, 600);
    resize(640, 360);
    resize(kWidth, kHeight);
    ASSERT_TRUE(harness_->stop_capture());
    EXPECT_EQ(newest_epoch_number(), 1u);
    const auto full = read(layout_on(kWidth, kHeight));
    ASSERT_GT(full.size(), 150u);
    EXPECT_GT(counted(full, 0, 1.5), 30u);
    EXPECT_GT(counted(full, 5, 60), 20u) << "after it is as large as before";
    EXPECT_GT(counted(read(layout_on(800, 600)), 1.5, 3.5), 20u);
    EXPECT_GT(counted(read(layout_on(640, 360)), 3, 5.5), 20u);
}

TEST_F(ScreenResize, LeavesARecordedWindowAsItIs) {
    start(harness_->request(window_, kFps));
    resize(800, 600);
    resize(320, 180);
    resize(kWidth, kHeight);
    ASSERT_TRUE(harness_->stop_capture());
    EXPECT_EQ(newest_epoch_number(), 1u);
    const auto frames = read({});
    EXPECT_GT(frames.size(), 150u);
    // The server may empty windows for a moment.
    EXPECT_GE(counted(frames, 0, 60) + 6, frames.size());
}

TEST_F(ScreenResize, ThatLeavesLittleOrNothingOfTheRecordedRegionIsSaid) {
    ASSERT_TRUE(harness_->desktop().xdotool(
        {"windowmove", "--sync", std::to_string(window_), "200", "100"}));
    ipc::StartCapture region = request(ipc::PicturePath::Direct);
    region.region_x = 200;
    region.region_y = 100;
    region.region_width = 640;
    region.region_height = 360;
    start(region);
    EXPECT_EQ(told(), "");
    resize(520, 280);
    EXPECT_TRUE(is_told("A part of what is recorded lies outside the screen"));
    resize(160, 90);
    EXPECT_TRUE(is_told("What is recorded shows nothing"));
    resize(kWidth, kHeight);
    EXPECT_TRUE(wait_until([&] { return told().empty(); }));
    ASSERT_TRUE(harness_->record(1));
    ASSERT_TRUE(harness_->stop_capture());
    EXPECT_EQ(newest_epoch_number(), 1u);
    const auto frames = read({});
    ASSERT_GT(frames.size(), 150u);
    EXPECT_TRUE(frames.front().counter) << "from before";
    EXPECT_TRUE(frames.back().counter) << "and from after";
}

TEST_F(ScreenResize, OnTheCanvasKeepsTheRecordingAndItsPictureComesBack) {
    ipc::StartCapture small = request(ipc::PicturePath::Canvas);
    small.max_width = 640;
    small.max_height = 360;
    start(small);
    resize(800, 600);
    resize(kWidth, kHeight);
    ASSERT_TRUE(harness_->stop_capture());
    EXPECT_EQ(newest_epoch_number(), 1u);
    const auto reading =
        harness_->read_ring({.x = 0, .y = 0, .width = 320, .height = 180, .cell = 8});
    ASSERT_TRUE(reading) << reading.error().what;
    ASSERT_GT(reading->frames.size(), 100u);
    EXPECT_GT(counted(reading->frames, 0, 1.5), 20u);
    const double length = reading->frames.back().time_s - reading->frames.front().time_s;
    EXPECT_GT(counted(reading->frames, length - 1, length), 15u);
    const auto smaller =
        harness_->read_ring({.x = 80, .y = 0, .width = 384, .height = 216, .cell = 16 * 0.6});
    ASSERT_TRUE(smaller) << smaller.error().what;
    EXPECT_GT(counted(smaller->frames, 1.5, 4), 15u);
}

}  // namespace
}  // namespace hindsight::test
