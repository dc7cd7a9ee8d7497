#pragma once

// Is there room for a file? Asked before a byte is written.

#include <hindsight/core/result.hpp>

#include <cstdint>
#include <filesystem>

namespace hindsight::mux {

/// `target` could be written with `bytes` bytes and a little would stay free.
/// Errors: NotFound (no such folder), NoSpace, Io.
[[nodiscard]] Result<> check_space(const std::filesystem::path& target, std::uint64_t bytes);

}  // namespace hindsight::mux
