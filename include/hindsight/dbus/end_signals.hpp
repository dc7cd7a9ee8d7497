#pragma once

// How the programs of a session end from outside: by Ctrl+C, by the end of their terminal, or when
// the session asks them to.

#include <functional>
#include <memory>

namespace hindsight::dbus {

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

}  // namespace hindsight::dbus
