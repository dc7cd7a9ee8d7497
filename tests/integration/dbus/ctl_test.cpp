// hindsightctl as a shell sees it, against the test service on a bus of its own.
#include "session.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace hindsight::test {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
namespace fs = std::filesystem;

class Ctl : public BusTest {
protected:
    /// What a verb prints with --json; its exit code must be `code`.
    Json json(std::vector<std::string> arguments, int code = 0) {
        arguments.emplace_back("--json");
        const Output output = ctl(std::move(arguments));
        EXPECT_EQ(output.status.code, code) << output.err;
        Json value = Json::parse(output.out, nullptr, false);
        EXPECT_FALSE(value.is_discarded()) << output.out;
        return value;
    }
};

TEST_F(Ctl, StatusNeverStartsTheService) {
    begin(true);
    const Output output = ctl({"status"});
    EXPECT_EQ(output.status.code, 1);
    EXPECT_EQ(output.out, "");
    EXPECT_EQ(output.err, "Hindsight is not running.\n");
    EXPECT_EQ(json({"status"}, 1), Json({{"state", "not_running"}}));
    EXPECT_EQ(ctl({"stop"}).status.code, 0);
    EXPECT_EQ(ctl({"quit"}).status.code, 0);
    EXPECT_EQ(ctl({"config", "list"}).status.code, 0);
    EXPECT_FALSE(service_on_bus());
}

TEST_F(Ctl, EveryOtherVerbBringsTheServiceUpThroughTheBus) {
    begin(true);
    EXPECT_EQ(ctl({"list"}).status.code, 0);
    EXPECT_TRUE(service_on_bus());
    const Json status = json({"status"});
    EXPECT_EQ(status["state"], "buffering");
    EXPECT_EQ(status["ring"]["limit_bytes"], 536'870'912);
    EXPECT_EQ(status["exports"][0]["progress"], 0.43);
    EXPECT_THAT(ctl({"status"}).out, HasSubstr("88 s of 120 s"));
}

TEST_F(Ctl, EveryVerbOfTheRecorderPrintsOneObject) {
    begin(true);
    EXPECT_EQ(json({"stop"}), Json({{"state", "not_running"}}));
    EXPECT_EQ(json({"quit"}), Json({{"state", "not_running"}}));
    EXPECT_FALSE(service_on_bus());
    EXPECT_EQ(json({"pause"})["source"], "paused");
    EXPECT_EQ(json({"mute"})["microphone"], "muted");
    EXPECT_EQ(json({"mute", "off"})["microphone"], "on");
    EXPECT_EQ(json({"stop"})["source"], "stopped");
    EXPECT_EQ(json({"mark", "door"}), Json({{"marked", "door"}}));
    EXPECT_EQ(json({"screenshot"}), Json({{"path", "/tmp/Doom.png"}}));
    EXPECT_EQ(json({"quit"}), Json({{"state", "not_running"}}));
}

TEST_F(Ctl, StatusSaysInWordsWhetherTheMicrophoneIsHeard) {
    begin(true);
    start_service();
    EXPECT_THAT(ctl({"status"}).out, HasSubstr("microphone  silent until the talk key is held\n"));
    EXPECT_EQ(ctl({"mute", "on"}).out, "The microphone is muted.\n");
    EXPECT_THAT(ctl({"status"}).out, HasSubstr("microphone  muted\n"));
    EXPECT_EQ(ctl({"mute", "perhaps"}).status.code, 2);
}

TEST_F(Ctl, QuitReturnsWhenTheServiceIsGone) {
    begin(false, {{"TEST_SERVICE_ENDS_SLOWLY", "1"}});
    start_service();
    const Output output = ctl({"quit"});
    EXPECT_EQ(output.status.code, 0) << output.err;
    EXPECT_FALSE(service_on_bus());
}

TEST_F(Ctl, StartsTheServiceBesideItselfWhereTheBusCannot) {
    begin(false);
    const fs::path folder = session_->root() / "programs";
    fs::create_directories(folder);
    fs::copy_file(HINDSIGHT_CTL, folder / "hindsightctl");
    const Output alone = *session_->run({(folder / "hindsightctl").string(), "mark"});
    EXPECT_EQ(alone.status.code, 1);
    EXPECT_THAT(alone.err, HasSubstr("cannot be started"));

    fs::copy_file(service_program(), folder / "hindsightd");
    const Output both = *session_->run({(folder / "hindsightctl").string(), "mark"});
    EXPECT_EQ(both.status.code, 0) << both.err;
    EXPECT_TRUE(service_on_bus());
    EXPECT_EQ(ctl({"quit"}).status.code, 0);
    EXPECT_TRUE(wait_until([&] { return !service_on_bus(); }));
}

TEST_F(Ctl, WithoutABusSaysSo) {
    begin(false);
    const Output output = *session_->run(
        {HINDSIGHT_CTL, "save"},
        kPatience,
        {{"DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"}});
    EXPECT_EQ(output.status.code, 1);
    EXPECT_THAT(output.err, HasSubstr("no desktop message bus"));
}

