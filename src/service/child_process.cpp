#include "pidfd.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/service/child_process.hpp>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>

extern char** environ;

namespace hindsight::service {

namespace {

constexpr int kFirstDelayMs = 100;
constexpr int kMaxDelayMs = 5000;
constexpr int kKillAfterTermMs = 1000;
/// A process that lived this long was healthy: the next failure counts as the first.
constexpr std::int64_t kHealthyMs = 10'000;

std::vector<std::string> environment_with(const ChildEnvironment& changes) {
    std::vector<std::string> result;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        if (!changes.contains(std::string{text.substr(0, text.find('='))}))
            result.emplace_back(text);
    }
    for (const auto& [name, value] : changes)
        if (!value.empty())
            result.emplace_back(name).append("=").append(value);
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

struct SpawnActions {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;

    SpawnActions() {
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawnattr_init(&attributes);
    }

    ~SpawnActions() {
        ::posix_spawn_file_actions_destroy(&files);
        ::posix_spawnattr_destroy(&attributes);
    }

    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
};

/// The child gets default signals, an empty mask, and its end of the channel at kChildFd.
Result<pid_t> spawn(const ChildOptions& options, const ChildEnvironment& changes, int channel_fd) {
    SpawnActions actions;
    ::posix_spawn_file_actions_adddup2(&actions.files, channel_fd, ipc::kChildFd);
    sigset_t all;
    sigset_t none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&actions.attributes, &all);
    ::posix_spawnattr_setsigmask(&actions.attributes, &none);
    ::posix_spawnattr_setflags(&actions.attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

    std::vector<std::string> arguments{options.program};
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    std::vector<std::string> environment = environment_with(changes);
    pid_t pid = 0;
    const int error = ::posix_spawn(
        &pid,
        options.program.c_str(),
        &actions.files,
        &actions.attributes,
        pointers(arguments).data(),
        pointers(environment).data());
    if (error != 0)
        return fail_errno("cannot start " + options.program, error);
    return pid;
}

std::int64_t now_ms() {
    return SystemClock{}.now().ns() / 1'000'000;
}

}  // namespace

int restart_delay_ms(int consecutive_failures) {
    int delay = kFirstDelayMs;
    for (int i = 1; i < consecutive_failures && delay < kMaxDelayMs; ++i)
        delay *= 2;
    return std::min(delay, kMaxDelayMs);
}

struct ChildProcess::Impl {
    Impl(ChildOptions o, Events e, Log l)
        : options{std::move(o)}, events{std::move(e)}, log{std::move(l)} {
        restart_timer.setSingleShot(true);
        grace_timer.setSingleShot(true);
        QObject::connect(&restart_timer, &QTimer::timeout, &context, [this] {
            if (wanted && pid == 0)
                launch();
        });
        QObject::connect(&grace_timer, &QTimer::timeout, &context, [this] { grace_over(); });
    }

    ~Impl() {
        channel_notifier.reset();
        exit_notifier.reset();
        channel.reset();
        if (pid == 0)
            return;
        // Still here although nobody waited for it: it has seen end-of-file, give it no more time.
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }

    ChildOptions options;
    Events events;
    Log log;
    ChildEnvironment environment;
    QObject context;
    QTimer restart_timer;
    QTimer grace_timer;
    bool wanted = false;
    bool stopping = false;    // asked to end; `gone` is then expected
    bool terminated = false;  // SIGTERM was sent
    bool forgiven = false;    // its end is no failure
    int failures = 0;
    int restarts = 0;
    pid_t pid = 0;
    std::int64_t started_ms = 0;
    UniqueFd pidfd;
    std::optional<ipc::Channel> channel;
    std::unique_ptr<QSocketNotifier> channel_notifier;
    std::unique_ptr<QSocketNotifier> exit_notifier;

    void launch() {
        auto pair = ipc::make_channel_pair();
        if (!pair)
            return launch_failed(pair.error());
        const UniqueFd theirs{pair->theirs};
        auto child = spawn(options, environment, theirs.get());
        if (!child)
            return launch_failed(child.error());
        pid = *child;
        started_ms = now_ms();
        stopping = false;
        terminated = false;
        forgiven = false;
        channel.emplace(std::move(pair->ours));
        channel_notifier = std::make_unique<QSocketNotifier>(channel->fd(), QSocketNotifier::Read);
        QObject::connect(
            channel_notifier.get(), &QSocketNotifier::activated, &context, [this] { read(); });
        pidfd = open_pidfd(pid);
        if (pidfd) {
            exit_notifier = std::make_unique<QSocketNotifier>(pidfd.get(), QSocketNotifier::Read);
            QObject::connect(
                exit_notifier.get(), &QSocketNotifier::activated, &context, [this] { reap(); });
        }
        log.info("started {} as process {}", options.program, pid);
        if (events.connected)
            events.connected();
    }

