#pragma once

// The kernel's word that memory is short (pressure stall information), as events of the main loop.

#include <hindsight/core/handle.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/service/memory_allowance.hpp>

#include <QSocketNotifier>
#include <array>
#include <filesystem>
#include <functional>
#include <memory>

namespace hindsight::service {

/// [control]
class PressureWatch {
public:
    using Callback = std::function<void(MemoryPressure)>;

    /// Kernels without the file, or that refuse it to users, give no events; that is logged.
    explicit PressureWatch(Callback callback, const Log& log);

    [[nodiscard]] bool works() const { return triggers_.front().fd.get() >= 0; }

private:
    struct Trigger {
        UniqueFd fd;
        std::unique_ptr<QSocketNotifier> notifier;
    };

    void arm(Trigger& trigger, const char* condition, MemoryPressure pressure);

    Callback callback_;
    std::array<Trigger, 2> triggers_;
};

}  // namespace hindsight::service
