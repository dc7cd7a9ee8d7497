#pragma once

// The last seconds of one sound, each sample at the place on CLOCK_MONOTONIC where it is heard.
// Whoever captures writes blocks where their time says they belong, whoever encodes reads stretches
// of time; what nobody wrote is silence. Neither waits for the other.

#include <hindsight/core/time.hpp>

#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

namespace hindsight::sound {

inline constexpr int kSampleRate = 48'000;
inline constexpr int kChannels = 2;

/// Index of the sample that is heard at `time`, rounded to the nearest. Sample 0 is heard at the
/// origin of the clock.
[[nodiscard]] std::int64_t sample_at(MonoTime time);

/// When sample `index` is heard, to the nanosecond below.
[[nodiscard]] MonoTime time_of_sample(std::int64_t index);

/// Takes captured sound.
class SoundSink {
public:
    virtual ~SoundSink() = default;

    /// Interleaved stereo frames; the first one is sample `first`. [any-thread]
    virtual void write(std::int64_t first, std::span<const float> frames) = 0;
};

class SoundTimeline final : public SoundSink {
public:
    /// Remembers the last `capacity` of what was written.
    explicit SoundTimeline(Duration capacity);

    /// What was written there before is replaced; what lies before the remembered stretch is
    /// dropped. [any-thread]
    void write(std::int64_t first, std::span<const float> frames) override;

    /// Adds the samples from `first` on to the two channels, which are equally long, times a gain
    /// that goes evenly from `from` to `to`. [any-thread]
    void
    mix(std::int64_t first, float from, float to, std::span<float> left, std::span<float> right)
        const;

    /// One behind the newest sample written; INT64_MIN before the first. [any-thread]
    [[nodiscard]] std::int64_t end() const;

private:
    [[nodiscard]] std::size_t place(std::int64_t index) const;

    const std::int64_t capacity_;  ///< in frames
    mutable std::mutex mutex_;     ///< guards what follows; held for a copy of one block
    std::vector<float> frames_;    ///< interleaved; sample i lies at i modulo capacity
    std::int64_t begin_ = 0;       ///< first sample remembered
    std::int64_t end_ = INT64_MIN;
};

}  // namespace hindsight::sound
