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
    warning_ = new Text{theme, {}, 12, QFont::Medium, &Tokens::warning, this};
    warning_->setWordWrap(true);
    warning_->setContentsMargins(0, 6, 0, 0);
    meter_ = new Meter{theme, this};
    microphone_ = new Button{theme, Button::Kind::Ghost, {}, {}, this};
    microphone_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    microphone_->set_small();
    connect(microphone_, &Button::clicked, this, [this] {
        using Microphone = RecorderStatus::Microphone;
        recorder_.mute_microphone(recorder_.status().microphone != Microphone::Muted);
    });
    button_ = new Button{theme, Button::Kind::Primary, {}, {}, this};
    button_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    connect(button_, &Button::clicked, this, &StatusCard::press);
    start_ = new Button{theme, Button::Kind::Secondary, tr("Start recording"), {}, this};
    start_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    start_->set_small();
    connect(start_, &Button::clicked, &recorder, &Recorder::start_recording);
    let_go_ = new Button{theme, Button::Kind::Ghost, tr("Let go of it"), {}, this};
    let_go_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    let_go_->set_small();
    let_go_->setToolTip(tr("Gives up this moment and frees what it takes"));
    connect(let_go_, &Button::clicked, this, [this] {
        recorder_.discard(recorder_.failure().request);
    });

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
    column->addWidget(warning_);
    column->addSpacing(10);
    column->addWidget(meter_);
    column->addSpacing(12);
    column->addWidget(button_);
    column->addWidget(microphone_);
    column->addWidget(start_);
    column->addWidget(let_go_);
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
    switch (role_) {
    case Role::Retry:
        return recorder_.retry(recorder_.failure().request);
    case Role::Start:
        return recorder_.start_recording();
    case Role::Save:
        return recorder_.save(take_s_);
    }
}

StatusCard::Words StatusCard::words(RecorderStatus::Shape shape) const {
    using Shape = RecorderStatus::Shape;
    const RecorderStatus& status = recorder_.status();
    const QString failure = recorder_.failure().sentence;
    const Tokens& t = theme_.t();
    const QString what = status.game.isEmpty() ? tr("The screen") : status.game;
    const QString picture = picture_text(status.width, status.height, status.fps);
    switch (shape) {
    case Shape::Buffering:
        return {t.accent, tr("Buffering"), picture.isEmpty() ? what : what + ", " + picture};
    case Shape::Saving:
        return {t.info, tr("Saving"), what};
    case Shape::Error:
        if (failure.isEmpty())
            return {t.error, tr("Needs attention"), status.trouble};
        return {
            t.error,
            recorder_.failures().size() == 1 ? tr("Not saved")
                                             : tr("%1 not saved").arg(recorder_.failures().size()),
            failure};
    case Shape::Paused:
        return {t.text2, tr("Paused"), tr("Nothing is recorded")};
    case Shape::Idle:
        break;
    }
    if (!status.connected)
        return {t.text2, tr("Starting"), tr("The recorder is starting")};
    if (status.state == "starting")
        return {t.text2, tr("Starting"), what};
    const QString word = status.starts_by_itself ? tr("Waiting for a game") : tr("Not recording");
    if (status.can_save())
        return {t.text2, word, tr("What was recorded can still be saved")};
    return {
        t.text2,
        word,
        status.starts_by_itself ? tr("Buffering starts by itself") : tr("Starts when you say so")};
}

void StatusCard::refresh() {
    using Shape = RecorderStatus::Shape;
    const RecorderStatus& status = recorder_.status();
    const bool failed = !recorder_.failure().request.isEmpty();
    const Shape shape = shape_of(status, recorder_.saving(), failed);
    const Words words = this->words(shape);
    glyph_->setPixmap(theme_.glyph(shape_name(shape), 16, words.colour, devicePixelRatioF()));
    state_->setText(words.state);
    const bool counts = (status.recording() || status.can_save()) && shape != Shape::Error;
    ready_->setText(counts ? tr("%1 s ready").arg(int(status.buffered_s)) : QString{});
    source_->setText(words.source);
    source_->set_colour(shape == Shape::Error ? &Tokens::text : &Tokens::text2);
    meter_->set_values(status.limit_s, status.buffered_s, take_s_);
    meter_->setVisible(!narrow_ && shape != Shape::Error);
    meter_->setAccessibleName(tr("%1 seconds ready").arg(int(status.buffered_s)));
    refresh_warning();
    refresh_microphone();
    refresh_buttons(shape, failed);
    update();
}

void StatusCard::refresh_warning() {
    const RecorderStatus& status = recorder_.status();
    warning_->setText(warning_line(status));
    warning_->setVisible(!narrow_ && !status.warnings.isEmpty());
    QStringList all;
    for (const HealthWarning& warning : status.warnings)
        all << warning.text;
    warning_->setToolTip(all.size() > 1 ? all.join('\n') : QString{});
}

void StatusCard::refresh_microphone() {
    using Microphone = RecorderStatus::Microphone;
    const Microphone state = recorder_.status().microphone;
    const bool muted = state == Microphone::Muted;
    const bool heard = state == Microphone::Heard;
    const QString word = muted   ? tr("Microphone muted")
                         : heard ? tr("Microphone on")
                                 : tr("Microphone silent");
    const QString press = muted   ? tr("Press to unmute it")
                          : heard ? tr("Press to mute it")
                                  : tr("Heard while the talk key is held. Press to mute it");
    microphone_->setVisible(state != Microphone::Off);
    microphone_->set_icon_name(heard ? "microphone" : "microphone-off");
    microphone_->set_icon_colour(muted ? std::optional{theme_.t().warning} : std::nullopt);
    microphone_->set_label(narrow_ ? QString{} : word);
    microphone_->setAccessibleName(word);
    microphone_->setAccessibleDescription(press);
    microphone_->setToolTip(narrow_ ? word + ". " + press : press);
}

void StatusCard::refresh_buttons(RecorderStatus::Shape shape, bool failed) {
    const RecorderStatus& status = recorder_.status();
    const bool saving = shape == RecorderStatus::Shape::Saving;
    const bool start = status.waits_for_start();
    role_ = failed && !saving             ? Role::Retry
            : start && !status.can_save() ? Role::Start
                                          : Role::Save;
    button_->set_progress(saving ? std::optional{status.saving.value_or(0.5)} : std::nullopt);
    const QString label = saving                 ? tr("Saving")
                          : role_ == Role::Retry ? tr("Try again")
                          : role_ == Role::Start ? tr("Start recording")
                                                 : tr("Save last %1").arg(length_text(take_s_));
    const QString icon = role_ == Role::Retry ? "redo" : role_ == Role::Start ? "play" : "save";
    button_->set_label(narrow_ ? QString{} : label);
    button_->setAccessibleName(label);
    button_->set_icon_name(narrow_ ? icon : QString{});
    const bool can_save = status.can_save() && !saving;
    button_->set_hint(role_ == Role::Save && can_save && !narrow_ ? key_ : QString{});
    button_->setEnabled(role_ == Role::Save ? can_save : true);
    button_->setToolTip(
        button_->isEnabled() || saving
            ? (narrow_ ? label : QString{})
            : tr("There is nothing to save until something has been recorded."));
    start_->setVisible(start && !narrow_ && role_ != Role::Start);
    let_go_->setVisible(role_ == Role::Retry && !narrow_);
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
