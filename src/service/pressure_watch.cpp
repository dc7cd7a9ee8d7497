#include "pressure_watch.hpp"

#include <hindsight/core/file.hpp>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <utility>

namespace hindsight::service {

namespace {

// Microseconds of stall within a window; windows of 2 s are what a user may ask for.
constexpr const char* kSome = "some 200000 2000000";
constexpr const char* kFull = "full 200000 2000000";
/// The same share, where we look ourselves.
constexpr std::int64_t kShare = 10;
constexpr std::uintmax_t kMaxBytes = 4096;

std::optional<Duration> total_of(std::string_view text, std::string_view line) {
    constexpr std::string_view kTotal = "total=";
    std::size_t at = text.find(line);
    if (at != std::string_view::npos)
        at = text.find(kTotal, at);
    if (at == std::string_view::npos)
        return std::nullopt;
    std::int64_t microseconds = 0;
    const char* begin = text.data() + at + kTotal.size();
    if (std::from_chars(begin, text.data() + text.size(), microseconds).ec != std::errc{})
        return std::nullopt;
    return Duration::from_us(microseconds);
}

/// Any file takes the text of a trigger (a container may show a copy); only the kernel's own acts
/// upon it.
bool is_the_kernels(const UniqueFd& fd) {
    struct statfs system {};

    return ::fstatfs(fd.get(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

}  // namespace

std::optional<StallTotals> parse_stalls(std::string_view text) {
    const auto some = total_of(text, "some ");
    const auto full = total_of(text, "full ");
    if (!some || !full)
        return std::nullopt;
    return StallTotals{*some, *full};
}

PressureWatch::PressureWatch(
    Callback callback,
    std::filesystem::path file,
    std::chrono::milliseconds interval,
    const Log& log)
    : callback_{std::move(callback)}, file_{std::move(file)} {
    if (arm(triggers_[0], kSome, MemoryPressure::Some) &&
        arm(triggers_[1], kFull, MemoryPressure::Severe)) {
        source_ = PressureSource::Triggers;
        return;
    }
    triggers_ = {};
    const auto now = read();
    if (!now) {
        log.warn("the kernel does not tell when memory is short");
        return;
    }
    source_ = PressureSource::Polling;
    before_ = *now;
    asked_ = SystemClock{}.now();
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { poll(); });
    timer_.start(interval);
}

bool PressureWatch::arm(Trigger& trigger, const char* condition, MemoryPressure pressure) {
    UniqueFd fd{::open(file_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)};
    const auto size = static_cast<ssize_t>(std::strlen(condition) + 1);
    if (!fd || !is_the_kernels(fd) ||
        ::write(fd.get(), condition, static_cast<std::size_t>(size)) != size)
        return false;
    trigger.fd = std::move(fd);
    trigger.notifier =
        std::make_unique<QSocketNotifier>(trigger.fd.get(), QSocketNotifier::Exception);
    QObject::connect(
        trigger.notifier.get(),
        &QSocketNotifier::activated,
        trigger.notifier.get(),
        [this, pressure] { callback_(pressure); });
    return true;
}

std::optional<StallTotals> PressureWatch::read() const {
    const auto text = read_text_file(file_, kMaxBytes);
    return text ? parse_stalls(*text) : std::nullopt;
}

void PressureWatch::poll() {
    const auto totals = read();
    if (!totals)
        return;
    const MonoTime now = SystemClock{}.now();
    const Duration least = (now - std::exchange(asked_, now)) / kShare;
    const StallTotals before = std::exchange(before_, *totals);
    if (totals->full - before.full >= least)
        callback_(MemoryPressure::Severe);
    else if (totals->some - before.some >= least)
        callback_(MemoryPressure::Some);
}

}  // namespace hindsight::service
