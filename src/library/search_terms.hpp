#pragma once

#include <string>
#include <string_view>

namespace hindsight::library {

/// What a person typed, as an FTS5 expression: every word must begin some word of the clip. All of
/// FTS5's own syntax is quoted away, so any input is safe. Empty: there is nothing to search for
/// (yet), which means no filter.
[[nodiscard]] std::string search_expression(std::string_view typed);

}  // namespace hindsight::library
