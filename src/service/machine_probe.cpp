#include "machine_probe.hpp"

#include "pidfd.hpp"

#include <hindsight/core/handle.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace hindsight::service {

namespace fs = std::filesystem;

namespace {

constexpr int kOrphanWaitMs = 1500;

std::string pulse_socket() {
    const char* server = std::getenv("PULSE_SERVER");
    if (server != nullptr) {
        std::string text{server};
        if (text.starts_with("unix:"))
            return text.substr(5);
        if (text.starts_with("/"))
            return text;
    }
    const char* pulse = std::getenv("PULSE_RUNTIME_PATH");
    if (pulse != nullptr)
        return std::string{pulse} + "/native";
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    return runtime == nullptr ? std::string{} : std::string{runtime} + "/pulse/native";
}

}  // namespace

bool sound_server_answers() {
    const std::string path = pulse_socket();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return false;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const UniqueFd fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    return fd &&
           ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

std::uint64_t free_bytes(const fs::path& folder) {
    struct statvfs space {};

    if (::statvfs(folder.c_str(), &space) != 0)
        return 0;
    return static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
}

std::string why_not_writable(const fs::path& folder) {
    std::string name = (folder / ".hindsight-XXXXXX").string();
    const UniqueFd fd{::mkostemp(name.data(), O_CLOEXEC)};
    if (!fd)
        return errno == ENOSPC ? "The disk of the clip folder is full."
                               : "The clip folder cannot be written to.";
    ::unlink(name.c_str());
    return {};
}

void wait_for_orphan(int pid, const std::string& program) {
    std::error_code error;
    const UniqueFd process = pid > 0 ? open_pidfd(pid) : UniqueFd{};
    // The number may belong to another program by now.
    if (!process || fs::read_symlink("/proc/" + std::to_string(pid) + "/exe", error) != program)
        return;
    pollfd event{process.get(), POLLIN, 0};
    if (::poll(&event, 1, kOrphanWaitMs) == 0) {
        send_signal(process, SIGKILL);
        (void)::poll(&event, 1, kOrphanWaitMs);
    }
}

}  // namespace hindsight::service
