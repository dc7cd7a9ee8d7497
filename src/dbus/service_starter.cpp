#include "service_starter.hpp"

#include <hindsight/core/paths.hpp>
#include <hindsight/dbus/names.hpp>

#include <unistd.h>

#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>
#include <QProcess>
#include <cerrno>
#include <csignal>
#include <utility>

namespace hindsight::dbus {

namespace {

constexpr const char* kBus = "org.freedesktop.DBus";
constexpr int kAliveCheckMs = 100;

}  // namespace

ServiceStarter::ServiceStarter(QDBusConnection bus)
    : bus_{std::move(bus)},
      watcher_{QString::fromLatin1(kService), bus_, QDBusServiceWatcher::WatchForRegistration} {
    limit_.setSingleShot(true);
    alive_.setInterval(kAliveCheckMs);
    connect(&watcher_, &QDBusServiceWatcher::serviceRegistered, this, [this] { finish({}); });
    connect(&limit_, &QTimer::timeout, this, [this] {
        finish(fail(
            Errc::Timeout,
            "The Hindsight service did not come up in time; its log says what it waits for."));
    });
    connect(&alive_, &QTimer::timeout, this, &ServiceStarter::check_program);
}

void ServiceStarter::start(Done done, Duration limit) {
    waiting_.push_back(std::move(done));
    if (under_way_)
        return;
    under_way_ = true;
    pid_ = 0;
    limit_.start(static_cast<int>(limit.ms()));
    QDBusMessage call = QDBusMessage::createMethodCall(
        QString::fromLatin1(kBus),
        QStringLiteral("/org/freedesktop/DBus"),
        QString::fromLatin1(kBus),
        QStringLiteral("StartServiceByName"));
    call << QString::fromLatin1(kService) << 0U;
    auto* pending =
        new QDBusPendingCallWatcher{bus_.asyncCall(call, static_cast<int>(limit.ms())), this};
    connect(
        pending, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* answer) {
            answer->deleteLater();
            if (under_way_)
                activation_answered(answer->reply());
        });
}

void ServiceStarter::activation_answered(const QDBusMessage& reply) {
    if (reply.type() == QDBusMessage::ErrorMessage) {
        // No service file, or one that does not work: the program beside us is the second way.
        start_program();
        return;
    }
    finish({});
}

void ServiceStarter::start_program() {
    const auto program = paths::program_dir() / "hindsightd";
    if (::access(program.c_str(), X_OK) != 0) {
        finish(fail(
            Errc::NotFound,
            "The Hindsight service cannot be started: the program hindsightd is neither installed "
            "for the desktop nor beside this program."));
        return;
    }
    QProcess process;
    process.setProgram(QString::fromStdString(program.string()));
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    if (!process.startDetached(&pid_)) {
        finish(fail(Errc::External, "The Hindsight service could not be started."));
        return;
    }
    alive_.start();
}

void ServiceStarter::check_program() {
    if (::kill(static_cast<pid_t>(pid_), 0) == 0 || errno != ESRCH)
        return;
    finish(fail(
        Errc::External, "The Hindsight service ended right after its start; its log says why."));
}

void ServiceStarter::finish(const Result<>& result) {
    if (!under_way_)
        return;
    under_way_ = false;
    limit_.stop();
    alive_.stop();
    for (const Done& done : std::exchange(waiting_, {}))
        done(result);
}

}  // namespace hindsight::dbus
