#include "fake_encoders.hpp"
#include "libobs_test.hpp"
#include "noise_screen.hpp"
#include "pattern/clip_reading.hpp"

#include <hindsight/mux/mp4_clip_writer.hpp>
#include <hindsight/obs/capture_session.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace hindsight::test {
namespace {

/// Records the screen without sound.
class EncoderFallback : public LibobsTest {
protected:
    void SetUp() override {
        LibobsTest::SetUp();
        if (HasFatalFailure())
            return;
        register_fake_encoders();
        auto ring = ring::RingWriter::create(
            {.folder = desktop_->runtime() / "ring", .limit_bytes = 64u << 20}, Log{"ring"});
        ASSERT_TRUE(ring) << ring.error().what;
        ring_ = *std::move(ring);
    }

    Result<std::unique_ptr<obs::CaptureSession>>
    start(std::vector<std::string> encoders, const std::string& codec = "h264") {
        ipc::StartCapture request = small_request();
        request.codec = codec;
        request.encoders = std::move(encoders);
        return start(request);
    }

    Result<std::unique_ptr<obs::CaptureSession>> start(const ipc::StartCapture& request) {
        return obs::CaptureSession::start(
            *runtime_,
            request,
            *ring_,
            {.wake = [] {},
             .stuck = [](const std::string& encoder) { ADD_FAILURE() << encoder << " is stuck"; }},
            Log{"capture"});
    }

    static ipc::StartCapture small_request() {
        ipc::StartCapture request;
        request.fps = 30;
        request.max_width = 640;
        request.max_height = 400;
        request.preset = "ultrafast";
        request.desktop_audio = false;
        request.picture = ipc::PicturePath::Direct;
        request.adapt = false;
        return request;
    }

    void expect_falls_through(const char* broken) {
        const auto session = start({broken, "obs_x264"});
        ASSERT_TRUE(session) << session.error().what;
        EXPECT_EQ((*session)->started().encoder, "obs_x264");
        EXPECT_EQ((*session)->started().epoch, 1u);
    }

