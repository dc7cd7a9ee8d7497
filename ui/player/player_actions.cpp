// What the clip holds of the player: its consents, a look at what was stored, and forgetting it.

#include "player_page.hpp"
#include "stored_sheet.hpp"

#include <QDialog>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace hindsight::ui {

namespace {

/// Asks before something is gone for good; accepted means forget.
QDialog* make_question(const Theme& theme, const Clip& clip, QWidget* parent) {
    auto* dialog = new QDialog{parent};
    dialog->setWindowTitle(PlayerPage::tr("Forget actions"));
    dialog->setWindowModality(Qt::WindowModal);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto* title = new Text{
        theme,
        PlayerPage::tr("Forget what you did in this clip?"),
        16,
        QFont::DemiBold,
        &Tokens::text};
    const QString what =
        clip.overlay_path.empty()
            ? PlayerPage::tr("Its actions and its overlay are removed for good, not to the trash.")
            : PlayerPage::tr(
                  "Its actions, its overlay and the copy that shows it are removed for good, not "
                  "to the trash.");
    auto* words = new Text{
        theme,
        what + ' ' + PlayerPage::tr("The clip itself stays."),
        14,
        QFont::Normal,
        &Tokens::text2};
    words->setWordWrap(true);
    words->setFixedWidth(400);
    auto* keep = new Button{theme, Button::Kind::Secondary, PlayerPage::tr("Keep actions")};
    auto* forget = new Button{theme, Button::Kind::Danger, PlayerPage::tr("Forget actions")};
    dialog->setAccessibleDescription(words->text());
    auto* column = new QVBoxLayout{dialog};
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(8);
    column->addWidget(title);
    column->addWidget(words);
    column->addSpacing(12);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(keep);
    buttons->addWidget(forget);
    column->addLayout(buttons);
    column->setSizeConstraint(QLayout::SetFixedSize);
    QObject::connect(keep, &Button::clicked, dialog, &QDialog::reject);
    QObject::connect(forget, &Button::clicked, dialog, &QDialog::accept);
    keep->setFocus(Qt::OtherFocusReason);
    return dialog;
}

}  // namespace

void PlayerPage::connect_consents() {
    const Consents& consents = inspector_->consents();
    connect(&consents, &Consents::forget_wanted, this, [this] { ask_to_forget(this); });
    connect(&consents, &Consents::train_wanted, this, [this](bool allowed) {
        emit train_wanted(clip_, allowed);
    });
    connect(&consents, &Consents::stored_wanted, this, &PlayerPage::show_stored);
}

void PlayerPage::show_consents() {
    inspector_->consents().set_clip(clip_);
}

void PlayerPage::ask_to_forget(QWidget* over) {
    auto* question = make_question(theme_, clip_, over);
    // By the time of the answer another clip may be open.
    connect(question, &QDialog::accepted, this, [this, clip = clip_] { emit forget_wanted(clip); });
    connect(question, &QDialog::rejected, this, &PlayerPage::show_consents);
    question->open();
}

void PlayerPage::show_stored() {
    auto* sheet = new StoredSheet{theme_, clip_, this};
    connect(sheet, &StoredSheet::seek_wanted, this, [this](double seconds) {
        player_.set_paused(true);
        player_.seek(seconds);
    });
    connect(sheet, &StoredSheet::forget_wanted, this, [this, sheet] { ask_to_forget(sheet); });
    // What it shows is gone then, or another clip's.
    connect(this, &PlayerPage::actions_replaced, sheet, &QDialog::close);
    sheet->open();
}

}  // namespace hindsight::ui
