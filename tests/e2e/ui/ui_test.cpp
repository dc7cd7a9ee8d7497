// The program `hindsight` as a person meets it: a window, an icon in the panel, one of it.

#include "desktop_session.hpp"
#include "panel.hpp"

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <csignal>
#include <functional>
#include <memory>

namespace hindsight::test {
namespace {

/// QtDBus wants an application; one for all tests of this program.
class Application : public testing::Environment {
public:
    void SetUp() override {
        static int count = 1;
        static char name[] = "test";
        static char* arguments[]{name, nullptr};
        static const QCoreApplication application{count, arguments};
    }
};

const auto* const kApplication = testing::AddGlobalTestEnvironment(new Application);

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

    /// Is the window on screen? A tool that fails is no answer.
    bool window_is_shown() {
        const auto output =
            desktop->run({"xdotool", "search", "--onlyvisible", "--class", "^hindsight$"});
        if (!output || !output->err.empty()) {
            ADD_FAILURE() << "xdotool: " << (output ? output->err : output.error().what);
            return false;
        }
        return output->status.success();
    }

    static bool pump_until(const std::function<bool()>& condition) {
        return wait_until([&] {
            QCoreApplication::processEvents();
            return condition();
        });
    }

    /// A panel that holds the icon and clicks its menu.
    std::unique_ptr<Panel> start_panel() {
        const auto address =
            QString::fromStdString(desktop->environment().at("DBUS_SESSION_BUS_ADDRESS"));
        return std::make_unique<Panel>(QDBusConnection::connectToBus(address, "panel"), pump_until);
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
    const auto panel = start_panel();
    auto first = desktop->spawn_program("hindsight", {"--tray"});
    ASSERT_TRUE(first) << first.error().what;
    ASSERT_TRUE(desktop->wait_for_bus_name(kApp));
    ASSERT_TRUE(desktop->wait_for_bus_name(kService));
    ASSERT_TRUE(pump_until([&] { return !panel->items().isEmpty(); })) << first->err();
    EXPECT_FALSE(window_is_shown()) << "--tray starts without a window";
    const auto second = desktop->run_program("hindsight");
    ASSERT_TRUE(second) << second.error().what;
    EXPECT_TRUE(second->status.success()) << second->err;
    EXPECT_TRUE(desktop->wait_for_window("hindsight"));
    EXPECT_TRUE(first->running());
}

TEST_F(Ui, TheTrayOffersWhatOneWantsWithoutTheWindow) {
    const auto panel = start_panel();
    const auto ui = desktop->spawn_program("hindsight", {"--tray"});
    ASSERT_TRUE(ui) << ui.error().what;
    ASSERT_TRUE(pump_until([&] { return !panel->items().isEmpty(); })) << ui->err();
    ASSERT_TRUE(pump_until([&] { return panel->entry("Waiting for a game").has_value(); }));
    for (const char* entry : {"Save last 30 s", "Save last 2 minutes", "Set a marker"})
        EXPECT_FALSE(panel->click(entry)) << entry << ": nothing is in memory";
    EXPECT_TRUE(panel->entry("Pause"));
    EXPECT_TRUE(panel->entry("Settings"));
    EXPECT_FALSE(window_is_shown());
    EXPECT_TRUE(panel->click("Open library"));
    const auto window = desktop->wait_for_window("hindsight");
    EXPECT_TRUE(window) << ui->err();
}

TEST_F(Ui, ASettingChangedInAShellReachesTheTray) {
    const auto panel = start_panel();
    const auto ui = desktop->spawn_program("hindsight", {"--tray"});
    ASSERT_TRUE(ui) << ui.error().what;
    ASSERT_TRUE(pump_until([&] { return panel->entry("Save last 30 s").has_value(); }));
    ASSERT_TRUE(desktop->wait_for_bus_name(kService));
    const auto set =
        desktop->run_program("hindsightctl", {"config", "set", "clips.length_seconds", "45"});
    ASSERT_TRUE(set && set->status.success());
    EXPECT_TRUE(pump_until([&] { return panel->entry("Save last 45 s").has_value(); }));
    const auto start =
        desktop->run_program("hindsightctl", {"config", "set", "recording.start", "manual"});
    ASSERT_TRUE(start && start->status.success());
    EXPECT_TRUE(pump_until([&] { return panel->entry("Start recording").has_value(); }));
}

TEST_F(Ui, QuitInTheTrayEndsTheRecorderToo) {
    const auto panel = start_panel();
    auto ui = desktop->spawn_program("hindsight", {"--tray"});
    ASSERT_TRUE(ui) << ui.error().what;
    ASSERT_TRUE(desktop->wait_for_bus_name(kService));
    ASSERT_TRUE(pump_until([&] { return panel->click("Quit"); })) << ui->err();
    const auto ended = ui->wait();
    ASSERT_TRUE(ended) << "it still runs";
    EXPECT_TRUE(ended->success()) << ui->err();
    EXPECT_TRUE(wait_until([this] { return owner(kService) == 0; }));
}

TEST_F(Ui, WithoutAPanelTheWindowOpens) {
    const auto ui = desktop->spawn_program("hindsight", {"--tray"});
    ASSERT_TRUE(ui) << ui.error().what;
    const auto window = desktop->wait_for_window("hindsight");
    EXPECT_TRUE(window) << "nobody could reach it: " << ui->err();
}

TEST_F(Ui, ClosingTheWindowKeepsTheIconAndTheService) {
    const auto panel = start_panel();
    auto ui = desktop->spawn_program("hindsight");
    ASSERT_TRUE(ui) << ui.error().what;
    const auto window = desktop->wait_for_window("hindsight");
    ASSERT_TRUE(window) << ui->err();
    ASSERT_TRUE(pump_until([&] { return !panel->items().isEmpty() && owner(kService) != 0; }));
    ASSERT_TRUE(desktop->focus(*window));
    ASSERT_TRUE(desktop->xdotool({"key", "ctrl+w"}));
    EXPECT_TRUE(pump_until([this] { return HasFailure() || !window_is_shown(); }));
    EXPECT_TRUE(ui->running());
    EXPECT_TRUE(panel->entry("Open library"));
    EXPECT_NE(owner(kService), 0);
}

TEST_F(Ui, EndedByASignalItEndsTheRecorderToo) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        auto ui = desktop->spawn_program("hindsight", {"--tray"});
        ASSERT_TRUE(ui) << ui.error().what;
        ASSERT_TRUE(desktop->wait_for_bus_name(kService)) << ui->err();
        ui->kill(signal);
        const auto ended = ui->wait();
        ASSERT_TRUE(ended) << "it still runs";
        EXPECT_TRUE(ended->success()) << ui->err();
        EXPECT_TRUE(wait_until([this] { return owner(kService) == 0; })) << signal;
    }
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
