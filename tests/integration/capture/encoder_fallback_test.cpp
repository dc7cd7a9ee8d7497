#include "desktop_session.hpp"
#include "fake_encoders.hpp"

#include <hindsight/obs/capture_session.hpp>

#include <gtest/gtest.h>

#include <cstdlib>

namespace hindsight::test {
namespace {

/// libobs runs inside the test, recording the screen without sound.
class EncoderFallback : public testing::Test {
protected:
    void SetUp() override {
        auto desktop = DesktopSession::start({.window_manager = false, .sound = false});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = *std::move(desktop);
        const char* temporary = std::getenv("TMPDIR");
        temporary_ = temporary != nullptr ? temporary : "/tmp";
        desktop_->enter();
        auto runtime = obs::ObsRuntime::start([] {}, Log{"obs"});
        ASSERT_TRUE(runtime) << runtime.error().what;
        runtime_ = *std::move(runtime);
        register_fake_encoders();
        auto ring = ring::RingWriter::create(
            {.folder = desktop_->runtime() / "ring", .limit_bytes = 64u << 20}, Log{"ring"});
        ASSERT_TRUE(ring) << ring.error().what;
        ring_ = *std::move(ring);
    }

    // The desktop's own folder for temporary files goes with it.
    void TearDown() override { ::setenv("TMPDIR", temporary_.c_str(), 1); }

    Result<std::unique_ptr<obs::CaptureSession>> start(std::vector<std::string> encoders) {
        ipc::StartCapture request;
        request.fps = 30;
        request.max_width = 640;
        request.max_height = 400;
        request.preset = "ultrafast";
        request.desktop_audio = false;
        request.picture = ipc::PicturePath::Direct;
        request.encoders = std::move(encoders);
        return obs::CaptureSession::start(
            *runtime_, request, *ring_, [] {}, Log{"capture"});
    }

    void expect_falls_through(const char* broken) {
        const auto session = start({broken, "obs_x264"});
        ASSERT_TRUE(session) << session.error().what;
        EXPECT_EQ((*session)->started().encoder, "obs_x264");
        EXPECT_EQ((*session)->started().epoch, 1u);
    }

    std::string temporary_;
    // Ended in the reverse order.
    std::unique_ptr<DesktopSession> desktop_;
    std::unique_ptr<obs::ObsRuntime> runtime_;
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

TEST_F(EncoderFallback, OneThatDiesLaterIsReplacedInANewEpoch) {
    const auto session = start({kDyingEncoder, "obs_x264"});
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ((*session)->started().encoder, kDyingEncoder);
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
}

TEST_F(EncoderFallback, WithNoneLeftItSaysTheLastReason) {
    const auto session = start({kFailingEncoder, kRefusingEncoder});
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().code, Errc::Unsupported);
    EXPECT_NE(session.error().what.find("no such device"), std::string::npos)
        << session.error().what;
}

}  // namespace
}  // namespace hindsight::test
