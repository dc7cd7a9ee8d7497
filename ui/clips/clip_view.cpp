#include "clip_view.hpp"

#include <QApplication>
#include <QContextMenuEvent>
#include <QDrag>
#include <QKeyEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QScrollBar>
#include <QUrl>
#include <algorithm>

namespace hindsight::ui {

ClipView::ClipView(const Theme& theme, ClipModel& model, QWidget* parent)
    : QAbstractItemView{parent}, theme_{theme}, clips_{model} {
    setModel(&model);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("Clips"));
    connect(&thumbnails_, &Thumbnails::loaded, viewport(), qOverload<>(&QWidget::update));
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    connect(&model, &ClipModel::modelAboutToBeReset, this, &ClipView::remember_place);
    connect(&model, &ClipModel::modelReset, this, [this] {
        hover_ = {};
        anchor_ = -1;
        thumbnails_.forget_missing();
        rearrange();
        restore_place();
        emit selection_changed();
    });
    rearrange();
}

void ClipView::remember_place() {
    place_ = {};
    if (currentIndex().isValid()) {
        place_.current = QString::fromStdString(clips_.clip(currentIndex().row()).id);
        place_.current_row = currentIndex().row();
    }
    const auto indexes = selectionModel()->selectedIndexes();
    for (const QModelIndex& index : indexes)
        place_.selected.insert(clips_.clip(index.row()).id);
}

void ClipView::restore_place() {
    QItemSelection selection;
    const int rows = place_.selected.empty() ? 0 : clips_.rowCount();
    for (int first = 0; first < rows; ++first) {
        int end = first;
        while (end < rows && place_.selected.contains(clips_.clip(end).id))
            ++end;
        if (end > first)
            selection.select(clips_.index(first), clips_.index(end - 1));
        first = end;
    }
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (place_.current_row < 0 || clips_.rowCount() == 0)
        return;
    // Of a clip that is gone the one that took its place, so that the keys go on from there.
    int row = clips_.row_of(place_.current);
    if (row < 0)
        row = std::min(place_.current_row, clips_.rowCount() - 1);
    anchor_ = row;
    // Not scrolled to: somebody may be looking elsewhere.
    const bool scrolls = hasAutoScroll();
    setAutoScroll(false);
    selectionModel()->setCurrentIndex(clips_.index(row), QItemSelectionModel::NoUpdate);
    setAutoScroll(scrolls);
}

void ClipView::set_mode(GridLayout::Mode mode) {
    mode_ = mode;
    rearrange();
    scrollTo(currentIndex());
}

void ClipView::set_tile_size(int minimum) {
    minimum_ = minimum;
    rearrange();
    scrollTo(currentIndex());
}

void ClipView::rearrange() {
    std::vector<int> sizes;
    for (const ClipModel::Group& group : clips_.groups())
        sizes.push_back(group.count);
    layout_.arrange(mode_, viewport()->width(), minimum_, sizes);
    updateGeometries();
    viewport()->update();
}

void ClipView::updateGeometries() {
    QScrollBar* bar = verticalScrollBar();
    bar->setPageStep(viewport()->height());
    bar->setSingleStep(40);
    bar->setRange(0, std::max(0, layout_.height() - viewport()->height()));
    QAbstractItemView::updateGeometries();
}

void ClipView::resizeEvent(QResizeEvent* event) {
    QAbstractItemView::resizeEvent(event);
    rearrange();
}

int ClipView::verticalOffset() const {
    return verticalScrollBar()->value();
}

QRect ClipView::visualRect(const QModelIndex& index) const {
    return index.isValid() ? layout_.tile_rect(index.row()).translated(0, -verticalOffset())
                           : QRect{};
}

QModelIndex ClipView::indexAt(const QPoint& point) const {
    const int row = layout_.item_at(point + QPoint{0, verticalOffset()});
    return row < 0 ? QModelIndex{} : clips_.index(row);
}

void ClipView::scrollTo(const QModelIndex& index, ScrollHint) {
    if (!index.isValid())
        return;
    const QRect tile = layout_.tile_rect(index.row());
    QScrollBar* bar = verticalScrollBar();
    const int head =
        mode_ == GridLayout::Mode::Grid ? GridLayout::kHeader : GridLayout::kListHeader;
    if (tile.top() - head < bar->value())
        bar->setValue(tile.top() - head);
    else if (tile.bottom() + 8 > bar->value() + viewport()->height())
        bar->setValue(tile.bottom() + 8 - viewport()->height());
}

QModelIndex ClipView::moveCursor(CursorAction action, Qt::KeyboardModifiers) {
    if (clips_.rowCount() == 0)
        return {};
    const int last = clips_.rowCount() - 1;
    const int at = currentIndex().row();
    if (at < 0)
        return clips_.index(0);
    const int tile = std::max(1, layout_.tile_rect(at).height());
    const int page = std::max(1, viewport()->height() / tile);
    int to = at;
    switch (action) {
    case MoveLeft:
    case MovePrevious:
        to = at - 1;
        break;
    case MoveRight:
    case MoveNext:
        to = at + 1;
        break;
    case MoveUp:
        to = layout_.vertical_neighbour(at, -1);
        break;
    case MoveDown:
        to = layout_.vertical_neighbour(at, 1);
        break;
    case MovePageUp:
        to = layout_.vertical_neighbour(at, -page);
        break;
    case MovePageDown:
        to = layout_.vertical_neighbour(at, page);
        break;
    case MoveHome:
        to = 0;
        break;
    case MoveEnd:
        to = last;
        break;
    }
    return clips_.index(std::clamp(to, 0, last));
}