TEST_F(Ctl, StartTellsTheServiceWhereTheDisplayIs) {
    begin(true);
    const Json status = json({"start", "window:0x123"});
    const Json options = Json::parse(status["source"].get<std::string>());
    EXPECT_EQ(options["source"], "window:0x123");
    EXPECT_EQ(options["display"], session_->display());
    EXPECT_FALSE(options.contains("wayland_display"));
}

TEST_F(Ctl, SaveWaitsForTheVideoOrForEverything) {
    begin(true);
    const Json begun = json({"save", "--last", "30s"});
    EXPECT_THAT(begun["request"].get<std::string>(), StartsWith("request-"));
    const Json video = json({"save", "--last", "1m30s", "--wait=video"});
    EXPECT_EQ(video["overlay"]["state"], "pending");
    const Json all = json({"save", "--wait", "--delay", "1.5", "--new-only"});
    EXPECT_EQ(all["overlay"]["state"], "done");
    EXPECT_EQ(all["short"], true);
    EXPECT_EQ(all["duration_s"], 29.97);
    EXPECT_THAT(ctl({"save", "--wait"}).out, HasSubstr("/videos/clip-request-4.mp4\n0:30, less"));
}

TEST_F(Ctl, SaveMissesNoSignalThatComesBeforeTheAnswer) {
    begin(true);
    EXPECT_EQ(json({"save", "--title", "early", "--wait"})["overlay"]["state"], "done");
}

TEST_F(Ctl, AFailedSaveSaysWhyAndHowToRetry) {
    begin(true);
    const Output output = ctl({"save", "--title", "fail", "--wait"});
    EXPECT_EQ(output.status.code, 1);
    EXPECT_EQ(
        output.err,
        "The disk is full; 30 s are safe in memory. To retry: hindsightctl retry "
        "request-1.\n");
    const Json failed = json({"save", "--title", "fail", "--wait"}, 1);
    EXPECT_EQ(failed["code"], "no_space");
    EXPECT_EQ(failed["can_be_retried"], true);
    const Json saved =
        json({"retry", failed["request"].get<std::string>(), "--to", "elsewhere", "--wait"});
    EXPECT_EQ(saved["folder"], (session_->home() / "elsewhere").string());

    const Output lost = ctl({"save", "--title", "lose", "--wait"});
    EXPECT_EQ(lost.status.code, 1);
    EXPECT_EQ(lost.err, "There is no picture of these seconds.\n") << "nothing to retry";
    EXPECT_EQ(json({"save", "--title", "lose", "--wait"}, 1)["can_be_retried"], false);

    const Output refused = ctl({"save", "--title", "refuse"});
    EXPECT_EQ(refused.status.code, 1);
    EXPECT_EQ(refused.err, "Nothing is recorded.\n");
    EXPECT_EQ(ctl({"retry", "unknown"}).err, "There is no such request.\n");
    EXPECT_EQ(json({"discard", "request-1"}), Json({{"discarded", "request-1"}}));
    EXPECT_EQ(json({"status"})["source"], "discarded request-1");
    EXPECT_EQ(ctl({"discard", "unknown"}).status.code, 1);
}

TEST_F(Ctl, ASaveOutlivesACrashOfTheService) {
    begin(true);
    const Json saved = json({"save", "--title", "crash", "--wait"});
    EXPECT_EQ(saved["id"], "clip-request-1");
    const Output lost = ctl({"save", "--title", "crash at once", "--wait"});
    EXPECT_EQ(lost.status.code, 1);
    EXPECT_EQ(lost.err, "Hindsight ended before it answered; try again.\n");
}

