#include "stored_actions.hpp"

#include "clips/clip_text.hpp"

#include <hindsight/actions/log_table.hpp>

#include <QStringList>
#include <numeric>
#include <utility>

namespace hindsight::ui {

namespace {

QString text_of(const std::string& text) {
    return QString::fromStdString(text);
}

QString cell(const actions::LogRow& row, int column) {
    switch (column) {
    case StoredActions::Frame:
        return QString::number(row.frame);
    case StoredActions::Time:
        return clock_text(row.seconds, true);
    case StoredActions::Action:
        return text_of(row.what);
    default:
        return text_of(row.value);
    }
}

}  // namespace

QString unreadable_actions(const Error& error) {
    if (error.code == Errc::NotFound)
        return StoredActions::tr("The file with the actions is not there any more.");
    return StoredActions::tr("The file with the actions is damaged: %1.").arg(text_of(error.what));
}

StoredActions::StoredActions(actions::ActionLog log, QObject* parent)
    : QAbstractTableModel{parent}, log_{std::move(log)} {
    set_search({});
}

void StoredActions::set_search(const QString& text) {
    beginResetModel();
    if (text.isEmpty()) {
        shown_.resize(log_.records.size());
        std::iota(shown_.begin(), shown_.end(), size_t{0});
    } else {
        shown_.clear();
        for (size_t i = 0; i < log_.records.size(); ++i) {
            const actions::LogRow row = actions::describe(log_, log_.records[i]);
            if (text_of(row.what).contains(text, Qt::CaseInsensitive) ||
                text_of(row.value).contains(text, Qt::CaseInsensitive))
                shown_.push_back(i);
        }
    }
    endResetModel();
}

const actions::LogRecord& StoredActions::record(int row) const {
    return log_.records[shown_[static_cast<size_t>(row)]];
}

double StoredActions::seconds(int row) const {
    return record(row).t.seconds();
}

QString StoredActions::text() const {
    const auto line = [](auto&& cell_text) {
        QStringList cells;
        for (int column = 0; column < Columns; ++column)
            cells << cell_text(column);
        return cells.join('\t') + '\n';
    };
    QString text = line([this](int column) {
        return headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    });
    for (int i = 0; i < rowCount(); ++i) {
        const actions::LogRow row = actions::describe(log_, record(i));
        text += line([&row](int column) { return cell(row, column); });
    }
    return text;
}

int StoredActions::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

int StoredActions::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Columns;
}

QVariant StoredActions::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    using Kind = actions::ActionRecord::Kind;
    const actions::LogRecord& what = record(index.row());
    if (role == kQuietRole)
        return what.kind == Kind::State || what.kind == Kind::Mode;
    if (role == Qt::DisplayRole || (role == Qt::ToolTipRole && index.column() == Value))
        return cell(actions::describe(log_, what), index.column());
    return {};
}

QVariant StoredActions::headerData(int section, Qt::Orientation side, int role) const {
    if (side == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant{Qt::AlignVCenter | (section < Action ? Qt::AlignRight : Qt::AlignLeft)};
    if (side != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Frame:
        return tr("Frame");
    case Time:
        return tr("Time");
    case Action:
        return tr("Action");
    default:
        return tr("Value");
    }
}

}  // namespace hindsight::ui
