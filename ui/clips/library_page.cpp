#include "library_page.hpp"

#include "clip_text.hpp"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QShortcut>
#include <QUrl>

namespace hindsight::ui {

LibraryPage::LibraryPage(
    const Theme& theme, ClipModel& model, Recorder& recorder, Toast& toast, QWidget* parent)
    : QWidget{parent}, theme_{theme}, model_{model}, recorder_{recorder}, toast_{toast} {
    view_ = new ClipView{theme, model, this};
    empty_ = new EmptyState{theme, this};
    stack_ = new QStackedWidget{this};
    stack_->addWidget(view_);
    stack_->addWidget(empty_);
    auto* column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(make_toolbar());
    column->addWidget(make_chips());
    column->addWidget(make_note());
    column->addWidget(stack_, 1);
    column->addWidget(make_selection_bar());
    make_shortcuts();

    search_timer_.setSingleShot(true);
    search_timer_.setInterval(60);
    connect(&search_timer_, &QTimer::timeout, this, [this] {
        ClipFilter filter = model_.filter();
        filter.search = search_->text();
        model_.set_filter(filter);
    });
    connect(&model, &ClipModel::refreshed, this, &LibraryPage::refresh);
    connect(&recorder, &Recorder::status_changed, this, &LibraryPage::refresh_note);
    connect(view_, &ClipView::selection_changed, this, &LibraryPage::refresh_selection);
    connect(view_, &ClipView::menu_wanted, this, &LibraryPage::show_menu);
    connect(view_, &ClipView::toggle_favorite, this, &LibraryPage::toggle_favorites);
    connect(view_, &ClipView::play, this, [this](int row) {
        emit play(QString::fromStdString(model_.clip(row).id));
    });
    connect(view_, &ClipView::show_in_folder, this, [this](int row) {
        show_in_folder(model_.clip(row).path);
    });
    connect(empty_, &EmptyState::save_wanted, this, [this] { recorder_.save(save_.seconds); });
    connect(empty_, &EmptyState::keys_wanted, this, &LibraryPage::keys_wanted);
    connect(empty_, &EmptyState::clear_wanted, this, [this] {
        search_->clear();
        set_chip("all");
    });
    refresh();
}

QWidget* LibraryPage::make_toolbar() {
    auto* bar = new QWidget{this};
    bar->setFixedHeight(56);
    auto* row = new QHBoxLayout{bar};
    row->setContentsMargins(24, 0, 16, 0);
    row->setSpacing(12);
    search_ = new QLineEdit{bar};
    search_->setObjectName("search");
    search_->setPlaceholderText(tr("Search clips, events and tags"));
    search_->setAccessibleName(tr("Search"));
    search_->setFixedHeight(36);
    search_->setMaximumWidth(440);
    search_->setMinimumWidth(200);
    search_->installEventFilter(this);
    auto* glass = new QLabel{search_};
    glass->setAttribute(Qt::WA_TransparentForMouseEvents);
    search_hint_ = new QLabel{search_};
    search_hint_->setAttribute(Qt::WA_TransparentForMouseEvents);
    clear_search_ = Button::icon_only(theme_, "close", tr("Clear search"), search_);
    clear_search_->set_small();
    clear_search_->setFocusPolicy(Qt::NoFocus);
    clear_search_->hide();
    const auto paint = [this, glass] {
        glass->setPixmap(theme_.icon("search", 18, theme_.t().text2, devicePixelRatioF()));
        search_hint_->setStyleSheet(
            QString{"color: %1; border: 1px solid %1; border-radius: 4px; padding: 0 4px; "
                    "font: 500 11px Inter;"}
                .arg(theme_.t().text3.name()));
    };
    paint();
    connect(&theme_, &Theme::changed, this, paint);
    glass->move(11, 9);
    search_hint_->setText("Ctrl+F");
    connect(search_, &QLineEdit::textChanged, this, [this](const QString& text) {
        clear_search_->setVisible(!text.isEmpty());
        search_hint_->setVisible(text.isEmpty());
        search_timer_.start();
    });
    connect(clear_search_, &Button::clicked, search_, &QLineEdit::clear);
    size_ = new Slider{theme_, tr("Size of the pictures"), bar};
    size_->setRange(184, 320);
    size_->setValue(232);
    size_->setFixedWidth(76);
    size_->setProperty("focusRadius", 8);
    connect(size_, &Slider::valueChanged, this, [this](int value) { view_->set_tile_size(value); });
    mode_ = new Segments{
        theme_, {{"grid", {}, "grid", tr("Tiles")}, {"list", {}, "list", tr("List")}}, bar};
    mode_->setAccessibleName(tr("Tiles or list"));
    connect(mode_, &Segments::chosen, this, [this](const QString& value) {
        const bool list = value == "list";
        size_->setVisible(!list);
        view_->set_mode(list ? GridLayout::Mode::List : GridLayout::Mode::Grid);
    });
    row->addWidget(search_, 3);
    row->addStretch(1);
    row->addWidget(size_);
    row->addWidget(mode_);
    return bar;
}

bool LibraryPage::eventFilter(QObject* object, QEvent* event) {
    if (object == search_ && event->type() == QEvent::Resize) {
        search_hint_->adjustSize();
        search_hint_->move(search_->width() - search_hint_->width() - 11, 9);
        clear_search_->setGeometry(search_->width() - 35, 2, 32, 32);
    }
    if (object == search_ && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape) {
            if (search_->text().isEmpty())
                focus_clips();
            search_->clear();
            return true;
        }
        if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
            focus_clips();
            return true;
        }
    }
    return QWidget::eventFilter(object, event);
}

