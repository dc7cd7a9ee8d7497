#include "sqlite.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace hindsight::library {

namespace {

Error io_failure(sqlite3* database, int code) {
    const int system = database == nullptr ? 0 : sqlite3_system_errno(database);
    if (errc_from_errno(system) == Errc::NoSpace)
        return {.code = Errc::NoSpace, .what = "The disk with the library is full."};
    return {
        .code = Errc::Io,
        .what = "The library file cannot be read or written.",
        .external_code = code};
}

}  // namespace

tl::unexpected<Error> sqlite_failure(sqlite3* database) {
    const int code = database == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(database);
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(Errc::Busy, "Another program holds the library; try again.", code);
    case SQLITE_FULL:
        return fail(Errc::NoSpace, "The disk with the library is full.", code);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return fail(Errc::Corrupt, "The library file is damaged.", code);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return fail(Errc::PermissionDenied, "The library file may not be written.", code);
    case SQLITE_CANTOPEN:
        return fail(Errc::PermissionDenied, "The library file cannot be opened.", code);
    case SQLITE_IOERR:
        return tl::unexpected(io_failure(database, code));
    case SQLITE_CONSTRAINT:
        return fail(Errc::AlreadyExists, "The library has this clip already.", code);
    default:
        return fail(
            Errc::External,
            "The library did not accept a request: " + std::string{sqlite3_errstr(code)} + ".",
            code);
    }
}

// A failed bind (out of memory, too large) shows as the failure of the next step; the only misuse
// is a wrong parameter number, which is a bug of ours.
void Statement::bind(int parameter, std::int64_t value) {
    HINDSIGHT_CHECK(sqlite3_bind_int64(handle_.get(), parameter, value) != SQLITE_RANGE);
}

void Statement::bind(int parameter, double value) {
    HINDSIGHT_CHECK(sqlite3_bind_double(handle_.get(), parameter, value) != SQLITE_RANGE);
}

void Statement::bind(int parameter, std::string_view value) {
    HINDSIGHT_CHECK(
        sqlite3_bind_text64(
            handle_.get(),
            parameter,
            value.empty() ? "" : value.data(),
            value.size(),
            SQLITE_TRANSIENT,
            SQLITE_UTF8) != SQLITE_RANGE);
}

void Statement::bind_path(int parameter, const std::filesystem::path& value) {
    const std::string& bytes = value.native();
    HINDSIGHT_CHECK(
        sqlite3_bind_blob64(
            handle_.get(), parameter, bytes.c_str(), bytes.size(), SQLITE_TRANSIENT) !=
        SQLITE_RANGE);
}

Result<bool> Statement::step() {
    switch (sqlite3_step(handle_.get())) {
    case SQLITE_ROW:
        return true;
    case SQLITE_DONE:
        return false;
    default:
        return sqlite_failure(sqlite3_db_handle(handle_.get()));
    }
}

Result<> Statement::run() {
    for (;;) {
        const Result<bool> row = step();
        if (!row) {
            reset();
            return tl::unexpected(row.error());
        }
        if (!*row)
            break;
    }
    reset();
    return {};
}

void Statement::reset() {
    // Repeats the error of the last step, which its caller has seen.
    static_cast<void>(sqlite3_reset(handle_.get()));
    static_cast<void>(sqlite3_clear_bindings(handle_.get()));
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(handle_.get(), column);
}

std::string Statement::text(int column) const {
    const void* bytes = sqlite3_column_blob(handle_.get(), column);
    const int size = sqlite3_column_bytes(handle_.get(), column);
    return bytes == nullptr
               ? std::string{}
               : std::string{static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

std::filesystem::path Statement::path(int column) const {
    return text(column);
}

Result<Database>
Database::open(const std::filesystem::path& file, OpenMode mode, Duration busy_limit) {
    if (std::error_code error; mode == OpenMode::ReadOnly && !std::filesystem::exists(file, error))
        return fail(Errc::NotFound, "There is no library yet: nothing has been saved.");
    const int flags = mode == OpenMode::ReadOnly ? SQLITE_OPEN_READONLY
                                                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    DatabaseHandle handle{raw};  // also a failed open gives one, to be closed
    if (code != SQLITE_OK)
        return sqlite_failure(raw);
    static_cast<void>(sqlite3_extended_result_codes(raw, 1));
    static_cast<void>(sqlite3_busy_timeout(raw, static_cast<int>(busy_limit.ms())));
    return Database{std::move(handle)};
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    const int code =
        sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
    StatementHandle statement{raw};
    if (code != SQLITE_OK)
        return sqlite_failure(handle_.get());
    return Statement{std::move(statement)};
}

Result<> Database::execute(const char* sql) {
    if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return sqlite_failure(handle_.get());
    return {};
}

Result<std::int64_t> Database::integer(std::string_view sql) {
    HINDSIGHT_ASSIGN(Statement statement, prepare(sql));
    HINDSIGHT_ASSIGN(const bool row, statement.step());
    return row ? statement.integer(0) : 0;
}

Result<std::string> Database::text(std::string_view sql) {
    HINDSIGHT_ASSIGN(Statement statement, prepare(sql));
    HINDSIGHT_ASSIGN(const bool row, statement.step());
    return row ? statement.text(0) : std::string{};
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(handle_.get());
}

Result<Transaction> Transaction::begin(Database& database) {
    HINDSIGHT_TRY(database.execute("BEGIN IMMEDIATE"));
    return Transaction{database};
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_{std::exchange(other.database_, nullptr)} {}

Transaction::~Transaction() {
    // A failed statement may have rolled back already; then there is nothing left to undo.
    if (database_ != nullptr)
        static_cast<void>(database_->execute("ROLLBACK"));
}

Result<> Transaction::commit() {
    HINDSIGHT_TRY(database_->execute("COMMIT"));
    database_ = nullptr;
    return {};
}

}  // namespace hindsight::library
