#include "desktop_session.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <system_error>
#include <utility>

namespace hindsight::test {

namespace fs = std::filesystem;

namespace {

Result<fs::path> make_temporary(std::string pattern) {
    if (::mkdtemp(pattern.data()) == nullptr)
        return fail_errno("making " + pattern, errno);
    return fs::path{pattern};
}

constexpr const char* kBusConfig = R"(<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=@SOCKET@</listen>
  <auth>EXTERNAL</auth>
  <servicedir>@OWN@</servicedir>
  @ACTIVATION@
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)";

void replace(std::string& text, const std::string& what, const std::string& with) {
    if (const std::size_t at = text.find(what); at != std::string::npos)
        text.replace(at, what.size(), with);
}

/// The program of a D-Bus service file: Debian keeps some outside PATH.
std::string exec_of_service(const fs::path& service_file) {
    std::istringstream lines{read_text(service_file)};
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("Exec="))
            return line.substr(5);
    }
    return {};
}

constexpr const char* kServices = "/usr/share/dbus-1/services/";

}  // namespace

Result<std::unique_ptr<DesktopSession>> DesktopSession::start(const DesktopOptions& options) {
    auto session = std::unique_ptr<DesktopSession>{new DesktopSession};
    session->width_ = options.width;
    session->height_ = options.height;
    HINDSIGHT_TRY(session->make_folders());
    session->make_environment(options.environment);
    HINDSIGHT_TRY(session->start_x());
    HINDSIGHT_TRY(session->start_bus(options.activation));
    if (options.window_manager)
        HINDSIGHT_TRY(session->start_window_manager());
    if (options.sound)
        HINDSIGHT_TRY(session->start_sound());
    return session;
}

DesktopSession::~DesktopSession() {
    for (Process* process : {&notifications_, &panel_, &window_manager_, &sound_, &bus_, &x_})
        process->stop();
    std::error_code ignored;
    if (std::getenv("HINDSIGHT_KEEP_TEST_FOLDERS") == nullptr) {
        if (!root_.empty())
            fs::remove_all(root_, ignored);
        if (!runtime_.empty())
            fs::remove_all(runtime_, ignored);
    }
}

Result<> DesktopSession::make_folders() {
    const fs::path temporary = fs::temp_directory_path();
    HINDSIGHT_ASSIGN(root_, make_temporary((temporary / "hindsight-test-XXXXXX").string()));
    // The ring lives in the runtime folder, which is a tmpfs on a real desktop.
    const bool shm = ::access("/dev/shm", W_OK) == 0;
    HINDSIGHT_ASSIGN(
        runtime_,
        make_temporary(
            ((shm ? fs::path{"/dev/shm"} : temporary) / "hindsight-test-XXXXXX").string()));
    std::error_code error;
    for (const char* folder :
         {"home/Videos",
          "home/.config",
          "home/.local/share",
          "home/.local/state",
          "home/.cache",
          "tmp",
          "services",
          "output"})
        fs::create_directories(root_ / folder, error);
    return error ? Result<>{fail_errno("making folders", error.value())} : Result<>{};
}

