#pragma once

// A desktop of its own for one test: X server (Xvfb), window manager (openbox), session bus,
// PulseAudio with a null sink, and homes below a fresh folder. Nothing of the machine's own session
// is read or touched, and everything is ended by pid when the object goes. A tool that is missing
// is a failure whose sentence names the package: these tests never skip.
//
//     const auto desktop = DesktopSession::start({});
//     ASSERT_TRUE(desktop) << desktop.error().what;
//     auto daemon = (*desktop)->spawn_program("hindsightd");

#include "process.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::test {

struct DesktopOptions {
    int width = 1280;
    int height = 800;
    bool window_manager = true;
    bool sound = true;
    /// A folder with D-Bus service files to offer for activation; empty: nothing is activatable.
    std::filesystem::path activation = {};
    /// Added to (or replacing) what every process of the session gets, the bus daemon included.
    Environment environment = {};
};

/// A running game and its window.
struct Game {
    Process process;
    std::uint32_t window = 0;
};

class DesktopSession {
public:
    /// Errors: NotFound (a tool is missing), Io, Timeout.
    static Result<std::unique_ptr<DesktopSession>> start(const DesktopOptions& options);

    ~DesktopSession();
    DesktopSession(const DesktopSession&) = delete;
    DesktopSession& operator=(const DesktopSession&) = delete;

    /// What every process of the session gets.
    [[nodiscard]] const Environment& environment() const { return environment_; }

    /// Sets the session's variables in this process too, for tests that link the code under test.
    void enter() const;

    [[nodiscard]] std::string display() const { return environment_.at("DISPLAY"); }

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

    [[nodiscard]] const std::filesystem::path& runtime() const { return runtime_; }

    [[nodiscard]] std::filesystem::path home() const { return root_ / "home"; }

    [[nodiscard]] std::filesystem::path videos() const { return home() / "Videos"; }

    /// Starts a tool from PATH, or a program by absolute path.
    /// Errors: NotFound (says which package, when `package` is given), Io.
    Result<Process> spawn(
        std::vector<std::string> command,
        const Environment& extra = {},
        const std::string& package = "");

    /// The same, to the end.
    Result<Output>
    run(std::vector<std::string> command,
        milliseconds deadline = kPatience,
        const Environment& extra = {},
        const std::string& package = "");

    /// A program of ours by name ("hindsightctl"), from the build under test.
    [[nodiscard]] static std::filesystem::path program(const std::string& name);

    Result<Process> spawn_program(
        const std::string& name,
        std::vector<std::string> arguments = {},
        const Environment& extra = {});

    Result<Output> run_program(
        const std::string& name,
        std::vector<std::string> arguments = {},
        milliseconds deadline = kPatience,
        const Environment& extra = {});

    /// Synthetic input: `xdotool(…)` as on its command line. Errors: External when it fails.
    Result<> xdotool(std::vector<std::string> arguments);

    /// The first visible window of that WM_CLASS (both parts are looked at, exactly).
    /// Errors: Timeout.
    Result<std::uint32_t> wait_for_window(const std::string& wm_class);

    /// Raises the window and waits until the window manager says that it has the focus.
    /// Errors: Timeout, External.
    Result<> focus(std::uint32_t window);

    /// The whole screen as PNG. Errors: External, Io.
    Result<> screenshot(const std::filesystem::path& file);

    /// The X server dies as in a crash; start_x() brings it back under the same number.
    void kill_x();
    Result<> start_x();
    Result<> start_window_manager();

    void kill_sound();
    Result<> start_sound();

    /// xfce4-panel with a tray (StatusNotifier host); waits until the watcher is on the bus.
    Result<> start_panel();

    /// xfce4-notifyd; waits until it owns org.freedesktop.Notifications.
    Result<> start_notifications();

    /// Waits until `name` has an owner on the session bus. Errors: Timeout.
    Result<> wait_for_bus_name(const std::string& name);

    /// chocolate-doom with freedoom in a window of 640x480 at its default keys, focused.
    Result<Game> start_doom(const std::vector<std::string>& extra_arguments = {});

private:
    DesktopSession() = default;

    Result<> make_folders();
    void make_environment(const Environment& extra);
    Result<> start_bus(const std::filesystem::path& activation);
    Result<> offer_xfconf() const;
    [[nodiscard]] std::filesystem::path next_output(const std::string& command);

    std::filesystem::path root_;
    std::filesystem::path runtime_;
    Environment environment_;
    int width_ = 0;
    int height_ = 0;
    int spawned_ = 0;
    Process x_;
    Process bus_;
    Process window_manager_;
    Process sound_;
    Process panel_;
    Process notifications_;
};

}  // namespace hindsight::test
