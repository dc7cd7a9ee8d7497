#include <hindsight/dbus/desktop_watch.hpp>

#include <unistd.h>

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <utility>

namespace hindsight::dbus {

namespace {

const QString kProperties = QStringLiteral("org.freedesktop.DBus.Properties");
const QString kLogin = QStringLiteral("org.freedesktop.login1");
const QString kLoginSession = QStringLiteral("org.freedesktop.login1.Session");
const QString kPower = QStringLiteral("org.freedesktop.UPower");
const QString kPowerPath = QStringLiteral("/org/freedesktop/UPower");

}  // namespace

DesktopWatch::DesktopWatch(const QDBusConnection& session, Events events)
    : events_{std::move(events)}, system_{QDBusConnection::systemBus()} {
    QDBusConnection bus{session};
    // Whatever the desktop calls its screen saver, and wherever that lives.
    for (const char* interface : {"org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"})
        bus.connect(
            QString{},
            QString{},
            QString::fromLatin1(interface),
            QStringLiteral("ActiveChanged"),
            this,
            SLOT(screenSaverActive(bool)));
    watch_login_session();
    watch_power();
}

/// `answer` is not called when nobody answers.
void DesktopWatch::ask(
    const QString& service,
    const QString& path,
    const QString& interface,
    const QString& property,
    std::function<void(const QVariant&)> answer) {
    auto question =
        QDBusMessage::createMethodCall(service, path, kProperties, QStringLiteral("Get"));
    question << interface << property;
    auto* watcher = new QDBusPendingCallWatcher{system_.asyncCall(question), this};
    connect(
        watcher,
        &QDBusPendingCallWatcher::finished,
        this,
        [answer = std::move(answer)](QDBusPendingCallWatcher* done) {
            const QDBusPendingReply<QDBusVariant> reply = *done;
            done->deleteLater();
            if (!reply.isError())
                answer(reply.value().variant());
        });
}

/// The user's graphical session: we may run below the user manager, outside of any session.
void DesktopWatch::watch_login_session() {
    const QString user = QStringLiteral("/org/freedesktop/login1/user/_%1").arg(::getuid());
    ask(kLogin,
        user,
        QStringLiteral("org.freedesktop.login1.User"),
        QStringLiteral("Display"),
        [this](const QVariant& display) {
            QString id;
            QDBusObjectPath path;
            const auto pair = display.value<QDBusArgument>();
            pair.beginStructure();
            pair >> id >> path;
            pair.endStructure();
            if (id.isEmpty())
                return;
            system_.connect(
                kLogin,
                path.path(),
                kProperties,
                QStringLiteral("PropertiesChanged"),
                this,
                SLOT(sessionChanged(QString, QVariantMap)));
            ask(kLogin,
                path.path(),
                kLoginSession,
                QStringLiteral("LockedHint"),
                [this](const QVariant& locked) { events_.locked(locked.toBool()); });
        });
}

void DesktopWatch::watch_power() {
    system_.connect(
        kPower,
        kPowerPath,
        kProperties,
        QStringLiteral("PropertiesChanged"),
        this,
        SLOT(powerChanged(QString, QVariantMap)));
    ask(kPower, kPowerPath, kPower, QStringLiteral("OnBattery"), [this](const QVariant& battery) {
        events_.on_battery(battery.toBool());
    });
}

void DesktopWatch::screenSaverActive(bool active) {
    events_.locked(active);
}

void DesktopWatch::sessionChanged(const QString& interface, const QVariantMap& changed) {
    const auto locked = changed.constFind(QStringLiteral("LockedHint"));
    if (interface == kLoginSession && locked != changed.constEnd())
        events_.locked(locked->toBool());
}

void DesktopWatch::powerChanged(const QString& interface, const QVariantMap& changed) {
    const auto battery = changed.constFind(QStringLiteral("OnBattery"));
    if (interface == kPower && battery != changed.constEnd())
        events_.on_battery(battery->toBool());
}

}  // namespace hindsight::dbus
