#include "clip_model.hpp"

#include "clip_text.hpp"

#include <QDateTime>
#include <QFileInfo>
#include <algorithm>
#include <map>

namespace hindsight::ui {

namespace {

constexpr size_t kLatest = 5;

}  // namespace

ClipModel::ClipModel(OpenReader open, Log log, QObject* parent)
    : QAbstractListModel{parent}, open_{std::move(open)}, log_{std::move(log)} {}

Result<ClipReader*> ClipModel::reader() {
    if (!reader_) {
        HINDSIGHT_ASSIGN(reader_, open_());
    }
    return reader_.get();
}

void ClipModel::set_filter(const ClipFilter& filter) {
    if (filter == filter_)
        return;
    filter_ = filter;
    refresh();
}

Result<Clip> ClipModel::find(const QString& id) {
    HINDSIGHT_ASSIGN(ClipReader * library, reader());
    return library->find(id.toStdString());
}

bool ClipModel::passes(const Clip& clip, std::int64_t week_start) const {
    if (filter_.favorites && !clip.favorite)
        return false;
    if (!filter_.game.isEmpty() && filter_.game.toStdString() != clip.game)
        return false;
    if (filter_.chip == "all")
        return true;
    if (filter_.chip == "actions")
        return !clip.actions_path.empty();
    if (filter_.chip == "week")
        return clip.created_ms >= week_start;
    const std::string type = filter_.chip.toStdString();
    return std::any_of(clip.events.begin(), clip.events.end(), [&type](const ClipEvent& event) {
        return event.type == type;
    });
}

void ClipModel::count(const std::vector<Clip>& all) {
    counts_ = {};
    counts_.all = static_cast<int>(all.size());
    std::map<QString, int> games;
    for (const Clip& clip : all) {
        counts_.favorites += clip.favorite ? 1 : 0;
        counts_.actions += clip.actions_path.empty() ? 0 : 1;
        const QString game = QString::fromStdString(clip.game);
        ++games[game];
        const QString picture = QString::fromStdString(clip.thumbnail_path.string());
        if (!picture.isEmpty() && !counts_.game_pictures.contains(game))
            counts_.game_pictures[game] = picture;
        for (const ClipEvent& event : clip.events)
            counts_.event_types.insert(event.type);
    }
    for (const auto& [game, clips] : games)
        counts_.games.append({game, clips});
    std::stable_sort(counts_.games.begin(), counts_.games.end(), [](const auto& a, const auto& b) {
        return a.second > b.second;
    });
    latest_.assign(
        all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(kLatest, all.size())));
}

QList<Clip> ClipModel::latest(int n) const {
    QList<Clip> clips;
    for (size_t i = 0; i < latest_.size() && i < size_t(n); ++i)
        clips.append(latest_[i]);
    return clips;
}

void ClipModel::refresh() {
    std::vector<Clip> all;
    std::vector<Clip> found;
    if (auto library = reader()) {
        if (auto listed = (*library)->list({}))
            all = std::move(*listed);
        else
            log_.warn("the library cannot be read: {}", listed.error().what);
        if (filter_.search.trimmed().isEmpty()) {
            found = all;
        } else {
            ClipQuery query;
            query.search = filter_.search.trimmed().toStdString();
            if (auto listed = (*library)->list(query))
                found = std::move(*listed);
        }
    } else if (library.error().code != Errc::NotFound) {
        log_.warn("the library cannot be opened: {}", library.error().what);
    }
    count(all);
    const QDate today = QDate::currentDate();
    const std::int64_t week_start =
        today.addDays(1 - today.dayOfWeek()).startOfDay().toMSecsSinceEpoch();
    std::erase_if(found, [&](const Clip& clip) { return !passes(clip, week_start); });
    if (found != clips_) {
        beginResetModel();
        clips_ = std::move(found);
        regroup();
        endResetModel();
    }
    emit refreshed();
}

void ClipModel::regroup() {
    groups_.clear();
    const QDate today = QDate::currentDate();
    QDate day;
    double seconds = 0;
    std::uint64_t bytes = 0;
    const auto close_group = [&] {
        if (groups_.empty())
            return;
        Group& group = groups_.back();
        const QString clips = group.count == 1 ? tr("1 clip") : tr("%1 clips").arg(group.count);
        group.meta = tr("%1, %2, %3").arg(clips, length_text(seconds), size_text(bytes));
    };
    for (const Clip& clip : clips_) {
        const QDate its_day = created(clip).date();
        if (groups_.empty() || its_day != day) {
            close_group();
            day = its_day;
            seconds = 0;
            bytes = 0;
            groups_.push_back({day_name(day, today), {}, 0});
        }
        ++groups_.back().count;
        seconds += clip.duration.seconds();
        bytes += clip.size_bytes;
    }
    close_group();
}

int ClipModel::row_of(const QString& id) const {
    const std::string wanted = id.toStdString();
    for (size_t i = 0; i < clips_.size(); ++i)
        if (clips_[i].id == wanted)
            return static_cast<int>(i);
    return -1;
}

int ClipModel::row_of_path(const QString& path) const {
    const std::filesystem::path wanted = path.toStdString();
    for (size_t i = 0; i < clips_.size(); ++i)
        if (clips_[i].path == wanted)
            return static_cast<int>(i);
    return -1;
}

Clip clip_of_file(const QString& path) {
    const QFileInfo file{path};
    Clip clip;
    clip.path = path.toStdString();
    clip.title = file.completeBaseName().toStdString();
    clip.created_ms = file.lastModified().toMSecsSinceEpoch();
    clip.size_bytes = static_cast<std::uint64_t>(file.size());
    const QString stem = file.absolutePath() + '/' + file.completeBaseName();
    if (QFileInfo::exists(stem + ".ass"))
        clip.ass_path = (stem + ".ass").toStdString();
    if (QFileInfo::exists(stem + ".actions.jsonl"))
        clip.actions_path = (stem + ".actions.jsonl").toStdString();
    return clip;
}

int ClipModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(clips_.size());
}

QVariant ClipModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Clip& item = clip(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return clip_title(item);
    case Qt::AccessibleTextRole:
        return clip_spoken(item);
    case Qt::AccessibleDescriptionRole:
        return clip_meta(item);
    default:
        return {};
    }
}

}  // namespace hindsight::ui
