#include "toast.hpp"

#include "theme/paint.hpp"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <utility>

namespace hindsight::ui {

namespace {

constexpr int kPlainMs = 4000;
constexpr int kOfferMs = 8000;

}  // namespace

Toast::Toast(const Theme& theme, QWidget* window) : QWidget{window}, theme_{theme} {
    text_ = new Text{theme, {}, 14, QFont::Normal, &Tokens::text, this};
    button_ = new Button{theme, Button::Kind::Ghost, {}, {}, this};
    auto* row = new QHBoxLayout{this};
    row->setContentsMargins(15, 6, 8, 6);
    row->setSpacing(16);
    row->addWidget(text_, 1);
    row->addWidget(button_);
    timer_.setSingleShot(true);
    connect(&timer_, &QTimer::timeout, this, [this] {
        if (underMouse() || button_->hasFocus())
            timer_.start(kPlainMs);
        else
            hide();
    });
    connect(button_, &Button::clicked, this, &Toast::take_offer);
    window->installEventFilter(this);
    hide();
}

QString Toast::sentence() const {
    return isVisible() ? text_->text() : QString{};
}

void Toast::say(const QString& sentence) {
    action_ = {};
    text_->setText(sentence);
    button_->hide();
    show_for(kPlainMs);
}

void Toast::offer(const QString& sentence, const QString& button, std::function<void()> action) {
    action_ = std::move(action);
    text_->setText(sentence);
    button_->set_label(button);
    button_->set_icon_colour({});
    button_->show();
    show_for(kOfferMs);
}

bool Toast::take_offer() {
    if (!isVisible() || !action_)
        return false;
    hide();
    std::exchange(action_, {})();
    return true;
}

void Toast::show_for(int milliseconds) {
    setMinimumHeight(48);
    adjustSize();
    place();
    show();
    raise();
    timer_.start(milliseconds);
    QAccessibleEvent alert{this, QAccessible::Alert};
    setAccessibleName(text_->text());
    QAccessible::updateAccessibility(&alert);
}

void Toast::place() {
    const QSize room = parentWidget()->size();
    const int wide = std::min(room.width() - 32, std::max(320, sizeHint().width()));
    resize(wide, std::max(48, sizeHint().height()));
    move((room.width() - wide) / 2, room.height() - height() - 24);
}

bool Toast::eventFilter(QObject* object, QEvent* event) {
    if (object == parentWidget() && event->type() == QEvent::Resize)
        place();
    return QWidget::eventFilter(object, event);
}

void Toast::enterEvent(QEnterEvent* event) {
    QWidget::enterEvent(event);
    timer_.start(kOfferMs);
}

void Toast::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    timer_.start(kPlainMs);
}

void Toast::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    rounded(painter, rect(), 10, theme_.t().surface3, theme_.t().border);
}

}  // namespace hindsight::ui
