#include "panel.hpp"

#include <gtest/gtest.h>

#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QDBusVariant>

namespace hindsight::test {

namespace {

constexpr const char* kWatcher = "org.kde.StatusNotifierWatcher";
constexpr const char* kWatcherPath = "/StatusNotifierWatcher";

/// A node of the layout is [id, properties, children].
std::optional<Panel::Entry> find(const dbus::Json& node, const QString& label) {
    if (!node.is_array() || node.size() < 3)
        return std::nullopt;
    const dbus::Json& properties = node[1];
    Panel::Entry entry;
    entry.id = node[0].get<int>();
    entry.label = QString::fromStdString(properties.value("label", std::string{}));
    entry.label.remove('_');
    entry.enabled = properties.value("enabled", true);
    entry.visible = properties.value("visible", true);
    if (entry.visible && entry.label.startsWith(label) && !entry.label.isEmpty())
        return entry;
    for (const dbus::Json& child : node[2])
        if (auto found = find(child, label))
            return found;
    return std::nullopt;
}

}  // namespace

bool Watcher::has_host() const {
    const QMutexLocker lock{&mutex_};
    return host_;
}

void Watcher::set_host(bool host) {
    const QMutexLocker lock{&mutex_};
    host_ = host;
}

QStringList Watcher::items() const {
    const QMutexLocker lock{&mutex_};
    return items_;
}

void Watcher::RegisterStatusNotifierItem(const QString& item) {
    const QMutexLocker lock{&mutex_};
    items_ << (item.startsWith('/') ? message().service() : item);
}

Panel::Panel(const QDBusConnection& bus, Wait wait, Host host) : bus_{bus}, wait_{std::move(wait)} {
    watcher_.set_host(host == Host::Ready);
    const bool up = bus_.registerObject(
        kWatcherPath,
        &watcher_,
        QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllProperties);
    watcher_.moveToThread(&thread_);
    thread_.start();
    EXPECT_TRUE(up && bus_.registerService(kWatcher));
}

Panel::~Panel() {
    bus_.unregisterService(kWatcher);
    bus_.unregisterObject(kWatcherPath);
    QDBusConnection::disconnectFromBus(bus_.name());
    thread_.quit();
    thread_.wait();
}

void Panel::announce_host() {
    watcher_.set_host(true);
    bus_.send(QDBusMessage::createSignal(kWatcherPath, kWatcher, "StatusNotifierHostRegistered"));
}

dbus::Json Panel::menu(const QString& method, const QVariantList& arguments) {
    if (items().isEmpty())
        return {};
    QDBusMessage call = QDBusMessage::createMethodCall(
        items().constLast(), "/MenuBar", "com.canonical.dbusmenu", method);
    call.setArguments(arguments);
    const QDBusPendingCall pending = bus_.asyncCall(call);
    // The menu may be one of this process: then its side must be served meanwhile.
    if (!wait_([&pending] { return pending.isFinished(); }))
        return {};
    const QDBusMessage reply = pending.reply();
    dbus::Json values = dbus::Json::array();
    for (const QVariant& value : reply.arguments())
        values.push_back(dbus::to_json(value));
    return values;
}

std::optional<Panel::Entry> Panel::entry(const QString& label) {
    // As panels do before they unfold a menu.
    (void)menu("AboutToShow", {0});
    const dbus::Json layout = menu("GetLayout", {0, -1, QStringList{}});
    return layout.size() == 2 ? find(layout[1], label) : std::nullopt;
}

bool Panel::click(const QString& label) {
    const auto found = entry(label);
    if (!found || !found->enabled)
        return false;
    (void)menu(
        "Event", {found->id, "clicked", QVariant::fromValue(QDBusVariant{QString{}}), uint{0}});
    return true;
}

}  // namespace hindsight::test
