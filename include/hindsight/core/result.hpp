#pragma once

// How a fallible function answers. `Result<T>` carries a value or an `Error` with a category that
// callers can decide on and one English sentence that people can read. Exceptions do not cross
// component borders.

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <version>

#if defined(__cpp_lib_source_location)
#include <source_location>
#endif

namespace hindsight {

#if defined(__cpp_lib_source_location)
using SourceLocation = std::source_location;
#else
/// clang 14 lacks the builtin; places are then missing from its (lint-only) builds.
struct SourceLocation {
    static constexpr SourceLocation current() { return {}; }

    constexpr const char* file_name() const { return ""; }

    constexpr unsigned line() const { return 0; }
};
#endif

/// What a caller can decide on. Details are in `Error::what`, for people.
enum class Errc : std::uint8_t {
    Cancelled = 1,
    InvalidArgument,
    NotFound,
    AlreadyExists,
    Unsupported,
    Busy,
    Timeout,
    DeviceLost,
    NoSpace,
    PermissionDenied,
    Io,
    Corrupt,
    External,
};

/// Stable lower-case name ("no_space") for JSON, D-Bus and logs.
[[nodiscard]] const char* errc_name(Errc code);

struct Error {
    Errc code = Errc::External;
    std::string what;       ///< one English sentence, no newline, no user content
    int external_code = 0;  ///< AVERROR, SQLite or errno value, 0 if none; for logs only
    SourceLocation where = SourceLocation::current();
};

template <class T = void>
using Result = tl::expected<T, Error>;

/// `return fail(Errc::NoSpace, "the clip folder is full");`
[[nodiscard]] tl::unexpected<Error> fail(
    Errc code,
    std::string what,
    int external_code = 0,
    SourceLocation where = SourceLocation::current());

/// An error from `errno`: picks the category, and says "<doing>: <strerror>".
[[nodiscard]] tl::unexpected<Error> fail_errno(
    const std::string& doing, int error_number, SourceLocation where = SourceLocation::current());

/// The category of an errno value (ENOSPC, EDQUOT: NoSpace; EACCES, EPERM, EROFS: PermissionDenied;
/// …).
[[nodiscard]] Errc errc_from_errno(int error_number);

/// Aborts with expression and place. For broken invariants only, never for input.
[[noreturn]] void check_failed(const char* expression, const char* file, unsigned line);

}  // namespace hindsight

#define HINDSIGHT_TRY(expr)                                                                        \
    do {                                                                                           \
        if (auto hindsight_try_result = (expr); !hindsight_try_result)                             \
            return ::tl::unexpected(std::move(hindsight_try_result).error());                      \
    } while (false)

#define HINDSIGHT_CONCAT_TOKENS(a, b) a##b
#define HINDSIGHT_CONCAT(a, b) HINDSIGHT_CONCAT_TOKENS(a, b)
// A name and a declaration cannot stand in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define HINDSIGHT_ASSIGN_BY(tmp, decl, expr)                                                       \
    auto tmp = (expr);                                                                             \
    if (!tmp)                                                                                      \
        return ::tl::unexpected(std::move(tmp).error());                                           \
    decl = *std::move(tmp)
// NOLINTEND(bugprone-macro-parentheses)
/// `HINDSIGHT_ASSIGN(const auto file, open(path));` declares `file` or returns the error.
#define HINDSIGHT_ASSIGN(decl, expr)                                                               \
    HINDSIGHT_ASSIGN_BY(HINDSIGHT_CONCAT(hindsight_result_, __LINE__), decl, expr)

#define HINDSIGHT_CHECK(condition)                                                                 \
    ((condition) ? static_cast<void>(0) : ::hindsight::check_failed(#condition, __FILE__, __LINE__))
