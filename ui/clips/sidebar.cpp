#include "sidebar.hpp"

#include "theme/paint.hpp"

#include <QEvent>
#include <QIcon>
#include <QPainter>

namespace hindsight::ui {

namespace {

constexpr int kGamesShown = 4;

}  // namespace

NavItem::NavItem(const Theme& theme, const QString& icon, const QString& text, QWidget* parent)
    : QAbstractButton{parent}, theme_{theme}, icon_{icon} {
    setText(text);
    setAccessibleName(text);
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setProperty("focusRadius", 8);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void NavItem::set_count(const QString& count) {
    count_ = count;
    setAccessibleDescription(count);
    update();
}

void NavItem::set_narrow(bool narrow) {
    narrow_ = narrow;
    setToolTip(narrow ? text() : QString{});
    updateGeometry();
}

void NavItem::set_picture(const QPixmap& picture) {
    picture_ = picture;
    update();
}

void NavItem::set_height(int height) {
    height_ = height;
    updateGeometry();
}

bool NavItem::event(QEvent* event) {
    if (event->type() == QEvent::Enter || event->type() == QEvent::Leave)
        update();
    return QAbstractButton::event(event);
}

void NavItem::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    const Tokens& t = theme_.t();
    QColor colour = t.text2;
    if (isChecked()) {
        rounded(painter, rect(), 8, t.accent_soft);
        rounded(painter, {0, height() / 2.0 - 9, 3, 18}, 1.5, t.accent);
        colour = t.accent_text;
    } else if (isDown() || underMouse()) {
        rounded(painter, rect(), 8, isDown() ? t.surface3 : t.surface2);
        colour = t.text;
    }
    const double x = narrow_ ? width() / 2.0 - 10 : 10;
    const QRectF place{x, height() / 2.0 - 10, 20, 20};
    if (!picture_.isNull())
        cover(painter, place, 5, picture_);
    else
        painter.drawPixmap(place.topLeft(), theme_.icon(icon_, 20, colour, devicePixelRatioF()));
    if (narrow_)
        return;
    const QFont small = theme_.font(12);
    const double wide = number_width(small, count_);
    const double high = height();
    text_line(
        painter,
        {40, 0, width() - 52 - wide, high},
        theme_.font(14, QFont::Medium),
        colour,
        text());
    number_line(
        painter,
        {width() - 10 - wide, 0, wide, high},
        small,
        isChecked() ? t.accent_text : t.text3,
        count_);
}

Sidebar::Sidebar(const Theme& theme, ClipModel& model, Recorder& recorder, QWidget* parent)
    : QWidget{parent}, theme_{theme}, model_{model} {
    setFixedWidth(224);
    column_ = new QVBoxLayout{this};
    column_->setContentsMargins(12, 0, 13, 12);
    column_->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(8, 14, 0, 14);
    head->setSpacing(10);
    logo_ = new QLabel{this};
    logo_->setPixmap(QIcon{":/hindsight/app/io.github.hindsight.Hindsight.svg"}.pixmap(
        QSize{28, 28}, devicePixelRatioF()));
    logo_->setFixedSize(28, 28);
    name_ = new Text{theme, "Hindsight", 16, QFont::DemiBold, &Tokens::text, this};
    head->addWidget(logo_);
    head->addWidget(name_, 1);
    column_->addLayout(head);
    all_ = add("all", "grid", tr("All clips"));
    favorites_ = add("favorites", "star", tr("Favourites"));
    games_title_ = new Text{theme, tr("Games"), 12, QFont::DemiBold, &Tokens::text3, this};
    games_title_->setContentsMargins(10, 12, 0, 4);
    column_->addWidget(games_title_);
    games_ = new QVBoxLayout;
    games_->setSpacing(0);
    column_->addLayout(games_);
    column_->addStretch(1);
    settings_ = add("settings", "settings", tr("Settings"));
    column_->addSpacing(12);
    card_ = new StatusCard{theme, recorder, this};
    column_->addWidget(card_);
    connect(&model, &ClipModel::refreshed, this, &Sidebar::refresh);
    connect(&thumbnails_, &Thumbnails::loaded, this, &Sidebar::refresh_pictures);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    set_place("all");
    refresh_games();
    refresh();
}

NavItem* Sidebar::add(const QString& place, const QString& icon, const QString& text) {
    auto* item = new NavItem{theme_, icon, text, this};
    item->setProperty("place", place);
    column_->addWidget(item);
    connect(item, &NavItem::clicked, this, [this, place] {
        set_place(place);
        emit place_chosen(place);
    });
    return item;
}

void Sidebar::set_place(const QString& place) {
    place_ = place;
    const auto items = findChildren<NavItem*>();
    for (NavItem* item : items)
        item->setChecked(item->property("place").toString() == place);
}

void Sidebar::set_narrow(bool narrow) {
    if (narrow == narrow_)
        return;
    narrow_ = narrow;
    setFixedWidth(narrow ? 64 : 224);
    name_->setVisible(!narrow);
    const auto items = findChildren<NavItem*>();
    for (NavItem* item : items)
        item->set_narrow(narrow);
    card_->set_narrow(narrow);
    refresh_games();
}

void Sidebar::refresh() {
    const ClipModel::Counts& counts = model_.counts();
    all_->set_count(QString::number(counts.all));
    favorites_->set_count(counts.favorites > 0 ? QString::number(counts.favorites) : "");
    if (counts.games != shown_games_)
        refresh_games();
    refresh_pictures();
}

void Sidebar::refresh_pictures() {
    for (NavItem* item : game_items_) {
        const QString picture = model_.counts().game_pictures.value(item->text());
        if (item->isCheckable() && !picture.isEmpty())
            item->set_picture(thumbnails_.get(picture, 80, devicePixelRatioF()));
    }
}

void Sidebar::refresh_games() {
    shown_games_ = model_.counts().games;
    qDeleteAll(game_items_);
    game_items_.clear();
    games_title_->setVisible(!shown_games_.isEmpty() && !narrow_);
    const int most = all_games_ || shown_games_.size() <= kGamesShown + 1
                         ? static_cast<int>(shown_games_.size())
                         : kGamesShown;
    for (int i = 0; i < most && !narrow_; ++i) {
        const auto& [game, count] = shown_games_[i];
        auto* item = new NavItem{theme_, "gamepad", game, this};
        item->set_height(34);
        item->set_count(QString::number(count));
        const QString place = "game:" + game;
        item->setProperty("place", place);
        item->setChecked(place == place_);
        games_->addWidget(item);
        game_items_.append(item);
        connect(item, &NavItem::clicked, this, [this, place] {
            set_place(place);
            emit place_chosen(place);
        });
    }
    refresh_pictures();
    if (most == shown_games_.size() || narrow_)
        return;
    auto* more = new NavItem{theme_, "more", tr("%1 more").arg(shown_games_.size() - most), this};
    more->set_height(34);
    more->setCheckable(false);
    games_->addWidget(more);
    game_items_.append(more);
    connect(more, &NavItem::clicked, this, [this] {
        all_games_ = true;
        QMetaObject::invokeMethod(
            this, [this] { refresh_games(); }, Qt::QueuedConnection);
    });
}

void Sidebar::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    painter.fillRect(rect(), theme_.t().surface1);
    painter.fillRect(width() - 1, 0, 1, height(), theme_.t().line);
}

}  // namespace hindsight::ui
