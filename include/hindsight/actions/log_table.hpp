#pragma once

// The records of an action log in words, one row a record: what people read in a terminal and in
// the window, so that both show the same.

#include <hindsight/actions/action_log.hpp>

#include <cstdint>
#include <string>

namespace hindsight::actions {

struct LogRow {
    std::int64_t frame = 0;  ///< from the first shown one, on the grid of the nominal rate
    double seconds = 0;      ///< from the first shown frame
    std::string what;        ///< label of the action, or "held", "mode", the kind of an event
    std::string value;       ///< "pressed", "0.75", "+12, -3", "Forward, Fire"; may be empty

    bool operator==(const LogRow&) const = default;
};

/// `record` is one of `log`. An action that is missing in the log's table is named by its number.
/// [any-thread]
[[nodiscard]] LogRow describe(const ActionLog& log, const LogRecord& record);

}  // namespace hindsight::actions
