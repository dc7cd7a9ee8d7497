#include "row_table.hpp"

#include "theme/paint.hpp"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>

namespace hindsight::ui {

namespace {

constexpr int kRow = 32;
constexpr int kInset = 12;

class RowPainter : public QStyledItemDelegate {
public:
    RowPainter(const Theme& theme, int number_columns, int quiet_role, const RowTable& table)
        : theme_{theme}, number_columns_{number_columns}, quiet_role_{quiet_role}, table_{table} {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index)
        const override {
        const Tokens& t = theme_.t();
        const bool chosen = (option.state & QStyle::State_Selected) != 0;
        if (chosen)
            painter->fillRect(option.rect, t.accent_soft);
        else if (index.row() == table_.hovered_row())
            painter->fillRect(option.rect, t.surface2);
        const bool number = index.column() < number_columns_;
        const bool quiet = number || index.data(quiet_role_).toBool();
        const QColor colour = chosen ? t.accent_text : quiet ? t.text2 : t.text;
        const QRectF place = QRectF{option.rect}.adjusted(kInset, 0, -kInset, 0);
        const QString text = index.data().toString();
        if (number)
            number_line(*painter, place, theme_.font(13), colour, text, Qt::AlignRight);
        else
            text_line(*painter, place, theme_.font(14), colour, text);
    }

private:
    const Theme& theme_;
    int number_columns_;
    int quiet_role_;
    const RowTable& table_;
};

}  // namespace

RowTable::RowTable(const Theme& theme, int number_columns, int quiet_role, QWidget* parent)
    : QTableView{parent} {
    auto* painter = new RowPainter{theme, number_columns, quiet_role, *this};
    painter->setParent(this);
    setItemDelegate(painter);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false);
    setShowGrid(false);
    setWordWrap(false);
    setMouseTracking(true);
    setVerticalScrollMode(ScrollPerPixel);
    setProperty("focusRadius", 8);
    verticalHeader()->hide();
    // One height for all: nothing is measured row by row.
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(kRow);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setFixedHeight(36);
    horizontalHeader()->setFont(theme.font(13, QFont::Medium));
    connect(this, &QTableView::clicked, this, [this](const QModelIndex& index) {
        emit row_chosen(index.row());
    });
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void RowTable::mouseMoveEvent(QMouseEvent* event) {
    QTableView::mouseMoveEvent(event);
    hover(indexAt(event->pos()).row());
}

void RowTable::leaveEvent(QEvent* event) {
    QTableView::leaveEvent(event);
    hover(-1);
}

void RowTable::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && currentIndex().isValid())
        emit row_chosen(currentIndex().row());
    else
        QTableView::keyPressEvent(event);
}

void RowTable::hover(int row) {
    if (row == hovered_)
        return;
    hovered_ = row;
    viewport()->setCursor(row >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    viewport()->update();
}

}  // namespace hindsight::ui
