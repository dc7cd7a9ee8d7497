#pragma once

// The real programs, running in a DesktopSession: hindsightd with its children, asked through
// hindsightctl as a person's shell would ask. Answers are the JSON that the CLI promises.

#include "desktop_session.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace hindsight::test {

using Json = nlohmann::json;

class Recorder {
public:
    /// Writes `config` (TOML) and starts the service; waits until it is on the bus. `session` must
    /// outlive the recorder. Errors: NotFound, Timeout, Io.
    static Result<std::unique_ptr<Recorder>>
    start(DesktopSession& session, const std::string& config, const Environment& extra = {});

    /// `hindsightctl <arguments> --json`, parsed; null when it prints nothing.
    /// Errors: External (exit 1 or 2, with the sentence it said), Timeout, Corrupt (no JSON).
    Result<Json> ctl(std::vector<std::string> arguments, milliseconds deadline = kPatience);

    /// Waits for `status.state`. Errors: Timeout (with the last status).
    Result<> wait_for_state(const std::string& state);

    /// Waits until the ring holds at least `seconds`. Errors: Timeout.
    Result<> wait_for_footage(double seconds);

    /// The service's process; kill it, wait for it, read what it said.
    [[nodiscard]] Process& service() { return service_; }

    /// Starts the service again, after it was killed.
    Result<> restart();

    /// Pids of the children of the service with that program name ("hindsight-capture").
    [[nodiscard]] std::vector<pid_t> children(const std::string& program);

    /// All logs of the programs, for the message of a failing test.
    [[nodiscard]] std::string logs() const;

private:
    Recorder(DesktopSession& session, Environment extra);

    DesktopSession& session_;
    Environment extra_;
    Process service_;
};

}  // namespace hindsight::test
