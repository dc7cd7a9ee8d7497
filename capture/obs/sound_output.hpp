#pragma once

// The sound clock of a recording: an audio_t of our own that feeds libobs' AAC encoders from time
// lines, one mix per track. libobs' own mixer gives sound that comes late more time by playing on a
// later clock, without telling the encoder, which counts samples: from then on everything is heard
// late against the picture. This one emits block after block of one continuous time line, a little
// behind the clock, and when a sound comes later than that it falls further behind, once; the
// encoder sees no difference.

#include "noise_filter.hpp"
#include "obs_handle.hpp"

#include <hindsight/core/result.hpp>
#include <hindsight/sound/pulse_sound.hpp>
#include <hindsight/sound/sound_timeline.hpp>
#include <hindsight/sound/volume.hpp>

#include <media-io/audio-io.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace hindsight::obs {

/// A sound that is captured.
struct SoundInput {
    explicit SoundInput(float gain) : volume{gain} {}

    sound::SoundTimeline timeline{Duration::from_ms(3'000)};
    sound::Volume volume;
    std::unique_ptr<NoiseFilter> filter;         ///< may be null
    std::unique_ptr<sound::PulseSound> capture;  ///< null: silence. Last: stops before what it
                                                 ///< writes to goes
};

class SoundOutput {
public:
    /// The sounds that are heard together in a track, by their place in the list of inputs.
    using Track = std::vector<std::size_t>;

    /// Track n of libobs' encoders carries `tracks[n]`, at most six. The inputs outlive this.
    /// Errors: External.
    [[nodiscard]] static Result<std::unique_ptr<SoundOutput>>
    open(const std::deque<SoundInput>& inputs, std::vector<Track> tracks);

    ~SoundOutput() = default;
    SoundOutput(const SoundOutput&) = delete;
    SoundOutput& operator=(const SoundOutput&) = delete;

    [[nodiscard]] audio_t* audio() const { return audio_.get(); }

    /// When the first sample that the encoder of `track` got is heard: its pts 0. Valid once the
    /// encoder has delivered. [any-thread]
    [[nodiscard]] MonoTime origin(std::size_t track) const;

private:
    SoundOutput(const std::deque<SoundInput>& inputs, std::vector<Track> tracks);

    static bool produce(
        void* self,
        std::uint64_t start_ns,
        std::uint64_t end_ns,
        std::uint64_t* time_ns,
        std::uint32_t mixers,
        audio_output_data* mixes) noexcept;
    [[nodiscard]] bool is_complete(std::int64_t behind, std::int64_t now) const;

    const std::deque<SoundInput>& inputs_;
    const std::vector<Track> tracks_;
    std::vector<float> gains_;  ///< at the end of the last block; libobs' audio thread only
    std::array<std::atomic<std::int64_t>, MAX_AUDIO_MIXES> origins_;  ///< first sample fed
    std::int64_t next_ = INT64_MIN;  ///< first sample of the next block; libobs' audio thread only
    AudioHandle audio_;              ///< last: its thread uses what is above
};

}  // namespace hindsight::obs
