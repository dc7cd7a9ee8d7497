#pragma once

// How far a long piece of work has come, told often enough for people and seldom enough for the
// thread that hears of it.

#include <hindsight/ports/clip_writer.hpp>

#include <chrono>

namespace hindsight::mux {

/// Passes progress on, at most every 150 ms but for the ends of stages.
class Progress {
public:
    explicit Progress(const ProgressFn& report) : report_{report} {}

    void stage(double value) {
        last_ = std::chrono::steady_clock::now();
        if (report_)
            report_(value);
    }

    void step(double value) {
        if (std::chrono::steady_clock::now() - last_ >= std::chrono::milliseconds{150})
            stage(value);
    }

private:
    const ProgressFn& report_;
    std::chrono::steady_clock::time_point last_;
};

}  // namespace hindsight::mux
