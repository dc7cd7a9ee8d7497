#pragma once

// What the desktop says about the session and the machine: the screen is locked (logind, and the
// screen savers of desktops without it), the power comes from the battery (UPower). Whoever is not
// there says nothing, which counts as unlocked and plugged in.

#include <QDBusConnection>
#include <QObject>
#include <QVariantMap>
#include <functional>

namespace hindsight::dbus {

class DesktopWatch final : public QObject {
    Q_OBJECT

public:
    struct Events {
        std::function<void(bool)> locked;
        std::function<void(bool)> on_battery;
    };

    /// Events come on this thread, the first ones once what is true now is known.
    DesktopWatch(const QDBusConnection& session, Events events);

private slots:
    void screenSaverActive(bool active);
    void sessionChanged(const QString& interface, const QVariantMap& changed);
    void powerChanged(const QString& interface, const QVariantMap& changed);

private:
    void watch_login_session();
    void watch_power();
    void
    ask(const QString& service,
        const QString& path,
        const QString& interface,
        const QString& property,
        std::function<void(const QVariant&)> answer);

    Events events_;
    QDBusConnection system_;
};

}  // namespace hindsight::dbus
