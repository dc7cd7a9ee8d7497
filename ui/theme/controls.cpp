#include "controls.hpp"

#include "paint.hpp"

#include <QApplication>
#include <QFontMetrics>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <utility>

namespace hindsight::ui {

Switch::Switch(const Theme& theme, const QString& name, QWidget* parent)
    : QAbstractButton{parent}, theme_{theme} {
    setCheckable(true);
    setAccessibleName(name);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setProperty("focusRadius", 12);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

bool Switch::event(QEvent* event) {
    if (event->type() == QEvent::Enter || event->type() == QEvent::Leave)
        update();
    return QAbstractButton::event(event);
}

void Switch::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void Switch::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    const Tokens& t = theme_.t();
    if (isChecked()) {
        rounded(painter, rect(), 12, isEnabled() ? t.accent : t.surface3);
        rounded(painter, {20, 4, 16, 16}, 8, isEnabled() ? t.on_accent : t.text3);
        return;
    }
    const QColor edge = !isEnabled() ? t.line : (underMouse() ? t.text2 : t.border);
    rounded(painter, rect(), 12, isEnabled() ? t.surface1 : t.surface2, edge, 2);
    rounded(painter, {6, 6, 12, 12}, 6, isEnabled() ? t.border : t.line);
}

Slider::Slider(const Theme& theme, const QString& name, QWidget* parent)
    : QSlider{Qt::Horizontal, parent}, theme_{theme} {
    setAccessibleName(name);
    setFocusPolicy(Qt::StrongFocus);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Slider::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    const Tokens& t = theme_.t();
    const double span = std::max(1, maximum() - minimum());
    const double part = (sliderPosition() - minimum()) / span;
    const double middle = height() / 2.0;
    const double left = 8;
    const double room = width() - 16.0;
    rounded(painter, {left - 8, middle - 2, room + 16, 4}, 2, t.surface3);
    rounded(
        painter, {left - 8, middle - 2, room * part + 8, 4}, 2, isEnabled() ? t.accent : t.border);
    rounded(
        painter,
        {left + room * part - 8, middle - 8, 16, 16},
        8,
        isEnabled() ? t.text : t.text3,
        t.surface1,
        2);
}

void Slider::move_to(double x) {
    const double part = std::clamp((x - 8) / std::max(1.0, width() - 16.0), 0.0, 1.0);
    setSliderPosition(minimum() + qRound(part * (maximum() - minimum())));
}

void Slider::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    move_to(event->position().x());
}

void Slider::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton)
        move_to(event->position().x());
}

void Slider::mouseReleaseEvent(QMouseEvent*) {
    emit let_go();
}

void Slider::keyPressEvent(QKeyEvent* event) {
    const int before = value();
    QSlider::keyPressEvent(event);
    if (value() != before)
        emit let_go();
}

Segments::Segments(const Theme& theme, QList<Item> items, QWidget* parent)
    : QWidget{parent}, theme_{theme}, items_{std::move(items)} {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setProperty("focusRadius", 8);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QString Segments::value() const {
    return items_.value(current_).value;
}

void Segments::set_value(const QString& value) {
    for (int i = 0; i < items_.size(); ++i)
        if (items_[i].value == value)
            current_ = i;
    update();
}

double Segments::item_width(int index) const {
    const Item& item = items_[index];
    double width = 20;
    if (!item.icon.isEmpty())
        width += 18;
    if (!item.text.isEmpty())
        width += QFontMetrics{theme_.font(13, QFont::Medium)}.horizontalAdvance(item.text) +
                 (item.icon.isEmpty() ? 0 : 6);
    return std::max(38.0, width);
}

QRectF Segments::item_rect(int index) const {
    double x = 3;
    for (int i = 0; i < index; ++i)
        x += item_width(i);
    return {x, 3, item_width(index), height() - 6.0};
}

QSize Segments::sizeHint() const {
    double width = 6;
    for (int i = 0; i < items_.size(); ++i)
        width += item_width(i);
    return {qRound(width), 36};
}

void Segments::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    const Tokens& t = theme_.t();
    rounded(painter, rect(), 8, t.surface2, t.line);
    for (int i = 0; i < items_.size(); ++i) {
        const QRectF place = item_rect(i);
        const bool chosen = i == current_;
        if (chosen)
            rounded(painter, place, 6, t.surface1, t.border);
        const QColor colour = chosen ? t.text : t.text2;
        QRectF words = place;
        if (!items_[i].icon.isEmpty()) {
            const double x = items_[i].text.isEmpty() ? place.center().x() - 9 : place.left() + 10;
            painter.drawPixmap(
                QPointF{x, place.center().y() - 9},
                theme_.icon(items_[i].icon, 18, colour, devicePixelRatioF()));
            words.setLeft(x + 18);
        }
        text_line(
            painter,
            words,
            theme_.font(13, QFont::Medium),
            colour,
            items_[i].text,
            Qt::AlignCenter);
    }
}

void Segments::choose(int index) {
    if (index < 0 || index >= items_.size() || index == current_)
        return;
    current_ = index;
    update();
    emit chosen(items_[index].value);
}

void Segments::mousePressEvent(QMouseEvent* event) {
    for (int i = 0; i < items_.size(); ++i)
        if (item_rect(i).contains(event->position()))
            choose(i);
}

