#include "stored_sheet.hpp"

#include "clips/clip_text.hpp"
#include "clips/library_page.hpp"
#include "row_table.hpp"
#include "stored_actions.hpp"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QTimer>
#include <QVBoxLayout>
#include <utility>

namespace hindsight::ui {

namespace {

constexpr int kCopiedShownMs = 2000;
constexpr int kSearchWaitMs = 60;

}  // namespace

StoredSheet::StoredSheet(const Theme& theme, const Clip& clip, QWidget* parent)
    : QDialog{parent}, theme_{theme}, clip_{clip} {
    setWindowTitle(tr("What was stored"));
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumSize(640, 400);
    resize(QSize{760, 600}.boundedTo(parent->window()->size() - QSize{80, 80}));
    read();
    auto* column = new QVBoxLayout{this};
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(16);
    column->addLayout(make_head());
    if (rows_ != nullptr)
        column->addWidget(make_table(), 1);
    column->addWidget(make_message(), 1);
    column->addLayout(make_foot());
    search({});
    // Not the search field: its cursor would hide what it searches.
    if (table_ != nullptr)
        table_->setFocus(Qt::OtherFocusReason);
    else
        setFocus(Qt::OtherFocusReason);
}

void StoredSheet::read() {
    auto log = actions::read_jsonl(clip_.actions_path);
    if (log)
        rows_ = new StoredActions{*std::move(log), this};
    else
        problem_ = unreadable_actions(log.error());
}

QHBoxLayout* StoredSheet::make_head() {
    auto* title = new Text{
        theme_, tr("What was stored with this clip"), 20, QFont::DemiBold, &Tokens::text, this};
    QString facts = QString::fromStdString(clip_.actions_path.filename().string());
    if (rows_ != nullptr) {
        const int count = rows_->rowCount();
        facts += ", " + (count == 1 ? tr("1 row") : tr("%1 rows").arg(QLocale{}.toString(count)));
        facts += ". " + tr("No keys and no typed text are in it, and no times between frames.");
    }
    auto* about = new Text{theme_, facts, 13, QFont::Normal, &Tokens::text2, this};
    about->setWordWrap(true);
    search_ = new QLineEdit{this};
    search_->setPlaceholderText(tr("Search actions"));
    search_->setAccessibleName(tr("Search actions"));
    search_->setFixedSize(200, 36);
    search_->setClearButtonEnabled(true);
    search_->setVisible(rows_ != nullptr);
    auto* wait = new QTimer{this};
    wait->setSingleShot(true);
    wait->setInterval(kSearchWaitMs);
    connect(search_, &QLineEdit::textChanged, wait, qOverload<>(&QTimer::start));
    connect(wait, &QTimer::timeout, this, [this] { search(search_->text()); });
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(title);
    words->addWidget(about);
    auto* row = new QHBoxLayout;
    row->setSpacing(16);
    row->addLayout(words, 1);
    row->addWidget(search_, 0, Qt::AlignTop);
    return row;
}

QWidget* StoredSheet::make_table() {
    auto* table = new RowTable{theme_, StoredActions::Action, StoredActions::kQuietRole, this};
    table->setAccessibleName(tr("What was stored, by frame"));
    table->setModel(rows_);
    table_ = table;
    QHeaderView* header = table->horizontalHeader();
    header->resizeSection(StoredActions::Frame, 88);
    header->resizeSection(StoredActions::Time, 112);
    header->resizeSection(StoredActions::Action, 200);
    connect(table, &RowTable::row_chosen, this, [this](int row) {
        emit seek_wanted(rows_->seconds(row));
    });
    return table;
}

QWidget* StoredSheet::make_message() {
    no_table_ = new Panel{theme_, &Tokens::surface1, &Tokens::line, 8, this};
    auto* column = new QVBoxLayout{no_table_};
    message_ = new Text{theme_, {}, 14, QFont::Normal, &Tokens::text2, no_table_};
    message_->setWordWrap(true);
    message_->setAlignment(Qt::AlignCenter);
    column->setContentsMargins(40, 24, 40, 24);
    column->addWidget(message_);
    return no_table_;
}

QHBoxLayout* StoredSheet::make_foot() {
    auto* forget = new Button{theme_, Button::Kind::Secondary, tr("Forget actions"), "trash", this};
    copy_ = new Button{theme_, Button::Kind::Secondary, tr("Copy as text"), "copy", this};
    auto* folder =
        new Button{theme_, Button::Kind::Secondary, tr("Show in folder"), "folder", this};
    auto* close = new Button{theme_, Button::Kind::Primary, tr("Close"), {}, this};
    forget->setVisible(!clip_.id.empty());
    copy_->setEnabled(rows_ != nullptr);
    copy_->setToolTip(problem_);
    std::error_code error;
    folder->setEnabled(std::filesystem::exists(clip_.actions_path, error));
    folder->setToolTip(folder->isEnabled() ? QString{} : problem_);
    connect(forget, &Button::clicked, this, &StoredSheet::forget_wanted);
    connect(copy_, &Button::clicked, this, &StoredSheet::copy);
    connect(folder, &Button::clicked, this, [this] { show_in_folder(clip_.actions_path); });
    connect(close, &Button::clicked, this, &QDialog::close);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(forget);
    row->addStretch(1);
    row->addWidget(copy_);
    row->addWidget(folder);
    row->addWidget(close);
    return row;
}

void StoredSheet::search(const QString& text) {
    if (rows_ == nullptr) {
        const QString way_out =
            clip_.id.empty() ? QString{} : tr("“Forget actions” takes it out of the library too.");
        message_->setText((problem_ + '\n' + way_out).trimmed());
        return;
    }
    rows_->set_search(text);
    message_->setText(text.isEmpty() ? tr("Nothing happened in this clip.") : tr("Nothing found."));
    const bool some = rows_->rowCount() > 0;
    table_->setVisible(some);
    no_table_->setVisible(!some);
    copy_->setEnabled(some);
}

void StoredSheet::copy() {
    QGuiApplication::clipboard()->setText(rows_->text());
    copy_->set_label(tr("Copied"));
    copy_->set_icon_name("check");
    QTimer::singleShot(kCopiedShownMs, copy_, [this] {
        copy_->set_label(tr("Copy as text"));
        copy_->set_icon_name("copy");
    });
}

}  // namespace hindsight::ui
