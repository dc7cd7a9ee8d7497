#pragma once

// SQLite's C interface with owners and Results: the only file that includes sqlite3.h.

#include <hindsight/core/handle.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace hindsight::library {

using DatabaseHandle = UniqueHandle<sqlite3, sqlite3_close_v2>;
using StatementHandle = UniqueHandle<sqlite3_stmt, sqlite3_finalize>;

/// What `database` failed with last, as an Error.
[[nodiscard]] tl::unexpected<Error> sqlite_failure(sqlite3* database);

/// One prepared question. Parameters count from 1, columns from 0.
class Statement {
public:
    explicit Statement(StatementHandle handle) : handle_{std::move(handle)} {}

    void bind(int parameter, std::int64_t value);
    void bind(int parameter, double value);
    void bind(int parameter, std::string_view value);
    /// Paths are bytes, not text: a name that is no UTF-8 must survive.
    void bind_path(int parameter, const std::filesystem::path& value);

    /// True: a row is there.
    [[nodiscard]] Result<bool> step();
    /// Runs to the end, ready to be bound anew.
    [[nodiscard]] Result<> run();
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::filesystem::path path(int column) const;

private:
    StatementHandle handle_;
};

enum class OpenMode { ReadWrite, ReadOnly };

class Database {
public:
    /// Errors: NotFound (ReadOnly and no file), Corrupt, Busy, PermissionDenied, Io, External.
    [[nodiscard]] static Result<Database>
    open(const std::filesystem::path& file, OpenMode mode, Duration busy_limit);

    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// Runs one or more statements and drops their rows.
    [[nodiscard]] Result<> execute(const char* sql);
    /// The first column of the first row.
    [[nodiscard]] Result<std::int64_t> integer(std::string_view sql);
    [[nodiscard]] Result<std::string> text(std::string_view sql);
    [[nodiscard]] std::int64_t changes() const;

private:
    explicit Database(DatabaseHandle handle) : handle_{std::move(handle)} {}

    DatabaseHandle handle_;
};

/// Takes the write lock; rolls back unless committed.
class Transaction {
public:
    [[nodiscard]] static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();

    [[nodiscard]] Result<> commit();

private:
    explicit Transaction(Database& database) : database_{&database} {}

    Database* database_;  ///< null once committed or moved from
};

}  // namespace hindsight::library