    void launch_failed(const Error& error) {
        log.error("{}", error.what);
        ++failures;
        if (events.cannot_start)
            events.cannot_start(error.what);
        if (wanted)
            restart_timer.start(restart_delay_ms(failures));
    }

    void read() {
        ipc::Message message;
        while (channel) {
            switch (channel->receive(message)) {
            case ipc::Channel::ReceiveStatus::Message:
                if (events.message)
                    events.message(message);
                break;
            case ipc::Channel::ReceiveStatus::Empty:
                return;
            case ipc::Channel::ReceiveStatus::Closed:
                drop_channel();
                if (!pidfd)
                    poll_exit();
                return;
            }
        }
    }

    /// The notifier may be the caller: it is deleted by the loop.
    void drop_channel() {
        if (channel_notifier) {
            channel_notifier->setEnabled(false);
            channel_notifier.release()->deleteLater();
        }
        channel.reset();
    }

    /// Without pidfds (old kernel) the end of the channel says that the process is about to go.
    void poll_exit() {
        if (pid == 0)
            return;
        reap();
        if (pid != 0)
            QTimer::singleShot(20, &context, [this] { poll_exit(); });
    }

    void reap() {
        int status = 0;
        if (pid == 0 || ::waitpid(pid, &status, WNOHANG) != pid)
            return;
        read();  // what it said last
        drop_channel();
        if (exit_notifier) {
            exit_notifier->setEnabled(false);
            exit_notifier.release()->deleteLater();
        }
        pidfd.reset();
        grace_timer.stop();
        const bool expected = stopping;
        pid = 0;
        stopping = false;
        if (expected)
            log.info("{} ended", options.program);
        else if (WIFSIGNALED(status))
            log.warn("{} was ended by signal {}", options.program, WTERMSIG(status));
        else
            log.warn("{} exited with {}", options.program, WEXITSTATUS(status));
        plan_restart(expected);
        if (events.gone)
            events.gone(expected);
    }

    void plan_restart(bool expected) {
        if (expected || now_ms() - started_ms >= kHealthyMs)
            failures = 0;
        if (!wanted)
            return;
        if (expected) {
            restart_timer.start(0);
            return;
        }
        ++restarts;
        if (forgiven) {
            restart_timer.start(0);
            return;
        }
        ++failures;
        restart_timer.start(restart_delay_ms(failures));
    }

    void begin_stop(const std::string& farewell) {
        restart_timer.stop();
        if (pid == 0 || stopping)
            return;
        stopping = true;
        // Our half is closed behind the last word: the child ends, and can still answer.
        if (channel && !farewell.empty() && channel->send_text(farewell))
            ::shutdown(channel->fd(), SHUT_WR);
        else
            drop_channel();
        grace_timer.start(options.stop_grace_ms);
    }

    void grace_over() {
        if (pid == 0)
            return;
        log.warn("{} does not end by itself, ending it", options.program);
        drop_channel();
        ::kill(pid, terminated ? SIGKILL : SIGTERM);
        terminated = true;
        grace_timer.start(kKillAfterTermMs);
    }
};

ChildProcess::ChildProcess(ChildOptions options, Events events, Log log)
    : impl_{std::make_unique<Impl>(std::move(options), std::move(events), std::move(log))} {}

ChildProcess::~ChildProcess() = default;

void ChildProcess::start() {
    impl_->wanted = true;
    if (impl_->pid == 0 && !impl_->restart_timer.isActive())
        impl_->launch();
}

void ChildProcess::stop(const std::string& farewell) {
    impl_->wanted = false;
    impl_->begin_stop(farewell);
}

void ChildProcess::restart(const std::string& farewell) {
    impl_->wanted = true;
    if (impl_->pid == 0) {
        impl_->restart_timer.stop();
        impl_->launch();
        return;
    }
    impl_->begin_stop(farewell);
}

void ChildProcess::forgive() {
    impl_->forgiven = true;
}

void ChildProcess::kill() {
    if (impl_->pid != 0)
        ::kill(impl_->pid, SIGKILL);
}

void ChildProcess::set_environment(ChildEnvironment environment) {
    impl_->environment = std::move(environment);
}

bool ChildProcess::running() const {
    return impl_->pid != 0;
}

int ChildProcess::pid() const {
    return impl_->pid;
}

int ChildProcess::restarts() const {
    return impl_->restarts;
}

bool ChildProcess::connected() const {
    return impl_->channel.has_value() && !impl_->stopping;
}

Result<> ChildProcess::send_text(const std::string& text) {
    if (!connected())
        return fail(Errc::DeviceLost, "the program is not running");
    return impl_->channel->send_text(text);
}

}  // namespace hindsight::service
