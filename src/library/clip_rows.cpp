#include "clip_rows.hpp"

#include "search_terms.hpp"

#include <algorithm>
#include <limits>

namespace hindsight::library {

namespace {

constexpr std::size_t kMinPrefix = 4;
constexpr std::int64_t kSlotsPerMs = 1024;

#define HINDSIGHT_CLIP_COLUMNS                                                                     \
    "clip.seq, clip.id, clip.path, clip.title, clip.game, clip.profile, clip.created_ms, "         \
    "clip.duration_ns, clip.size_bytes, clip.width, clip.height, clip.fps, clip.favorite, "        \
    "clip.keep_actions, clip.train, clip.actions_path, clip.ass_path, clip.overlay_path, "         \
    "clip.thumbnail_path, clip.missed_frames"

/// The lists that hang on a clip, with statements prepared once for a whole page of clips.
class ListReader {
public:
    static Result<ListReader> create(Database& database) {
        HINDSIGHT_ASSIGN(
            Statement tags,
            database.prepare("SELECT name FROM tag WHERE clip = ?1 ORDER BY position"));
        HINDSIGHT_ASSIGN(
            Statement events,
            database.prepare(
                "SELECT t_ns, type, label FROM event WHERE clip = ?1 ORDER BY position"));
        HINDSIGHT_ASSIGN(
            Statement gaps,
            database.prepare("SELECT t_ns, length_ns FROM gap WHERE clip = ?1 ORDER BY position"));
        return ListReader{std::move(tags), std::move(events), std::move(gaps)};
    }

    Result<> fill(Clip& clip, std::int64_t seq) {
        HINDSIGHT_TRY(
            each(tags_, seq, [&](const Statement& row) { clip.tags.push_back(row.text(0)); }));
        HINDSIGHT_TRY(each(events_, seq, [&](const Statement& row) {
            clip.events.push_back(
                {.t = Duration::from_ns(row.integer(0)),
                 .type = row.text(1),
                 .label = row.text(2)});
        }));
        return each(gaps_, seq, [&](const Statement& row) {
            clip.gaps.push_back(
                {.t = Duration::from_ns(row.integer(0)),
                 .length = Duration::from_ns(row.integer(1))});
        });
    }

private:
    ListReader(Statement tags, Statement events, Statement gaps)
        : tags_{std::move(tags)}, events_{std::move(events)}, gaps_{std::move(gaps)} {}

    template <class Take>
    static Result<> each(Statement& statement, std::int64_t seq, Take take) {
        statement.reset();
        statement.bind(1, seq);
        for (;;) {
            HINDSIGHT_ASSIGN(const bool row, statement.step());
            if (!row)
                return {};
            take(statement);
        }
    }

