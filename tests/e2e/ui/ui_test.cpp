// The program `hindsight` as a person meets it: a window, an icon in the panel, one of it.

#include "desktop_session.hpp"

#include <gtest/gtest.h>

namespace hindsight::test {
namespace {

constexpr const char* kService = "io.github.hindsight.Hindsight";
constexpr const char* kApp = "io.github.hindsight.App";

struct Ui : testing::Test {
    std::unique_ptr<DesktopSession> desktop;

    void SetUp() override {
        auto started = DesktopSession::start({});
        ASSERT_TRUE(started) << started.error().what;
        desktop = std::move(*started);
    }

    /// What a tool printed, empty when it failed.
    std::string said(std::vector<std::string> command) {
        const auto output = desktop->run(std::move(command));
        return output && output->status.success() ? output->out : std::string{};
    }

    std::string call(
        const std::string& name,
        const std::string& path,
        const std::string& method,
        std::vector<std::string> arguments = {}) {
        std::vector<std::string> command{
            "gdbus",
            "call",
            "--session",
            "--dest",
            name,
            "--object-path",
            path,
            "--method",
            method};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return said(std::move(command));
    }

    /// Process that owns `name`, 0 when nobody does.
    pid_t owner(const std::string& name) {
        const std::string answer = call(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus.GetConnectionUnixProcessID",
            {name});
        const std::size_t at = answer.find("uint32 ");
        return at == std::string::npos ? 0 : std::stoi(answer.substr(at + 7));
    }

    /// The tray item's bus name, as the panel knows it.
    std::string tray_item() {
        const std::string answer = call(
            "org.kde.StatusNotifierWatcher",
            "/StatusNotifierWatcher",
            "org.freedesktop.DBus.Properties.Get",
            {"org.kde.StatusNotifierWatcher", "RegisteredStatusNotifierItems"});
        const std::size_t from = answer.find('\'');
        const std::size_t to = answer.find_first_of("/'", from + 1);
        return from == std::string::npos ? "" : answer.substr(from + 1, to - from - 1);
    }
};

TEST_F(Ui, BringsAVanishedServiceBack) {
    const auto ui = desktop->spawn_program("hindsight", {"--tray"});
    ASSERT_TRUE(ui) << ui.error().what;
    ASSERT_TRUE(wait_until([this] { return owner(kService) != 0; })) << ui->err();
    const pid_t before = owner(kService);
    ASSERT_EQ(::kill(before, SIGKILL), 0);
    EXPECT_TRUE(wait_until([&] {
        const pid_t now = owner(kService);
        return now != 0 && now != before;
    })) << ui->err();
}

TEST_F(Ui, ASecondStartShowsTheWindowOfTheFirst) {
    auto first = desktop->spawn_program("hindsight", {"--tray"});
    ASSERT_TRUE(first) << first.error().what;
    ASSERT_TRUE(desktop->wait_for_bus_name(kApp));
    ASSERT_TRUE(desktop->wait_for_bus_name(kService));
    const std::string hidden =
        said({"xdotool", "search", "--onlyvisible", "--class", "^hindsight$"});
    EXPECT_TRUE(hidden.empty()) << "--tray starts without a window";
    const auto second = desktop->run_program("hindsight");
    ASSERT_TRUE(second) << second.error().what;
    EXPECT_TRUE(second->status.success()) << second->err;
    EXPECT_TRUE(desktop->wait_for_window("hindsight"));
    EXPECT_TRUE(first->running());
}

TEST_F(Ui, TheTrayOffersWhatOneWantsWithoutTheWindow) {
    ASSERT_TRUE(desktop->start_panel());
    const auto ui = desktop->spawn_program("hindsight", {"--tray"});
    ASSERT_TRUE(ui) << ui.error().what;
    ASSERT_TRUE(wait_until([this] { return !tray_item().empty(); })) << ui->err();
    std::string menu;
    ASSERT_TRUE(wait_until([&] {
        menu = call(
            tray_item(),
            "/MenuBar",
            "com.canonical.dbusmenu.GetLayout",
            {"0", "int32 -1", "['label']"});
        return menu.find("Waiting for a game") != std::string::npos;
    })) << menu;
    std::size_t at = 0;
    for (const char* entry :
         {"Waiting for a game",
          "Save last 30 s",
          "Save last 2 minutes",
          "Save only what is new",
          "Set a marker",
          "Last clips",
          "Open library",
          "Pause",
          "Settings",
          "Quit"}) {
        const std::size_t found = menu.find(entry, at);
        ASSERT_NE(found, std::string::npos) << entry << " in " << menu;
        at = found;
    }
}

TEST_F(Ui, ClosingTheWindowKeepsTheIconAndTheService) {
    ASSERT_TRUE(desktop->start_panel());
    auto ui = desktop->spawn_program("hindsight");
    ASSERT_TRUE(ui) << ui.error().what;
    const auto window = desktop->wait_for_window("hindsight");
    ASSERT_TRUE(window) << ui->err();
    ASSERT_TRUE(wait_until([this] { return !tray_item().empty() && owner(kService) != 0; }));
    ASSERT_TRUE(desktop->focus(*window));
    ASSERT_TRUE(desktop->xdotool({"key", "ctrl+w"}));
    EXPECT_TRUE(wait_until([this] {
        return said({"xdotool", "search", "--onlyvisible", "--class", "^hindsight$"}).empty();
    }));
    EXPECT_TRUE(ui->running());
    EXPECT_FALSE(tray_item().empty());
    EXPECT_NE(owner(kService), 0);
}

TEST_F(Ui, QuitEndsTheRecorderToo) {
    auto ui = desktop->spawn_program("hindsight");
    ASSERT_TRUE(ui) << ui.error().what;
    const auto window = desktop->wait_for_window("hindsight");
    ASSERT_TRUE(window) << ui->err();
    ASSERT_TRUE(desktop->wait_for_bus_name(kService));
    ASSERT_TRUE(desktop->focus(*window));
    ASSERT_TRUE(desktop->xdotool({"key", "ctrl+q"}));
    const auto ended = ui->wait();
    ASSERT_TRUE(ended) << "it still runs";
    EXPECT_TRUE(ended->success()) << ui->err();
    EXPECT_TRUE(wait_until([this] { return owner(kService) == 0; }));
}

}  // namespace
}  // namespace hindsight::test
