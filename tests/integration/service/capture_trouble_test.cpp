// What goes wrong with the recording is said in one sentence, and the recording goes on.

#include "hanging_encoders.hpp"
#include "service_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace hindsight::test {
namespace {

/// All sentences of `status.health`.
std::string health_of(Recorder& recorder) {
    const auto status = recorder.ctl({"status"});
    std::string text;
    if (status)
        for (const Json& item : (*status)["health"])
            text += item["text"].get<std::string>() + "\n";
    return text;
}

TEST(CaptureTrouble, ACodecThatNothingEncodesIsSaidAndH264Recorded) {
    const auto session = ServiceSession::start(1, "codec = \"hevc\"\n");
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    const auto status = recorder.ctl({"status"});
    ASSERT_TRUE(status) << status.error().what;
    EXPECT_EQ((*status)["codec"], "h264");
    EXPECT_THAT(
        health_of(recorder),
        testing::HasSubstr("No HEVC encoder works here, so H.264 is recorded."));
}

/// Saves what is in reach, waits for the file and looks at it. Seconds of it, 0 when anything is
/// wrong.
double saved_seconds(const ServiceSession& session) {
    const auto clip =
        session.recorder->ctl({"save", "--last", "60s", "--wait"}, milliseconds{60'000});
    EXPECT_TRUE(clip) << clip.error().what << session.recorder->logs();
    if (!clip || !session.is_sound((*clip)["path"].get<std::string>()))
        return 0;
    return (*clip)["duration_s"].get<double>();
}

TEST(CaptureTrouble, AnXServerThatDiesTakesNoFootageWithItAndIsComeBackTo) {
    const auto session = ServiceSession::start(4);
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    session->desktop->kill_x();
    const auto noticed = [&] {
        const auto status = recorder.ctl({"status"});
        return status && (*status)["state"] != "buffering";
    };
    ASSERT_TRUE(wait_until(noticed)) << recorder.logs();
    EXPECT_GT(saved_seconds(*session), 3.5) << "while there is no display";
    const auto files = session->files(".mp4");
    ASSERT_EQ(files.size(), 1u);

    const auto again = session->desktop->start_x();
    ASSERT_TRUE(again) << again.error().what;
    ASSERT_TRUE(recorder.wait_for_state("buffering")) << recorder.logs();
    ASSERT_TRUE(recorder.wait_for_footage(6)) << recorder.logs();
    EXPECT_GT(saved_seconds(*session), 5.0) << "footage from before and after";
    EXPECT_TRUE(session->is_sound(files.front())) << "what was saved is as it was";
}

TEST(CaptureTrouble, AnEncoderThatIsChosenAndDoesNotWorkIsSaidAndAnotherRecords) {
    const auto session = ServiceSession::start(1, "encoder = \"test_nobody_knows\"\n");
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    EXPECT_THAT(
        health_of(recorder),
        testing::HasSubstr("The encoder test_nobody_knows does not work (libobs does not have it "
                           "here); obs_x264 records instead."));
    ASSERT_TRUE(recorder.ctl({"config", "set", "recording.encoder", "auto"}));
    EXPECT_TRUE(wait_until([&] {
        const auto status = recorder.ctl({"status"});
        return status && (*status)["encoder"] == "obs_x264" && (*status)["health"].empty();
    })) << health_of(recorder);
}

/// Records over an encoder that never returns, and tells how many seconds are missing.
void record_over_a_hang(double& hole) {
    const auto session = ServiceSession::start(
        1,
        std::string{"encoder = \""} + kHangingEncoder + "\"\n",
        with_hanging_encoders(HINDSIGHT_HANGING_ENCODERS));
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    const bool replaced = wait_until([&] {
        const auto status = recorder.ctl({"status"});
        return status && (*status)["state"] == "buffering" && (*status)["encoder"] == "obs_x264";
    });
    ASSERT_TRUE(replaced) << recorder.logs();
    EXPECT_THAT(
        health_of(recorder),
        testing::HasSubstr(
            std::string{"The encoder "} + kHangingEncoder + " hung; obs_x264 goes on."));
    ASSERT_TRUE(recorder.wait_for_footage(6)) << recorder.logs();
    const auto clip = recorder.ctl({"save", "--last", "60s", "--wait"}, milliseconds{60'000});
    ASSERT_TRUE(clip) << clip.error().what << recorder.logs();
    EXPECT_TRUE(session->is_sound((*clip)["path"].get<std::string>()));
    // Two seconds that the encoder made, then the hole, then the other's footage.
    ASSERT_EQ((*clip)["gaps"].size(), 1U) << clip->dump();
    EXPECT_NEAR((*clip)["gaps"][0]["t_s"].get<double>(), 2.0, 0.1) << clip->dump();
    hole = (*clip)["gaps"][0]["duration_s"].get<double>();
}

TEST(CaptureTrouble, AnEncoderThatNeverReturnsIsReplacedAndNothingBeforeItIsLost) {
    // A new process, libobs and an encoder: on a machine that lets them wait, that is tried again.
    constexpr int kTakes = 3;
    constexpr double kMostMissing = 4.0;
    double hole = kMostMissing;
    for (int take = 0; take < kTakes && hole >= kMostMissing && !testing::Test::HasFailure();
         ++take)
        record_over_a_hang(hole);
    testing::Test::RecordProperty("hole_ms", static_cast<int>(hole * 1'000));
    EXPECT_LT(hole, kMostMissing);
}

TEST(CaptureTrouble, AnEncoderThatHangsWhenItIsTriedIsNamedAndTheOthersAreListed) {
    const auto session =
        ServiceSession::start(1, "", with_hanging_encoders(HINDSIGHT_HANGING_ENCODERS));
    ASSERT_TRUE(session) << session.error().what;
    const auto encoders = session->recorder->ctl({"encoders"}, milliseconds{60'000});
    ASSERT_TRUE(encoders) << encoders.error().what << session->recorder->logs();
    std::map<std::string, Json> found;
    for (const Json& encoder : *encoders)
        found[encoder["id"].get<std::string>()] = encoder;
    EXPECT_EQ(found["obs_x264"]["works"], true) << encoders->dump();
    EXPECT_EQ(found[kHangingInCreateEncoder]["works"], false) << encoders->dump();
    EXPECT_EQ(found[kHangingInCreateEncoder]["reason"], "it hung when it was tried");
}

TEST(QualityPreset, DecidesWhatIsRecordedAndItsMinuteIsMeasured) {
    const auto session = ServiceSession::start(1, "quality_preset = \"720p30\"\n");
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    const auto status = recorder.ctl({"status"});
    ASSERT_TRUE(status) << status.error().what;
    EXPECT_EQ((*status)["height"], 720);
    EXPECT_EQ((*status)["fps"], 30);
    Json presets;
    const bool measured = wait_until([&] {
        presets = recorder.ctl({"config", "presets"}).value_or(Json::array());
        return !presets.empty() && presets[0]["basis"] == "measured";
    });
    EXPECT_TRUE(measured) << presets.dump();
    EXPECT_GT(presets[0]["bytes_per_minute"].get<double>(), 0) << presets.dump();
    EXPECT_EQ(presets[1]["basis"], "typical");
}

}  // namespace
}  // namespace hindsight::test
