#include "single_instance.hpp"

#include <QDBusMessage>

namespace hindsight::ui {

SingleInstance::SingleInstance(const QDBusConnection& bus, QObject* parent)
    : QObject{parent}, bus_{bus} {}

bool SingleInstance::take() {
    return bus_.registerService(kName) &&
           bus_.registerObject(kPath, this, QDBusConnection::ExportScriptableSlots);
}

bool SingleInstance::hand_over(const QString& clip) {
    QDBusMessage call =
        QDBusMessage::createMethodCall(kName, kPath, "io.github.hindsight.App1", "Show");
    call << clip;
    return bus_.call(call, QDBus::Block, 5000).type() == QDBusMessage::ReplyMessage;
}

void SingleInstance::Show(const QString& clip) {
    emit shown(clip);
}

}  // namespace hindsight::ui
