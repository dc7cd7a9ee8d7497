// hindsight-input: the only process that receives keys. Started by hindsightd, which holds the
// other end of file descriptor 3; ends when that ends.

#include "session.hpp"

#include <hindsight/core/log.hpp>
#include <hindsight/core/paths.hpp>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>

namespace {

constexpr const char* kUsage =
    "Usage: hindsight-input [--help | --version]\n"
    "\n"
    "The input part of Hindsight. hindsightd starts it; it is of no use alone.\n"
    "While the recorded game has the focus it receives every key, keeps only\n"
    "the actions of the game's profile, and forgets the rest at once.\n";

/// No core dump, no debugger of another process, nothing of the memory in a file.
void protect_memory() {
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    ::setrlimit(RLIMIT_CORE, &none);
}

bool is_socket(int fd) {
    int type = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

}  // namespace

int main(int argc, char** argv) {
    protect_memory();
    if (argc == 2 && std::string_view{argv[1]} == "--help") {
        std::fputs(kUsage, stdout);
        return 0;
    }
    if (argc == 2 && std::string_view{argv[1]} == "--version") {
        std::puts("hindsight-input " HINDSIGHT_VERSION);
        return 0;
    }
    if (argc != 1) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    if (!is_socket(hindsight::ipc::kChildFd)) {
        std::fputs("hindsight-input: hindsightd starts this program; run hindsightd\n", stderr);
        return 1;
    }
    ::fcntl(hindsight::ipc::kChildFd, F_SETFD, FD_CLOEXEC);
    hindsight::log_init({.program = "hindsight-input", .folder = hindsight::paths::state_dir()});
    const hindsight::SystemClock clock;
    hindsight::input::Session session{
        hindsight::ipc::Channel{hindsight::ipc::kChildFd}, clock, hindsight::Log{"input"}};
    session.run();
    return 0;
}
