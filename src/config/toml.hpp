#pragma once

// toml++ behind one function: its exception ends here.

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hindsight::config {

struct ParsedToml {
    std::optional<toml::table> table;  ///< nothing: `what` says why, in one line
    std::uint32_t line = 0;            ///< of the error
    std::string what;
};

[[nodiscard]] ParsedToml parse_toml(std::string_view text);

}  // namespace hindsight::config
