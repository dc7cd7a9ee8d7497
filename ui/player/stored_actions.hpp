#pragma once

// The records of a clip's action log as the rows of a table. Texts are made when a row is looked
// at, so that long clips open at once.

#include <hindsight/actions/action_log.hpp>
#include <hindsight/core/result.hpp>

#include <QAbstractTableModel>
#include <QCoreApplication>
#include <vector>

namespace hindsight::ui {

/// Why the file with a clip's actions cannot be shown, one sentence.
[[nodiscard]] QString unreadable_actions(const Error& error);

class StoredActions : public QAbstractTableModel {
    // No Q_OBJECT: it has no signals of its own, and Qt 6.4's moc cannot read <span> of the log.
    Q_DECLARE_TR_FUNCTIONS(StoredActions)

public:
    enum Column { Frame, Time, Action, Value, Columns };

    /// True for what is no single action: states and modes.
    static constexpr int kQuietRole = Qt::UserRole;

    explicit StoredActions(actions::ActionLog log, QObject* parent = nullptr);

    [[nodiscard]] const actions::ActionLog& log() const { return log_; }

    /// Only rows with `text` in the action or the value stay; empty: all.
    void set_search(const QString& text);

    /// When the record of a row happened, from the first shown frame.
    [[nodiscard]] double seconds(int row) const;

    /// The rows under their headings, one a line, tabs between the cells.
    [[nodiscard]] QString text() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation side, int role) const override;

private:
    [[nodiscard]] const actions::LogRecord& record(int row) const;

    actions::ActionLog log_;
    std::vector<size_t> shown_;  ///< which records have a row
};

}  // namespace hindsight::ui
