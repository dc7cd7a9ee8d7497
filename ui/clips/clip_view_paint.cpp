#include "clip_text.hpp"
#include "clip_view.hpp"
#include "theme/paint.hpp"

#include <QFontMetrics>
#include <QPaintEvent>
#include <QPainter>
#include <algorithm>
#include <array>

namespace hindsight::ui {

namespace {

/// Badges lie on dark plates in both themes.
const Tokens& on_picture() {
    static const Tokens kDark = load_tokens(true);
    return kDark;
}

}  // namespace

void ClipView::paintEvent(QPaintEvent* event) {
    QPainter painter{viewport()};
    const int offset = verticalOffset();
    painter.fillRect(event->rect(), theme_.t().bg);
    painter.translate(0, -offset);
    const auto [first, last] = layout_.items_between(offset - 8, offset + viewport()->height() + 8);
    for (int row = first; row < last; ++row) {
        if (mode_ == GridLayout::Mode::Grid)
            paint_tile(painter, row);
        else
            paint_row(painter, row);
    }
    if (mode_ == GridLayout::Mode::List) {
        paint_list_header(painter);
        return;
    }
    // The header of the group at the top sticks until the next one pushes it out.
    const int top_group = layout_.group_at(offset);
    for (int group = 0; group < layout_.groups(); ++group) {
        int top = layout_.header_rect(group).top();
        if (group == top_group) {
            top = std::max(top, offset);
            if (group + 1 < layout_.groups())
                top = std::min(top, layout_.header_rect(group + 1).top() - GridLayout::kHeader);
        }
        if (top + GridLayout::kHeader >= offset && top <= offset + viewport()->height())
            paint_header(painter, group, top);
    }
}

void ClipView::paint_header(QPainter& painter, int group, int top) {
    const ClipModel::Group& shown = clips_.groups()[size_t(group)];
    const QRect band{0, top, viewport()->width(), GridLayout::kHeader};
    const int natural = layout_.header_rect(group).top();
    if (top != natural)
        painter.fillRect(band, theme_.t().bg);
    const QFont title = theme_.font(16, QFont::DemiBold);
    const int wide = QFontMetrics{title}.horizontalAdvance(shown.title);
    const QRectF line{24, top + 8.0, double(wide) + 2, 36};
    text_line(painter, line, title, theme_.t().text, shown.title);
    number_line(
        painter,
        {line.right() + 9, line.top() + 1, 600, 36},
        theme_.font(12),
        theme_.t().text2,
        shown.meta);
}

void ClipView::paint_picture(QPainter& painter, const Clip& clip, const QRect& place, int radius) {
    const Tokens& t = theme_.t();
    const QString path = QString::fromStdString(clip.thumbnail_path.string());
    const QPixmap picture = thumbnails_.get(path, place.width(), devicePixelRatioF());
    rounded(painter, place, radius, picture.isNull() ? t.surface2 : stage_colour());
    if (!picture.isNull()) {
        cover(painter, place, radius, picture);
        return;
    }
    const int size = place.width() > 100 ? 24 : 18;
    painter.drawPixmap(
        place.center() - QPoint{size / 2, size / 2},
        theme_.icon("play", size, t.text3, devicePixelRatioF()));
}

void ClipView::paint_badges(QPainter& painter, const Clip& clip, const QRect& place, bool hovered) {
    const Tokens& t = on_picture();
    const QFont font = theme_.font(12, QFont::DemiBold);
    const qreal dpr = devicePixelRatioF();
    const double y = place.bottom() - 25.0;
    const QString length = clock_text(clip.duration.seconds());
    const double wide = number_width(font, length) + 12;
    const QRectF right{place.right() - 5.0 - wide, y, wide, 20};
    rounded(painter, right, 5, badge_plate(t));
    number_line(painter, right, font, t.on_badge, length, Qt::AlignHCenter);

    const auto counts = event_counts(clip);
    double x = place.left() + 6.0;
    double inner = 0;
    for (const auto& [type, count] : counts)
        inner += 14 + (count > 1 ? 3 + number_width(font, QString::number(count)) : 0) + 6;
    if (inner > 0 && x + inner + 6 < right.left()) {
        rounded(painter, {x, y, inner + 6, 20}, 5, badge_plate(t));
        x += 6;
        for (const auto& [type, count] : counts) {
            painter.drawPixmap(
                QPointF{x, y + 3}, theme_.icon(event_icon(type), 14, t.event(type), dpr));
            x += 14;
            if (count > 1)
                x += 3 + number_line(
                             painter, {x + 3, y, 40, 20}, font, t.on_badge, QString::number(count));
            x += 6;
        }
    }
    if (clip.favorite && !hovered) {
        const QRectF star{place.right() - 25.0, place.top() + 6.0, 20, 20};
        rounded(painter, star, 5, badge_plate(t));
        painter.drawPixmap(
            star.topLeft() + QPointF{3, 3}, theme_.icon("star-filled", 14, t.ev_achievement, dpr));
    }
}

void ClipView::paint_plate(QPainter& painter, int row, Plate plate, const QString& icon) {
    const Tokens& t = on_picture();
    const QRect place = plate_rect(row, plate);
    const bool hot = hover_.row == row && hover_.plate == plate;
    const bool grid = mode_ == GridLayout::Mode::Grid;
    const qreal dpr = devicePixelRatioF();
    if (plate == Plate::Box) {
        rounded(painter, place, 8, badge_plate(t));
        const QRectF box{place.left() + 6.0, place.top() + 6.0, 20, 20};
        if (selected(row)) {
            rounded(painter, box, 5, theme_.t().accent);
            painter.drawPixmap(
                box.topLeft() + QPointF{2, 2}, theme_.icon("check", 16, theme_.t().on_accent, dpr));
        } else {
            rounded(painter, box, 5, Qt::transparent, Qt::white, 2);
        }
        return;
    }
    const bool on_text = plate == Plate::Folder || !grid;
    QColor colour = on_text ? theme_.t().text2 : QColor{Qt::white};
    if (on_text && hot) {
        rounded(painter, place, 8, theme_.t().surface3);
        colour = theme_.t().text;
    } else if (!on_text) {
        rounded(painter, place, 8, hot ? t.surface3 : badge_plate(t));
    }
    if (icon == "star-filled")
        colour = on_text ? theme_.t().ev_achievement : t.ev_achievement;
    painter.drawPixmap(place.topLeft() + QPoint{7, 7}, theme_.icon(icon, 18, colour, dpr));
}

void ClipView::paint_plates(QPainter& painter, int row) {
    const bool hovered = hover_.row == row;
    if (hovered || any_selected())
        paint_plate(painter, row, Plate::Box, {});
    if (!hovered)
        return;
    const bool star = clips_.clip(row).favorite;
    paint_plate(painter, row, Plate::Star, star ? "star-filled" : "star");
    paint_plate(painter, row, Plate::More, "more");
    paint_plate(painter, row, Plate::Folder, "folder");
}

void ClipView::paint_tile(QPainter& painter, int row) {
    const Tokens& t = theme_.t();
    const Clip& clip = clips_.clip(row);
    const QRect tile = layout_.tile_rect(row);
    const QRect picture = layout_.picture_rect(row);
    const bool hovered = hover_.row == row;
    if (selected(row))
        rounded(painter, tile.adjusted(-2, -2, 2, 2), 12, t.accent_soft, t.accent, 2);
    else if (hovered)
        rounded(
            painter,
            tile.adjusted(-2, -2, 2, 2),
            12,
            pressed_.row == row ? t.surface3 : t.surface2);
    if (keyboard_ && hasFocus() && currentIndex().row() == row)
        rounded(painter, tile.adjusted(-5, -5, 5, 5), 14, Qt::transparent, t.focus, 2);
    paint_picture(painter, clip, picture, 8);
    paint_badges(painter, clip, picture, hovered);
    paint_plates(painter, row);
    const double left = picture.left() + 2.0;
    const double wide = picture.width() - 4.0 - (hovered ? 40 : 0);
    const double top = picture.bottom() + 9.0;
    text_line(
        painter, {left, top, wide, 20}, theme_.font(14, QFont::Medium), t.text, clip_title(clip));
    const bool gone = thumbnails_.missing(QString::fromStdString(clip.thumbnail_path.string())) &&
                      !std::filesystem::exists(clip.path);
    text_line(
        painter,
        {left, top + 22, wide, 16},
        theme_.font(12),
        gone ? t.error : t.text2,
        gone ? tr("File is not there") : clip_meta(clip));
}

void ClipView::paint_list_header(QPainter& painter) {
    const Tokens& t = theme_.t();
    const int top = verticalOffset();
    const QRect band{0, top, viewport()->width(), GridLayout::kListHeader};
    painter.fillRect(band, t.bg);
    painter.fillRect(QRect{12, band.bottom(), band.width() - 24, 1}, t.line);
    const QFont font = theme_.font(12, QFont::DemiBold);
    const int right = viewport()->width() - GridLayout::kSide - 12;
    const auto word = [&](double x, double wide, const QString& text, Qt::Alignment align) {
        text_line(painter, {x, double(top), wide, 36}, font, t.text3, text, align);
    };
    const auto flush = Qt::AlignRight | Qt::AlignVCenter;
    const int text = GridLayout::kSide + 94;
    word(text, 200, tr("Title"), Qt::AlignVCenter);
    word(right - 572, 124, tr("Game"), Qt::AlignVCenter);
    word(right - 434, 150, tr("Events"), Qt::AlignVCenter);
    word(right - 270, 52, tr("Length"), flush);
    word(right - 204, 64, tr("Size"), flush);
    word(right - 120, 120, tr("Saved"), flush);
}

void ClipView::paint_row_events(QPainter& painter, const Clip& clip, QRect place) {
    const qreal dpr = devicePixelRatioF();
    double x = place.left();
    for (const auto& [type, count] : event_counts(clip)) {
        const QString words = event_count_text(type, count);
        const QFont font = theme_.font(13);
        const int wide = QFontMetrics{font}.horizontalAdvance(words);
        if (x + 21 + wide > place.right())
            return;
        painter.drawPixmap(
            QPointF{x, place.center().y() - 7.5},
            theme_.icon(event_icon(type), 16, theme_.t().event(type), dpr));
        text_line(
            painter,
            {x + 21, double(place.top()), wide + 2.0, double(place.height())},
            font,
            theme_.t().text,
            words);
        x += 33 + wide;
    }
}

void ClipView::paint_row(QPainter& painter, int row) {
    const Tokens& t = theme_.t();
    const Clip& clip = clips_.clip(row);
    const QRect tile = layout_.tile_rect(row);
    const bool hovered = hover_.row == row;
    const QRect plate = tile.adjusted(-4, 0, 4, 0);
    if (selected(row))
        rounded(painter, plate, 8, t.accent_soft);
    else if (hovered)
        rounded(painter, plate, 8, t.surface2);
    if (keyboard_ && hasFocus() && currentIndex().row() == row)
        rounded(painter, plate, 8, Qt::transparent, t.focus, 2);
    const QRect picture = layout_.picture_rect(row);
    paint_picture(painter, clip, picture, 5);
    const double y = tile.top();
    const double high = tile.height();
    const double right = tile.right() - 11.0;
    const double text = picture.right() + 15.0;
    double wide = right - 586 - text;
    const QFont title = theme_.font(14, QFont::Medium);
    if (clip.favorite) {
        wide -= 24;
        const int used =
            std::min(int(wide), QFontMetrics{title}.horizontalAdvance(clip_title(clip)));
        painter.drawPixmap(
            QPointF{text + used + 8, y + high / 2 - 8},
            theme_.icon("star-filled", 16, t.ev_achievement, devicePixelRatioF()));
    }
    text_line(painter, {text, y, wide, high}, title, t.text, clip_title(clip));
    const QFont body = theme_.font(14);
    text_line(
        painter, {right - 572, y, 124, high}, body, t.text2, QString::fromStdString(clip.game));
    paint_row_events(painter, clip, {int(right - 434), tile.top(), 160, tile.height()});
    const QString length = clock_text(clip.duration.seconds());
    number_line(painter, {right - 270, y, 52, high}, body, t.text2, length, Qt::AlignRight);
    number_line(
        painter,
        {right - 204, y, 64, high},
        body,
        t.text2,
        size_text(clip.size_bytes),
        Qt::AlignRight);
    if (!hovered)
        number_line(
            painter,
            {right - 120, y, 120, high},
            body,
            t.text2,
            short_when(created(clip), QDate::currentDate()),
            Qt::AlignRight);
    paint_plates(painter, row);
}

}  // namespace hindsight::ui