    Statement tags_;
    Statement events_;
    Statement gaps_;
};

Clip clip_from_row(const Statement& row) {
    return Clip{
        .id = row.text(1),
        .path = row.path(2),
        .title = row.text(3),
        .game = row.text(4),
        .profile = row.text(5),
        .created_ms = row.integer(6),
        .duration = Duration::from_ns(row.integer(7)),
        .size_bytes = static_cast<std::uint64_t>(row.integer(8)),
        .width = static_cast<int>(row.integer(9)),
        .height = static_cast<int>(row.integer(10)),
        .fps = row.real(11),
        .favorite = row.integer(12) != 0,
        .keep_actions = row.integer(13) != 0,
        .train = row.integer(14) != 0,
        .tags = {},
        .events = {},
        .gaps = {},
        .missed_frames = row.integer(19),
        .actions_path = row.path(15),
        .ass_path = row.path(16),
        .overlay_path = row.path(17),
        .thumbnail_path = row.path(18),
    };
}

Result<std::vector<Clip>> collect(Database& database, Statement& rows) {
    HINDSIGHT_ASSIGN(ListReader lists, ListReader::create(database));
    std::vector<Clip> clips;
    for (;;) {
        HINDSIGHT_ASSIGN(const bool row, rows.step());
        if (!row)
            return clips;
        Clip clip = clip_from_row(rows);
        HINDSIGHT_TRY(lists.fill(clip, rows.integer(0)));
        clips.push_back(std::move(clip));
    }
}

/// Parameters: ?1 seq, ?2 … ?20 in the order of the columns.
void bind_clip(Statement& statement, std::int64_t seq, const Clip& clip) {
    statement.bind(1, seq);
    statement.bind(2, clip.id);
    statement.bind_path(3, clip.path);
    statement.bind(4, clip.title);
    statement.bind(5, clip.game);
    statement.bind(6, clip.profile);
    statement.bind(7, clip.created_ms);
    statement.bind(8, clip.duration.ns());
    statement.bind(9, static_cast<std::int64_t>(clip.size_bytes));
    statement.bind(10, std::int64_t{clip.width});
    statement.bind(11, std::int64_t{clip.height});
    statement.bind(12, clip.fps);
    statement.bind(13, std::int64_t{clip.favorite});
    statement.bind(14, std::int64_t{clip.keep_actions});
    statement.bind(15, std::int64_t{clip.train});
    statement.bind_path(16, clip.actions_path);
    statement.bind_path(17, clip.ass_path);
    statement.bind_path(18, clip.overlay_path);
    statement.bind_path(19, clip.thumbnail_path);
    statement.bind(20, clip.missed_frames);
}

tl::unexpected<Error> no_such_clip() {
    return fail(Errc::NotFound, "There is no clip with this id in the library.");
}

Result<std::int64_t> seq_of(Database& database, const std::string& id) {
    HINDSIGHT_ASSIGN(Statement find, database.prepare("SELECT seq FROM clip WHERE id = ?1"));
    find.bind(1, id);
    HINDSIGHT_ASSIGN(const bool row, find.step());
    if (!row)
        return no_such_clip();
    return find.integer(0);
}

/// The next free number of the clip's millisecond (see schema.cpp).
Result<std::int64_t> free_seq(Database& database, std::int64_t created_ms) {
    constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / kSlotsPerMs - 1;
    const std::int64_t first = std::clamp(created_ms, std::int64_t{0}, kLimit) * kSlotsPerMs;
    HINDSIGHT_ASSIGN(
        Statement newest,
        database.prepare(
            "SELECT coalesce(max(seq) + 1, ?1) FROM clip WHERE seq >= ?1 AND seq < ?2"));
    newest.bind(1, first);
    newest.bind(2, first + kSlotsPerMs);
    HINDSIGHT_ASSIGN(const bool row, newest.step());
    const std::int64_t seq = row ? newest.integer(0) : first;
    if (seq >= first + kSlotsPerMs)
        return fail(Errc::InvalidArgument, "Too many clips claim the same moment.");
    return seq;
}

Result<> write_lists(Database& database, std::int64_t seq, const Clip& clip) {
    HINDSIGHT_ASSIGN(
        Statement tag,
        database.prepare("INSERT INTO tag (clip, position, name) VALUES (?1, ?2, ?3)"));
    for (std::size_t i = 0; i < clip.tags.size(); ++i) {
        tag.bind(1, seq);
        tag.bind(2, static_cast<std::int64_t>(i));
        tag.bind(3, clip.tags[i]);
        HINDSIGHT_TRY(tag.run());
    }
    HINDSIGHT_ASSIGN(
        Statement event,
        database.prepare(
            "INSERT INTO event (clip, position, t_ns, type, label) VALUES (?1, ?2, ?3, ?4, ?5)"));
    for (std::size_t i = 0; i < clip.events.size(); ++i) {
        event.bind(1, seq);
        event.bind(2, static_cast<std::int64_t>(i));
        event.bind(3, clip.events[i].t.ns());
        event.bind(4, clip.events[i].type);
        event.bind(5, clip.events[i].label);
        HINDSIGHT_TRY(event.run());
    }
    HINDSIGHT_ASSIGN(
        Statement gap,
        database.prepare(
            "INSERT INTO gap (clip, position, t_ns, length_ns) VALUES (?1, ?2, ?3, ?4)"));
    for (std::size_t i = 0; i < clip.gaps.size(); ++i) {
        gap.bind(1, seq);
        gap.bind(2, static_cast<std::int64_t>(i));
        gap.bind(3, clip.gaps[i].t.ns());
        gap.bind(4, clip.gaps[i].length.ns());
        HINDSIGHT_TRY(gap.run());
    }
    return {};
}

Result<> write_text(Database& database, std::int64_t seq, const Clip& clip) {
    std::string tags;
    for (const std::string& tag : clip.tags)
        tags += tag + '\n';
    std::string events;
    for (const ClipEvent& event : clip.events)
        events += event.type + ' ' + event.label + '\n';
    HINDSIGHT_ASSIGN(
        Statement text,
        database.prepare(
            "INSERT INTO clip_text (rowid, title, game, tags, events) VALUES (?1, ?2, ?3, ?4, "
            "?5)"));
    text.bind(1, seq);
    text.bind(2, clip.title);
    text.bind(3, clip.game);
    text.bind(4, tags);
    text.bind(5, events);
    return text.run();
}

Result<> run_for(Database& database, const char* sql, std::int64_t seq) {
    HINDSIGHT_ASSIGN(Statement statement, database.prepare(sql));
    statement.bind(1, seq);
    return statement.run();
}

/// The WHERE clause of a query, and in `values` its parameters from ?1 on.
std::string conditions(const ClipQuery& query, bool searching) {
    // Numbers are fixed: ?1 search, ?2 game, ?3 first seq.
    std::string where =
        searching ? "clip_text MATCH ?1 AND clip_text.rowid >= ?3" : "?1 = '' AND clip.seq >= ?3";
    where += query.game.empty() ? " AND ?2 = ''" : " AND clip.game = ?2";
    if (query.favorites_only)
        where += " AND clip.favorite = 1";
    return where;
}

}  // namespace

Result<std::vector<Clip>> read_clips(Database& database, const ClipQuery& query) {
    const std::string expression = search_expression(query.search);
    const bool searching = !expression.empty();
    std::string sql = "SELECT " HINDSIGHT_CLIP_COLUMNS " FROM ";
    // CROSS JOIN keeps the full-text table outside: its rows come newest first, and LIMIT ends it.
    sql += searching ? "clip_text CROSS JOIN clip ON clip.seq = clip_text.rowid" : "clip";
    sql += " WHERE " + conditions(query, searching);
    sql += searching ? " ORDER BY clip_text.rowid DESC" : " ORDER BY clip.seq DESC";
    sql += " LIMIT ?4 OFFSET ?5";
    HINDSIGHT_ASSIGN(Statement rows, database.prepare(sql));
    rows.bind(1, expression);
    rows.bind(2, query.game);
    constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / kSlotsPerMs;
    rows.bind(3, std::clamp(query.since_ms, std::int64_t{0}, kLimit) * kSlotsPerMs);
    rows.bind(4, std::int64_t{query.limit > 0 ? query.limit : -1});
    rows.bind(5, std::int64_t{std::max(query.offset, 0)});
    return collect(database, rows);
}

Result<Clip> read_clip(Database& database, const std::string& id) {
    HINDSIGHT_ASSIGN(
        Statement exact,
        database.prepare("SELECT " HINDSIGHT_CLIP_COLUMNS " FROM clip WHERE id = ?1"));
    exact.bind(1, id);
    HINDSIGHT_ASSIGN(std::vector<Clip> clips, collect(database, exact));
    if (clips.size() == 1)
        return std::move(clips.front());
    if (id.size() < kMinPrefix)
        return no_such_clip();
    HINDSIGHT_ASSIGN(
        Statement prefix,
        database.prepare("SELECT " HINDSIGHT_CLIP_COLUMNS " FROM clip"
                         " WHERE id >= ?1 AND id < ?1 || char(1114111) LIMIT 2"));
    prefix.bind(1, id);
    HINDSIGHT_ASSIGN(clips, collect(database, prefix));
    if (clips.size() > 1)
        return fail(
            Errc::NotFound, "More than one clip has an id that begins like this; give more of it.");
    if (clips.empty())
        return no_such_clip();
    return std::move(clips.front());
}

Result<std::optional<Clip>>
read_clip_by_path(Database& database, const std::filesystem::path& path) {
    HINDSIGHT_ASSIGN(
        Statement rows,
        database.prepare("SELECT " HINDSIGHT_CLIP_COLUMNS " FROM clip WHERE path = ?1"));
    rows.bind_path(1, path);
    HINDSIGHT_ASSIGN(std::vector<Clip> clips, collect(database, rows));
    if (clips.empty())
        return std::nullopt;
    return std::move(clips.front());
}

Result<std::vector<GameCount>> read_games(Database& database) {
    HINDSIGHT_ASSIGN(
        Statement rows,
        database.prepare("SELECT game, count(*) FROM clip GROUP BY game ORDER BY game"));
    std::vector<GameCount> games;
    for (;;) {
        HINDSIGHT_ASSIGN(const bool row, rows.step());
        if (!row)
            return games;
        games.push_back({.game = rows.text(0), .clips = rows.integer(1)});
    }
}

Result<std::vector<ClipOnset>> read_onsets(Database& database, const std::string& id) {
    HINDSIGHT_ASSIGN(
        Statement rows,
        database.prepare(
            "SELECT action, t_ms FROM onset WHERE clip = (SELECT seq FROM clip WHERE id = ?1)"
            " ORDER BY t_ms, action"));
    rows.bind(1, id);
    std::vector<ClipOnset> onsets;
    for (;;) {
        HINDSIGHT_ASSIGN(const bool row, rows.step());
        if (!row)
            return onsets;
        onsets.push_back({.action = rows.text(0), .t = Duration::from_ms(rows.integer(1))});
    }
}

Result<> insert_clip(Database& database, const Clip& clip) {
    HINDSIGHT_ASSIGN(const std::int64_t seq, free_seq(database, clip.created_ms));
    HINDSIGHT_ASSIGN(
        Statement insert,
        database.prepare("INSERT INTO clip VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
                         "?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)"));
    bind_clip(insert, seq, clip);
    HINDSIGHT_TRY(insert.run());
    HINDSIGHT_TRY(write_lists(database, seq, clip));
    return write_text(database, seq, clip);
}

Result<> update_clip(Database& database, const Clip& clip) {
    HINDSIGHT_ASSIGN(const std::int64_t old_seq, seq_of(database, clip.id));
    std::int64_t seq = old_seq;
    const std::int64_t first = std::max(clip.created_ms, std::int64_t{0}) * kSlotsPerMs;
    if (old_seq < first || old_seq >= first + kSlotsPerMs) {
        HINDSIGHT_ASSIGN(seq, free_seq(database, clip.created_ms));
    }
    HINDSIGHT_TRY(run_for(database, "DELETE FROM clip_text WHERE rowid = ?1", old_seq));
    HINDSIGHT_TRY(run_for(database, "DELETE FROM tag WHERE clip = ?1", old_seq));
    HINDSIGHT_TRY(run_for(database, "DELETE FROM event WHERE clip = ?1", old_seq));
    HINDSIGHT_TRY(run_for(database, "DELETE FROM gap WHERE clip = ?1", old_seq));
    HINDSIGHT_ASSIGN(
        Statement update,
        database.prepare(
            "UPDATE clip SET seq = ?1, path = ?3, title = ?4, game = ?5, profile = ?6, "
            "created_ms = ?7, duration_ns = ?8, size_bytes = ?9, width = ?10, height = ?11, "
            "fps = ?12, favorite = ?13, keep_actions = ?14, train = ?15, actions_path = ?16, "
            "ass_path = ?17, overlay_path = ?18, thumbnail_path = ?19, missed_frames = ?20 WHERE "
            "id = ?2"));
    bind_clip(update, seq, clip);
    HINDSIGHT_TRY(update.run());
    HINDSIGHT_TRY(write_lists(database, seq, clip));
    return write_text(database, seq, clip);
}

Result<> delete_clip(Database& database, const std::string& id) {
    HINDSIGHT_ASSIGN(const std::int64_t seq, seq_of(database, id));
    HINDSIGHT_TRY(run_for(database, "DELETE FROM clip_text WHERE rowid = ?1", seq));
    return run_for(database, "DELETE FROM clip WHERE seq = ?1", seq);
}

Result<>
replace_onsets(Database& database, const std::string& id, const std::vector<ClipOnset>& onsets) {
    HINDSIGHT_ASSIGN(const std::int64_t seq, seq_of(database, id));
    HINDSIGHT_TRY(run_for(database, "DELETE FROM onset WHERE clip = ?1", seq));
    HINDSIGHT_ASSIGN(
        Statement insert,
        database.prepare("INSERT OR IGNORE INTO onset (action, clip, t_ms) VALUES (?1, ?2, ?3)"));
    for (const ClipOnset& onset : onsets) {
        insert.bind(1, onset.action);
        insert.bind(2, seq);
        insert.bind(3, onset.t.ms());
        HINDSIGHT_TRY(insert.run());
    }
    return {};
}

}  // namespace hindsight::library