void DesktopSession::make_environment(const Environment& extra) {
    environment_ = inherited_environment();
    environment_["PATH"] += ":/usr/games:/usr/sbin";
    const std::string home_folder = home().string();
    environment_["HOME"] = home_folder;
    environment_["XDG_CONFIG_HOME"] = home_folder + "/.config";
    environment_["XDG_DATA_HOME"] = home_folder + "/.local/share";
    environment_["XDG_STATE_HOME"] = home_folder + "/.local/state";
    environment_["XDG_CACHE_HOME"] = home_folder + "/.cache";
    environment_["XDG_DATA_DIRS"] = "/usr/local/share:/usr/share";
    environment_["XDG_RUNTIME_DIR"] = runtime_.string();
    environment_["XDG_SESSION_TYPE"] = "x11";
    environment_["XDG_CURRENT_DESKTOP"] = "XFCE";
    environment_["TMPDIR"] = (root_ / "tmp").string();
    environment_["LANG"] = "C.UTF-8";
    environment_["LIBGL_ALWAYS_SOFTWARE"] = "1";
    environment_["NO_AT_BRIDGE"] = "1";
    environment_["GTK_A11Y"] = "none";
    environment_["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + (runtime_ / "bus").string();
    environment_["PULSE_RUNTIME_PATH"] = (runtime_ / "pulse").string();
    environment_["PULSE_SERVER"] = "unix:" + (runtime_ / "pulse" / "native").string();
    for (const auto& [name, value] : extra)
        environment_[name] = value;
}

void DesktopSession::enter() const {
    for (const char* name : {"WAYLAND_DISPLAY", "XAUTHORITY", "QT_QPA_PLATFORM"})
        ::unsetenv(name);
    for (const auto& [name, value] : environment_)
        ::setenv(name.c_str(), value.c_str(), 1);
}

fs::path DesktopSession::next_output(const std::string& command) {
    return root_ / "output" /
           (std::to_string(++spawned_) + "-" + fs::path{command}.filename().string());
}

Result<Process> DesktopSession::spawn(
    std::vector<std::string> command, const Environment& extra, const std::string& package) {
    if (command.empty())
        return fail(Errc::InvalidArgument, "no command");
    if (!command[0].starts_with('/')) {
        const std::string& hint = package.empty() ? command[0] : package;
        HINDSIGHT_ASSIGN(const fs::path tool, find_tool(command[0], hint));
        command[0] = tool.string();
    }
    Environment environment = environment_;
    for (const auto& [name, value] : extra)
        environment[name] = value;
    return Process::spawn(
        {.command = command,
         .environment = environment,
         .output = next_output(command[0]),
         .folder = home()});
}

Result<Output> DesktopSession::run(
    std::vector<std::string> command,
    milliseconds deadline,
    const Environment& extra,
    const std::string& package) {
    const std::string name = command.empty() ? "" : command[0];
    HINDSIGHT_ASSIGN(Process process, spawn(std::move(command), extra, package));
    const std::optional<ExitStatus> status = process.wait(deadline);
    if (!status) {
        process.kill(SIGKILL);
        (void)process.wait();
        return fail(Errc::Timeout, name + " did not end in time: " + process.err());
    }
    return Output{.status = *status, .out = process.out(), .err = process.err()};
}

fs::path DesktopSession::program(const std::string& name) {
    return fs::path{HINDSIGHT_TEST_BIN_DIR} / name;
}

Result<Process> DesktopSession::spawn_program(
    const std::string& name, std::vector<std::string> arguments, const Environment& extra) {
    arguments.insert(arguments.begin(), program(name).string());
    return spawn(std::move(arguments), extra);
}

Result<Output> DesktopSession::run_program(
    const std::string& name,
    std::vector<std::string> arguments,
    milliseconds deadline,
    const Environment& extra) {
    arguments.insert(arguments.begin(), program(name).string());
    return run(std::move(arguments), deadline, extra);
}

Result<> DesktopSession::xdotool(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "xdotool");
    HINDSIGHT_ASSIGN(const Output output, run(std::move(arguments), kPatience, {}, "xdotool"));
    if (!output.status.success())
        return fail(Errc::External, "xdotool failed: " + output.err);
    return {};
}

Result<std::uint32_t> DesktopSession::wait_for_window(const std::string& wm_class) {
    std::uint32_t window = 0;
    Result<> failure;
    const auto look = [&] {
        const auto output =
            run({"xdotool", "search", "--onlyvisible", "--class", "^" + wm_class + "$"},
                kPatience,
                {},
                "xdotool");
        if (!output) {
            failure = tl::unexpected(output.error());
            return true;
        }
        window = static_cast<std::uint32_t>(std::strtoul(output->out.c_str(), nullptr, 10));
        return window != 0;
    };
    const bool seen = wait_until(look);
    HINDSIGHT_TRY(failure);
    if (!seen)
        return fail(Errc::Timeout, "no window of class " + wm_class + " has appeared");
    return window;
}

