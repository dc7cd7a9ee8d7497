#include <hindsight/dbus/names.hpp>
#include <hindsight/dbus/variant.hpp>

#include <gtest/gtest.h>

#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QStringList>
#include <limits>

namespace hindsight::dbus {
namespace {

// What passes through a real bus (nested QDBusArgument) is in tests/integration/dbus.
TEST(DbusValues, JsonSurvivesBothWays) {
    const Json value = Json::parse(R"({
        "text": "äöü \" \\ \n", "empty": "", "yes": true, "no": false,
        "int": -42, "big": 9007199254740993, "zero": 0, "real": 29.97, "whole": 30.0,
        "list": [1, "two", [3], {"four": 4}], "none": [], "map": {"in": {"side": []}}
    })");
    const Json back = to_json(to_variant(value));
    EXPECT_EQ(back, value);
    EXPECT_TRUE(back["whole"].is_number_float());
    EXPECT_TRUE(back["zero"].is_number_integer());
    EXPECT_EQ(
        to_json(to_variant(Json(std::numeric_limits<std::uint64_t>::max()))),
        Json(std::numeric_limits<std::uint64_t>::max()));
    EXPECT_EQ(
        to_json(to_variant(Json(std::numeric_limits<std::int64_t>::min()))),
        Json(std::numeric_limits<std::int64_t>::min()));
}

TEST(DbusValues, NullIsLeftOut) {
    EXPECT_EQ(to_json(to_variant_map({{"a", nullptr}, {"b", 1}})), Json({{"b", 1}}));
    EXPECT_EQ(to_json(to_variant_list({nullptr, 1})), Json({"", 1}));
    EXPECT_TRUE(to_variant_map(Json(3)).isEmpty());
    EXPECT_TRUE(to_variant_list(Json(3)).isEmpty());
}

TEST(DbusValues, UnderstandsWhatOtherProgramsSend) {
    EXPECT_EQ(to_json(QVariant::fromValue(QDBusVariant{QVariant{7U}})), Json(7));
    EXPECT_EQ(to_json(QVariant::fromValue(QDBusObjectPath{"/a"})), Json("/a"));
    EXPECT_EQ(to_json(QVariant::fromValue<uchar>(3)), Json(3));
    EXPECT_EQ(to_json(QVariant::fromValue<short>(-3)), Json(-3));
    EXPECT_EQ(to_json(QStringList{"a", "b"}), Json({"a", "b"}));
    EXPECT_EQ(to_json(QByteArray{"\x01\xff", 2}), Json({1, 255}));
    EXPECT_EQ(to_json(QVariant{}), Json());
}

TEST(DbusErrors, CategoriesSurviveTheNamesOnTheBus) {
    for (int i = 1; i <= static_cast<int>(Errc::External); ++i) {
        const auto code = static_cast<Errc>(i);
        EXPECT_EQ(errc_from_error_name(error_name(code)), code);
    }
    EXPECT_EQ(error_name(Errc::NoSpace), "io.github.hindsight.Error.NoSpace");
    EXPECT_EQ(errc_from_error_name("org.freedesktop.DBus.Error.Failed"), Errc::External);
    EXPECT_EQ(errc_from_error_name("io.github.hindsight.Error.Nonsense"), Errc::External);
}

}  // namespace
}  // namespace hindsight::dbus
