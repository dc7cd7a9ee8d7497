#include "status_card.hpp"

#include "clip_text.hpp"
#include "theme/paint.hpp"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace hindsight::ui {

Meter::Meter(const Theme& theme, QWidget* parent) : QWidget{parent}, theme_{theme} {
    setFixedHeight(18);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Meter::set_values(double limit_s, double ready_s, double take_s) {
    limit_s_ = limit_s > 0 ? limit_s : 60;
    ready_s_ = ready_s;
    take_s_ = take_s;
    update();
}

void Meter::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens& t = theme_.t();
    const double second = limit_s_ > 90 ? limit_s_ / 60 : 1;
    const int ticks = std::max(1, static_cast<int>(std::lround(limit_s_ / second)));
    const double pitch = double(width()) / ticks;
    painter.setPen(Qt::NoPen);
    for (int i = 0; i < ticks; ++i) {
        const double age = (ticks - i) * second;
        const bool full = age <= ready_s_ + second / 2;
        const bool take = full && age <= take_s_ + second / 2;
        const int high = !full ? 3 : (take ? 18 : 9);
        painter.setBrush(!full ? t.border : (take ? t.accent : t.text3));
        painter.drawRoundedRect(QRectF{i * pitch, 18.0 - high, pitch - 1.2, double(high)}, 1, 1);
    }
}

StatusCard::StatusCard(const Theme& theme, Recorder& recorder, QWidget* parent)
    : QWidget{parent}, theme_{theme}, recorder_{recorder} {
    glyph_ = new QLabel{this};
    glyph_->setFixedSize(16, 16);
    state_ = new Text{theme, {}, 13, QFont::DemiBold, &Tokens::text, this};
    ready_ = new Text{theme, {}, 12, QFont::Medium, &Tokens::text, this};
    source_ = new Text{theme, {}, 12, QFont::Normal, &Tokens::text2, this};
    source_->setWordWrap(true);
    source_->setMinimumHeight(16);
    meter_ = new Meter{theme, this};
    button_ = new Button{theme, Button::Kind::Primary, {}, {}, this};
    button_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    connect(button_, &Button::clicked, this, &StatusCard::press);

    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(glyph_);
    head->addWidget(state_, 1);
    head->addWidget(ready_);
    auto* column = new QVBoxLayout{this};
    column->setContentsMargins(13, 13, 13, 13);
    column->setSpacing(0);
    column->addLayout(head);
    column->addSpacing(4);
    column->addWidget(source_);
    column->addSpacing(10);
    column->addWidget(meter_);
    column->addSpacing(12);
    column->addWidget(button_);
    connect(&recorder, &Recorder::status_changed, this, &StatusCard::refresh);
    connect(&theme, &Theme::changed, this, &StatusCard::refresh);
    refresh();
}

void StatusCard::set_save(double seconds, const QString& key) {
    take_s_ = seconds;
    key_ = key;
    refresh();
}

void StatusCard::set_narrow(bool narrow) {
    narrow_ = narrow;
    layout()->setContentsMargins(
        narrow ? 2 : 13, narrow ? 2 : 13, narrow ? 2 : 13, narrow ? 2 : 13);
    for (QWidget* part :
         {static_cast<QWidget*>(glyph_),
          static_cast<QWidget*>(state_),
          static_cast<QWidget*>(ready_),
          static_cast<QWidget*>(source_),
          static_cast<QWidget*>(meter_)})
        part->setVisible(!narrow);
    refresh();
}

void StatusCard::press() {
    if (!recorder_.failure().request.isEmpty())
        recorder_.retry();
    else
        recorder_.save(take_s_);
}

void StatusCard::refresh() {
    using Shape = RecorderStatus::Shape;
    const RecorderStatus& status = recorder_.status();
    const QString failure = recorder_.failure().sentence;
    const Shape shape = shape_of(status, recorder_.saving(), !failure.isEmpty());
    const Tokens& t = theme_.t();
    const QString what = status.game.isEmpty() ? tr("The screen") : status.game;
    const QString picture = picture_text(status.width, status.height, status.fps);
    QColor colour = t.text2;
    QString word = tr("Waiting for a game");
    QString source = tr("Buffering starts by itself");
    switch (shape) {
    case Shape::Buffering:
        colour = t.accent;
        word = tr("Buffering");
        source = picture.isEmpty() ? what : tr("%1, %2").arg(what, picture);
        break;
    case Shape::Saving:
        colour = t.info;
        word = tr("Saving");
        source = what;
        break;
    case Shape::Error:
        colour = t.error;
        word = failure.isEmpty() ? tr("Needs attention") : tr("Not saved");
        source = failure.isEmpty() ? status.trouble : failure;
        break;
    case Shape::Paused:
        word = tr("Paused");
        source = tr("Nothing is recorded");
        break;
    case Shape::Idle:
        if (!status.connected || status.state == "starting") {
            word = tr("Starting");
            source = status.connected ? what : tr("The recorder is starting");
        }
        break;
    }
    glyph_->setPixmap(theme_.glyph(shape_name(shape), 16, colour, devicePixelRatioF()));
    state_->setText(word);
    const bool counts = status.recording() && shape != Shape::Error;
    ready_->setText(counts ? tr("%1 s ready").arg(int(status.buffered_s)) : QString{});
    source_->setText(source);
    source_->set_colour(shape == Shape::Error ? &Tokens::text : &Tokens::text2);
    meter_->set_values(status.limit_s, status.buffered_s, take_s_);
    meter_->setVisible(!narrow_ && shape != Shape::Error);
    meter_->setAccessibleName(tr("%1 seconds ready").arg(int(status.buffered_s)));
    const bool retry = !failure.isEmpty();
    const bool can_save = status.connected && status.recording() && status.buffered_s > 0;
    button_->set_progress(
        shape == Shape::Saving ? std::optional{status.saving.value_or(0.5)} : std::nullopt);
    button_->set_label(
        shape == Shape::Saving ? tr("Saving")
        : retry                ? tr("Try again")
        : narrow_              ? QString{}
                               : tr("Save last %1").arg(length_text(take_s_)));
    button_->set_icon_name(narrow_ ? "save" : "");
    button_->set_hint(can_save && !retry && !narrow_ && shape != Shape::Saving ? key_ : QString{});
    button_->setEnabled(retry || (can_save && shape != Shape::Saving));
    button_->setToolTip(
        button_->isEnabled() || shape == Shape::Saving
            ? QString{}
            : tr("There is nothing to save until a game is being buffered."));
    update();
}

void StatusCard::paintEvent(QPaintEvent*) {
    if (narrow_)
        return;
    QPainter painter{this};
    const Tokens& t = theme_.t();
    const bool error =
        shape_of(recorder_.status(), recorder_.saving(), !recorder_.failure().request.isEmpty()) ==
        RecorderStatus::Shape::Error;
    rounded(painter, rect(), 12, error ? t.error_soft : t.surface2, error ? t.error : t.line);
}

}  // namespace hindsight::ui
