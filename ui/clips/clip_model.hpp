#pragma once

// The clips on screen: what the library answers to the current search, narrowed by the sidebar and
// the chips, newest first, in groups by day.

#include <hindsight/core/log.hpp>
#include <hindsight/ports/clip_store.hpp>

#include <QAbstractListModel>
#include <QDate>
#include <QHash>
#include <functional>
#include <memory>
#include <set>

namespace hindsight::ui {

/// Opens the library for reading; NotFound while no clip was ever saved.
using OpenReader = std::function<Result<std::unique_ptr<ClipReader>>()>;

struct ClipFilter {
    QString game = {};  ///< empty: all games
    bool favorites = false;
    QString search = {};
    QString chip = "all";  ///< all, actions, week, or an event type
    bool operator==(const ClipFilter&) const = default;
};

class ClipModel : public QAbstractListModel {
    Q_OBJECT

public:
    struct Group {
        QString title;
        QString meta;  ///< "4 clips, 2 min 5 s, 331 MB"
        int count = 0;
    };

    struct Counts {
        int all = 0;
        int favorites = 0;
        int actions = 0;
        QList<std::pair<QString, int>> games;   ///< most clips first
        QHash<QString, QString> game_pictures;  ///< thumbnail of the newest clip
        std::set<std::string> event_types;
    };

    ClipModel(OpenReader open, Log log, QObject* parent = nullptr);

    void set_filter(const ClipFilter& filter);

    [[nodiscard]] const ClipFilter& filter() const { return filter_; }

    /// Reads the library anew.
    void refresh();

    [[nodiscard]] const Clip& clip(int row) const { return clips_[size_t(row)]; }

    [[nodiscard]] int row_of(const QString& id) const;
    [[nodiscard]] int row_of_path(const QString& path) const;

    [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }

    [[nodiscard]] const Counts& counts() const { return counts_; }

    [[nodiscard]] QList<Clip> latest(int n) const;
    [[nodiscard]] Result<Clip> find(const QString& id);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

signals:
    void refreshed();

private:
    [[nodiscard]] Result<ClipReader*> reader();
    [[nodiscard]] bool passes(const Clip& clip, std::int64_t week_start) const;
    void count(const std::vector<Clip>& all);
    void regroup();

    OpenReader open_;
    Log log_;
    std::unique_ptr<ClipReader> reader_;
    ClipFilter filter_;
    std::vector<Clip> clips_;
    std::vector<Clip> latest_;
    std::vector<Group> groups_;
    Counts counts_;
};

/// What can be said of a file that is in no library: its name and the sidecars beside it.
[[nodiscard]] Clip clip_of_file(const QString& path);

}  // namespace hindsight::ui
