#pragma once

// The layout of library.db and its history.

#include "sqlite.hpp"

namespace hindsight::library {

/// The layout this program reads and writes (`PRAGMA user_version`).
[[nodiscard]] int current_schema();

/// Runs the migrations that `database` lacks, all or none.
/// Errors: Unsupported (written by a newer version), Busy, NoSpace, …
[[nodiscard]] Result<> migrate(Database& database);

}  // namespace hindsight::library