void ClipView::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags flags) {
    const int row = layout_.item_at(rect.center() + QPoint{0, verticalOffset()});
    if (row >= 0)
        selectionModel()->select(clips_.index(row), flags);
}

QRegion ClipView::visualRegionForSelection(const QItemSelection& selection) const {
    QRegion region;
    const auto indexes = selection.indexes();
    for (const QModelIndex& index : indexes)
        region += visualRect(index).adjusted(-4, -4, 4, 4);
    return region;
}

void ClipView::selectionChanged(const QItemSelection& now, const QItemSelection& before) {
    QAbstractItemView::selectionChanged(now, before);
    viewport()->update();
    emit selection_changed();
}

void ClipView::currentChanged(const QModelIndex& now, const QModelIndex& before) {
    QAbstractItemView::currentChanged(now, before);
    viewport()->update();
}

bool ClipView::any_selected() const {
    return selectionModel()->hasSelection();
}

bool ClipView::selected(int row) const {
    return selectionModel()->isSelected(clips_.index(row));
}

QList<int> ClipView::chosen_rows() const {
    QList<int> rows;
    const auto indexes = selectionModel()->selectedIndexes();
    for (const QModelIndex& index : indexes)
        rows.append(index.row());
    if (rows.isEmpty() && currentIndex().isValid())
        rows.append(currentIndex().row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

void ClipView::make_current(int row) {
    if (row < 0 || row >= clips_.rowCount())
        return;
    selectionModel()->setCurrentIndex(clips_.index(row), QItemSelectionModel::NoUpdate);
    scrollTo(clips_.index(row));
}

void ClipView::toggle(int row) {
    anchor_ = row;
    selectionModel()->select(clips_.index(row), QItemSelectionModel::Toggle);
    selectionModel()->setCurrentIndex(clips_.index(row), QItemSelectionModel::NoUpdate);
}

void ClipView::select_range(int to) {
    if (anchor_ < 0)
        anchor_ = std::max(0, currentIndex().row());
    const QItemSelection range{
        clips_.index(std::min(anchor_, to)), clips_.index(std::max(anchor_, to))};
    selectionModel()->select(range, QItemSelectionModel::ClearAndSelect);
    selectionModel()->setCurrentIndex(clips_.index(to), QItemSelectionModel::NoUpdate);
}

void ClipView::move_and_extend(int to, bool extend) {
    if (extend)
        select_range(to);
    else
        anchor_ = to;
    make_current(to);
}

ClipView::Hit ClipView::hit(QPoint point) const {
    const QPoint content = point + QPoint{0, verticalOffset()};
    const int row = layout_.item_at(content);
    if (row < 0)
        return {};
    if (any_selected() && plate_rect(row, Plate::Box).contains(content))
        return {row, Plate::Box};
    for (const Plate plate : {Plate::Box, Plate::Star, Plate::More, Plate::Folder})
        if (plate_rect(row, plate).contains(content))
            return {row, plate};
    return {row, Plate::Tile};
}

QRect ClipView::plate_rect(int row, Plate plate) const {
    const QRect picture = layout_.picture_rect(row);
    const QRect tile = layout_.tile_rect(row);
    if (mode_ == GridLayout::Mode::List) {
        const int top = tile.center().y() - 15;
        switch (plate) {
        case Plate::Box:
            return {picture.left() + 4, top, 32, 32};
        case Plate::Star:
            return {tile.right() - 115, top, 32, 32};
        case Plate::Folder:
            return {tile.right() - 79, top, 32, 32};
        case Plate::More:
            return {tile.right() - 43, top, 32, 32};
        default:
            return {};
        }
    }
    switch (plate) {
    case Plate::Box:
        return {picture.left() + 6, picture.top() + 6, 32, 32};
    case Plate::More:
        return {picture.right() - 37, picture.top() + 6, 32, 32};
    case Plate::Star:
        return {picture.right() - 73, picture.top() + 6, 32, 32};
    case Plate::Folder:
        return {tile.right() - 41, picture.bottom() + 12, 32, 32};
    default:
        return {};
    }
}

void ClipView::set_hover(const Hit& hit) {
    if (hit == hover_)
        return;
    hover_ = hit;
    switch (hit.plate) {
    case Plate::Box:
        viewport()->setToolTip(tr("Select"));
        break;
    case Plate::Star:
        viewport()->setToolTip(tr("Favourite"));
        break;
    case Plate::More:
        viewport()->setToolTip(tr("More"));
        break;
    case Plate::Folder:
        viewport()->setToolTip(tr("Show in folder"));
        break;
    default:
        viewport()->setToolTip({});
    }
    viewport()->update();
}

void ClipView::mousePressEvent(QMouseEvent* event) {
    keyboard_ = false;
    pressed_ = event->button() == Qt::LeftButton ? hit(event->pos()) : Hit{};
    press_point_ = event->pos();
    if (pressed_.row < 0 && event->button() == Qt::LeftButton)
        clearSelection();
    else if (pressed_.row >= 0 && !(event->modifiers() & Qt::ShiftModifier))
        selectionModel()->setCurrentIndex(
            clips_.index(pressed_.row), QItemSelectionModel::NoUpdate);
    viewport()->update();
}

void ClipView::mouseMoveEvent(QMouseEvent* event) {
    set_hover(hit(event->pos()));
    const bool far =
        (event->pos() - press_point_).manhattanLength() >= QApplication::startDragDistance();
    if ((event->buttons() & Qt::LeftButton) && pressed_.plate == Plate::Tile && far) {
        const int row = pressed_.row;
        pressed_ = {};
        start_drag(row);
    }
}

void ClipView::mouseReleaseEvent(QMouseEvent* event) {
    const Hit now = hit(event->pos());
    const Hit before = std::exchange(pressed_, {});
    if (event->button() != Qt::LeftButton || now != before || now.row < 0)
        return;
    switch (now.plate) {
    case Plate::Box:
        toggle(now.row);
        return;
    case Plate::Star:
        emit toggle_favorite({now.row});
        return;
    case Plate::Folder:
        emit show_in_folder(now.row);
        return;
    case Plate::More:
        emit menu_wanted(now.row, event->globalPosition().toPoint());
        return;
    case Plate::Tile:
        break;
    case Plate::None:
        return;
    }
    if (event->modifiers() & Qt::ShiftModifier)
        select_range(now.row);
    else if ((event->modifiers() & Qt::ControlModifier) || any_selected())
        toggle(now.row);
    else
        emit play(now.row);
}

void ClipView::mouseDoubleClickEvent(QMouseEvent* event) {
    // The first click of the two has played the clip already.
    event->accept();
}

void ClipView::leaveEvent(QEvent* event) {
    QAbstractItemView::leaveEvent(event);
    set_hover({});
}

void ClipView::start_drag(int row) {
    QList<QUrl> urls;
    const QList<int> rows = selected(row) ? chosen_rows() : QList<int>{row};
    for (const int each : rows)
        urls.append(QUrl::fromLocalFile(QString::fromStdString(clips_.clip(each).path.string())));
    auto* mime = new QMimeData;
    mime->setUrls(urls);
    auto* drag = new QDrag{this};
    drag->setMimeData(mime);
    const QString picture = QString::fromStdString(clips_.clip(row).thumbnail_path.string());
    if (const QPixmap small = thumbnails_.get(picture, 160, devicePixelRatioF()); !small.isNull())
        drag->setPixmap(small.scaledToWidth(160, Qt::SmoothTransformation));
    drag->exec(Qt::CopyAction);
}

void ClipView::focusInEvent(QFocusEvent* event) {
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
        event->reason() == Qt::ShortcutFocusReason)
        keyboard_ = true;
    if (!currentIndex().isValid() && clips_.rowCount() > 0)
        make_current(0);
    QAbstractItemView::focusInEvent(event);
    viewport()->update();
}

void ClipView::keyPressEvent(QKeyEvent* event) {
    keyboard_ = true;
    viewport()->update();
    const int row = currentIndex().row();
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    const auto move = [&](CursorAction action) {
        const QModelIndex to = moveCursor(action, event->modifiers());
        if (to.isValid())
            move_and_extend(to.row(), shift);
    };
    switch (event->key()) {
    case Qt::Key_Left:
        return move(MoveLeft);
    case Qt::Key_Right:
        return move(MoveRight);
    case Qt::Key_Up:
        return move(MoveUp);
    case Qt::Key_Down:
        return move(MoveDown);
    case Qt::Key_Home:
        return move(MoveHome);
    case Qt::Key_End:
        return move(MoveEnd);
    case Qt::Key_PageUp:
        return move(MovePageUp);
    case Qt::Key_PageDown:
        return move(MovePageDown);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (row >= 0)
            emit play(row);
        return;
    case Qt::Key_Space:
        if (row >= 0)
            toggle(row);
        return;
    case Qt::Key_Escape:
        if (any_selected())
            return clearSelection();
        break;
    default:
        break;
    }
    if (event->matches(QKeySequence::SelectAll))
        return selectAll();
    event->ignore();
}

void ClipView::contextMenuEvent(QContextMenuEvent* event) {
    const bool by_key = event->reason() == QContextMenuEvent::Keyboard;
    const int row =
        by_key ? currentIndex().row() : layout_.item_at(event->pos() + QPoint{0, verticalOffset()});
    if (row < 0)
        return;
    make_current(row);
    const QPoint place =
        by_key ? viewport()->mapToGlobal(visualRect(currentIndex()).center()) : event->globalPos();
    emit menu_wanted(row, place);
}

}  // namespace hindsight::ui
