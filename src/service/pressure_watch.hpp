#pragma once

// The kernel's word that memory is short (pressure stall information), as calls from the main loop:
// by its triggers where it grants them to users, else by asking it every two seconds. Kernels
// before Linux 6.4 (Debian 12's 6.1 is one) keep triggers for the privileged.

#include <hindsight/core/handle.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/service/memory_allowance.hpp>

#include <QSocketNotifier>
#include <QTimer>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace hindsight::service {

/// Time since boot that programs have waited for memory.
struct StallTotals {
    Duration some = Duration::zero();  ///< at least one of them
    Duration full = Duration::zero();  ///< all of them, so that nothing went on

    bool operator==(const StallTotals&) const = default;
};

/// Of the text of /proc/pressure/memory; nothing when it is none.
[[nodiscard]] std::optional<StallTotals> parse_stalls(std::string_view text);

/// [control]
class PressureWatch {
public:
    using Callback = std::function<void(MemoryPressure)>;

    /// `file` is /proc/pressure/memory, or text of the same form, which is then asked every
    /// `interval`.
    PressureWatch(
        Callback callback,
        std::filesystem::path file,
        std::chrono::milliseconds interval,
        const Log& log);

    [[nodiscard]] PressureSource source() const { return source_; }

private:
    struct Trigger {
        UniqueFd fd;
        std::unique_ptr<QSocketNotifier> notifier;
    };

    [[nodiscard]] bool arm(Trigger& trigger, const char* condition, MemoryPressure pressure);
    [[nodiscard]] std::optional<StallTotals> read() const;
    void poll();

    Callback callback_;
    const std::filesystem::path file_;
    PressureSource source_ = PressureSource::Nothing;
    std::array<Trigger, 2> triggers_;
    QTimer timer_;
    StallTotals before_;
    MonoTime asked_ = MonoTime::min();
};

}  // namespace hindsight::service
