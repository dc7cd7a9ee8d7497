#include "library_adaptor.h"
#include "recorder_adaptor.h"

#include <hindsight/dbus/names.hpp>
#include <hindsight/dbus/service_object.hpp>

#include <QDBusConnectionInterface>

namespace hindsight::dbus {

PendingReply::PendingReply(const QDBusConnection& connection, const QDBusMessage& call)
    : connection_{connection}, call_{call} {}

void PendingReply::send() const {
    connection_.send(call_.createReply());
}

void PendingReply::send(const QVariant& value) const {
    connection_.send(call_.createReply(value));
}

void PendingReply::send_error(const Error& error) const {
    connection_.send(
        call_.createErrorReply(error_name(error.code), QString::fromStdString(error.what)));
}

ServiceObject::ServiceObject(QObject* parent) : QObject{parent} {}

ServiceObject::~ServiceObject() = default;

void ServiceObject::reply_error(const Error& error) const {
    if (calledFromDBus())
        sendErrorReply(error_name(error.code), QString::fromStdString(error.what));
}

PendingReply ServiceObject::defer() const {
    setDelayedReply(true);
    return PendingReply{connection(), message()};
}

Result<> publish(QDBusConnection bus, ServiceObject& object) {
    if (!bus.isConnected())
        return fail(Errc::External, "There is no connection to the desktop's message bus.");
    new RecorderAdaptor{&object};
    new LibraryAdaptor{&object};
    // The object first: whoever sees the name may call at once.
    if (!bus.registerObject(QString::fromLatin1(kPath), &object, QDBusConnection::ExportAdaptors))
        return fail(Errc::External, "The service could not be put on the desktop's message bus.");
    const auto answer = bus.interface()->registerService(
        QString::fromLatin1(kService),
        QDBusConnectionInterface::DontQueueService,
        QDBusConnectionInterface::DontAllowReplacement);
    if (!answer.isValid() || answer.value() != QDBusConnectionInterface::ServiceRegistered) {
        bus.unregisterObject(QString::fromLatin1(kPath));
        if (!answer.isValid())
            return tl::unexpected(to_error(answer.error()));
        return fail(Errc::AlreadyExists, "Hindsight runs already in this session.");
    }
    return {};
}

}  // namespace hindsight::dbus
