#pragma once

// Facts about this machine that need no other program's help.

#include <cstdint>
#include <filesystem>
#include <string>

namespace hindsight::service {

/// A PulseAudio server (or PipeWire's) accepts a connection.
[[nodiscard]] bool sound_server_answers();

/// Free bytes for us on the file system of `folder`; 0 when it is not there.
[[nodiscard]] std::uint64_t free_bytes(const std::filesystem::path& folder);

/// Empty when a file can be made in `folder`; else a sentence.
[[nodiscard]] std::string why_not_writable(const std::filesystem::path& folder);

/// Waits (bounded) for a capture process of an earlier service to end; ends it after that.
void wait_for_orphan(int pid, const std::string& program);

}  // namespace hindsight::service
