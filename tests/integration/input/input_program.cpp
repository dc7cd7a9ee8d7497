#include "input_program.hpp"

#include <hindsight/core/time.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace hindsight::test {

Result<std::unique_ptr<InputProgram>>
InputProgram::start(const Environment& environment, const std::filesystem::path& program) {
    HINDSIGHT_ASSIGN(auto pair, ipc::make_channel_pair());
    std::vector<std::string> variables;
    std::vector<char*> pointers;
    for (const auto& [name, value] : environment)
        variables.push_back(std::string{name}.append("=").append(value));
    pointers.reserve(variables.size() + 1);
    for (std::string& variable : variables)
        pointers.push_back(variable.data());
    pointers.push_back(nullptr);
    std::unique_ptr<InputProgram> started{new InputProgram};
    const pid_t pid = ::fork();
    if (pid < 0)
        return fail_errno("cannot fork", errno);
    if (pid == 0) {
        if (pair.theirs == ipc::kChildFd)
            ::fcntl(ipc::kChildFd, F_SETFD, 0);
        else
            ::dup2(pair.theirs, ipc::kChildFd);
        ::execle(program.c_str(), program.c_str(), nullptr, pointers.data());
        ::_exit(127);
    }
    ::close(pair.theirs);
    started->pid_ = pid;
    started->channel_.emplace(std::move(pair.ours));
    return started;
}

InputProgram::~InputProgram() {
    if (!close() && pid_ != 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

void InputProgram::receive() {
    if (!channel_)
        return;
    ipc::Message message;
    while (channel_->receive(message) == ipc::Channel::ReceiveStatus::Message) {
        traffic_ += message.body.dump();
        messages_.push_back(message);
    }
}

std::vector<ipc::ActionValue> InputProgram::values() {
    std::vector<ipc::ActionValue> found;
    for (const auto& batch : all<ipc::ActionBatch>())
        found.insert(found.end(), batch.values.begin(), batch.values.end());
    return found;
}

bool InputProgram::wait_until_told() {
    // What happened now belongs to the next frame, so that one has to be covered as well.
    const MonoTime end = SystemClock{}.now() + Duration::from_ms(100);
    return wait_for<ipc::InputUpTo>([end](const auto& up_to) { return up_to.t_ns > end.ns(); })
        .has_value();
}

std::optional<int> InputProgram::close() {
    receive();
    channel_.reset();
    if (pid_ == 0)
        return std::nullopt;
    int status = 0;
    if (!wait_until([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; }))
        return std::nullopt;
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool InputProgram::running() const {
    return pid_ != 0 && ::kill(pid_, 0) == 0;
}

}  // namespace hindsight::test