Result<> DesktopSession::focus(std::uint32_t window) {
    const std::string id = std::to_string(window);
    HINDSIGHT_TRY(xdotool({"windowactivate", id}));
    const auto focused = [&] {
        const auto output = run({"xdotool", "getactivewindow"});
        return output && std::strtoul(output->out.c_str(), nullptr, 10) == window;
    };
    if (!wait_until(focused))
        return fail(Errc::Timeout, "window " + id + " does not get the focus");
    return {};
}

Result<> DesktopSession::screenshot(const fs::path& file) {
    HINDSIGHT_ASSIGN(
        const Output output,
        run({"import", "-silent", "-window", "root", file.string()}, kPatience, {}, "imagemagick"));
    if (!output.status.success())
        return fail(Errc::External, "the screenshot failed: " + output.err);
    return {};
}

void DesktopSession::kill_x() {
    x_.kill(SIGKILL);
    (void)x_.wait();
}

Result<> DesktopSession::start_x() {
    const bool first = !environment_.contains("DISPLAY");
    std::vector<std::string> command{"Xvfb"};
    if (!first) {
        // A killed server leaves its lock and socket; the number is still ours.
        const std::string number = display().substr(1);
        std::error_code ignored;
        fs::remove("/tmp/.X" + number + "-lock", ignored);
        fs::remove("/tmp/.X11-unix/X" + number, ignored);
        command.push_back(display());
    }
    const std::string geometry = std::to_string(width_) + "x" + std::to_string(height_) + "x24";
    for (const char* argument : {"-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0"})
        command.emplace_back(argument);
    command.push_back(geometry);
    HINDSIGHT_ASSIGN(x_, spawn(command, {}, "xvfb"));
    const auto ready = [this] { return x_.out().ends_with('\n') || !x_.running(); };
    if (!wait_until(ready) || !x_.running())
        return fail(Errc::Timeout, "the X server did not start: " + x_.err());
    x_.go_first();
    const std::string number = x_.out();
    environment_["DISPLAY"] = ":" + number.substr(0, number.find('\n'));
    return {};
}

Result<> DesktopSession::start_window_manager() {
    HINDSIGHT_ASSIGN(window_manager_, spawn({"openbox", "--sm-disable"}, {}, "openbox"));
    // Events that reach openbox while it starts may stay in a queue of its own until the next one
    // comes: it is ready when it has done something that it was asked for.
    const auto ready = [this] {
        const auto asked = run({"xdotool", "set_num_desktops", "2"}, kPatience, {}, "xdotool");
        const auto output =
            run({"xprop", "-root", "_NET_NUMBER_OF_DESKTOPS"}, kPatience, {}, "x11-utils");
        return asked && output && output->out.find("= 2") != std::string::npos;
    };
    if (!wait_until(ready))
        return fail(Errc::Timeout, "the window manager did not start: " + window_manager_.err());
    return {};
}

void DesktopSession::kill_sound() {
    sound_.kill(SIGKILL);
    (void)sound_.wait();
}

Result<> DesktopSession::start_sound() {
    const fs::path socket = runtime_ / "pulse" / "native";
    std::error_code ignored;
    fs::create_directories(socket.parent_path(), ignored);
    fs::permissions(socket.parent_path(), fs::perms::owner_all, ignored);
    fs::remove(socket, ignored);
    HINDSIGHT_ASSIGN(
        sound_,
        spawn(
            {"pulseaudio",
             "-n",
             "--daemonize=no",
             "--use-pid-file=no",
             "--exit-idle-time=-1",
             "--high-priority=yes",
             "--realtime=yes",
             "--load=module-native-protocol-unix auth-anonymous=1 socket=" + socket.string(),
             "--load=module-null-sink sink_name=speakers rate=48000"},
            {},
            "pulseaudio"));
    const auto ready = [this] {
        const auto output = run({"pactl", "info"}, kPatience, {}, "pulseaudio-utils");
        return (output && output->status.success()) || !sound_.running();
    };
    if (!wait_until(ready) || !sound_.running())
        return fail(Errc::Timeout, "the sound server did not start: " + sound_.err());
    return {};
}