QWidget* LibraryPage::make_chips() {
    chips_ = new QWidget{this};
    chips_->setFixedHeight(44);
    auto* row = new QHBoxLayout{chips_};
    row->setContentsMargins(24, 0, 24, 0);
    row->setSpacing(8);
    row->addStretch(1);
    add_chip("all", "", tr("All"));
    add_chip("kill", "kill", tr("Kills"));
    add_chip("death", "death", tr("Deaths"));
    add_chip("goal", "goal", tr("Goals"));
    add_chip("achievement", "achievement", tr("Achievements"));
    add_chip("marker", "marker", tr("Markers"));
    add_chip("actions", "keyboard", tr("With actions"));
    add_chip("week", "calendar", tr("This week"));
    return chips_;
}

void LibraryPage::add_chip(const QString& value, const QString& icon, const QString& text) {
    auto* chip = new Button{theme_, Button::Kind::Chip, text, icon, chips_};
    chip->setCheckable(true);
    chip->setProperty("chip", value);
    chip->setChecked(value == "all");
    auto* row = static_cast<QHBoxLayout*>(chips_->layout());
    row->insertWidget(row->count() - 1, chip);
    chip_buttons_.append(chip);
    connect(chip, &Button::clicked, this, [this, chip, value] {
        set_chip(chip->isChecked() ? value : "all");
    });
}

void LibraryPage::set_chip(const QString& value) {
    for (Button* chip : chip_buttons_)
        chip->setChecked(chip->property("chip").toString() == value);
    ClipFilter filter = model_.filter();
    filter.chip = value;
    model_.set_filter(filter);
}

QWidget* LibraryPage::make_note() {
    auto* holder = new QWidget{this};
    auto* outside = new QHBoxLayout{holder};
    outside->setContentsMargins(24, 4, 24, 8);
    auto* panel = new Panel{theme_, &Tokens::info_soft, nullptr, 8, holder};
    auto* row = new QHBoxLayout{panel};
    row->setContentsMargins(12, 8, 8, 8);
    row->setSpacing(10);
    auto* sign = new QLabel{panel};
    sign->setPixmap(theme_.icon("recovered", 18, theme_.t().info, devicePixelRatioF()));
    note_text_ = new Text{theme_, {}, 14, QFont::Normal, &Tokens::text, panel};
    note_text_->setWordWrap(true);
    auto* save = new Button{theme_, Button::Kind::Secondary, tr("Save it"), "save", panel};
    save->set_small();
    auto* close = Button::icon_only(theme_, "close", tr("Not now"), panel);
    close->set_small();
    row->addWidget(sign);
    row->addWidget(note_text_, 1);
    row->addWidget(save);
    row->addWidget(close);
    outside->addWidget(panel);
    connect(save, &Button::clicked, this, [this] {
        if (!recorder_.status().recovered.isEmpty())
            recorder_.save_recovered(recorder_.status().recovered.constFirst().id);
    });
    connect(close, &Button::clicked, this, [this] {
        if (!recorder_.status().recovered.isEmpty())
            dismissed_recovery_ = recorder_.status().recovered.constFirst().id;
        refresh_note();
    });
    note_ = holder;
    note_->hide();
    return note_;
}

void LibraryPage::refresh_note() {
    const auto& recovered = recorder_.status().recovered;
    const bool shown = !recovered.isEmpty() && recovered.constFirst().id != dismissed_recovery_;
    if (shown)
        note_text_->setText(tr("%1 from before an interruption are still safe.")
                                .arg(length_text(recovered.constFirst().duration_s)));
    note_->setVisible(shown);
    refresh();
}