TEST_F(Ctl, TheLibraryIsAskedPageByPage) {
    begin(true);
    EXPECT_EQ(json({"list"}).size(), 2U);
    EXPECT_EQ(json({"list", "--game", "many"}).size(), 100U);
    const Json all = json({"list", "--game", "many", "--limit", "0"});
    ASSERT_EQ(all.size(), 1'200U);
    EXPECT_EQ(all.back()["id"], "clip-1199");
    EXPECT_EQ(json({"list", "--game", "many", "--limit", "501"}).size(), 501U);
    EXPECT_THAT(ctl({"list"}).out, HasSubstr("2026-11-20 14:32  0:30    71 MB"));
}

TEST_F(Ctl, ChangesClips) {
    begin(true);
    EXPECT_EQ(json({"rename", "clip", "New"})["title"], "New");
    EXPECT_EQ(json({"favorite", "clip"})["favorite"], true);
    EXPECT_EQ(json({"favorite", "clip", "off"})["favorite"], false);
    EXPECT_EQ(json({"tag", "clip", "a", "b", "--remove", "old"})["tags"], Json({"a", "b"}));
    EXPECT_EQ(json({"tag", "clip", "c", "--clear"})["tags"], Json({"c"}));
    EXPECT_EQ(json({"delete", "clip"}), Json({{"deleted", {"clip-0"}}}));
    const Output unknown = ctl({"delete", "clip", "nope"});
    EXPECT_EQ(unknown.status.code, 1);
    EXPECT_EQ(unknown.out, "") << "nothing is deleted when one of several is unknown";
    EXPECT_EQ(unknown.err, "There is no clip with this id.\n");
    EXPECT_THAT(ctl({"show", "clip"}).out, HasSubstr("event     1.50 s  kill Imp"));
}

TEST_F(Ctl, OverlayWaitsForItsJob) {
    begin(true);
    const Json done = json({"overlay", "clip", "--output", "/x/y.mp4", "--wait"});
    EXPECT_EQ(done["path"], "/x/y.mp4");
    const Output broken = ctl({"overlay", "broken", "--wait"});
    EXPECT_EQ(broken.status.code, 1);
    EXPECT_EQ(broken.err, "The clip cannot be read.\n");
    EXPECT_EQ(json({"overlay", "clip"})["job"], "job-1");
}

TEST_F(Ctl, SourcesAndEncodersAreTables) {
    begin(true);
    EXPECT_EQ(
        ctl({"sources"}).out, "SOURCE    SIZE      GAME  TITLE\nwindow:7  1280x800        Doom\n");
    EXPECT_THAT(ctl({"encoders"}).out, HasSubstr("obs_x264  h264   software  works"));
    EXPECT_EQ(json({"sources"})[0]["source"], "window:7");
}

TEST_F(Ctl, ConfigGoesThroughARunningServiceAndIntoTheFileOtherwise) {
    begin(true);
    EXPECT_EQ(json({"config", "set", "recording.fps", "30"})["value"], 30);
    EXPECT_FALSE(service_on_bus());
    EXPECT_EQ(ctl({"config", "get", "recording.fps"}).out, "30\n");
    const Output wrong = ctl({"config", "set", "recording.fps", "x"});
    EXPECT_EQ(wrong.status.code, 1);
    EXPECT_THAT(wrong.err, HasSubstr("10 to 240"));
    EXPECT_THAT(ctl({"config", "get", "fps"}).err, HasSubstr("did you mean recording.fps?"));

    start_service();
    EXPECT_EQ(ctl({"config", "set", "clips.folder", "/data"}).status.code, 0);
    EXPECT_EQ(json({"status"})["source"], "clips.folder=/data");
}

TEST_F(Ctl, DoctorDoesNotEndAServiceThatFoundFootage) {
    begin(true);
    EXPECT_EQ(ctl({"doctor"}).status.code, 0);
    EXPECT_TRUE(service_on_bus());
}

TEST_F(Ctl, DoctorLeavesTheServiceAsItFoundIt) {
    begin(true, {{"TEST_SERVICE_EMPTY", "1"}});
    const Output output = ctl({"doctor"});
    EXPECT_EQ(output.status.code, 0) << output.out << output.err;
    EXPECT_THAT(output.out, HasSubstr("warn  sound     No sound server.\n"));
    EXPECT_THAT(output.out, HasSubstr("Start one."));
    EXPECT_TRUE(wait_until([&] { return !service_on_bus(); }));
    start_service();
    EXPECT_EQ(ctl({"doctor"}).status.code, 0);
    EXPECT_TRUE(service_on_bus());
}

TEST_F(Ctl, DoctorFailsOnWhatIsEssential) {
    begin(true, {{"TEST_SERVICE_BROKEN", "1"}});
    const Output output = ctl({"doctor"});
    EXPECT_EQ(output.status.code, 1);
    EXPECT_THAT(output.out, HasSubstr("FAIL  display"));
    EXPECT_THAT(output.out, HasSubstr("Log in."));
}

TEST_F(Ctl, DoctorSaysThatTheServiceCannotBeStarted) {
    begin(false);
    const fs::path folder = session_->root() / "programs";
    fs::create_directories(folder);
    fs::copy_file(HINDSIGHT_CTL, folder / "hindsightctl");
    const Output output = *session_->run({(folder / "hindsightctl").string(), "doctor"});
    EXPECT_EQ(output.status.code, 1);
    EXPECT_THAT(output.out, HasSubstr("FAIL  service   The Hindsight service cannot be"));
}

TEST_F(Ctl, WrongUsageIsExitTwoAndOneSentence) {
    begin(false);
    for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
             {},
             {"nonsense"},
             {"config"},
             {"save", "--last", "soon"},
             {"save", "--wait=never"},
             {"list", "--limit", "x"},
             {"list", "--since", "whenever"},
             {"show"},
             {"status", "extra"},
             {"overlay", "x", "--layout", "bogus"}}) {
        SCOPED_TRACE(testing::PrintToString(arguments));
        const Output output = ctl(arguments);
        EXPECT_EQ(output.status.code, 2);
        EXPECT_THAT(output.out, IsEmpty());
        EXPECT_EQ(std::count(output.err.begin(), output.err.end(), '\n'), 1) << output.err;
    }
    EXPECT_EQ(ctl({"--help"}).status.code, 0);
    EXPECT_THAT(ctl({"save", "--help"}).out, HasSubstr("--new-only"));
    EXPECT_THAT(ctl({"--version"}).out, StartsWith("hindsightctl "));
}

}  // namespace
}  // namespace hindsight::test
