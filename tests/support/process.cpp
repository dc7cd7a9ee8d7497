#include "process.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

namespace hindsight::test {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

Environment inherited_environment() {
    Environment environment;
    for (const char* name :
         {"PATH",
          "LD_LIBRARY_PATH",
          "ASAN_OPTIONS",
          "LSAN_OPTIONS",
          "UBSAN_OPTIONS",
          "TSAN_OPTIONS"}) {
        if (const char* value = std::getenv(name); value != nullptr)
            environment[name] = value;
    }
    return environment;
}

bool wait_until(const std::function<bool()>& predicate, milliseconds deadline) {
    const auto end = steady_clock::now() + deadline;
    while (!predicate()) {
        if (steady_clock::now() >= end)
            return predicate();
        std::this_thread::sleep_for(milliseconds{20});
    }
    return true;
}

std::string read_text(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

Result<> write_text(const fs::path& file, const std::string& text) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    std::ofstream stream{file, std::ios::binary | std::ios::trunc};
    stream << text;
    stream.close();
    if (!stream)
        return fail(Errc::Io, "cannot write " + file.string());
    return {};
}

Result<fs::path> find_tool(const std::string& tool, const std::string& package) {
    const char* path = std::getenv("PATH");
    std::istringstream folders{std::string{path == nullptr ? "" : path} + ":/usr/games:/usr/sbin"};
    for (std::string folder; std::getline(folders, folder, ':');) {
        fs::path candidate = fs::path{folder} / tool;
        if (::access(candidate.c_str(), X_OK) == 0 && !fs::is_directory(candidate))
            return candidate;
    }
    return fail(Errc::NotFound, "'" + tool + "' is missing: install the Debian package " + package);
}

namespace {

int open_output(const fs::path& file) {
    return ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    result.reserve(strings.size() + 1);
    for (std::string& string : strings)
        result.push_back(string.data());
    result.push_back(nullptr);
    return result;
}

/// Only async-signal-safe calls: the parent may have threads.
[[noreturn]] void become(
    char* const* arguments,
    char* const* environment,
    const char* folder,
    int out,
    int err,
    int channel) {
    // A killed test must not leave its desktop behind.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    // dup2 clears close-on-exec, unless it has nothing to do.
    if (channel == 3)
        ::fcntl(channel, F_SETFD, 0);
    else if (channel >= 0)
        ::dup2(channel, 3);
    ::close_range(channel >= 0 ? 4 : 3, ~0U, 0);
    if (folder == nullptr || ::chdir(folder) == 0)
        ::execve(arguments[0], arguments, environment);
    ::_exit(127);
}

}  // namespace

Result<Process> Process::spawn(const SpawnOptions& options) {
    if (options.command.empty() || ::access(options.command[0].c_str(), X_OK) != 0)
        return fail(
            Errc::NotFound,
            "there is no program " + (options.command.empty() ? "" : options.command[0]));
    Process process;
    process.out_ = options.output.string() + ".out";
    process.err_ = options.output.string() + ".err";
    const int out = open_output(process.out_);
    const int err = open_output(process.err_);
    if (out < 0 || err < 0)
        return fail_errno("opening " + process.out_.string(), errno);

    std::vector<std::string> command = options.command;
    std::vector<std::string> environment;
    environment.reserve(options.environment.size());
    for (const auto& [name, value] : options.environment)
        environment.emplace_back(name).append("=").append(value);
    const std::vector<char*> argument_pointers = pointers(command);
    const std::vector<char*> environment_pointers = pointers(environment);
    const std::string folder = options.folder.string();

    const pid_t pid = ::fork();
    if (pid == 0)
        become(
            argument_pointers.data(),
            environment_pointers.data(),
            folder.empty() ? nullptr : folder.c_str(),
            out,
            err,
            options.channel);
    ::close(out);
    ::close(err);
    if (pid < 0)
        return fail_errno("fork", errno);
    process.pid_ = pid;
    return process;
}

Process::~Process() {
    stop();
}

Process::Process(Process&& other) noexcept
    : pid_{std::exchange(other.pid_, 0)},
      status_{other.status_},
      out_{std::move(other.out_)},
      err_{std::move(other.err_)} {}

Process& Process::operator=(Process&& other) noexcept {
    if (this != &other) {
        stop();
        pid_ = std::exchange(other.pid_, 0);
        status_ = other.status_;
        out_ = std::move(other.out_);
        err_ = std::move(other.err_);
    }
    return *this;
}

bool Process::running() {
    if (pid_ == 0 || status_)
        return false;
    int status = 0;
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == 0)
        return true;
    ExitStatus result{.code = 255, .signal = 0};
    if (ended == pid_ && WIFEXITED(status))
        result.code = WEXITSTATUS(status);
    else if (ended == pid_ && WIFSIGNALED(status))
        result = {.code = 0, .signal = WTERMSIG(status)};
    status_ = result;
    return false;
}

std::optional<ExitStatus> Process::wait(milliseconds deadline) {
    if (pid_ == 0 || !wait_until([this] { return !running(); }, deadline))
        return std::nullopt;
    return status_;
}

void Process::kill(int signal) {
    // running() reaps, so the pid cannot have gone to somebody else.
    if (running())
        ::kill(pid_, signal);
}

void Process::go_first() {
    if (!running())
        return;
    sched_param parameters{};
    parameters.sched_priority = 1;
    if (::sched_setscheduler(pid_, SCHED_RR | SCHED_RESET_ON_FORK, &parameters) != 0)
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(pid_), -10);
}

ExitStatus Process::stop(milliseconds patience) {
    if (pid_ == 0)
        return {};
    kill(SIGTERM);
    if (!wait(patience)) {
        kill(SIGKILL);
        (void)wait();
    }
    return status_.value_or(ExitStatus{});
}

Result<Output> run(const SpawnOptions& options, milliseconds deadline) {
    HINDSIGHT_ASSIGN(Process process, Process::spawn(options));
    const std::optional<ExitStatus> status = process.wait(deadline);
    if (!status) {
        process.kill(SIGKILL);
        (void)process.wait();
        return fail(Errc::Timeout, options.command[0] + " did not end in time: " + process.err());
    }
    return Output{.status = *status, .out = process.out(), .err = process.err()};
}

}  // namespace hindsight::test
