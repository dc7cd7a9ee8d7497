#pragma once

// JSON ↔ D-Bus values. The maps on the bus carry the JSON contract of hindsightctl one to one, so
// both directions are lossless for what JSON can say:
//   object ↔ a{sv}   array ↔ av   string ↔ s   boolean ↔ b   integer ↔ x (t above 2^63−1)
//   number with a fraction part in its type ↔ d
// D-Bus has no null: a null member is left out of its map, a null element is an empty string.

#include <nlohmann/json.hpp>

#include <QVariant>

namespace hindsight::dbus {

using Json = nlohmann::json;

/// [any-thread]
[[nodiscard]] QVariant to_variant(const Json& value);

/// `value` must be an object (anything else gives an empty map). [any-thread]
[[nodiscard]] QVariantMap to_variant_map(const Json& value);

/// `value` must be an array (anything else gives an empty list). [any-thread]
[[nodiscard]] QVariantList to_variant_list(const Json& value);

/// Takes apart whatever QtDBus hands over, nested QDBusArgument and QDBusVariant included. Narrow
/// integers become JSON integers, byte arrays and structures arrays, object paths strings.
/// Unknown types become null. [any-thread]
[[nodiscard]] Json to_json(const QVariant& value);

}  // namespace hindsight::dbus
