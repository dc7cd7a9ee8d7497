#include <hindsight/core/handle.hpp>
#include <hindsight/dbus/end_signals.hpp>

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <QObject>
#include <QSocketNotifier>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

namespace hindsight::dbus {

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

}  // namespace hindsight::dbus
