#pragma once

// What ties the process to its session: one instance, and the supervisor that may have started it.

#include <hindsight/core/handle.hpp>
#include <hindsight/core/result.hpp>

#include <filesystem>

namespace hindsight::daemon {

/// Held as long as the process lives. Errors: AlreadyExists, Io.
[[nodiscard]] Result<UniqueFd> lock_instance(const std::filesystem::path& file);

/// Tells systemd (`NOTIFY_SOCKET`), if it asked: "READY=1", "STOPPING=1".
void notify_supervisor(const char* state);

}  // namespace hindsight::daemon
