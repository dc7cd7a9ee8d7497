#include "moments.hpp"

#include <QDateTime>
#include <QString>
#include <array>
#include <charconv>
#include <optional>

namespace hindsight::ctl {

namespace {

constexpr double kDaySeconds = 86'400;

struct Unit {
    std::string_view name;
    double seconds;
};

constexpr std::array kUnits{
    Unit{"ms", 0.001},
    Unit{"s", 1},
    Unit{"m", 60},
    Unit{"min", 60},
    Unit{"h", 3'600},
    Unit{"d", kDaySeconds},
};

/// The sum of all numbers and their units; a single number may lack one.
std::optional<double> read_seconds(std::string_view text) {
    double total = 0;
    bool first = true;
    while (!text.empty()) {
        if (text.front() == '-' || text.front() == '+')
            return std::nullopt;
        double number = 0;
        const auto [end, error] = std::from_chars(
            text.data(), text.data() + text.size(), number, std::chars_format::fixed);
        if (error != std::errc{})
            return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        std::size_t length = 0;
        while (length < text.size() && text[length] >= 'a' && text[length] <= 'z')
            ++length;
        const std::string_view name = text.substr(0, length);
        text.remove_prefix(length);
        if (name.empty())
            return first && text.empty() ? std::optional{number} : std::nullopt;
        const Unit* unit = nullptr;
        for (const Unit& known : kUnits) {
            if (known.name == name)
                unit = &known;
        }
        if (unit == nullptr)
            return std::nullopt;
        total += number * unit->seconds;
        first = false;
    }
    return first ? std::nullopt : std::optional{total};
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
    const std::optional<double> seconds = read_seconds(text);
    if (!seconds)
        return fail(
            Errc::InvalidArgument, "This is no duration; write it like 30s, 2m, 1m30s or 1.5.");
    if (!(*seconds > 0 && *seconds <= kDaySeconds))
        return fail(Errc::InvalidArgument, "A duration must be above zero and at most a day.");
    return Duration::from_seconds(*seconds);
}

Result<std::int64_t> parse_since(std::string_view text, std::int64_t now_ms) {
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(now_ms);
    if (text == "today")
        return now.date().startOfDay().toMSecsSinceEpoch();
    if (text == "yesterday")
        return now.date().addDays(-1).startOfDay().toMSecsSinceEpoch();
    const QString typed = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    // Qt reads the date of a whole time too, and drops the rest.
    constexpr qsizetype kDateLength = 10;
    if (const QDate date = QDate::fromString(typed, Qt::ISODate);
        date.isValid() && typed.size() == kDateLength)
        return date.startOfDay().toMSecsSinceEpoch();
    QString moment = typed;
    moment.replace(QLatin1Char{' '}, QLatin1Char{'T'});
    if (const QDateTime at = QDateTime::fromString(moment, Qt::ISODate); at.isValid())
        return at.toMSecsSinceEpoch();
    // A bare number could be anything; only one with a unit is a time span.
    const std::optional<double> ago = !text.empty() && text.back() >= 'a' && text.back() <= 'z'
                                          ? read_seconds(text)
                                          : std::nullopt;
    if (!ago)
        return fail(
            Errc::InvalidArgument,
            "This is no date; write it like 2026-11-20, \"2026-11-20 14:30\", today, 12h or 3d.");
    return now_ms - static_cast<std::int64_t>(*ago * 1'000);
}

}  // namespace hindsight::ctl