Result<> DesktopSession::start_bus(const fs::path& activation) {
    HINDSIGHT_TRY(offer_xfconf());
    std::string config = kBusConfig;
    replace(config, "@SOCKET@", (runtime_ / "bus").string());
    replace(config, "@OWN@", (root_ / "services").string());
    replace(
        config,
        "@ACTIVATION@",
        activation.empty() ? "" : "<servicedir>" + activation.string() + "</servicedir>");
    const fs::path file = root_ / "bus.conf";
    HINDSIGHT_TRY(write_text(file, config));
    HINDSIGHT_ASSIGN(
        bus_,
        spawn(
            {"dbus-daemon", "--nofork", "--print-address=1", "--config-file=" + file.string()},
            {},
            "dbus-daemon"));
    const auto ready = [this] { return bus_.out().ends_with('\n') || !bus_.running(); };
    if (!wait_until(ready) || !bus_.running())
        return fail(Errc::Timeout, "the session bus did not start: " + bus_.err());
    return {};
}

/// The panel and its notification daemon keep their settings in xfconf, which is bus activated.
Result<> DesktopSession::offer_xfconf() const {
    const fs::path service = fs::path{kServices} / "org.xfce.Xfconf.service";
    if (const std::string program = exec_of_service(service); !program.empty())
        return write_text(
            root_ / "services/org.xfce.Xfconf.service",
            "[D-BUS Service]\nName=org.xfce.Xfconf\nExec=" + program + "\n");
    return {};
}

Result<> DesktopSession::wait_for_bus_name(const std::string& name) {
    const auto owned = [&] {
        const auto output =
            run({"dbus-send",
                 "--session",
                 "--print-reply=literal",
                 "--dest=org.freedesktop.DBus",
                 "/org/freedesktop/DBus",
                 "org.freedesktop.DBus.NameHasOwner",
                 "string:" + name},
                kPatience,
                {},
                "dbus");
        return output && output->out.find("true") != std::string::npos;
    };
    if (!wait_until(owned))
        return fail(Errc::Timeout, name + " has not appeared on the session bus");
    return {};
}

Result<> DesktopSession::start_panel() {
    HINDSIGHT_TRY(write_text(
        home() / ".config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml",
        read_text(HINDSIGHT_TEST_PANEL_CONFIG)));
    HINDSIGHT_ASSIGN(
        panel_,
        spawn({"xfce4-panel", "--disable-wm-check", "--sm-client-disable"}, {}, "xfce4-panel"));
    return wait_for_bus_name("org.kde.StatusNotifierWatcher");
}

Result<> DesktopSession::start_notifications() {
    const std::string program =
        exec_of_service(fs::path{kServices} / "org.xfce.xfce4-notifyd.Notifications.service");
    if (program.empty())
        return fail(
            Errc::NotFound,
            "the notification daemon is missing: install the Debian package xfce4-notifyd");
    HINDSIGHT_ASSIGN(notifications_, spawn({program}));
    return wait_for_bus_name("org.freedesktop.Notifications");
}

Result<Game> DesktopSession::start_doom(const std::vector<std::string>& extra_arguments) {
    const fs::path wad = "/usr/share/games/doom/freedoom1.wad";
    if (!fs::exists(wad))
        return fail(
            Errc::NotFound, "the game's data is missing: install the Debian package freedoom");
    std::vector<std::string> command{
        "chocolate-doom", "-iwad", wad.string(), "-window", "-geometry", "640x480", "-nogui"};
    command.insert(command.end(), extra_arguments.begin(), extra_arguments.end());
    Game game;
    HINDSIGHT_ASSIGN(
        game.process,
        spawn(
            command,
            {{"SDL_RENDER_DRIVER", "software"}, {"SDL_AUDIODRIVER", "pulseaudio"}},
            "chocolate-doom"));
    HINDSIGHT_ASSIGN(game.window, wait_for_window("chocolate-doom"));
    HINDSIGHT_TRY(focus(game.window));
    return game;
}

}  // namespace hindsight::test
