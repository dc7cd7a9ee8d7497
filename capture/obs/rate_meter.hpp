#pragma once

// How much the recording takes per minute, by what it took during the last one.

#include <hindsight/core/time.hpp>

#include <cstdint>
#include <deque>

namespace hindsight::obs {

class RateMeter {
public:
    /// `bytes` in all so far. Asked to remember a few times a second. [control]
    void add(MonoTime now, std::uint64_t bytes);

    /// 0 during the first five seconds. [control]
    [[nodiscard]] std::uint64_t bytes_per_minute() const;

private:
    struct Sample {
        MonoTime time = MonoTime::min();
        std::uint64_t bytes = 0;
    };

    std::deque<Sample> samples_;  ///< about one a second, oldest first
    Sample newest_;
};

}  // namespace hindsight::obs
