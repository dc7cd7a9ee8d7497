#pragma once

// "Show what was stored": everything that the file beside a clip holds of what the player did, row
// by row, and the ways to take it along or to forget it.

#include "theme/button.hpp"
#include "theme/controls.hpp"

#include <hindsight/core/clip.hpp>

#include <QDialog>
#include <QLineEdit>
#include <QTableView>

class QHBoxLayout;

namespace hindsight::ui {

class StoredActions;

class StoredSheet : public QDialog {
    Q_OBJECT

public:
    /// Reads the file now. Modal to the window of `parent`; deletes itself when closed.
    StoredSheet(const Theme& theme, const Clip& clip, QWidget* parent);

signals:
    void seek_wanted(double seconds);
    void forget_wanted();

private:
    void read();
    QHBoxLayout* make_head();
    QWidget* make_table();
    QWidget* make_message();
    QHBoxLayout* make_foot();
    void search(const QString& text);
    void copy();

    const Theme& theme_;
    Clip clip_;
    StoredActions* rows_ = nullptr;  ///< null: the file cannot be shown
    QString problem_;                ///< why, one sentence
    QLineEdit* search_ = nullptr;
    QTableView* table_ = nullptr;  ///< null when rows_ is
    QWidget* no_table_ = nullptr;  ///< in its place when there is nothing to list
    Text* message_ = nullptr;
    Button* copy_ = nullptr;
};

}  // namespace hindsight::ui
