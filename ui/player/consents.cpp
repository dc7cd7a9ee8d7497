#include "consents.hpp"

#include <hindsight/core/clip.hpp>

#include <QHBoxLayout>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace hindsight::ui {

namespace {

constexpr int kEdge = 16;
constexpr int kRow = 32;

}  // namespace

/// A switch and its words; a click on the words moves the switch too.
class Consents::Row : public QWidget {
public:
    Row(const Theme& theme, const QString& words, QWidget* parent) : QWidget{parent} {
        setFixedHeight(kRow);
        auto* across = new QHBoxLayout{this};
        across->setContentsMargins(kEdge, 0, kEdge, 0);
        text_ = new Text{theme, words, 14, QFont::Normal, &Tokens::text, this};
        toggle_ = new Switch{theme, words, this};
        across->addWidget(text_, 1);
        across->addWidget(toggle_);
    }

    [[nodiscard]] Switch& toggle() { return *toggle_; }

    /// `why` is the tooltip, and what a screen reader adds to the name.
    void show_state(bool on, bool can_change, const QString& why) {
        toggle_->setChecked(on);
        toggle_->setEnabled(can_change);
        toggle_->setAccessibleDescription(why);
        text_->set_colour(can_change ? &Tokens::text : &Tokens::text3);
        setToolTip(why);
    }

protected:
    void mouseReleaseEvent(QMouseEvent* event) override {
        if (event->button() == Qt::LeftButton && rect().contains(event->pos()))
            toggle_->click();
    }

private:
    Text* text_;
    Switch* toggle_;
};

Consents::Consents(const Theme& theme, QWidget* parent) : QWidget{parent}, theme_{theme} {
    setAccessibleName(tr("Consents"));
    auto* title = new Text{theme, tr("Consents"), 14, QFont::DemiBold, &Tokens::text, this};
    keep_ = new Row{theme, tr("Keep what I did in this clip"), this};
    train_ = new Row{theme, tr("May be used for training"), this};
    stored_ = new Button{theme, Button::Kind::Ghost, tr("Show what was stored"), "eye", this};
    stored_->set_small();
    title->setContentsMargins(kEdge, 0, kEdge, 2);
    auto* column = new QVBoxLayout{this};
    column->setContentsMargins(0, 11, 0, 8);
    column->setSpacing(0);
    column->addWidget(title);
    column->addWidget(keep_);
    column->addWidget(train_);
    auto* inset = new QHBoxLayout;
    // The icon of the button under the words above.
    inset->setContentsMargins(kEdge - 11, 2, kEdge - 11, 0);
    inset->addWidget(stored_, 0, Qt::AlignLeft);
    column->addLayout(inset);
    connect(&keep_->toggle(), &Switch::clicked, this, [this](bool on) {
        if (!on)
            emit forget_wanted();
    });
    connect(&train_->toggle(), &Switch::clicked, this, &Consents::train_wanted);
    connect(stored_, &Button::clicked, this, &Consents::stored_wanted);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Consents::set_clip(const Clip& clip) {
    const bool in_library = !clip.id.empty();
    const bool stored = !clip.actions_path.empty();
    const QString none =
        clip.keep_actions
            ? tr("No actions are stored with this clip.")
            : tr("The actions of this clip were not kept, or were forgotten for good.");
    const QString foreign = tr("Only for clips of the library.");
    keep_->show_state(
        stored,
        stored && in_library,
        !stored      ? none
        : in_library ? tr("Off: the actions of this clip are forgotten for good.")
                     : foreign);
    train_->show_state(
        stored && clip.train,
        stored && in_library,
        !stored      ? tr("There are no actions that could be used. %1").arg(none)
        : in_library ? tr("Marks this clip. Nothing is sent anywhere.")
                     : foreign);
    stored_->setEnabled(stored);
    stored_->setToolTip(stored ? QString{} : none);
}

void Consents::paintEvent(QPaintEvent*) {
    QPainter{this}.fillRect(kEdge, 0, width() - 2 * kEdge, 1, theme_.t().line);
}

}  // namespace hindsight::ui
