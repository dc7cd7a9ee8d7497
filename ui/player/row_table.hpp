#pragma once

// A table that is read and chosen from by whole rows: the row under the pointer and the current one
// are marked across all columns, numbers stand in cells of equal width.

#include "theme/theme.hpp"

#include <QTableView>

namespace hindsight::ui {

class RowTable : public QTableView {
    Q_OBJECT

public:
    /// The first `number_columns` hold numbers, to the right. `quiet_role`: true for rows in a
    /// lesser colour.
    RowTable(const Theme& theme, int number_columns, int quiet_role, QWidget* parent = nullptr);

    [[nodiscard]] int hovered_row() const { return hovered_; }

signals:
    /// A row was clicked, or Enter pressed on it.
    void row_chosen(int row);

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void hover(int row);

    int hovered_ = -1;
};

}  // namespace hindsight::ui
