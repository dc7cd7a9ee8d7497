#include "button.hpp"

#include "paint.hpp"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QPainter>

namespace hindsight::ui {

Button::Button(
    const Theme& theme, Kind kind, const QString& text, const QString& icon, QWidget* parent)
    : QAbstractButton{parent}, theme_{theme}, kind_{kind}, icon_{icon} {
    setText(text);
    setAccessibleName(text);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setProperty("focusRadius", kind == Kind::Chip ? 16 : 8);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

Button*
Button::icon_only(const Theme& theme, const QString& icon, const QString& name, QWidget* parent) {
    auto* button = new Button{theme, Kind::Ghost, {}, icon, parent};
    button->setToolTip(name);
    button->setAccessibleName(name);
    return button;
}

void Button::set_small() {
    small_ = true;
    updateGeometry();
}

void Button::set_round(int diameter) {
    round_ = diameter;
    setProperty("focusRadius", diameter / 2);
    updateGeometry();
}

void Button::set_icon_name(const QString& icon) {
    if (icon_ == icon)
        return;
    icon_ = icon;
    update();
}

void Button::set_icon_colour(std::optional<QColor> colour) {
    icon_colour_ = colour;
    update();
}

void Button::set_label(const QString& text) {
    if (this->text() == text)
        return;
    setText(text);
    setAccessibleName(text);
    updateGeometry();
    update();
}

void Button::set_kind(Kind kind) {
    kind_ = kind;
    update();
}

void Button::set_hint(const QString& hint) {
    hint_ = hint;
    updateGeometry();
    update();
}

void Button::set_progress(std::optional<double> progress) {
    progress_ = progress;
    update();
}

void Button::set_align_left() {
    left_ = true;
}

QFont Button::label_font() const {
    if (kind_ == Kind::Chip || small_)
        return theme_.font(13, QFont::Medium);
    return theme_.font(14, kind_ == Kind::Primary ? QFont::DemiBold : QFont::Medium);
}

int Button::icon_size() const {
    if (kind_ == Kind::Chip)
        return 16;
    if (round_ > 0)
        return 22;
    return text().isEmpty() && !small_ ? 20 : 18;
}

int Button::content_width() const {
    int width = 0;
    if (!icon_.isEmpty())
        width += icon_size();
    if (!text().isEmpty())
        width += QFontMetrics{label_font()}.horizontalAdvance(text()) +
                 (icon_.isEmpty() ? 0 : (kind_ == Kind::Chip ? 6 : 8));
    if (!hint_.isEmpty())
        width += 8 + 12 + QFontMetrics{theme_.font(11, QFont::Medium)}.horizontalAdvance(hint_);
    return width;
}

QSize Button::sizeHint() const {
    if (round_ > 0)
        return {round_, round_};
    const int height = kind_ == Kind::Chip || small_ ? 32 : 36;
    if (text().isEmpty())
        return {height, height};
    const int padding = kind_ == Kind::Chip ? 13 : (small_ ? 11 : 15);
    return {content_width() + 2 * padding, height};
}

QSize Button::minimumSizeHint() const {
    return sizeHint();
}

Button::Look Button::look() const {
    const Tokens& t = theme_.t();
    const bool hover = underMouse();
    const bool down = isDown();
    const QColor none = Qt::transparent;
    if (isChecked())
        return {t.accent_soft, t.accent_text, t.accent_text};
    switch (kind_) {
    case Kind::Primary:
        if (!isEnabled())
            return {t.surface3, none, t.text3};
        return {down ? t.accent_press : (hover ? t.accent_hover : t.accent), none, t.on_accent};
    case Kind::Danger:
        return {t.error_fill, none, t.on_error};
    case Kind::Secondary:
        if (!isEnabled())
            return {t.surface2, none, t.text3};
        if (down)
            return {t.surface2, t.border, t.text};
        return hover ? Look{t.line, t.border, t.text} : Look{t.surface3, none, t.text};
    case Kind::Ghost:
        if (!isEnabled())
            return {none, none, t.text3};
        if (down)
            return {t.surface3, none, t.text};
        return hover ? Look{t.surface2, none, t.text} : Look{none, none, t.text2};
    case Kind::Chip:
        break;
    }
    if (!isEnabled())
        return {none, t.line, t.text3};
    if (down)
        return {t.surface3, t.border, t.text};
    return hover ? Look{t.surface1, t.border, t.text} : Look{t.surface1, t.line, t.text2};
}

void Button::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    const Look colours = look();
    const double radius = round_ > 0 ? round_ / 2.0 : (kind_ == Kind::Chip ? 16 : 8);
    const QRectF all = rect();
    if (progress_) {
        rounded(painter, all, radius, theme_.t().surface3);
        painter.save();
        painter.setClipRect(QRectF{0, 0, all.width() * *progress_, all.height()});
        rounded(painter, all, radius, theme_.t().info_soft, theme_.t().info);
        painter.restore();
        paint_content(painter, {Qt::transparent, Qt::transparent, theme_.t().text});
        return;
    }
    rounded(painter, all, radius, colours.fill, colours.edge);
    paint_content(painter, colours);
}

void Button::paint_content(QPainter& painter, const Look& look) {
    const int padding = kind_ == Kind::Chip ? 13 : (small_ ? 11 : 15);
    double x = left_ ? padding : (width() - content_width()) / 2.0;
    if (!icon_.isEmpty()) {
        const int size = icon_size();
        const QColor colour = icon_colour_.value_or(look.text);
        painter.drawPixmap(
            QPointF{x, (height() - size) / 2.0},
            theme_.icon(icon_, size, colour, devicePixelRatioF()));
        x += size + (kind_ == Kind::Chip ? 6 : 8);
    }
    if (!text().isEmpty()) {
        const QFont font = label_font();
        const int wide = QFontMetrics{font}.horizontalAdvance(text());
        text_line(
            painter, QRectF{x, 0, double(wide) + 1, double(height())}, font, look.text, text());
        x += wide;
    }
    if (!hint_.isEmpty()) {
        const QFont font = theme_.font(11, QFont::Medium);
        const int wide = QFontMetrics{font}.horizontalAdvance(hint_);
        QColor colour = look.text;
        colour.setAlphaF(0.75F);
        const QRectF frame{x + 8, (height() - 18) / 2.0, wide + 12.0, 18};
        rounded(painter, frame, 4, Qt::transparent, colour);
        text_line(painter, frame, font, colour, hint_, Qt::AlignCenter);
    }
}

void Button::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void Button::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void Button::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

}  // namespace hindsight::ui
