#pragma once

// The library's tiles and rows: an own item view, because Qt's have no groups. Geometry comes from
// GridLayout, so that scrolling and resizing cost nothing per clip.

#include "clip_model.hpp"
#include "grid_layout.hpp"
#include "theme/theme.hpp"
#include "thumbnails.hpp"

#include <QAbstractItemView>
#include <string>
#include <unordered_set>

namespace hindsight::ui {

class ClipView : public QAbstractItemView {
    Q_OBJECT

public:
    ClipView(const Theme& theme, ClipModel& model, QWidget* parent = nullptr);

    void set_mode(GridLayout::Mode mode);

    [[nodiscard]] GridLayout::Mode mode() const { return mode_; }

    /// Smallest width of a picture, 184 (S) to 320 (L).
    void set_tile_size(int minimum);

    /// The selected rows, else the current one; ascending.
    [[nodiscard]] QList<int> chosen_rows() const;

    [[nodiscard]] const GridLayout& layout() const { return layout_; }

    void make_current(int row);

    [[nodiscard]] QRect visualRect(const QModelIndex& index) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    [[nodiscard]] QModelIndex indexAt(const QPoint& point) const override;

signals:
    void play(int row);
    void toggle_favorite(const QList<int>& rows);
    void show_in_folder(int row);
    void menu_wanted(int row, const QPoint& global);
    void selection_changed();

protected:
    [[nodiscard]] QModelIndex
    moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;

    [[nodiscard]] int horizontalOffset() const override { return 0; }

    [[nodiscard]] int verticalOffset() const override;

    [[nodiscard]] bool isIndexHidden(const QModelIndex&) const override { return false; }

    void setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags flags) override;
    [[nodiscard]] QRegion visualRegionForSelection(const QItemSelection& selection) const override;
    void updateGeometries() override;
    void selectionChanged(const QItemSelection& now, const QItemSelection& before) override;
    void currentChanged(const QModelIndex& now, const QModelIndex& before) override;

    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    enum class Plate { None, Tile, Box, Star, More, Folder };

    struct Hit {
        int row = -1;
        Plate plate = Plate::None;
        bool operator==(const Hit&) const = default;
    };

    /// What was chosen, by clip, while the model changes under it.
    struct Place {
        QString current;
        int current_row = -1;
        std::unordered_set<std::string> selected;
    };

    void rearrange();
    void remember_place();
    void restore_place();
    [[nodiscard]] Hit hit(QPoint viewport_point) const;
    [[nodiscard]] QRect plate_rect(int row, Plate plate) const;
    [[nodiscard]] bool any_selected() const;
    [[nodiscard]] bool selected(int row) const;
    void toggle(int row);
    void select_range(int to);
    void move_and_extend(int to, bool extend);
    void start_drag(int row);
    void set_hover(const Hit& hit);

    void paint_header(QPainter& painter, int group, int top);
    void paint_tile(QPainter& painter, int row);
    void paint_picture(QPainter& painter, const Clip& clip, const QRect& place, int radius);
    void paint_badges(QPainter& painter, const Clip& clip, const QRect& place, bool hovered);
    void paint_plates(QPainter& painter, int row);
    void paint_plate(QPainter& painter, int row, Plate plate, const QString& icon);
    void paint_row(QPainter& painter, int row);
    void paint_row_events(QPainter& painter, const Clip& clip, QRect place);
    void paint_list_header(QPainter& painter);

    const Theme& theme_;
    ClipModel& clips_;
    Thumbnails thumbnails_;
    GridLayout layout_;
    GridLayout::Mode mode_ = GridLayout::Mode::Grid;
    int minimum_ = 232;
    Hit hover_;
    Hit pressed_;
    QPoint press_point_;
    Place place_;
    int anchor_ = -1;
    bool keyboard_ = false;
};

}  // namespace hindsight::ui
