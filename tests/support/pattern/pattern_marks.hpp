#pragma once

#include "pattern/clip_reading.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace hindsight::test {

[[nodiscard]] std::optional<std::uint32_t> read_counter(const Luma& luma, const MarkLayout& layout);
[[nodiscard]] bool read_flash(const Luma& luma, const MarkLayout& layout);

/// Finds beginnings of tones in a stream of samples, and how loud it is.
class BeepFinder {
public:
    BeepFinder(int sample_rate, TrackReading& track);

    /// `time_s` of the first sample. Samples of one channel.
    void feed(double time_s, const float* samples, int count);

private:
    int sample_rate_;
    TrackReading& track_;
    double quiet_until_s_ = -1e300;
    bool first_ = true;
    double power_ = 0;  ///< of the tenth of a second under way
    int samples_ = 0;
};

}  // namespace hindsight::test
