#pragma once

#include <gtest/gtest.h>

#include <QDBusConnection>
#include <QObject>
#include <QStringList>
#include <QVariantMap>

namespace hindsight::ui::test {

/// A notification server that remembers what it was told.
class NotificationServer : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    struct Bubble {
        uint replaces = 0;
        QString title;
        QString body;
        QStringList actions;
        QVariantMap hints;
    };

    QStringList capabilities{"body", "actions"};
    QList<Bubble> bubbles;
    QList<uint> closed;

    NotificationServer()
        : bus_{QDBusConnection::connectToBus(QDBusConnection::SessionBus, "notification-server")} {
        const bool up = bus_.registerObject(
                            "/org/freedesktop/Notifications",
                            this,
                            QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals) &&
                        bus_.registerService("org.freedesktop.Notifications");
        EXPECT_TRUE(up);
    }

    ~NotificationServer() override {
        bus_.unregisterService("org.freedesktop.Notifications");
        bus_.unregisterObject("/org/freedesktop/Notifications");
    }

public slots:

    QStringList GetCapabilities() { return capabilities; }

    uint Notify(
        const QString&,
        uint replaces,
        const QString&,
        const QString& title,
        const QString& body,
        const QStringList& actions,
        const QVariantMap& hints,
        int) {
        bubbles.append({replaces, title, body, actions, hints});
        return replaces != 0 ? replaces : ++last_;
    }

    void CloseNotification(uint id) { closed << id; }

signals:
    void ActionInvoked(uint id, const QString& action);
    void NotificationClosed(uint id, uint reason);

private:
    QDBusConnection bus_;
    uint last_ = 6;
};

}  // namespace hindsight::ui::test
