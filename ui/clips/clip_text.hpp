#pragma once

// How clips are named and measured for people.

#include <hindsight/core/clip.hpp>

#include <QDateTime>
#include <QString>

namespace hindsight::ui {

/// The clip's own title, else its events ("2 kills in Freedoom"), else game and time.
[[nodiscard]] QString clip_title(const Clip& clip);

/// "Freedoom, 14:32"; the second line of a tile.
[[nodiscard]] QString clip_meta(const Clip& clip);

/// "Today", "Yesterday", "Friday 20 November" (with the year when it is not this one).
[[nodiscard]] QString day_name(const QDate& day, const QDate& today);

/// "today 14:32", "Fri 23:51", "3 Oct 2025 14:32"
[[nodiscard]] QString short_when(const QDateTime& when, const QDate& today);

/// "0:30", "1:02:03"; with `milliseconds` "0:17.417".
[[nodiscard]] QString clock_text(double seconds, bool milliseconds = false);

/// "30 s", "2 min 5 s", "1 h 4 min"
[[nodiscard]] QString length_text(double seconds);

/// "331 MB", "1.0 GB"
[[nodiscard]] QString size_text(std::uint64_t bytes);

/// "2 kills", "1 marker"
[[nodiscard]] QString event_count_text(const std::string& type, int count);

/// Name of the icon of an event type; unknown types look like markers.
[[nodiscard]] QString event_icon(const std::string& type);

/// "1080p at 60 fps", "854x480 at 30 fps"
[[nodiscard]] QString picture_text(int width, int height, double fps);

/// What a screen reader says for a tile.
[[nodiscard]] QString clip_spoken(const Clip& clip);

/// Event types of the clip with their counts, in the order of their first appearance.
[[nodiscard]] QList<std::pair<std::string, int>> event_counts(const Clip& clip);

[[nodiscard]] QDateTime created(const Clip& clip);

}  // namespace hindsight::ui
