#include "clip_rows.hpp"
#include "schema.hpp"
#include "sqlite_store.hpp"

#include <hindsight/core/paths.hpp>
#include <hindsight/library/library.hpp>

#include <array>
#include <ctime>
#include <set>
#include <string>
#include <system_error>

namespace hindsight::library {

namespace fs = std::filesystem;

namespace {

/// SQLite keeps its journal beside the file; they only make sense together.
constexpr std::array kCompanions{"", "-wal", "-shm"};

Result<Database> open_for_writing(const fs::path& file, Duration busy_limit) {
    HINDSIGHT_ASSIGN(Database database, Database::open(file, OpenMode::ReadWrite, busy_limit));
    // FULL: a clip is called saved once it is in here, so a commit must survive a power cut.
    HINDSIGHT_TRY(database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                   "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
                                   // What is deleted is gone, not only unlisted.
                                   "PRAGMA secure_delete = ON"));
    HINDSIGHT_ASSIGN(const std::string check, database.text("PRAGMA quick_check(1)"));
    if (check != "ok")
        return fail(Errc::Corrupt, "The library file is damaged.");
    HINDSIGHT_TRY(migrate(database));
    return database;
}

/// A name beside `file` that is not taken.
fs::path aside_name(const fs::path& file) {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    std::array<char, 32> stamp{};
    static_cast<void>(std::strftime(stamp.data(), stamp.size(), "%Y-%m-%d_%H-%M-%S", &local));
    const std::string base = file.string() + ".damaged_" + stamp.data();
    fs::path name = base;
    std::error_code error;
    for (int i = 2; fs::exists(name, error); ++i)
        name = base + "_" + std::to_string(i);
    return name;
}

Result<fs::path> move_aside(const fs::path& file) {
    const fs::path aside = aside_name(file);
    for (const char* companion : kCompanions) {
        const fs::path from = file.string() + companion;
        std::error_code error;
        if (!fs::exists(from, error))
            continue;
        fs::rename(from, aside.string() + companion, error);
        if (error)
            return fail_errno("The damaged library cannot be moved aside", error.value());
    }
    return aside;
}

/// Every id that one of several ways through the file still reaches.
std::set<std::string> readable_ids(Database& damaged) {
    static constexpr std::array kWays{
        "SELECT id FROM clip INDEXED BY sqlite_autoindex_clip_1",
        "SELECT id FROM clip NOT INDEXED ORDER BY seq",
        "SELECT id FROM clip NOT INDEXED ORDER BY seq DESC",
    };
    std::set<std::string> ids;
    for (const char* way : kWays) {
        Result<Statement> rows = damaged.prepare(way);
        if (!rows)
            continue;
        for (Result<bool> row = rows->step(); row.value_or(false); row = rows->step())
            ids.insert(rows->text(0));
    }
    return ids;
}

/// Copies what can still be read of `damaged` into `store`, clip by clip.
std::size_t rescue(const fs::path& damaged, ClipStore& store, Duration busy_limit) {
    auto old = Database::open(damaged, OpenMode::ReadOnly, busy_limit);
    if (!old || old->integer("PRAGMA user_version") != current_schema())
        return 0;
    std::size_t rescued = 0;
    for (const std::string& id : readable_ids(*old)) {
        const Result<Clip> clip = read_clip(*old, id);
        if (!clip || clip->id != id)
            continue;
        const auto onsets = read_onsets(*old, id);
        if (store.insert(*clip, onsets.value_or(std::vector<ClipOnset>{})))
            ++rescued;
    }
    return rescued;
}

}  // namespace

fs::path default_file() {
    return paths::data_dir() / "library.db";
}

Result<OpenedStore> open_store(const fs::path& file, const Log& log, Duration busy_limit) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error)
        return fail_errno("The folder of the library cannot be made", error.value());

    Result<Database> database = open_for_writing(file, busy_limit);
    if (database)
        return OpenedStore{
            .store = std::make_unique<SqliteStore>(*std::move(database)),
            .damaged_file = {},
            .rescued_clips = 0};
    if (database.error().code != Errc::Corrupt)
        return tl::unexpected(std::move(database).error());

    HINDSIGHT_ASSIGN(const fs::path aside, move_aside(file));
    HINDSIGHT_ASSIGN(Database fresh, open_for_writing(file, busy_limit));
    OpenedStore opened{
        .store = std::make_unique<SqliteStore>(std::move(fresh)),
        .damaged_file = aside,
        .rescued_clips = 0};
    opened.rescued_clips = rescue(aside, *opened.store, busy_limit);
    log.error(
        "the library was damaged: it lies aside as {}, a new one holds the {} clips that could be "
        "read of it",
        aside.filename().string(),
        opened.rescued_clips);
    return opened;
}

Result<std::unique_ptr<ClipReader>> open_reader(const fs::path& file, Duration busy_limit) {
    HINDSIGHT_ASSIGN(Database database, Database::open(file, OpenMode::ReadOnly, busy_limit));
    HINDSIGHT_ASSIGN(const std::int64_t version, database.integer("PRAGMA user_version"));
    if (version > current_schema())
        return fail(
            Errc::Unsupported,
            "The library was written by a newer version of Hindsight; update this one to open it.");
    if (version < current_schema())
        return fail(Errc::Busy, "The library is being brought up to date; try again.");
    return std::make_unique<SqliteReader>(std::move(database));
}

}  // namespace hindsight::library
