#include "desktop_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace hindsight::test {
namespace {

TEST(DesktopSession, ShowsAGameThatHasTheFocus) {
    const auto desktop = DesktopSession::start({});
    ASSERT_TRUE(desktop) << desktop.error().what;
    DesktopSession& session = **desktop;
    const auto game = session.start_doom();
    ASSERT_TRUE(game) << game.error().what;
    // Colours, not a black rectangle: the game draws.
    const std::string picture = (session.root() / "game.png").string();
    const auto drawn = [&] {
        if (!session.screenshot(picture))
            return false;
        const auto colours = session.run({"identify", "-format", "%k", picture});
        return colours && std::atoi(colours->out.c_str()) > 64;
    };
    EXPECT_TRUE(wait_until(drawn));
}

TEST(DesktopSession, HasATrayAndNotifications) {
    const auto desktop = DesktopSession::start({});
    ASSERT_TRUE(desktop) << desktop.error().what;
    const auto panel = (*desktop)->start_panel();
    EXPECT_TRUE(panel) << panel.error().what;
    const auto notifications = (*desktop)->start_notifications();
    EXPECT_TRUE(notifications) << notifications.error().what;
}

TEST(DesktopSession, BringsADeadDisplayBackUnderItsNumber) {
    const auto desktop = DesktopSession::start({.sound = false});
    ASSERT_TRUE(desktop) << desktop.error().what;
    DesktopSession& session = **desktop;
    const std::string before = session.display();
    session.kill_x();
    const auto dead = session.run({"xdpyinfo"});
    ASSERT_TRUE(dead);
    EXPECT_FALSE(dead->status.success());
    ASSERT_TRUE(session.start_x());
    EXPECT_EQ(session.display(), before);
    const auto alive = session.run({"xdpyinfo"});
    ASSERT_TRUE(alive);
    EXPECT_TRUE(alive->status.success()) << alive->err;
}

TEST(DesktopSession, LeavesNothingBehind) {
    std::filesystem::path root;
    std::filesystem::path runtime;
    {
        const auto desktop = DesktopSession::start({.window_manager = false, .sound = false});
        ASSERT_TRUE(desktop) << desktop.error().what;
        root = (*desktop)->root();
        runtime = (*desktop)->runtime();
        EXPECT_TRUE(std::filesystem::exists(runtime));
    }
    EXPECT_FALSE(std::filesystem::exists(root));
    EXPECT_FALSE(std::filesystem::exists(runtime));
}

TEST(Process, TellsHowItsChildEnded) {
    const auto folder = std::filesystem::temp_directory_path();
    const auto failed = run(
        {.command = {"/bin/sh", "-c", "echo out; echo err >&2; exit 3"},
         .environment = {},
         .output = folder / ("hindsight-process-" + std::to_string(::getpid())),
         .folder = {}});
    ASSERT_TRUE(failed) << failed.error().what;
    EXPECT_EQ(failed->status.code, 3);
    EXPECT_EQ(failed->out, "out\n");
    EXPECT_EQ(failed->err, "err\n");
}

TEST(Process, NamesThePackageOfAMissingTool) {
    const auto tool = find_tool("no-such-tool", "some-package");
    ASSERT_FALSE(tool);
    EXPECT_THAT(tool.error().what, testing::HasSubstr("some-package"));
}

}  // namespace
}  // namespace hindsight::test
