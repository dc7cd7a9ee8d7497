// Whoever is killed, the footage is still there.

#include "service_session.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

TEST(Recovery, KilledCaptureComesBackAndASaveReachesTheFootageBefore) {
    const auto session = ServiceSession::start(4);
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    const auto before = recorder.children("hindsight-capture");
    ASSERT_EQ(before.size(), 1U);
    const auto killed = std::chrono::steady_clock::now();
    ASSERT_EQ(::kill(before.front(), SIGKILL), 0);
    const auto back = [&] {
        const auto now = recorder.children("hindsight-capture");
        return now.size() == 1 && now != before;
    };
    ASSERT_TRUE(wait_until(back)) << recorder.logs();
    // What is promised to the player, so it is measured.
    EXPECT_LE(std::chrono::steady_clock::now() - killed, std::chrono::seconds{3});
    ASSERT_TRUE(recorder.wait_for_state("buffering")) << recorder.logs();
    const auto clip = recorder.ctl({"save", "--last", "30s", "--wait"}, milliseconds{60'000});
    ASSERT_TRUE(clip) << clip.error().what << recorder.logs();
    EXPECT_GT((*clip)["duration_s"].get<double>(), 3.5) << clip->dump();
    EXPECT_TRUE((*clip)["short"].get<bool>());
    EXPECT_TRUE(session->is_sound((*clip)["path"].get<std::string>()));
}

TEST(Recovery, ACaptureThatHangsIsReplacedAndThatIsSaid) {
    const auto session = ServiceSession::start(4);
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    const auto before = recorder.children("hindsight-capture");
    ASSERT_EQ(before.size(), 1U);
    ASSERT_EQ(::kill(before.front(), SIGSTOP), 0);
    const auto replaced = [&] {
        const auto now = recorder.children("hindsight-capture");
        return now.size() == 1 && now != before;
    };
    ASSERT_TRUE(wait_until(replaced, milliseconds{60'000})) << recorder.logs();
    ASSERT_TRUE(recorder.wait_for_state("buffering")) << recorder.logs();
    const auto status = recorder.ctl({"status"});
    ASSERT_TRUE(status) << status.error().what;
    EXPECT_NE((*status)["health"].dump().find("did not answer any more"), std::string::npos)
        << (*status)["health"].dump();
    const auto clip = recorder.ctl({"save", "--last", "60s", "--wait"}, milliseconds{60'000});
    ASSERT_TRUE(clip) << clip.error().what << recorder.logs();
    EXPECT_GT((*clip)["duration_s"].get<double>(), 3.5) << clip->dump();
    EXPECT_TRUE(session->is_sound((*clip)["path"].get<std::string>()));
}

TEST(Recovery, APressWhileCaptureStartsAgainSavesWhatWasBeforeAndWhatComesAfter) {
    const auto session = ServiceSession::start(6);
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    const auto before = recorder.children("hindsight-capture");
    ASSERT_EQ(before.size(), 1U);
    ASSERT_EQ(::kill(before.front(), SIGKILL), 0);
    std::vector<pid_t> again;
    ASSERT_TRUE(wait_until([&] {
        again = recorder.children("hindsight-capture");
        return again.size() == 1 && again != before;
    }));
    // Held in its start, so that the press is sure to fall into it.
    ASSERT_EQ(::kill(again.front(), SIGSTOP), 0);
    ASSERT_TRUE(recorder.wait_for_state("starting"));
    const auto asked = recorder.ctl({"save", "--last", "5s", "--delay", "10s"});
    ASSERT_EQ(::kill(again.front(), SIGCONT), 0);
    ASSERT_TRUE(asked) << asked.error().what << recorder.logs();
    Result<Json> clips = Json{};
    const auto saved = [&] {
        clips = recorder.ctl({"list"});
        return clips && clips->size() == 1;
    };
    ASSERT_TRUE(wait_until(saved, milliseconds{60'000})) << recorder.logs();
    const Json clip = clips->front();
    // From 5 s before the press, of which the last moments are missing, to 10 s after it.
    EXPECT_NEAR(clip["duration_s"].get<double>(), 15, 0.2) << clip.dump();
    ASSERT_EQ(clip["gaps"].size(), 1U) << clip.dump();
    const double hole = clip["gaps"][0]["t_s"].get<double>();
    const double length = clip["gaps"][0]["duration_s"].get<double>();
    EXPECT_GT(hole, 0.0) << clip.dump();
    EXPECT_LT(hole, 5.0) << clip.dump();
    EXPECT_LT(hole + length, 14.0) << "the footage after the restart is missing: " << clip.dump();
    EXPECT_TRUE(session->is_sound(clip["path"].get<std::string>()));
}

TEST(Recovery, KilledServiceFindsTheFootageBeforeAndGoesOn) {
    const auto session = ServiceSession::start(4);
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    recorder.service().kill(SIGKILL);
    ASSERT_TRUE(recorder.service().wait());
    ASSERT_TRUE(recorder.restart());
    ASSERT_TRUE(recorder.wait_for_state("buffering")) << recorder.logs();
    const auto status = recorder.ctl({"status"});
    ASSERT_TRUE(status);
    EXPECT_EQ((*status)["recovered"].size(), 1U) << status->dump();
    const auto clip = recorder.ctl({"save", "--last", "30s", "--wait"}, milliseconds{60'000});
    ASSERT_TRUE(clip) << clip.error().what << recorder.logs();
    EXPECT_GT((*clip)["duration_s"].get<double>(), 3.5) << clip->dump();
    EXPECT_TRUE(session->is_sound((*clip)["path"].get<std::string>()));
}

TEST(Recovery, TheDoctorDoesNotEndAServiceThatHoldsFootage) {
    const auto session = ServiceSession::start(2);
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    recorder.service().kill(SIGKILL);
    ASSERT_TRUE(recorder.service().wait());
    const auto found = session->desktop->run_program(
        "hindsightctl", {"doctor"}, milliseconds{60'000});  // starts the service for that
    ASSERT_TRUE(found) << found.error().what;
    const auto status = recorder.ctl({"status"});
    ASSERT_TRUE(status) << status.error().what;
    EXPECT_EQ((*status)["recovered"].size(), 1U) << status->dump() << recorder.logs();
    EXPECT_TRUE(recorder.ctl({"quit"}));
}

/// The stage that the note of the unfinished save tells; empty when there is none.
std::string unfinished_stage(const ServiceSession& session) {
    std::error_code error;
    const fs::path pins = session.desktop->runtime() / "hindsight/pins";
    for (const auto& entry : fs::directory_iterator{pins, error}) {
        const Json note = Json::parse(
            read_text(entry.path() / "request.json"), nullptr, /*allow_exceptions=*/false);
        if (note.is_object())
            return note.value("stage", "");
    }
    return {};
}

/// Asks for a save and kills the service in that stage of it; false when the save was faster.
bool kill_in_stage(const ServiceSession& session, const std::string& stage) {
    Recorder& recorder = *session.recorder;
    const auto asked = recorder.ctl({"save", "--last", "2s", "--delay", "1s"});
    EXPECT_TRUE(asked) << asked.error().what;
    std::string now = unfinished_stage(session);
    while (now != stage && !now.empty())
        now = unfinished_stage(session);
    recorder.service().kill(SIGKILL);
    EXPECT_TRUE(recorder.service().wait());
    return unfinished_stage(session) == stage;
}

/// Killed in a stage of its save: the next service completes it, once.
void is_completed_after_a_kill(const std::string& stage) {
    constexpr std::size_t kTries = 10;
    const auto session = ServiceSession::start(3, "[actions]\nkeep = true\n");
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    bool in_time = false;
    std::size_t saves = 0;
    while (!in_time && saves < kTries) {
        in_time = kill_in_stage(*session, stage);
        ++saves;
        ASSERT_TRUE(recorder.restart());
        const auto completed = [&] {
            const auto list = recorder.ctl({"list"});
            const auto status = recorder.ctl({"status"});
            return list && list->size() == saves && status && (*status)["exports"].empty();
        };
        ASSERT_TRUE(wait_until(completed, milliseconds{40'000})) << recorder.logs();
        ASSERT_TRUE(recorder.wait_for_state("buffering")) << recorder.logs();
    }
    EXPECT_TRUE(in_time) << "every save was through this stage before the service was killed";
    const auto clips = session->files(".mp4");
    EXPECT_EQ(clips.size(), saves);
    for (const fs::path& clip : clips)
        EXPECT_TRUE(session->is_sound(clip)) << clip;
    EXPECT_TRUE(session->files(".part").empty());
    EXPECT_TRUE(fs::is_empty(session->desktop->runtime() / "hindsight/pins"));
}

TEST(Recovery, ASaveThatWaitsForItsEndIsCompletedByTheNextService) {
    is_completed_after_a_kill("waiting");
}

TEST(Recovery, ASaveThatIsBeingWrittenIsCompletedByTheNextService) {
    is_completed_after_a_kill("exporting");
}

TEST(Recovery, ASaveThatWaitsForItsActionsIsCompletedByTheNextService) {
    is_completed_after_a_kill("verified");
}

TEST(Recovery, TheFootageOfAClosedWindowStaysInReach) {
    const auto session = ServiceSession::start(0);
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    auto pattern = session->desktop->spawn_program(
        "hindsight-pattern", {"--size", "640x360", "--fps", "30", "--silent"});
    ASSERT_TRUE(pattern) << pattern.error().what;
    const auto window_of = [&]() -> std::string {
        const auto sources = recorder.ctl({"sources"});
        if (sources)
            for (const Json& source : *sources)
                if (source.value("kind", "") == "window")
                    return source.value("source", "");
        return {};
    };
    std::string window;
    ASSERT_TRUE(wait_until([&] { return !(window = window_of()).empty(); })) << recorder.logs();
    const auto started = recorder.ctl({"start", window});
    ASSERT_TRUE(started) << started.error().what << recorder.logs();
    ASSERT_TRUE(recorder.wait_for_footage(3));
    pattern->kill(SIGTERM);
    ASSERT_TRUE(recorder.wait_for_state("idle")) << recorder.logs();
    const auto clip = recorder.ctl({"save", "--last", "2s", "--wait"}, milliseconds{60'000});
    ASSERT_TRUE(clip) << clip.error().what << recorder.logs();
    EXPECT_GT((*clip)["duration_s"].get<double>(), 1.5) << clip->dump();
    EXPECT_TRUE(session->is_sound((*clip)["path"].get<std::string>()));
}

/// Records again after a pause that was longer than the memory is kept.
void pause_until_all_is_forgotten(Recorder& recorder) {
    ASSERT_TRUE(recorder.ctl({"pause"}));
    ASSERT_TRUE(wait_until([&] {
        const auto status = recorder.ctl({"status"});
        return status && (*status)["ring"]["buffered_s"] == 0.0;
    })) << recorder.logs();
    ASSERT_TRUE(recorder.ctl({"pause", "off"}));
}

TEST(Recovery, AfterALongPauseAKilledCaptureTakesNoFootageWithIt) {
    const auto session = ServiceSession::start(1, "keep_minutes = 0\n");
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    pause_until_all_is_forgotten(recorder);
    ASSERT_TRUE(recorder.wait_for_footage(4)) << recorder.logs();
    const auto before = recorder.children("hindsight-capture");
    ASSERT_EQ(before.size(), 1U);
    ASSERT_EQ(::kill(before.front(), SIGKILL), 0);
    ASSERT_TRUE(wait_until([&] {
        const auto now = recorder.children("hindsight-capture");
        return now.size() == 1 && now != before;
    })) << recorder.logs();
    const auto clip = recorder.ctl({"save", "--last", "30s", "--wait"}, milliseconds{60'000});
    ASSERT_TRUE(clip) << clip.error().what << recorder.logs();
    EXPECT_GT((*clip)["duration_s"].get<double>(), 3.5) << clip->dump();
}

TEST(Recovery, ASessionOutlastsALongPause) {
    const auto session = ServiceSession::start(1, "keep_minutes = 0\n");
    ASSERT_TRUE(session) << session.error().what;
    Recorder& recorder = *session->recorder;
    ASSERT_TRUE(recorder.ctl({"record", "start"}));
    const auto grows_to = [&](double seconds) {
        return wait_until(
            [&] {
                const auto status = recorder.ctl({"status"});
                return status && (*status)["session"]["active"] == true &&
                       (*status)["session"]["duration_s"] >= seconds;
            },
            milliseconds{60'000});
    };
    ASSERT_TRUE(grows_to(3)) << recorder.logs();
    pause_until_all_is_forgotten(recorder);
    ASSERT_TRUE(grows_to(6)) << recorder.logs();
    const auto clip = recorder.ctl({"record", "stop", "--wait"}, milliseconds{90'000});
    ASSERT_TRUE(clip) << clip.error().what << recorder.logs();
    EXPECT_GE((*clip)["gaps"].size(), 1U) << clip->dump();
    EXPECT_TRUE(session->is_sound((*clip)["path"].get<std::string>()));
}

TEST(Recovery, ACleanStopLeavesNothingInMemory) {
    const auto session = ServiceSession::start(2);
    ASSERT_TRUE(session) << session.error().what;
    const fs::path home = session->desktop->runtime() / "hindsight";
    ASSERT_FALSE(fs::is_empty(home / "ring"));
    session->recorder->service().kill(SIGTERM);
    const auto status = session->recorder->service().wait();
    ASSERT_TRUE(status);
    EXPECT_TRUE(status->success()) << session->recorder->logs();
    for (const auto& entry : fs::recursive_directory_iterator{home})
        EXPECT_EQ(entry.path().filename(), "lock") << entry.path();
}

TEST(Recovery, ASecondServiceLeavesTheFirstAlone) {
    const auto session = ServiceSession::start(2);
    ASSERT_TRUE(session) << session.error().what;
    const auto second = session->desktop->run_program("hindsightd");
    ASSERT_TRUE(second) << second.error().what;
    EXPECT_EQ(second->status.code, 1);
    EXPECT_NE(second->err.find("already running"), std::string::npos) << second->err;
    const auto clip = session->recorder->ctl({"save", "--last", "1s", "--wait=video"});
    EXPECT_TRUE(clip) << clip.error().what;
}

TEST(Recovery, ABrokenSettingsFileIsSaidAndLeftAsItIs) {
    const auto session = ServiceSession::start(0, "nonsense = 3\n");
    ASSERT_TRUE(session) << session.error().what;
    const auto status = session->recorder->ctl({"status"});
    ASSERT_TRUE(status) << status.error().what;
    ASSERT_FALSE((*status)["health"].empty());
    const std::string text = (*status)["health"][0]["text"].get<std::string>();
    EXPECT_NE(text.find("config.toml:8"), std::string::npos) << text;
    EXPECT_NE(text.find("nonsense"), std::string::npos) << text;
    EXPECT_EQ(
        read_text(session->desktop->home() / ".config/hindsight/config.toml"),
        std::string{kSmallAndFast} + "nonsense = 3\n");
}

}  // namespace
}  // namespace hindsight::test
