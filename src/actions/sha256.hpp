#pragma once

// SHA-256 (FIPS 180-4) of short texts; for telling profile versions apart, not for secrets.

#include <string>
#include <string_view>

namespace hindsight::actions {

/// 64 lower-case hex digits. [any-thread]
[[nodiscard]] std::string sha256_hex(std::string_view text);

}  // namespace hindsight::actions
