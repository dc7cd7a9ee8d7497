#pragma once

// Brings the service up, for ServiceClient: D-Bus activation where a service file is installed,
// else the program beside ours.

#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>

#include <QDBusConnection>
#include <QDBusError>
#include <QDBusServiceWatcher>
#include <QObject>
#include <QTimer>
#include <functional>
#include <vector>

namespace hindsight::dbus {

class ServiceStarter : public QObject {
    Q_OBJECT

public:
    using Done = std::function<void(const Result<>&)>;

    explicit ServiceStarter(QDBusConnection bus);

    /// Adds `done` to those who wait; begins a start if none is under way.
    void start(Done done, Duration limit);

private:
    void activation_answered(const QDBusMessage& reply);
    void start_program();
    void check_program();
    void finish(const Result<>& result);

    QDBusConnection bus_;
    QDBusServiceWatcher watcher_;
    QTimer limit_;
    QTimer alive_;
    qint64 pid_ = 0;
    bool under_way_ = false;
    std::vector<Done> waiting_;
};

}  // namespace hindsight::dbus
