// The session bus as others see it: activation, and a client that we did not generate.

#include "recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace hindsight::test {
namespace {

using testing::HasSubstr;

constexpr const char* kName = "io.github.hindsight.Hindsight";
constexpr const char* kObject = "/io/github/hindsight/Hindsight";
constexpr const char* kConfig = R"(
[recording]
start = "manual"
fps = 30
preset = "ultrafast"
[overlay]
on_save = "off"
)";

std::vector<std::string> busctl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"busctl", "--user"});
    return arguments;
}

TEST(Bus, StartsTheServiceWhenSomebodyAsksForIt) {
    const auto desktop = DesktopSession::start(
        {.sound = false, .activation = HINDSIGHT_TEST_SHARE_DIR "/dbus-1/services"});
    ASSERT_TRUE(desktop) << desktop.error().what;
    DesktopSession& session = **desktop;
    const auto list = session.run_program("hindsightctl", {"list", "--json"});
    ASSERT_TRUE(list) << list.error().what;
    EXPECT_TRUE(list->status.success()) << list->err;
    const auto status = session.run_program("hindsightctl", {"status", "--json"});
    ASSERT_TRUE(status);
    EXPECT_THAT(status->out, HasSubstr("\"state\""));
}

TEST(Bus, StatusNeverStartsTheService) {
    const auto desktop = DesktopSession::start(
        {.sound = false, .activation = HINDSIGHT_TEST_SHARE_DIR "/dbus-1/services"});
    ASSERT_TRUE(desktop) << desktop.error().what;
    const auto status = (*desktop)->run_program("hindsightctl", {"status"});
    ASSERT_TRUE(status);
    EXPECT_EQ(status->status.code, 1);
    EXPECT_THAT(status->err, HasSubstr("not running"));
    const auto again = (*desktop)->run_program("hindsightctl", {"status"});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->status.code, 1);
}

TEST(Bus, LetsAClientThatWeDidNotGenerateSaveAClipAndWatch) {
    const auto desktop = DesktopSession::start({});
    ASSERT_TRUE(desktop) << desktop.error().what;
    DesktopSession& session = **desktop;
    const auto recorder = Recorder::start(session, kConfig);
    ASSERT_TRUE(recorder) << recorder.error().what;

    auto monitor = session.spawn(busctl({"monitor", "--json=short", kName}), {}, "systemd");
    ASSERT_TRUE(monitor) << monitor.error().what;
    const auto started = session.run(busctl(
        {"call",
         kName,
         kObject,
         "io.github.hindsight.Recorder1",
         "Start",
         "a{sv}",
         "1",
         "source",
         "s",
         "screen"}));
    ASSERT_TRUE(started) << started.error().what;
    EXPECT_TRUE(started->status.success()) << started->err;
    const auto footage = (*recorder)->wait_for_footage(2);
    ASSERT_TRUE(footage) << footage.error().what << (*recorder)->logs();

    const auto saved = session.run(busctl(
        {"call",
         kName,
         kObject,
         "io.github.hindsight.Recorder1",
         "Save",
         "a{sv}",
         "1",
         "last_s",
         "d",
         "1"}));
    ASSERT_TRUE(saved) << saved.error().what;
    EXPECT_TRUE(saved->status.success()) << saved->err;
    const auto told = [&] {
        const std::string seen = monitor->out();
        return seen.find("\"SaveVerified\"") != std::string::npos &&
               seen.find("\"ClipAdded\"") != std::string::npos;
    };
    EXPECT_TRUE(wait_until(told)) << monitor->out() << monitor->err() << (*recorder)->logs();
    const auto list = (*recorder)->ctl({"list"});
    ASSERT_TRUE(list) << list.error().what;
    EXPECT_EQ(list->size(), 1U);
}

TEST(Bus, ALockedScreenPausesTheRecordingAndAnUnlockedOneGoesOn) {
    const auto desktop = DesktopSession::start({.sound = false});
    ASSERT_TRUE(desktop) << desktop.error().what;
    DesktopSession& session = **desktop;
    const auto recorder = Recorder::start(session, kConfig);
    ASSERT_TRUE(recorder) << recorder.error().what;
    ASSERT_TRUE((*recorder)->ctl({"start", "screen"}));
    const auto footage = (*recorder)->wait_for_footage(1);
    ASSERT_TRUE(footage) << footage.error().what << (*recorder)->logs();
    const auto tell = [&](const std::string& active) {
        const auto told = session.run(
            {"gdbus",
             "emit",
             "--session",
             "--object-path",
             "/org/freedesktop/ScreenSaver",
             "--signal",
             "org.freedesktop.ScreenSaver.ActiveChanged",
             active},
            kPatience,
            {},
            "libglib2.0-bin");
        EXPECT_TRUE(told && told->status.success());
    };
    tell("true");
    const auto paused = (*recorder)->wait_for_state("paused");
    ASSERT_TRUE(paused) << paused.error().what;
    const auto status = (*recorder)->ctl({"status"});
    ASSERT_TRUE(status) << status.error().what;
    EXPECT_EQ((*status)["paused_by"], "lock");
    EXPECT_GE((*status)["ring"]["buffered_s"].get<double>(), 1.0) << "what was recorded stays";
    EXPECT_TRUE((*recorder)->ctl({"save", "--last", "1s", "--wait=video"}));
    tell("false");
    const auto going_on = (*recorder)->wait_for_state("buffering");
    EXPECT_TRUE(going_on) << going_on.error().what;
}

}  // namespace
}  // namespace hindsight::test