QWidget* LibraryPage::make_selection_bar() {
    auto* bar = new Panel{theme_, &Tokens::surface1, &Tokens::border, 0, this};
    bar->set_line_sides(Qt::TopEdge);
    bar->setFixedHeight(64);
    auto* row = new QHBoxLayout{bar};
    row->setContentsMargins(24, 0, 16, 0);
    row->setSpacing(4);
    bar_text_ = new Text{theme_, {}, 14, QFont::DemiBold, &Tokens::text, bar};
    bar_meta_ = new Text{theme_, {}, 14, QFont::Normal, &Tokens::text2, bar};
    bar_favorite_ = new Button{theme_, Button::Kind::Ghost, tr("Favourite"), "star", bar};
    auto* copy = new Button{theme_, Button::Kind::Ghost, tr("Copy"), "copy", bar};
    auto* trash_button = new Button{theme_, Button::Kind::Ghost, tr("Move to trash"), "trash", bar};
    auto* close = Button::icon_only(theme_, "close", tr("Select nothing"), bar);
    const auto warn = [this, trash_button] { trash_button->set_icon_colour(theme_.t().error); };
    warn();
    connect(&theme_, &Theme::changed, trash_button, warn);
    row->addWidget(bar_text_);
    row->addSpacing(4);
    row->addWidget(bar_meta_);
    row->addStretch(1);
    row->addWidget(bar_favorite_);
    row->addWidget(copy);
    row->addWidget(trash_button);
    row->addSpacing(8);
    row->addWidget(close);
    connect(
        bar_favorite_, &Button::clicked, this, [this] { toggle_favorites(view_->chosen_rows()); });
    connect(copy, &Button::clicked, this, [this] { copy_files(chosen()); });
    connect(trash_button, &Button::clicked, this, [this] { trash(chosen()); });
    connect(close, &Button::clicked, view_, &ClipView::clearSelection);
    bar_ = bar;
    bar_->hide();
    return bar_;
}

void LibraryPage::make_shortcuts() {
    const auto on_clips = [this](const QKeySequence& keys, auto what) {
        auto* action = new QAction{view_};
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        view_->addAction(action);
        connect(action, &QAction::triggered, this, what);
    };
    on_clips(QKeySequence::Delete, [this] { trash(chosen()); });
    on_clips(Qt::Key_F2, [this] {
        if (const QList<Clip> clips = chosen(); !clips.isEmpty())
            rename(clips.constFirst());
    });
    on_clips(Qt::CTRL | Qt::Key_B, [this] { toggle_favorites(view_->chosen_rows()); });
    on_clips(QKeySequence::Copy, [this] { copy_files(chosen()); });
    on_clips(Qt::CTRL | Qt::Key_O, [this] {
        if (const QList<Clip> clips = chosen(); !clips.isEmpty())
            show_in_folder(clips.constFirst().path);
    });
    const auto on_page = [this](const QKeySequence& keys, auto what) {
        auto* action = new QAction{this};
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        connect(action, &QAction::triggered, this, what);
    };
    on_page(Qt::CTRL | Qt::Key_L, [this] {
        const QString next = mode_->value() == "grid" ? "list" : "grid";
        mode_->set_value(next);
        emit mode_->chosen(next);
    });
    on_page(QKeySequence::ZoomIn, [this] { size_->setValue(size_->value() + 34); });
    on_page(QKeySequence::ZoomOut, [this] { size_->setValue(size_->value() - 34); });
}

void LibraryPage::set_save_key(const SaveKey& save) {
    save_ = save;
    refresh();
}

void LibraryPage::set_place(const QString& place) {
    ClipFilter filter = model_.filter();
    filter.favorites = place == "favorites";
    filter.game = place.startsWith("game:") ? place.mid(5) : QString{};
    model_.set_filter(filter);
    view_->clearSelection();
}

void LibraryPage::focus_search() {
    search_->setFocus(Qt::ShortcutFocusReason);
    search_->selectAll();
}

void LibraryPage::focus_clips() {
    view_->setFocus(Qt::ShortcutFocusReason);
}

void LibraryPage::refresh() {
    const ClipModel::Counts& counts = model_.counts();
    const bool welcome = counts.all == 0;
    if (welcome) {
        const RecorderStatus& status = recorder_.status();
        empty_->show_welcome(
            save_.key, length_text(save_.seconds), status.can_save() && status.buffered_s > 1);
    } else if (model_.rowCount() == 0) {
        empty_->show_no_result(model_.filter().search.trimmed());
    }
    stack_->setCurrentWidget(
        model_.rowCount() == 0 ? static_cast<QWidget*>(empty_) : static_cast<QWidget*>(view_));
    chips_->setVisible(!welcome);
    size_->setVisible(!welcome && mode_->value() == "grid");
    mode_->setVisible(!welcome);
    refresh_chips();
    refresh_selection();
}

