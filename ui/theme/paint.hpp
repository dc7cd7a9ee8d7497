#pragma once

// Small painting words shared by the painted controls and views.

#include <QColor>
#include <QFont>
#include <QPainter>
#include <QRectF>
#include <QString>

namespace hindsight::ui {

/// A filled rounded rectangle with an optional edge that lies wholly inside `rect`.
void rounded(
    QPainter& painter,
    const QRectF& rect,
    double radius,
    const QColor& fill,
    const QColor& edge = Qt::transparent,
    double edge_width = 1);

/// Text on one line, elided at the right when it does not fit.
void text_line(
    QPainter& painter,
    const QRectF& rect,
    const QFont& font,
    const QColor& colour,
    const QString& text,
    Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter);

/// Times and counts: every digit in a cell as wide as "0", so that running numbers do not jitter
/// (Qt before 6.7 cannot ask a font for tabular figures). Returns the width.
double number_line(
    QPainter& painter,
    const QRectF& rect,
    const QFont& font,
    const QColor& colour,
    const QString& text,
    Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter);

[[nodiscard]] double number_width(const QFont& font, const QString& text);

/// A picture that covers a rounded rectangle, cut at the longer side; clip paths are not
/// antialiased, so it is filled with a brush.
void cover(QPainter& painter, const QRectF& rect, double radius, const QPixmap& picture);

}  // namespace hindsight::ui