void Segments::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Right || event->key() == Qt::Key_Down)
        choose(current_ + 1);
    else if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Up)
        choose(current_ - 1);
    else
        QWidget::keyPressEvent(event);
}

KeyCaps::KeyCaps(const Theme& theme, const QString& chord, QWidget* parent)
    : QWidget{parent}, theme_{theme} {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    set_chord(chord);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void KeyCaps::set_chord(const QString& chord) {
    keys_ = chord.split('+', Qt::SkipEmptyParts);
    setAccessibleName(chord);
    updateGeometry();
    update();
}

QSize KeyCaps::sizeHint() const {
    const QFontMetrics metrics{theme_.font(13, QFont::DemiBold)};
    int width = 0;
    for (const QString& key : keys_)
        width += std::max(32, metrics.horizontalAdvance(key) + 22) + (width == 0 ? 0 : 25);
    return {width, 32};
}

void KeyCaps::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    const Tokens& t = theme_.t();
    const QFont font = theme_.font(13, QFont::DemiBold);
    double x = 0;
    for (const QString& key : keys_) {
        if (x > 0) {
            text_line(painter, {x, 0, 25, 32}, theme_.font(14), t.text2, "+", Qt::AlignCenter);
            x += 25;
        }
        const double wide = std::max(32, QFontMetrics{font}.horizontalAdvance(key) + 22);
        rounded(painter, {x, 0, wide, 32}, 6, t.surface3, t.border);
        text_line(painter, {x, 0, wide, 32}, font, t.text, key, Qt::AlignCenter);
        x += wide;
    }
}

Text::Text(
    const Theme& theme, const QString& text, int px, int weight, Colour colour, QWidget* parent)
    : QLabel{text, parent}, theme_{theme}, px_{px}, weight_{weight}, colour_{colour} {
    setTextFormat(Qt::PlainText);
    restyle();
    connect(&theme, &Theme::changed, this, &Text::restyle);
}

void Text::set_colour(Colour colour) {
    colour_ = colour;
    restyle();
}

void Text::restyle() {
    setFont(theme_.font(px_, weight_));
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, theme_.t().*colour_);
    setPalette(colours);
}

Panel::Panel(const Theme& theme, Colour fill, Colour edge, int radius, QWidget* parent)
    : QWidget{parent}, theme_{theme}, fill_{fill}, edge_{edge}, radius_{radius} {
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Panel::set_colours(Colour fill, Colour edge) {
    fill_ = fill;
    edge_ = edge;
    update();
}

void Panel::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    const Tokens& t = theme_.t();
    const QColor edge = edge_ == nullptr ? QColor{Qt::transparent} : t.*edge_;
    if (sides_ == Qt::Edges{}) {
        rounded(painter, rect(), radius_, t.*fill_, edge);
        return;
    }
    painter.fillRect(rect(), t.*fill_);
    if (sides_ & Qt::BottomEdge)
        painter.fillRect(0, height() - 1, width(), 1, edge);
    if (sides_ & Qt::TopEdge)
        painter.fillRect(0, 0, width(), 1, edge);
    if (sides_ & Qt::RightEdge)
        painter.fillRect(width() - 1, 0, 1, height(), edge);
    if (sides_ & Qt::LeftEdge)
        painter.fillRect(0, 0, 1, height(), edge);
}

namespace {

class Ring : public QWidget {
public:
    Ring(const Theme& theme, double radius, QWidget* parent)
        : QWidget{parent}, theme_{theme}, radius_{radius} {
        setAttribute(Qt::WA_TransparentForMouseEvents);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter{this};
        rounded(painter, rect(), radius_ + 4, Qt::transparent, theme_.t().focus, 2);
    }

private:
    const Theme& theme_;
    double radius_;
};

}  // namespace

FocusRing::FocusRing(const Theme& theme, QObject* parent) : QObject{parent}, theme_{theme} {
    qApp->installEventFilter(this);
    connect(
        qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { follow(now); });
}

void FocusRing::follow(QWidget* widget) {
    delete ring_;
    const bool wanted = keyboard_ && widget != nullptr && widget->parentWidget() != nullptr &&
                        widget->property("focusRadius").isValid();
    target_ = wanted ? widget : nullptr;
    if (!wanted)
        return;
    ring_ = new Ring{theme_, widget->property("focusRadius").toDouble(), widget->parentWidget()};
    place();
    ring_->show();
}

void FocusRing::place() {
    if (target_.isNull() || ring_.isNull())
        return;
    ring_->setGeometry(target_->geometry().adjusted(-4, -4, 4, 4));
    ring_->raise();
}

bool FocusRing::eventFilter(QObject* object, QEvent* event) {
    if (event->type() == QEvent::KeyPress)
        keyboard_ = true;
    else if (event->type() == QEvent::MouseButtonPress && keyboard_) {
        keyboard_ = false;
        follow(nullptr);
    } else if (
        object == target_ && (event->type() == QEvent::Move || event->type() == QEvent::Resize))
        place();
    else if (object == target_ && event->type() == QEvent::Hide)
        follow(nullptr);
    return false;
}

}  // namespace hindsight::ui
