#pragma once

// Child processes for tests: started with an environment of their own, output kept in files (so
// that nobody has to drain a pipe), ended by pid and never by name. A Process that goes out of
// scope ends its child: SIGTERM, and SIGKILL when that is not enough.

#include <hindsight/core/result.hpp>

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::test {

using Environment = std::map<std::string, std::string>;
using std::chrono::milliseconds;

/// What programs of tests get of the environment that the test was started with: where programs and
/// libraries lie, and the options of sanitizers.
[[nodiscard]] Environment inherited_environment();

/// Long enough for a loaded machine: these bound failures, they measure nothing.
inline constexpr milliseconds kPatience{20'000};

/// Polls `predicate` until it holds; false when `deadline` has passed without that.
[[nodiscard]] bool
wait_until(const std::function<bool()>& predicate, milliseconds deadline = kPatience);

/// The whole file, empty when it cannot be read.
[[nodiscard]] std::string read_text(const std::filesystem::path& file);

/// Errors: Io.
Result<> write_text(const std::filesystem::path& file, const std::string& text);

/// Where `tool` lies on PATH (/usr/games included).
/// Errors: NotFound, with a sentence that names `package`.
Result<std::filesystem::path> find_tool(const std::string& tool, const std::string& package);

/// How a process ended: by `exit(code)` or by a signal.
struct ExitStatus {
    int code = 0;    ///< meaningful when signal is 0
    int signal = 0;  ///< 0: it ended by itself

    [[nodiscard]] bool success() const { return code == 0 && signal == 0; }
};

struct SpawnOptions {
    std::vector<std::string> command = {};  ///< absolute path first
    Environment environment = {};           ///< complete; nothing is inherited
    std::filesystem::path output = {};      ///< prefix of the two output files, `.out` and `.err`
    std::filesystem::path folder = {};      ///< working directory, empty: ours
    int channel = -1;                       ///< the child gets it as fd 3 (ipc::kChildFd)
};

class Process {
public:
    /// Errors: NotFound (no such program), Io.
    static Result<Process> spawn(const SpawnOptions& options);

    Process() = default;
    ~Process();
    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }  ///< 0: none

    /// Reaps the child when it has ended.
    [[nodiscard]] bool running();

    /// Nothing when it still runs after `deadline`.
    std::optional<ExitStatus> wait(milliseconds deadline = kPatience);

    /// Sends one signal; the caller waits.
    void kill(int signal);

    /// Lets it run before others where we may ask for that, as desktops do for their display and
    /// sound servers: on a small busy machine they would otherwise be late with everything.
    void go_first();

    /// SIGTERM, and SIGKILL after `patience`; returns how it ended.
    ExitStatus stop(milliseconds patience = milliseconds{5'000});

    [[nodiscard]] std::string out() const { return read_text(out_); }

    [[nodiscard]] std::string err() const { return read_text(err_); }

private:
    pid_t pid_ = 0;
    std::optional<ExitStatus> status_;
    std::filesystem::path out_;
    std::filesystem::path err_;
};

struct Output {
    ExitStatus status;
    std::string out;
    std::string err;
};

/// Runs to the end. Errors: NotFound, Io, Timeout (the child has been killed).
Result<Output> run(const SpawnOptions& options, milliseconds deadline = kPatience);

}  // namespace hindsight::test