void LibraryPage::refresh_chips() {
    const ClipModel::Counts& counts = model_.counts();
    for (Button* chip : chip_buttons_) {
        const QString value = chip->property("chip").toString();
        const bool always = value == "all" || value == "week" || chip->isChecked();
        const bool useful = value == "actions" ? counts.actions > 0
                                               : counts.event_types.contains(value.toStdString());
        chip->setVisible(always || useful);
    }
}

QList<Clip> LibraryPage::chosen() const {
    QList<Clip> clips;
    const QList<int> rows = view_->chosen_rows();
    for (const int row : rows)
        clips.append(model_.clip(row));
    return clips;
}

void LibraryPage::refresh_selection() {
    const bool any = view_->selectionModel()->hasSelection();
    bar_->setVisible(any);
    if (!any)
        return;
    double seconds = 0;
    std::uint64_t bytes = 0;
    bool all_favorites = true;
    const QList<Clip> clips = chosen();
    for (const Clip& clip : clips) {
        seconds += clip.duration.seconds();
        bytes += clip.size_bytes;
        all_favorites = all_favorites && clip.favorite;
    }
    bar_text_->setText(clips.size() == 1 ? tr("1 clip") : tr("%1 clips").arg(clips.size()));
    bar_meta_->setText(tr("%1, %2").arg(length_text(seconds), size_text(bytes)));
    bar_favorite_->set_label(all_favorites ? tr("Remove from favourites") : tr("Favourite"));
    bar_favorite_->set_icon_name(all_favorites ? "star-filled" : "star");
}

void LibraryPage::toggle_favorites(const QList<int>& rows) {
    QList<Clip> clips;
    bool all = true;
    for (const int row : rows) {
        clips.append(model_.clip(row));
        all = all && model_.clip(row).favorite;
    }
    set_favorite(clips, !all);
}

void LibraryPage::set_favorite(const QList<Clip>& clips, bool favorite) {
    for (const Clip& clip : clips)
        recorder_.tell(recorder_.service().set_favorite(clip.id, favorite));
}

void LibraryPage::copy_files(const QList<Clip>& clips) {
    QList<QUrl> urls;
    for (const Clip& clip : clips)
        urls.append(QUrl::fromLocalFile(QString::fromStdString(clip.path.string())));
    if (urls.isEmpty())
        return;
    auto* mime = new QMimeData;
    mime->setUrls(urls);
    QGuiApplication::clipboard()->setMimeData(mime);
    toast_.say(
        urls.size() == 1 ? tr("The clip is copied. Paste it anywhere.")
                         : tr("%1 clips are copied. Paste them anywhere.").arg(urls.size()));
}

void LibraryPage::show_menu(int row, const QPoint& place) {
    const Clip clip = model_.clip(row);
    const QList<Clip> targets =
        view_->selectionModel()->isSelected(model_.index(row)) ? chosen() : QList<Clip>{clip};
    QMenu menu{this};
    const qreal dpr = devicePixelRatioF();
    const auto add = [&](const QString& icon, const QString& text, const QKeySequence& keys) {
        QAction* action = menu.addAction(theme_.icon(icon, 18, theme_.t().text2, dpr), text);
        action->setShortcut(keys);
        return action;
    };
    connect(add("play", tr("Play"), Qt::Key_Return), &QAction::triggered, this, [&] {
        emit play(QString::fromStdString(clip.id));
    });
    connect(
        add("edit", tr("Rename"), Qt::Key_F2), &QAction::triggered, this, [&] { rename(clip); });
    QAction* star =
        add(clip.favorite ? "star-filled" : "star",
            clip.favorite ? tr("Remove from favourites") : tr("Favourite"),
            Qt::CTRL | Qt::Key_B);
    connect(star, &QAction::triggered, this, [&] { set_favorite(targets, !clip.favorite); });
    connect(
        add("folder", tr("Show in folder"), Qt::CTRL | Qt::Key_O), &QAction::triggered, this, [&] {
            show_in_folder(clip.path);
        });
    connect(add("copy", tr("Copy"), QKeySequence::Copy), &QAction::triggered, this, [&] {
        copy_files(targets);
    });
    menu.addSeparator();
    QAction* remove =
        menu.addAction(theme_.icon("trash", 18, theme_.t().error, dpr), tr("Move to trash"));
    remove->setShortcut(QKeySequence::Delete);
    connect(remove, &QAction::triggered, this, [&] { trash(targets); });
    menu.exec(place);
}

}  // namespace hindsight::ui
