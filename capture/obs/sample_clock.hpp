#pragma once

// When was sample n heard? A sound server answers that with every block, but each answer trembles
// by some milliseconds with the scheduler. This keeps the sound on an even time line through the
// middle of the answers, and follows when the server really jumped.

#include <hindsight/core/time.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace hindsight::obs {

class SampleClock {
public:
    explicit SampleClock(int sample_rate) : sample_rate_{sample_rate} {}

    /// A block of `samples` begins now, and the server says that its first one is heard at `heard`.
    /// Returns the time to give to it; nothing while too few answers are known (about 0.3 s).
    [[nodiscard]] std::optional<MonoTime> block(MonoTime heard, std::int64_t samples);

private:
    [[nodiscard]] MonoTime median() const;

    int sample_rate_;
    std::int64_t position_ = 0;      ///< samples since the beginning
    std::vector<MonoTime> answers_;  ///< when sample 0 was heard, by the last blocks
    std::optional<MonoTime> origin_;
    int strays_ = 0;  ///< answers in a row that are far from the origin
};

}  // namespace hindsight::obs
