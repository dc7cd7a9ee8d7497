#include <hindsight/dbus/names.hpp>

#include <array>

namespace hindsight::dbus {

namespace {

struct Name {
    Errc code;
    const char* suffix;
};

constexpr std::array kNames{
    Name{Errc::Cancelled, "Cancelled"},
    Name{Errc::InvalidArgument, "InvalidArgument"},
    Name{Errc::NotFound, "NotFound"},
    Name{Errc::AlreadyExists, "AlreadyExists"},
    Name{Errc::Unsupported, "Unsupported"},
    Name{Errc::Busy, "Busy"},
    Name{Errc::Timeout, "Timeout"},
    Name{Errc::DeviceLost, "DeviceLost"},
    Name{Errc::NoSpace, "NoSpace"},
    Name{Errc::PermissionDenied, "PermissionDenied"},
    Name{Errc::Io, "Io"},
    Name{Errc::Corrupt, "Corrupt"},
    Name{Errc::External, "External"},
};

Error make(Errc code, std::string what) {
    return Error{.code = code, .what = std::move(what)};
}

}  // namespace

QString error_name(Errc code) {
    for (const Name& name : kNames) {
        if (name.code == code)
            return QString::fromLatin1(kErrorPrefix) + QLatin1String{name.suffix};
    }
    return QString::fromLatin1(kErrorPrefix) + QLatin1String{"External"};
}

Errc errc_from_error_name(const QString& name) {
    const QLatin1String prefix{kErrorPrefix};
    if (name.startsWith(prefix)) {
        const QStringView suffix = QStringView{name}.mid(prefix.size());
        for (const Name& known : kNames) {
            if (suffix == QLatin1String{known.suffix})
                return known.code;
        }
    }
    return Errc::External;
}

Error to_error(const QDBusError& error) {
    if (error.name().startsWith(QLatin1String{kErrorPrefix}))
        return make(errc_from_error_name(error.name()), error.message().toStdString());
    switch (error.type()) {
    case QDBusError::ServiceUnknown:
        return make(Errc::NotFound, "Hindsight is not running.");
    case QDBusError::NoReply:
        // The bus itself answers in the place of a program that is gone.
        if (error.message().contains(QLatin1String{"disconnected"}))
            return make(Errc::DeviceLost, "Hindsight ended before it answered; try again.");
        [[fallthrough]];
    case QDBusError::Timeout:
    case QDBusError::TimedOut:
        return make(Errc::Timeout, "Hindsight did not answer in time; it may be busy or stuck.");
    case QDBusError::Disconnected:
    case QDBusError::NoServer:
        return make(
            Errc::External, "The connection to the desktop's message bus was lost; log in again.");
    case QDBusError::AccessDenied:
        return make(Errc::PermissionDenied, "The desktop's message bus does not allow this.");
    case QDBusError::UnknownMethod:
    case QDBusError::UnknownInterface:
    case QDBusError::InvalidSignature:
    case QDBusError::UnknownObject:
        return make(
            Errc::Unsupported,
            "The running Hindsight service is of another version; end it and try again.");
    default:
        return make(
            Errc::External, "Hindsight could not be reached: " + error.message().toStdString());
    }
}

}  // namespace hindsight::dbus
