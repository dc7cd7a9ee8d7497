#pragma once

// The left column: places (all, favourites, games), settings, and the status card.

#include "clip_model.hpp"
#include "status_card.hpp"
#include "thumbnails.hpp"

#include <QVBoxLayout>

namespace hindsight::ui {

/// One line of the sidebar (and of the list of settings pages).
class NavItem : public QAbstractButton {
    Q_OBJECT

public:
    NavItem(const Theme& theme, const QString& icon, const QString& text, QWidget* parent);
    void set_count(const QString& count);
    void set_narrow(bool narrow);
    void set_picture(const QPixmap& picture);
    void set_height(int height);

    [[nodiscard]] QSize sizeHint() const override { return {narrow_ ? 40 : 199, height_}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    const Theme& theme_;
    QString icon_;
    QString count_;
    QPixmap picture_;
    int height_ = 36;
    bool narrow_ = false;
};

class Sidebar : public QWidget {
    Q_OBJECT

public:
    Sidebar(const Theme& theme, ClipModel& model, Recorder& recorder, QWidget* parent = nullptr);

    [[nodiscard]] StatusCard& card() { return *card_; }

    /// 224 wide, or 64 with icons only.
    void set_narrow(bool narrow);
    /// "all", "favorites", "settings" or "game:<name>"
    void set_place(const QString& place);

signals:
    void place_chosen(const QString& place);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    NavItem* add(const QString& place, const QString& icon, const QString& text);
    void refresh();
    void refresh_games();
    void refresh_pictures();

    const Theme& theme_;
    ClipModel& model_;
    QVBoxLayout* column_;
    QVBoxLayout* games_;
    Thumbnails thumbnails_;
    QLabel* logo_;
    Text* name_;
    Text* games_title_;
    NavItem* all_;
    NavItem* favorites_;
    NavItem* settings_;
    StatusCard* card_;
    QList<NavItem*> game_items_;
    QList<std::pair<QString, int>> shown_games_;
    QString place_ = "all";
    bool all_games_ = false;
    bool narrow_ = false;
};

}  // namespace hindsight::ui
