#include "sqlite_store.hpp"

#include "clip_rows.hpp"

namespace hindsight::library {

namespace {

/// The journal (WAL) holds pages as they were before: it is written back and cut to nothing.
Result<> empty_journal(Database& database) {
    HINDSIGHT_ASSIGN(const std::int64_t busy, database.integer("PRAGMA wal_checkpoint(TRUNCATE)"));
    if (busy != 0)
        return fail(
            Errc::Busy,
            "It is forgotten, but another program is reading the library, whose journal can only "
            "be "
            "emptied after that; try again.");
    return {};
}

}  // namespace

Result<std::vector<Clip>> SqliteReader::list(const ClipQuery& query) {
    return read_clips(database_, query);
}

Result<Clip> SqliteReader::find(const std::string& id) {
    return read_clip(database_, id);
}

Result<std::vector<GameCount>> SqliteReader::games() {
    return read_games(database_);
}

Result<std::vector<Clip>> SqliteStore::list(const ClipQuery& query) {
    return read_clips(database_, query);
}

Result<Clip> SqliteStore::find(const std::string& id) {
    return read_clip(database_, id);
}

Result<std::vector<GameCount>> SqliteStore::games() {
    return read_games(database_);
}

Result<> SqliteStore::insert(const Clip& clip, const std::vector<ClipOnset>& onsets) {
    HINDSIGHT_ASSIGN(Transaction transaction, Transaction::begin(database_));
    HINDSIGHT_TRY(insert_clip(database_, clip));
    HINDSIGHT_TRY(replace_onsets(database_, clip.id, onsets));
    return transaction.commit();
}

Result<> SqliteStore::update(const Clip& clip) {
    HINDSIGHT_ASSIGN(Transaction transaction, Transaction::begin(database_));
    HINDSIGHT_TRY(update_clip(database_, clip));
    return transaction.commit();
}

Result<> SqliteStore::set_onsets(const std::string& id, const std::vector<ClipOnset>& onsets) {
    HINDSIGHT_ASSIGN(Transaction transaction, Transaction::begin(database_));
    HINDSIGHT_TRY(replace_onsets(database_, id, onsets));
    return transaction.commit();
}

Result<> SqliteStore::forget_actions(const std::string& id) {
    HINDSIGHT_ASSIGN(Clip clip, read_clip(database_, id));
    clip.keep_actions = false;
    clip.train = false;
    clip.actions_path.clear();
    clip.ass_path.clear();
    clip.overlay_path.clear();
    HINDSIGHT_ASSIGN(Transaction transaction, Transaction::begin(database_));
    HINDSIGHT_TRY(replace_onsets(database_, clip.id, {}));
    HINDSIGHT_TRY(update_clip(database_, clip));
    HINDSIGHT_TRY(transaction.commit());
    return empty_journal(database_);
}

Result<> SqliteStore::remove(const std::string& id) {
    HINDSIGHT_ASSIGN(Transaction transaction, Transaction::begin(database_));
    HINDSIGHT_TRY(delete_clip(database_, id));
    return transaction.commit();
}

Result<std::optional<Clip>> SqliteStore::find_by_path(const std::filesystem::path& path) {
    return read_clip_by_path(database_, path);
}

}  // namespace hindsight::library
