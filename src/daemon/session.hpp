#pragma once

// What ties the process to its session: one instance, signals, the supervisor that may have
// started it.

#include <hindsight/core/handle.hpp>
#include <hindsight/core/result.hpp>

#include <filesystem>
#include <functional>
#include <memory>

namespace hindsight::daemon {

/// Held as long as the process lives. Errors: AlreadyExists, Io.
[[nodiscard]] Result<UniqueFd> lock_instance(const std::filesystem::path& file);

/// Calls `end` from the event loop on SIGTERM, SIGINT and SIGHUP. One at a time.
class EndSignals {
public:
    explicit EndSignals(std::function<void()> end);
    ~EndSignals();
    EndSignals(const EndSignals&) = delete;
    EndSignals& operator=(const EndSignals&) = delete;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Tells systemd (`NOTIFY_SOCKET`), if it asked: "READY=1", "STOPPING=1".
void notify_supervisor(const char* state);

}  // namespace hindsight::daemon
