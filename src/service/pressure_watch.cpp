#include "pressure_watch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace hindsight::service {

namespace {

constexpr const char* kFile = "/proc/pressure/memory";
// Microseconds of stall within a window; windows of 2 s are what a user may ask for.
constexpr const char* kSome = "some 200000 2000000";
constexpr const char* kSevere = "full 200000 2000000";

}  // namespace

PressureWatch::PressureWatch(Callback callback, const Log& log) : callback_{std::move(callback)} {
    arm(triggers_[0], kSome, MemoryPressure::Some);
    arm(triggers_[1], kSevere, MemoryPressure::Severe);
    if (!works())
        log.debug("the kernel does not tell when memory is short");
}

void PressureWatch::arm(Trigger& trigger, const char* condition, MemoryPressure pressure) {
    UniqueFd fd{::open(kFile, O_RDWR | O_NONBLOCK | O_CLOEXEC)};
    const auto size = static_cast<ssize_t>(std::strlen(condition) + 1);
    if (!fd || ::write(fd.get(), condition, static_cast<std::size_t>(size)) != size)
        return;
    trigger.fd = std::move(fd);
    trigger.notifier =
        std::make_unique<QSocketNotifier>(trigger.fd.get(), QSocketNotifier::Exception);
    QObject::connect(
        trigger.notifier.get(),
        &QSocketNotifier::activated,
        trigger.notifier.get(),
        [this, pressure] { callback_(pressure); });
}

}  // namespace hindsight::service
