#include <hindsight/dbus/variant.hpp>

#include <QDBusArgument>
#include <QDBusObjectPath>
#include <QDBusSignature>
#include <QDBusVariant>
#include <limits>

namespace hindsight::dbus {

namespace {

Json argument_to_json(const QDBusArgument& argument) {
    switch (argument.currentType()) {
    case QDBusArgument::BasicType:
    case QDBusArgument::VariantType:
        return to_json(argument.asVariant());
    case QDBusArgument::ArrayType: {
        Json list = Json::array();
        argument.beginArray();
        while (!argument.atEnd())
            list.push_back(argument_to_json(argument));
        argument.endArray();
        return list;
    }
    case QDBusArgument::StructureType: {
        Json list = Json::array();
        argument.beginStructure();
        while (!argument.atEnd())
            list.push_back(argument_to_json(argument));
        argument.endStructure();
        return list;
    }
    case QDBusArgument::MapType: {
        Json map = Json::object();
        argument.beginMap();
        while (!argument.atEnd()) {
            argument.beginMapEntry();
            const Json key = argument_to_json(argument);
            map[key.is_string() ? key.get<std::string>() : key.dump()] = argument_to_json(argument);
            argument.endMapEntry();
        }
        argument.endMap();
        return map;
    }
    case QDBusArgument::MapEntryType:
    case QDBusArgument::UnknownType:
        break;
    }
    return nullptr;
}

template <class Map>
Json map_to_json(const Map& map) {
    Json out = Json::object();
    for (auto it = map.cbegin(); it != map.cend(); ++it)
        out[it.key().toStdString()] = to_json(it.value());
    return out;
}

}  // namespace

QVariant to_variant(const Json& value) {
    switch (value.type()) {
    case Json::value_t::object:
        return to_variant_map(value);
    case Json::value_t::array:
        return to_variant_list(value);
    case Json::value_t::string:
        return QString::fromStdString(value.get_ref<const std::string&>());
    case Json::value_t::boolean:
        return value.get<bool>();
    case Json::value_t::number_integer:
        return QVariant::fromValue<qlonglong>(value.get<qint64>());
    case Json::value_t::number_unsigned: {
        const auto number = value.get<quint64>();
        if (number <= static_cast<quint64>(std::numeric_limits<qint64>::max()))
            return QVariant::fromValue<qlonglong>(static_cast<qlonglong>(number));
        return QVariant::fromValue<qulonglong>(number);
    }
    case Json::value_t::number_float:
        return value.get<double>();
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded:
        break;
    }
    return QString{};
}

QVariantMap to_variant_map(const Json& value) {
    QVariantMap map;
    if (!value.is_object())
        return map;
    for (const auto& [key, member] : value.items()) {
        if (!member.is_null())
            map.insert(QString::fromStdString(key), to_variant(member));
    }
    return map;
}

QVariantList to_variant_list(const Json& value) {
    QVariantList list;
    if (!value.is_array())
        return list;
    list.reserve(static_cast<qsizetype>(value.size()));
    for (const Json& element : value)
        list.append(to_variant(element));
    return list;
}

Json to_json(const QVariant& value) {
    const QMetaType type = value.metaType();
    if (type == QMetaType::fromType<QDBusArgument>())
        return argument_to_json(value.value<QDBusArgument>());
    if (type == QMetaType::fromType<QDBusVariant>())
        return to_json(value.value<QDBusVariant>().variant());
    if (type == QMetaType::fromType<QDBusObjectPath>())
        return value.value<QDBusObjectPath>().path().toStdString();
    if (type == QMetaType::fromType<QDBusSignature>())
        return value.value<QDBusSignature>().signature().toStdString();
    switch (type.id()) {
    case QMetaType::Bool:
        return value.toBool();
    case QMetaType::UChar:
    case QMetaType::Short:
    case QMetaType::UShort:
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::Long:
    case QMetaType::LongLong:
        return static_cast<std::int64_t>(value.toLongLong());
    case QMetaType::ULong:
    case QMetaType::ULongLong:
        return static_cast<std::uint64_t>(value.toULongLong());
    case QMetaType::Float:
    case QMetaType::Double:
        return value.toDouble();
    case QMetaType::QString:
        return value.toString().toStdString();
    case QMetaType::QStringList: {
        Json list = Json::array();
        for (const QString& text : value.toStringList())
            list.push_back(text.toStdString());
        return list;
    }
    case QMetaType::QByteArray: {
        Json list = Json::array();
        for (const char byte : value.toByteArray())
            list.push_back(static_cast<unsigned char>(byte));
        return list;
    }
    case QMetaType::QVariantList: {
        Json list = Json::array();
        for (const QVariant& element : value.toList())
            list.push_back(to_json(element));
        return list;
    }
    case QMetaType::QVariantMap:
        return map_to_json(value.toMap());
    case QMetaType::QVariantHash:
        return map_to_json(value.toHash());
    default:
        return nullptr;
    }
}

}  // namespace hindsight::dbus
