#include "paint.hpp"

#include <QFontMetricsF>
#include <QPixmap>
#include <algorithm>

namespace hindsight::ui {

void rounded(
    QPainter& painter,
    const QRectF& rect,
    double radius,
    const QColor& fill,
    const QColor& edge,
    double edge_width) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const bool has_edge = edge.alpha() > 0;
    const double inset = has_edge ? edge_width / 2 : 0;
    painter.setPen(has_edge ? QPen{edge, edge_width} : QPen{Qt::NoPen});
    painter.setBrush(fill.alpha() > 0 ? QBrush{fill} : QBrush{Qt::NoBrush});
    const double inner = std::max(0.0, radius - inset);
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), inner, inner);
    painter.restore();
}

void text_line(
    QPainter& painter,
    const QRectF& rect,
    const QFont& font,
    const QColor& colour,
    const QString& text,
    Qt::Alignment alignment) {
    painter.setFont(font);
    painter.setPen(colour);
    const QFontMetricsF metrics{font};
    const QString shown = metrics.elidedText(text, Qt::ElideRight, rect.width() + 1);
    painter.drawText(rect, static_cast<int>(alignment) | Qt::TextSingleLine, shown);
}

double number_width(const QFont& font, const QString& text) {
    const QFontMetricsF metrics{font};
    const double cell = metrics.horizontalAdvance('0');
    double width = 0;
    for (const QChar c : text)
        width += c.isDigit() ? cell : metrics.horizontalAdvance(c);
    return width;
}

double number_line(
    QPainter& painter,
    const QRectF& rect,
    const QFont& font,
    const QColor& colour,
    const QString& text,
    Qt::Alignment alignment) {
    const QFontMetricsF metrics{font};
    const double cell = metrics.horizontalAdvance('0');
    const double width = number_width(font, text);
    double x = rect.left();
    if (alignment & Qt::AlignRight)
        x = rect.right() - width;
    else if (alignment & Qt::AlignHCenter)
        x = rect.center().x() - width / 2;
    const double baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    painter.setFont(font);
    painter.setPen(colour);
    for (const QChar c : text) {
        const double advance = metrics.horizontalAdvance(c);
        const double place = c.isDigit() ? cell : advance;
        painter.drawText(QPointF{x + (place - advance) / 2, baseline}, QString{c});
        x += place;
    }
    return width;
}

void cover(QPainter& painter, const QRectF& rect, double radius, const QPixmap& picture) {
    if (picture.isNull())
        return;
    const QSizeF size = picture.deviceIndependentSize();
    const double scale = std::max(rect.width() / size.width(), rect.height() / size.height());
    const double left = rect.center().x() - size.width() * scale / 2;
    const double top = rect.center().y() - size.height() * scale / 2;
    QTransform transform;
    transform.translate(left, top);
    transform.scale(scale / picture.devicePixelRatio(), scale / picture.devicePixelRatio());
    QBrush brush{picture};
    brush.setTransform(transform);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.setPen(Qt::NoPen);
    painter.setBrush(brush);
    painter.drawRoundedRect(rect, radius, radius);
    painter.restore();
}

}  // namespace hindsight::ui
