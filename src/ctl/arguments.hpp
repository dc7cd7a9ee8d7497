#pragma once

// The command line as a whole: which verb, with which options, and what is wrong with it.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/dbus/service_client.hpp>

#include <functional>
#include <optional>
#include <string>

// NOLINTNEXTLINE(readability-identifier-naming): the library's name
namespace CLI {
class App;
}

namespace hindsight::ctl {

inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

/// What a verb works with.
class Context {
public:
    explicit Context(bool json) : json_{json} {}

    [[nodiscard]] bool json() const { return json_; }

    /// The service as it is; nothing is started. Errors: External (no session bus).
    [[nodiscard]] Result<dbus::ServiceClient*> service();

    /// The service, brought up if need be. Errors: see ServiceClient::ensure_running.
    [[nodiscard]] Result<dbus::ServiceClient*> running_service();

private:
    bool json_;
    std::unique_ptr<dbus::ServiceClient> client_;
};

/// What the command line asked for. The value is the exit code; an Error is one sentence and 1.
using Verb = std::function<Result<int>(Context&)>;

struct Parsed {
    Verb verb;  ///< empty: nothing to do, `exit_code` says how it went
    bool json = false;
    int exit_code = kOk;
    std::string out;  ///< help or version, for standard output
    std::string err;  ///< what is wrong, for standard error
};

[[nodiscard]] Parsed parse_arguments(int argc, const char* const* argv);

// One function per file of verbs: adds its subcommands, each of which sets `verb` when chosen.
void add_recorder_verbs(CLI::App& app, Verb& verb);
void add_save_verbs(CLI::App& app, Verb& verb);
void add_library_verbs(CLI::App& app, Verb& verb);
void add_action_verbs(CLI::App& app, Verb& verb);
void add_config_verbs(CLI::App& app, Verb& verb);
void add_profile_verbs(CLI::App& app, Verb& verb);
void add_setup_verbs(CLI::App& app, Verb& verb);

}  // namespace hindsight::ctl
