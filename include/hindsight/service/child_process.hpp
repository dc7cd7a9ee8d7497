#pragma once

// One supervised child program with a message channel at descriptor 3: started when wanted,
// restarted with back-off when it dies, stopped in a bounded time. The service has two:
// `hindsight-capture` and `hindsight-input`.

#include <hindsight/core/log.hpp>
#include <hindsight/service/message_link.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::service {

/// Variables that replace or add to our own environment in a child; an empty value removes.
using ChildEnvironment = std::map<std::string, std::string>;

struct ChildOptions {
    std::string program;  ///< absolute path
    std::vector<std::string> arguments;
    int stop_grace_ms = 3000;  ///< after that SIGTERM, and SIGKILL a second later
};

/// Waiting time before the n-th restart in a row (n from 1): 100 ms, doubling, at most 5 s.
[[nodiscard]] int restart_delay_ms(int consecutive_failures);

class ChildProcess final : public MessageLink {
public:
    struct Events {
        std::function<void()> connected;                   ///< a (new) process is there
        std::function<void(const ipc::Message&)> message;  ///< from it
        std::function<void(bool expected)> gone;           ///< it ended; expected: we asked for it
        std::function<void(const std::string& what)> cannot_start;
    };

    ChildProcess(ChildOptions options, Events events, Log log);
    ~ChildProcess() override;  ///< kills and reaps what still runs
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// Wants it running from now on; restarts it whenever it dies. [control]
    void start();

    /// Wants it gone: sends `farewell` (may be empty), closes the channel once the child has closed
    /// its end or the grace is over. `gone(true)` tells when. [control]
    void stop(const std::string& farewell);

    /// stop() and start() again as soon as it is gone.
    void restart(const std::string& farewell);

    /// It is about to end for a reason that its next start does not share: it then starts at once
    /// instead of after the waiting time. Until it ends. [control]
    void forgive();

    /// Ends it where it is; that counts as a death. [control]
    void kill();

    /// For the next start.
    void set_environment(ChildEnvironment environment);

    [[nodiscard]] bool running() const;
    [[nodiscard]] int pid() const;  ///< 0: none
    [[nodiscard]] int restarts() const;

    [[nodiscard]] bool connected() const override;
    Result<> send_text(const std::string& text) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hindsight::service
