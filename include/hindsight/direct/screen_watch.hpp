#pragma once

// Tells when the screen gets another size, for those who look at it and do not notice. One thread.

#include <hindsight/core/time.hpp>

#include <memory>

namespace hindsight::direct {

class ScreenWatch {
public:
    /// Connects to $DISPLAY. Null: there is none.
    [[nodiscard]] static std::unique_ptr<ScreenWatch> open();

    virtual ~ScreenWatch() = default;

    /// True once for each new size, when it has stood for a moment: outputs follow the screen.
    /// Never waits.
    [[nodiscard]] virtual bool changed(MonoTime now) = 0;
};

}  // namespace hindsight::direct
