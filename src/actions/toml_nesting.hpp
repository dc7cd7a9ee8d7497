#pragma once

// toml++ bounds how deep values may lie in each other, but not how many parts a dotted key or the
// name of a table may have, and frees what it built recursively: a key of many parts overflows the
// stack. So a text is looked through before it is parsed.

#include <cstddef>
#include <optional>
#include <string_view>

namespace hindsight::actions {

/// Dots of the keys of one line. A profile needs two; with the nesting that toml++ allows, the
/// deepest table is far from the end of a stack.
inline constexpr std::size_t kMostDots = 16;

/// The first line (from 1) with more than kMostDots dots outside of quotes and comments. Says
/// nothing about what follows the first mistake in the TOML, where the parser stops.
[[nodiscard]] std::optional<std::size_t> line_that_nests_too_deep(std::string_view text);

}  // namespace hindsight::actions
