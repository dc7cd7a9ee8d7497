#include "session.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace hindsight::daemon {

Result<UniqueFd> lock_instance(const std::filesystem::path& file) {
    UniqueFd fd{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!fd)
        return fail_errno("the lock of the service cannot be made", errno);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(Errc::AlreadyExists, "Hindsight is already running in this session", errno);
    return fd;
}

void notify_supervisor(const char* state) {
    const char* path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t length = path == nullptr ? 0 : std::strlen(path);
    if (length < 2 || length >= sizeof address.sun_path)
        return;
    std::memcpy(address.sun_path, path, length);
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    const UniqueFd fd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    if (fd)
        (void)::sendto(
            fd.get(),
            state,
            std::strlen(state),
            MSG_NOSIGNAL,
            reinterpret_cast<const sockaddr*>(&address),
            size);
}

}  // namespace hindsight::daemon
