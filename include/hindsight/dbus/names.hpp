#pragma once

// The names under which the service is found on the session bus, and how our errors travel over it.

#include <hindsight/core/result.hpp>

#include <QDBusError>
#include <QString>

namespace hindsight::dbus {

inline constexpr const char* kService = "io.github.hindsight.Hindsight";
inline constexpr const char* kPath = "/io/github/hindsight/Hindsight";
inline constexpr const char* kRecorderInterface = "io.github.hindsight.Recorder1";
inline constexpr const char* kLibraryInterface = "io.github.hindsight.Library1";
inline constexpr const char* kErrorPrefix = "io.github.hindsight.Error.";

/// "io.github.hindsight.Error.NoSpace". [any-thread]
[[nodiscard]] QString error_name(Errc code);

/// The category of one of our own error names; External for every other name. [any-thread]
[[nodiscard]] Errc errc_from_error_name(const QString& name);

/// What came back over the bus, as an Error. Our own errors keep category and sentence; those of
/// the bus itself (service gone, no answer, access denied) become sentences for people.
/// [any-thread]
[[nodiscard]] Error to_error(const QDBusError& error);

}  // namespace hindsight::dbus