    /// The broken encoder runs first, x264 takes over. What was recorded before is still there, and
    /// by the times of the packets no more than 3 s are missing.
    void expect_replaced(const char* broken) {
        const auto session = start({broken, "obs_x264"});
        ASSERT_TRUE(session) << session.error().what;
        EXPECT_EQ((*session)->started().encoder, broken);
        auto care = obs::CaptureSession::Care::Fine;
        const bool restarted = wait_until([&] {
            const auto tended = (*session)->tend();
            EXPECT_TRUE(tended) << tended.error().what;
            care = tended.value_or(obs::CaptureSession::Care::Restarted);
            return care == obs::CaptureSession::Care::Restarted;
        });
        ASSERT_TRUE(restarted);
        EXPECT_EQ((*session)->started().encoder, "obs_x264");
        EXPECT_EQ((*session)->started().epoch, 2u);
        const Extent before = extent(1);
        const Extent after = extent(2);
        EXPECT_EQ(before.packets, 30u);
        EXPECT_GT(after.packets, 0u);
        EXPECT_LT((after.first - before.last).ms(), 3'000);
    }

    struct Extent {
        MonoTime first = MonoTime::max();
        MonoTime last = MonoTime::min();
        std::size_t packets = 0;
        std::size_t missed = 0;  ///< frames without a picture of their own

        void count_missed(int fps) {
            const auto frames = static_cast<std::size_t>((last - first).seconds() * fps + 1.5);
            missed += frames - std::min(frames, packets);
        }
    };

    [[nodiscard]] Extent extent(std::uint64_t epoch) const {
        Extent extent;
        for (const auto& file : ring::list_segments(desktop_->runtime() / "ring", "av")) {
            const auto reader = ring::SegmentReader::open(file);
            if (!reader || (*reader)->info().epoch != epoch)
                continue;
            extent.first = std::min(extent.first, (*reader)->info().first);
            extent.last = std::max(extent.last, (*reader)->info().last);
            while (const auto stored = (*reader)->next()) {
                ++extent.packets;
                extent.missed += stored->packet.missed ? 1 : 0;
            }
            EXPECT_FALSE((*reader)->damaged());
        }
        return extent;
    }

    std::unique_ptr<ring::RingWriter> ring_;
};

TEST_F(EncoderFallback, GoesOnWhenOneCannotBeCreated) {
    expect_falls_through(kRefusingEncoder);
}

TEST_F(EncoderFallback, GoesOnWhenOneFailsAtItsFirstPictures) {
    expect_falls_through(kFailingEncoder);
}

TEST_F(EncoderFallback, GoesOnWhenOneStaysSilent) {
    expect_falls_through(kSilentEncoder);
}

TEST_F(EncoderFallback, AnUnknownEncoderIsPassedOver) {
    expect_falls_through("test_nobody_knows");
}

TEST_F(EncoderFallback, OneThatFailsLaterIsReplacedWithinThreeSeconds) {
    expect_replaced(kDyingEncoder);
}

TEST_F(EncoderFallback, OneThatFallsSilentLaterIsReplacedWithinThreeSeconds) {
    expect_replaced(kMuteEncoder);
}

TEST_F(EncoderFallback, OnTheCanvasTheFramesOfTheOneBeforeStayCounted) {
    ipc::StartCapture request = small_request();
    request.picture = ipc::PicturePath::Canvas;
    request.encoders = {kDyingEncoder, "obs_x264"};
    const auto session = start(request);
    ASSERT_TRUE(session) << session.error().what;
    const bool replaced = wait_until([&] {
        const auto tended = (*session)->tend();
        EXPECT_TRUE(tended) << tended.error().what;
        return !tended || *tended == obs::CaptureSession::Care::Restarted;
    });
    ASSERT_TRUE(replaced);
    EXPECT_GE((*session)->status().captured, 30u);
}

TEST_F(EncoderFallback, OneThatStandsStillForASecondIsKept) {
    const auto session = start({kGaspingEncoder, "obs_x264"});
    ASSERT_TRUE(session) << session.error().what;
    // 30 packets before it stands still, the others after it.
    const bool went_on = wait_until([&] {
        const auto tended = (*session)->tend();
        EXPECT_TRUE(tended);
        EXPECT_EQ(
            tended.value_or(obs::CaptureSession::Care::Restarted), obs::CaptureSession::Care::Fine);
        return extent(1).packets > 60;
    });
    EXPECT_TRUE(went_on);
    EXPECT_EQ((*session)->started().encoder, kGaspingEncoder);
}

TEST_F(EncoderFallback, OneThatHoldsPicturesBackIsKeptAtTwoFramesASecond) {
    ipc::StartCapture request = small_request();
    request.fps = 2;
    request.encoders = {kHoldingEncoder, "obs_x264"};
    const auto session = start(request);
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ((*session)->started().encoder, kHoldingEncoder);
}

TEST_F(EncoderFallback, ACodecThatNothingEncodesGivesH264) {
    const auto session = start({}, "hevc");
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ((*session)->started().codec, "h264");
}

TEST_F(EncoderFallback, AnEncoderThatIsChosenAndFailsIsReplacedAndSaid) {
    ipc::StartCapture request = small_request();
    request.encoder = kRefusingEncoder;
    const auto session = start(request);
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ((*session)->started().codec, "h264");
    EXPECT_NE((*session)->started().encoder, kRefusingEncoder);
    const auto troubles = (*session)->status().troubles;
    ASSERT_EQ(troubles.size(), 1u);
    EXPECT_EQ(troubles[0].severity, "warning");
    EXPECT_NE(troubles[0].text.find("no such device"), std::string::npos) << troubles[0].text;
    EXPECT_NE(troubles[0].mend.find("recording.encoder"), std::string::npos) << troubles[0].mend;
}

TEST_F(EncoderFallback, AnEncoderThatIsChosenAndDiesIsReplacedByThoseOfItsCodec) {
    ipc::StartCapture request = small_request();
    request.encoder = kDyingEncoder;
    const auto session = start(request);
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ((*session)->started().encoder, kDyingEncoder);
    EXPECT_TRUE((*session)->status().troubles.empty());
    const bool replaced = wait_until([&] {
        const auto tended = (*session)->tend();
        EXPECT_TRUE(tended) << tended.error().what;
        return !tended || *tended == obs::CaptureSession::Care::Restarted;
    });
    ASSERT_TRUE(replaced);
    EXPECT_NE((*session)->started().encoder, kDyingEncoder);
    EXPECT_EQ((*session)->status().troubles.size(), 1u);
}

TEST_F(EncoderFallback, OneThatHungBeforeIsTriedLastButTried) {
    ipc::StartCapture request = small_request();
    request.encoders = {kSlowEncoder, "obs_x264"};
    request.avoid = {kSlowEncoder};
    const auto session = start(request);
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ((*session)->started().encoder, "obs_x264");
    EXPECT_EQ((*session)->status().troubles.size(), 1u);
    request.encoders = {kSlowEncoder};
    const auto alone = start(request);
    ASSERT_TRUE(alone) << alone.error().what;
    EXPECT_EQ((*alone)->started().encoder, kSlowEncoder);
}

TEST_F(EncoderFallback, WithNoneLeftItSaysTheLastReason) {
    const auto session = start({kFailingEncoder, kRefusingEncoder});
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().code, Errc::Unsupported);
    EXPECT_NE(session.error().what.find("no such device"), std::string::npos)
        << session.error().what;
}

TEST_F(EncoderFallback, AnEncoderSlowerThanRealTimeGetsWhatItCanDo) {
    ipc::StartCapture request = small_request();
    request.fps = 60;
    request.adapt = true;
    request.encoders = {kSlowEncoder};
    const auto session = start(request);
    ASSERT_TRUE(session) << session.error().what;
    const auto tend = [&] {
        const auto tended = (*session)->tend();
        EXPECT_TRUE(tended) << tended.error().what;
    };
    const bool stepped_down = wait_until([&] {
        tend();
        return (*session)->started().fps == 30;
    });
    ASSERT_TRUE(stepped_down);
    ASSERT_EQ((*session)->status().troubles.size(), 1u);
    EXPECT_NE((*session)->status().troubles[0].text.find("30 frames a second"), std::string::npos);
    const bool three_seconds_more = wait_until([&] {
        tend();
        return extent(2).packets > 90;
    });
    ASSERT_TRUE(three_seconds_more);
    // Before it, the ring says which frames were missed; since, none was for want of speed.
    Extent before = extent(1);
    Extent since = extent(2);
    before.count_missed(60);
    since.count_missed(30);
    EXPECT_GT(before.missed, 5u);
    EXPECT_LE(since.missed, 2u);
    EXPECT_EQ((*session)->started().epoch, 2u);
    EXPECT_LT((extent(2).first - extent(1).last).ms(), 3'000);
}

TEST_F(EncoderFallback, AFasterPresetGoesOnInTheSameClip) {
    ipc::StartCapture request = small_request();
    request.fps = 60;
    request.max_width = 960;
    request.max_height = 600;
    request.preset = "veryslow";
    request.adapt = true;
    request.encoders = {"obs_x264"};
    const auto session = start(request);
    ASSERT_TRUE(session) << session.error().what;
    NoiseScreen noise;
    std::int16_t y = 0;
    const bool stepped_down = wait_until([&] {
        for (int strip = 0; strip < 20; ++strip, y = static_cast<std::int16_t>((y + 40) % 800))
            noise.paint(y);
        const auto tended = (*session)->tend();
        return tended && *tended == obs::CaptureSession::Care::Restarted;
    });
    ASSERT_TRUE(stepped_down);
    EXPECT_EQ((*session)->started().fps, 60) << "the preset comes first";
    const bool more = wait_until([&] { return extent(2).packets > 60; });
    ASSERT_TRUE(more);
    WriteRequest clip;
    clip.segments = ring::list_segments(desktop_->runtime() / "ring", "av");
    clip.target = desktop_->root() / "clip.mp4";
    const auto files = make_mp4_clip_writer(Log{"mux"})->write(clip, {}, {});
    ASSERT_TRUE(files) << files.error().what;
    EXPECT_EQ(files->size(), 1u);
    // What the restart took is told.
    EXPECT_FALSE(files->front().gaps.empty() && files->front().missed_frames == 0);
    const auto reading = read_clip(files->front().path);
    ASSERT_TRUE(reading) << reading.error().what;
    EXPECT_GE(reading->frames.size(), files->front().frames.size());
}

}  // namespace
}  // namespace hindsight::test
