#include "schema.hpp"

#include <array>

namespace hindsight::library {

namespace {

// Clips are numbered by time: seq = created_ms · 1024 + a counter. "Newest first" is then the
// order of the primary key, of every index and of the full-text table, so a page of a search in
// 100,000 clips stops after that page instead of sorting them all.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE clip (
    seq            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    path           BLOB NOT NULL UNIQUE,
    title          TEXT NOT NULL,
    game           TEXT NOT NULL,
    profile        TEXT NOT NULL,
    created_ms     INTEGER NOT NULL,
    duration_ns    INTEGER NOT NULL,
    size_bytes     INTEGER NOT NULL,
    width          INTEGER NOT NULL,
    height         INTEGER NOT NULL,
    fps            REAL NOT NULL,
    favorite       INTEGER NOT NULL,
    keep_actions   INTEGER NOT NULL,
    train          INTEGER NOT NULL,
    actions_path   BLOB NOT NULL,
    ass_path       BLOB NOT NULL,
    overlay_path   BLOB NOT NULL,
    thumbnail_path BLOB NOT NULL
);
CREATE INDEX clip_game ON clip (game, seq);
CREATE INDEX clip_favorite ON clip (seq) WHERE favorite = 1;

CREATE TABLE tag (
    clip     INTEGER NOT NULL REFERENCES clip ON DELETE CASCADE ON UPDATE CASCADE,
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    PRIMARY KEY (clip, position)
) WITHOUT ROWID;
CREATE INDEX tag_name ON tag (name, clip);

CREATE TABLE event (
    clip     INTEGER NOT NULL REFERENCES clip ON DELETE CASCADE ON UPDATE CASCADE,
    position INTEGER NOT NULL,
    t_ns     INTEGER NOT NULL,
    type     TEXT NOT NULL,
    label    TEXT NOT NULL,
    PRIMARY KEY (clip, position)
) WITHOUT ROWID;
CREATE INDEX event_type ON event (type, clip);

CREATE TABLE gap (
    clip      INTEGER NOT NULL REFERENCES clip ON DELETE CASCADE ON UPDATE CASCADE,
    position  INTEGER NOT NULL,
    t_ns      INTEGER NOT NULL,
    length_ns INTEGER NOT NULL,
    PRIMARY KEY (clip, position)
) WITHOUT ROWID;

CREATE TABLE onset (
    action TEXT NOT NULL,
    clip   INTEGER NOT NULL REFERENCES clip ON DELETE CASCADE ON UPDATE CASCADE,
    t_ms   INTEGER NOT NULL,
    PRIMARY KEY (action, clip, t_ms)
) WITHOUT ROWID;
CREATE INDEX onset_clip ON onset (clip);

CREATE VIRTUAL TABLE clip_text USING fts5(
    title, game, tags, events,
    tokenize = "unicode61 remove_diacritics 2",
    prefix = '1 2 3'
);
)sql";

constexpr const char* kVersion2 =
    "ALTER TABLE clip ADD COLUMN missed_frames INTEGER NOT NULL DEFAULT 0;";

/// One entry per version, never edited once released: entry n leads from version n to n + 1.
constexpr std::array kMigrations{kVersion1, kVersion2};

}  // namespace

int current_schema() {
    return static_cast<int>(kMigrations.size());
}

Result<> migrate(Database& database) {
    HINDSIGHT_ASSIGN(std::int64_t before, database.integer("PRAGMA user_version"));
    if (before == current_schema())
        return {};
    HINDSIGHT_ASSIGN(Transaction transaction, Transaction::begin(database));
    // Asked again under the lock: another process may have just done it.
    HINDSIGHT_ASSIGN(before, database.integer("PRAGMA user_version"));
    if (before > current_schema())
        return fail(
            Errc::Unsupported,
            "The library was written by a newer version of Hindsight; update this one to open it.");
    for (auto version = static_cast<std::size_t>(before); version < kMigrations.size(); ++version)
        HINDSIGHT_TRY(database.execute(kMigrations[version]));
    const std::string stamp = "PRAGMA user_version = " + std::to_string(current_schema());
    HINDSIGHT_TRY(database.execute(stamp.c_str()));
    return transaction.commit();
}

}  // namespace hindsight::library
