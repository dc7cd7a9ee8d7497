#pragma once

// "Did you mean …?": the known word that a mistyped one is nearest to.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace hindsight {

/// How many letters must be put in, taken out or exchanged to make `b` of `a` (Levenshtein).
/// [any-thread]
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// Whether words that are `distance` apart can be one word and a slip of the pen. [any-thread]
[[nodiscard]] bool is_near(std::size_t distance, std::string_view word);

/// The word of `known` that is nearest to `word`, upper and lower case being the same; empty when
/// none is near enough to be meant. Refers to `known`. [any-thread]
[[nodiscard]] std::string_view
nearest_word(std::string_view word, std::span<const std::string> known);

}  // namespace hindsight
