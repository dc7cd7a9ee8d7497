#include "empty_state.hpp"

#include "theme/paint.hpp"

#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

namespace hindsight::ui {

namespace {

/// Three frames of a film, the middle one kept.
class Drawing : public QWidget {
public:
    Drawing(const Theme& theme, QWidget* parent) : QWidget{parent}, theme_{theme} {
        setFixedSize(320, 160);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter{this};
        painter.setRenderHint(QPainter::Antialiasing);
        painter.scale(320.0 / 240, 320.0 / 240);
        const Tokens& t = theme_.t();
        QPen dashed{t.border, 2};
        dashed.setDashPattern({2, 3});
        dashed.setCapStyle(Qt::RoundCap);
        for (const int side : {0, 2}) {
            painter.setPen(dashed);
            painter.setBrush(t.surface1);
            painter.drawRoundedRect(QRectF{20.0 + side * 70, 44, 60, 34}, 8, 8);
        }
        painter.setPen(QPen{t.accent, 2});
        painter.setBrush(t.surface3);
        painter.drawRoundedRect(QRectF{90, 30, 60, 62}, 8, 8);
        QPainterPath triangle{QPointF{113, 49}};
        triangle.lineTo(132, 61);
        triangle.lineTo(113, 73);
        triangle.closeSubpath();
        painter.fillPath(triangle, t.accent);
    }

private:
    const Theme& theme_;
};

}  // namespace

EmptyState::EmptyState(const Theme& theme, QWidget* parent) : QWidget{parent} {
    auto* column = new QVBoxLayout{this};
    column->setSpacing(0);
    column->setContentsMargins(24, 0, 24, 56);
    title_ = new Text{theme, {}, 20, QFont::DemiBold, &Tokens::text, this};
    words_ = new Text{theme, {}, 14, QFont::Normal, &Tokens::text2, this};
    words_->setWordWrap(true);
    words_->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    words_->setFixedWidth(400);
    words_->setMinimumHeight(40);
    keys_ = new KeyCaps{theme, {}, this};
    save_ = new Button{theme, Button::Kind::Secondary, tr("Make a test clip"), "play", this};
    change_ = new Button{theme, Button::Kind::Ghost, tr("Change the key"), "keyboard", this};
    clear_ = new Button{theme, Button::Kind::Secondary, tr("Clear search"), "close", this};
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(save_);
    buttons->addWidget(change_);
    buttons->addWidget(clear_);
    buttons->addStretch(1);
    column->addStretch(1);
    column->addWidget(new Drawing{theme, this}, 0, Qt::AlignHCenter);
    column->addSpacing(8);
    column->addWidget(title_, 0, Qt::AlignHCenter);
    column->addSpacing(6);
    column->addWidget(words_, 0, Qt::AlignHCenter);
    column->addSpacing(22);
    column->addWidget(keys_, 0, Qt::AlignHCenter);
    column->addSpacing(24);
    column->addLayout(buttons);
    column->addStretch(1);
    connect(save_, &Button::clicked, this, &EmptyState::save_wanted);
    connect(change_, &Button::clicked, this, &EmptyState::keys_wanted);
    connect(clear_, &Button::clicked, this, &EmptyState::clear_wanted);
}

void EmptyState::show_welcome(const QString& key, const QString& length, bool can_save) {
    title_->setText(tr("Your first clip is one key away"));
    words_->setText(tr("Start a game and play. When something good happens, press the key: the "
                       "last %1 become a clip.")
                        .arg(length));
    keys_->set_chord(key);
    keys_->show();
    save_->setVisible(can_save);
    change_->show();
    clear_->hide();
}

void EmptyState::show_no_result(const QString& search) {
    title_->setText(tr("No clip matches"));
    words_->setText(
        search.isEmpty()
            ? tr("No clip fits the filter above.")
            : tr("Nothing was found for “%1” in titles, games, tags and events.").arg(search));
    keys_->hide();
    save_->hide();
    change_->hide();
    clear_->show();
    clear_->set_label(search.isEmpty() ? tr("Show all clips") : tr("Clear search"));
}

}  // namespace hindsight::ui
