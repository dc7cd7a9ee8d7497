#pragma once

// A panel as a tray icon sees it: owns org.kde.StatusNotifierWatcher and drives the icon's menu
// over com.canonical.dbusmenu. It lives on a thread of its own, because Qt waits for its answers.

#include <hindsight/dbus/variant.hpp>

#include <QDBusConnection>
#include <QDBusContext>
#include <QMutex>
#include <QObject>
#include <QThread>
#include <functional>
#include <optional>

namespace hindsight::test {

class Watcher : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierWatcher")
    Q_PROPERTY(bool IsStatusNotifierHostRegistered READ has_host)
    Q_PROPERTY(int ProtocolVersion READ version)
    Q_PROPERTY(QStringList RegisteredStatusNotifierItems READ items)

public:
    [[nodiscard]] bool has_host() const;
    void set_host(bool host);

    [[nodiscard]] int version() const { return 0; }

    [[nodiscard]] QStringList items() const;

public slots:
    void RegisterStatusNotifierItem(const QString& item);

    void RegisterStatusNotifierHost(const QString&) {}

private:
    mutable QMutex mutex_;
    QStringList items_;
    bool host_ = true;
};

/// How soon the panel behind the watcher is ready.
enum class Host { Ready, Later };

class Panel {
public:
    struct Entry {
        int id = 0;
        QString label;
        bool enabled = true;
        bool visible = true;
    };

    /// Handles events until a condition holds; false when that takes too long.
    using Wait = std::function<bool(const std::function<bool()>&)>;

    /// `bus`: a connection of the panel's own, on the bus of the icon's session.
    Panel(const QDBusConnection& bus, Wait wait, Host host = Host::Ready);
    ~Panel();
    Panel(const Panel&) = delete;
    Panel& operator=(const Panel&) = delete;

    /// The panel behind the watcher is ready now.
    void announce_host();

    /// Bus names of the icons that it holds.
    [[nodiscard]] QStringList items() const { return watcher_.items(); }

    /// The first visible entry of the icon's menu (and the menus below it) whose text begins so.
    [[nodiscard]] std::optional<Entry> entry(const QString& label);

    /// Clicks an entry as a person would: false when it is not there, hidden or off.
    [[nodiscard]] bool click(const QString& label);

private:
    [[nodiscard]] dbus::Json menu(const QString& method, const QVariantList& arguments);

    QDBusConnection bus_;
    Wait wait_;
    Watcher watcher_;
    QThread thread_;
};

}  // namespace hindsight::test
