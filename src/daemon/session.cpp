#include "session.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QObject>
#include <QSocketNotifier>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace hindsight::daemon {

namespace {

constexpr std::array kEndSignals{SIGTERM, SIGINT, SIGHUP};

// Set once before the handlers are; a signal handler can reach nothing else.
int signal_fd = -1;

extern "C" void on_end_signal(int) {
    const int saved = errno;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(signal_fd, &one, sizeof one);
    errno = saved;
}

}  // namespace

Result<UniqueFd> lock_instance(const std::filesystem::path& file) {
    UniqueFd fd{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!fd)
        return fail_errno("the lock of the service cannot be made", errno);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(Errc::AlreadyExists, "Hindsight is already running in this session", errno);
    return fd;
}

struct EndSignals::Impl {
    UniqueFd event;
    std::unique_ptr<QSocketNotifier> notifier;
    QObject context;
};

EndSignals::EndSignals(std::function<void()> end) : impl_{std::make_unique<Impl>()} {
    impl_->event.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    signal_fd = impl_->event.get();
    impl_->notifier = std::make_unique<QSocketNotifier>(impl_->event.get(), QSocketNotifier::Read);
    QObject::connect(
        impl_->notifier.get(),
        &QSocketNotifier::activated,
        &impl_->context,
        [this, end = std::move(end)] {
            std::uint64_t count = 0;
            [[maybe_unused]] const ssize_t n = ::read(impl_->event.get(), &count, sizeof count);
            end();
        });

    struct sigaction action {};

    action.sa_handler = on_end_signal;
    action.sa_flags = SA_RESTART;
    for (const int number : kEndSignals)
        ::sigaction(number, &action, nullptr);
}

EndSignals::~EndSignals() {
    for (const int number : kEndSignals)
        ::signal(number, SIG_DFL);
    signal_fd = -1;
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
