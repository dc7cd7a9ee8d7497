#include "clip_text.hpp"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

namespace hindsight::ui {

namespace {

QString tr(const char* text, int n = -1) {
    return QCoreApplication::translate("Clip", text, nullptr, n);
}

}  // namespace

QDateTime created(const Clip& clip) {
    return QDateTime::fromMSecsSinceEpoch(clip.created_ms);
}

QList<std::pair<std::string, int>> event_counts(const Clip& clip) {
    QList<std::pair<std::string, int>> counts;
    for (const ClipEvent& event : clip.events) {
        bool known = false;
        for (auto& [type, count] : counts) {
            if (type == event.type) {
                ++count;
                known = true;
            }
        }
        if (!known)
            counts.append({event.type, 1});
    }
    return counts;
}

QString event_count_text(const std::string& type, int count) {
    const bool one = count == 1;
    if (type == "kill")
        return one ? tr("1 kill") : tr("%1 kills").arg(count);
    if (type == "death")
        return one ? tr("1 death") : tr("%1 deaths").arg(count);
    if (type == "goal")
        return one ? tr("1 goal") : tr("%1 goals").arg(count);
    if (type == "achievement")
        return one ? tr("1 achievement") : tr("%1 achievements").arg(count);
    if (type == "round")
        return one ? tr("1 round") : tr("%1 rounds").arg(count);
    return one ? tr("1 marker") : tr("%1 markers").arg(count);
}

QString event_icon(const std::string& type) {
    static constexpr std::array kKnown{"kill", "death", "goal", "achievement", "round"};
    for (const char* known : kKnown)
        if (type == known)
            return QString::fromLatin1(known);
    return "marker";
}

QString clip_title(const Clip& clip) {
    if (!clip.title.empty())
        return QString::fromStdString(clip.title);
    const QString game = QString::fromStdString(clip.game);
    for (const auto& [type, count] : event_counts(clip))
        if (type != "marker" && type != "round")
            return tr("%1 in %2").arg(event_count_text(type, count), game);
    return tr("%1, %2").arg(game, QLocale{}.toString(created(clip).time(), "HH:mm"));
}

QString clip_meta(const Clip& clip) {
    const QString title = clip_title(clip);
    QString game_and_time = tr("%1, %2").arg(
        QString::fromStdString(clip.game), QLocale{}.toString(created(clip).time(), "HH:mm"));
    if (title != game_and_time)
        return game_and_time;
    return tr("%1, %2").arg(
        picture_text(clip.width, clip.height, clip.fps), size_text(clip.size_bytes));
}

QString day_name(const QDate& day, const QDate& today) {
    if (day == today)
        return tr("Today");
    if (day.addDays(1) == today)
        return tr("Yesterday");
    return QLocale{}.toString(day, day.year() == today.year() ? "dddd d MMMM" : "dddd d MMMM yyyy");
}

QString short_when(const QDateTime& when, const QDate& today) {
    const QString time = QLocale{}.toString(when.time(), "HH:mm");
    const auto age = when.date().daysTo(today);
    if (age == 0)
        return tr("Today %1").arg(time);
    if (age > 0 && age < 7)
        return QLocale{}.toString(when.date(), "ddd ") + time;
    return QLocale{}.toString(
               when.date(), when.date().year() == today.year() ? "d MMM " : "d MMM yyyy ") +
           time;
}

QString clock_text(double seconds, bool milliseconds) {
    const auto total_ms = static_cast<qint64>(std::llround(std::max(0.0, seconds) * 1000));
    const qint64 total = milliseconds ? total_ms / 1000 : (total_ms + 500) / 1000;
    const qint64 hours = total / 3600;
    QString text = hours > 0 ? QString{"%1:%2:%3"}
                                   .arg(hours)
                                   .arg(total / 60 % 60, 2, 10, QChar{'0'})
                                   .arg(total % 60, 2, 10, QChar{'0'})
                             : QString{"%1:%2"}.arg(total / 60).arg(total % 60, 2, 10, QChar{'0'});
    if (milliseconds)
        text += QString{".%1"}.arg(total_ms % 1000, 3, 10, QChar{'0'});
    return text;
}

QString length_text(double seconds) {
    const auto total = static_cast<qint64>(std::llround(seconds));
    if (total < 60)
        return tr("%1 s").arg(total);
    if (total < 3600)
        return total % 60 == 0 ? tr("%1 min").arg(total / 60)
                               : tr("%1 min %2 s").arg(total / 60).arg(total % 60);
    return tr("%1 h %2 min").arg(total / 3600).arg(total / 60 % 60);
}

QString size_text(std::uint64_t bytes) {
    const double mb = static_cast<double>(bytes) / 1e6;
    if (mb < 0.95)
        return tr("%1 kB").arg(std::max(1, static_cast<int>(std::lround(mb * 1000))));
    if (mb < 10)
        return tr("%1 MB").arg(QLocale{}.toString(mb, 'f', 1));
    if (mb < 999.5)
        return tr("%1 MB").arg(QLocale{}.toString(mb, 'f', 0));
    return tr("%1 GB").arg(QLocale{}.toString(mb / 1000, 'f', 1));
}

QString picture_text(int width, int height, double fps) {
    if (height <= 0)
        return {};
    const bool usual = width * 9 == height * 16 && height >= 360;
    const QString size =
        usual ? QString{"%1p"}.arg(height) : QString{"%1x%2"}.arg(width).arg(height);
    return fps > 0 ? tr("%1 at %2 fps").arg(size).arg(std::lround(fps)) : size;
}

QString clip_spoken(const Clip& clip) {
    QStringList parts{
        clip_title(clip),
        tr("%1 seconds").arg(std::lround(clip.duration.seconds())),
        short_when(created(clip), QDate::currentDate())};
    if (!clip.title.empty())
        for (const auto& [type, count] : event_counts(clip))
            parts << event_count_text(type, count);
    if (clip.favorite)
        parts << tr("favourite");
    return parts.join(", ");
}

}  // namespace hindsight::ui
