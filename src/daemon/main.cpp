// hindsightd: the service. Puts the adapters into service::Service and that on the session bus.

#include "bus_object.hpp"
#include "job.hpp"
#include "profile_watch.hpp"
#include "session.hpp"
#include "sidecar_files.hpp"

#include <hindsight/config/config.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/core/paths.hpp>
#include <hindsight/dbus/desktop_watch.hpp>
#include <hindsight/dbus/end_signals.hpp>
#include <hindsight/dbus/service_client.hpp>
#include <hindsight/library/library.hpp>
#include <hindsight/mux/mp4_clip_writer.hpp>
#include <hindsight/mux/mp4_session_writer.hpp>
#include <hindsight/ring/snapshot.hpp>
#include <hindsight/service/game_catalogue.hpp>

#include <unistd.h>

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::daemon {

namespace {

constexpr const char* kUsage =
    "Usage: hindsightd [--help | --version]\n"
    "\n"
    "The Hindsight service: keeps the last minutes of your game in memory and saves clips.\n"
    "It is started by the desktop, by hindsight or by hindsightctl; it has no window.\n"
    "\n"
    "  --help              shows this\n"
    "  --version           shows the version\n"
    "  --job KIND JSON     renders in a process of its own; used by the service itself\n"
    "\n"
    "Settings: `hindsightctl config`. What works here: `hindsightctl doctor`.\n";

constexpr unsigned kFarewell_s = 5;

/// A disk that hangs would hold the threads that use it, and us with them, for ever. What is being
/// saved is noted, and completed by the next service.
void bound_the_end() {
    (void)std::signal(SIGALRM, [](int) { ::_exit(0); });
    (void)::alarm(kFarewell_s);
}

int complain(const Error& error) {
    (void)std::fprintf(stderr, "hindsightd: %s\n", error.what.c_str());
    return 1;
}

struct Settings {
    config::Config config;
    std::string problem;
};

/// A file that cannot be used is left as it is; the service works with the defaults.
Settings load_settings() {
    auto loaded = config::load(config::default_file());
    if (loaded)
        return {*std::move(loaded), {}};
    return {{}, loaded.error().what};
}

void init_log(const config::Config& config) {
    LogOptions options;
    options.program = "hindsightd";
    options.folder = paths::state_dir();
    options.file_level = log_level_from_name(config.log.level);
    log_init(options);
}

bool is_on_bus(const QDBusConnection& bus, const QString& name, bool activatable_counts) {
    QDBusConnectionInterface* daemon = bus.interface();
    if (daemon == nullptr)
        return false;
    if (daemon->isServiceRegistered(name).value())
        return true;
    return activatable_counts && daemon->activatableServiceNames().value().contains(name);
}

service::DesktopFacts desktop_facts(const QDBusConnection& bus) {
    return {
        [bus] { return is_on_bus(bus, QStringLiteral("org.kde.StatusNotifierWatcher"), false); },
        [bus] { return is_on_bus(bus, QStringLiteral("org.freedesktop.Notifications"), true); }};
}

service::ServiceOptions
service_options(const Settings& settings, const std::filesystem::path& home) {
    service::ServiceOptions options;
    options.program_folder = paths::program_dir();
    options.ring_home = home;
    options.config_file = config::default_file();
    options.state_folder = paths::state_dir();
    options.runtime_folder = paths::runtime_dir();
    options.cache_folder = paths::cache_dir();
    options.config = settings.config;
    options.config_problem = settings.problem;
    return options;
}

Result<int> run_service(QCoreApplication& application) {
    const Settings settings = load_settings();
    init_log(settings.config);
    const Log log{"daemon"};
    if (!settings.problem.empty())
        log.warn("{}", settings.problem);

    const auto wanted = static_cast<std::uint64_t>(settings.config.recording.memory_mb) << 20;
    HINDSIGHT_ASSIGN(const std::filesystem::path home, ring::ring_home(wanted));
    HINDSIGHT_ASSIGN(const UniqueFd lock, lock_instance(home / "lock"));
    HINDSIGHT_ASSIGN(QDBusConnection bus, dbus::session_bus());
    HINDSIGHT_ASSIGN(
        const library::OpenedStore library,
        library::open_store(library::default_file(), Log{"library"}));

    const SystemClock clock;
    const auto writer = make_mp4_clip_writer(Log{"mux"});
    const auto session_writer = make_mp4_session_writer(Log{"mux"});
    service::GameCatalogue games;
    SidecarFiles sidecars{games};
    for (const std::string& problem : games.problems())
        log.warn("a profile is left out: {}", problem);

    std::optional<service::Service> service;
    const auto quit = [&] {
        notify_supervisor("STOPPING=1");
        service->quit([&application] { application.quit(); });
    };
    BusObject object{quit};
    service.emplace(
        service::ServicePorts{clock, *writer, *session_writer, *library.store, sidecars, games},
        service_options(settings, home),
        desktop_facts(bus),
        object.events(),
        Log{"service"});
    object.serve(*service);
    // The name first: a second service must not touch the ring of the first.
    HINDSIGHT_TRY(dbus::publish(bus, object));
    HINDSIGHT_TRY(service->run());
    bus.connect(
        QString{},
        QStringLiteral("/org/freedesktop/DBus/Local"),
        QStringLiteral("org.freedesktop.DBus.Local"),
        QStringLiteral("Disconnected"),
        &object,
        SLOT(busGone()));
    const dbus::DesktopWatch desktop{
        bus,
        {[&](bool locked) { service->set_locked(locked); },
         [&](bool on_battery) { service->set_on_battery(on_battery); }}};
    const ProfileWatch profile_watch{[&] {
        for (const std::string& problem : games.reload())
            log.warn("a profile is not taken over, the last good one stays: {}", problem);
        log.info("the profiles were read again");
        service->profiles_changed();
    }};
    const dbus::EndSignals end_signals{quit};
    notify_supervisor("READY=1");
    log.info("ready");
    const int status = QCoreApplication::exec();
    bound_the_end();
    log.info("ended");
    return status;
}

int run_program(int argc, char** argv) {
    const std::vector<std::string> arguments{argv + 1, argv + argc};
    if (arguments.size() == 1 && (arguments[0] == "--help" || arguments[0] == "-h")) {
        (void)std::fputs(kUsage, stdout);
        return 0;
    }
    if (arguments.size() == 1 && arguments[0] == "--version") {
        (void)std::puts("hindsightd " HINDSIGHT_VERSION);
        return 0;
    }
    if (arguments.size() == 3 && arguments[0] == "--job")
        return run_job(arguments[1], arguments[2]);
    if (!arguments.empty()) {
        (void)std::fputs(kUsage, stderr);
        return 2;
    }
    QCoreApplication application{argc, argv};
    QCoreApplication::setApplicationName(QStringLiteral("hindsightd"));
    const auto status = run_service(application);
    return status ? *status : complain(status.error());
}

}  // namespace

}  // namespace hindsight::daemon

int main(int argc, char** argv) {
    return hindsight::daemon::run_program(argc, argv);
}
