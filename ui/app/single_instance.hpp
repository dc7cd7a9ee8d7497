#pragma once

// One window per session: the first program owns a name on the bus; a second one hands over what it
// was asked and ends.

#include <QDBusConnection>
#include <QObject>
#include <QStringList>

namespace hindsight::ui {

class SingleInstance : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "io.github.hindsight.App1")

public:
    explicit SingleInstance(const QDBusConnection& bus, QObject* parent = nullptr);

    /// True when this is the first one; it is called from then on.
    [[nodiscard]] bool take();

    /// Asks the running one to show itself, and `clip` when it is not empty.
    [[nodiscard]] bool hand_over(const QString& clip);

    static constexpr const char* kName = "io.github.hindsight.App";
    static constexpr const char* kPath = "/io/github/hindsight/App";

public slots:  // NOLINT(readability-redundant-access-specifiers)
    Q_SCRIPTABLE void Show(const QString& clip);

signals:
    void shown(const QString& clip);

private:
    QDBusConnection bus_;
};

}  // namespace hindsight::ui
