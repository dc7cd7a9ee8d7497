// An encoder that never returns: the process says which one it is and ends, and what it recorded
// is there.

#include "capture_harness.hpp"
#include "hanging_encoders.hpp"

#include <hindsight/core/time.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

namespace hindsight::test {
namespace {

class HangingEncoder : public testing::Test {
protected:
    void SetUp() override {
        auto harness = CaptureHarness::start({.window_manager = false, .sound = false});
        ASSERT_TRUE(harness) << harness.error().what;
        harness_ = *std::move(harness);
        spawn();
    }

    void spawn() {
        const auto spawned =
            harness_->spawn_capture({}, with_hanging_encoders(HINDSIGHT_HANGING_ENCODERS));
        ASSERT_TRUE(spawned) << spawned.error().what;
    }

    [[nodiscard]] ipc::StartCapture
    request(const char* encoder, ipc::PicturePath path = ipc::PicturePath::Direct) const {
        ipc::StartCapture request = harness_->request(0, 30);
        request.picture = path;
        request.max_width = 640;
        request.max_height = 400;
        request.desktop_audio = false;
        request.encoder = encoder;
        return request;
    }

    /// The process says that this encoder hangs, and ends by itself.
    void expect_told(const char* encoder) {
        const auto stuck = harness_->receive<ipc::EncoderStuck>();
        ASSERT_TRUE(stuck) << harness_->capture_log();
        EXPECT_EQ(stuck->encoder, encoder);
        const auto status = harness_->capture().wait();
        ASSERT_TRUE(status);
        EXPECT_EQ(status->code, 4);
        EXPECT_EQ(status->signal, 0);
    }

    void expect_gone_on(ipc::PicturePath path) {
        ipc::StartCapture order = request(kHangingEncoder, path);
        const auto started = harness_->start_capture(order);
        ASSERT_TRUE(started) << started.error().what;
        EXPECT_EQ(started->encoder, kHangingEncoder);
        expect_told(kHangingEncoder);
        EXPECT_GE(readable_packets(1), 55u) << "what it made before it hung";

        spawn();
        order.avoid = {kHangingEncoder};
        const auto next = harness_->start_capture(order);
        ASSERT_TRUE(next) << next.error().what;
        EXPECT_NE(next->encoder, kHangingEncoder);
        EXPECT_EQ(next->epoch, 2u);
        ASSERT_TRUE(harness_->record(1));
        EXPECT_GT(readable_packets(2), 15u);
    }

    [[nodiscard]] std::size_t readable_packets(std::uint64_t epoch) const {
        std::size_t packets = 0;
        for (const auto& file : ring::list_segments(harness_->ring_folder(), "av")) {
            const auto reader = ring::SegmentReader::open(file);
            if (!reader || (*reader)->info().epoch != epoch)
                continue;
            while ((*reader)->next())
                ++packets;
            EXPECT_FALSE((*reader)->damaged());
        }
        return packets;
    }

    std::unique_ptr<CaptureHarness> harness_;
};

TEST_F(HangingEncoder, IsToldAndTheNextProcessGoesOnWithoutIt) {
    expect_gone_on(ipc::PicturePath::Direct);
}

TEST_F(HangingEncoder, IsToldOnTheCanvasToo) {
    expect_gone_on(ipc::PicturePath::Canvas);
}

TEST_F(HangingEncoder, IsToldWhenItHangsAtItsCreation) {
    ASSERT_TRUE(harness_->send(request(kHangingInCreateEncoder)));
    expect_told(kHangingInCreateEncoder);
}

TEST_F(HangingEncoder, IsNamedWhenItIsTriedAndTheOthersAreTriedWithoutIt) {
    ASSERT_TRUE(harness_->send(ipc::ProbeEncoders{}));
    expect_told(kHangingInCreateEncoder);
    spawn();
    ASSERT_TRUE(harness_->send(ipc::ProbeEncoders{.avoid = {kHangingInCreateEncoder}}));
    const auto list = harness_->receive<ipc::EncoderList>();
    ASSERT_TRUE(list) << harness_->capture_log();
    const auto find = [&list](const char* id) {
        const auto found =
            std::find_if(list->encoders.begin(), list->encoders.end(), [id](const auto& encoder) {
                return encoder.id == id;
            });
        return found != list->encoders.end() ? *found : ipc::EncoderInfo{};
    };
    EXPECT_TRUE(find("obs_x264").works);
    EXPECT_FALSE(find(kHangingInCreateEncoder).works);
    EXPECT_EQ(find(kHangingInCreateEncoder).reason, "it hung when it was tried");
}

TEST_F(HangingEncoder, ForHalfASecondOnlyCostsNoFrame) {
    constexpr int kTakes = 3;
    const auto window = harness_->show_pattern("640x360", 60);
    ASSERT_TRUE(window) << window.error().what;
    ipc::StartCapture order = harness_->request(*window, 60);
    order.desktop_audio = false;
    order.encoder = kStallingEncoder;
    std::string fault = "nothing recorded";
    for (int take = 0; take < kTakes && !fault.empty(); ++take) {
        spawn();
        const auto started = harness_->start_capture(order);
        ASSERT_TRUE(started) << started.error().what;
        EXPECT_EQ(started->encoder, kStallingEncoder);
        ASSERT_TRUE(harness_->record(5.0));
        ASSERT_TRUE(harness_->stop_capture());
        auto reading = harness_->read_ring();
        ASSERT_TRUE(reading) << reading.error().what;
        EXPECT_GE(reading->frames.size(), 280u);
        reading->drop_before(1.0);
        fault = reading->counter_fault();
        if (!fault.empty())
            std::cerr << "take " << take << ": " << fault << "\n";
    }
    EXPECT_EQ(fault, "");
}

TEST_F(HangingEncoder, IsNotSuspectedWhenNobodyIsLetRunForSeconds) {
    const auto started = harness_->start_capture(request("obs_x264"));
    ASSERT_TRUE(started) << started.error().what;
    ASSERT_TRUE(harness_->record(1));
    const SystemClock clock;
    const MonoTime again = clock.now() + Duration::from_ms(4'000);
    harness_->capture().kill(SIGSTOP);
    ASSERT_TRUE(wait_until([&] { return clock.now() >= again; }));
    harness_->capture().kill(SIGCONT);
    ASSERT_TRUE(harness_->record(3)) << harness_->capture_log();
    EXPECT_EQ(readable_packets(2), 0u) << "no other encoder was begun";
    EXPECT_GT(readable_packets(1), 90u);
}

}  // namespace
}  // namespace hindsight::test
