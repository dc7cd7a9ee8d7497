#pragma once

// libobs' noise suppression (RNNoise) on one sound, between its capture and its time line: a source
// of libobs that carries the filter and is heard by nobody else.

#include "obs_handle.hpp"

#include <hindsight/core/result.hpp>
#include <hindsight/sound/sound_timeline.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace hindsight::obs {

class NoiseFilter final : public sound::SoundSink {
public:
    /// What was written comes out in `cleaned`, at its own time. `cleaned` outlives this.
    /// Errors: Unsupported (this libobs comes without the filter).
    [[nodiscard]] static Result<std::unique_ptr<NoiseFilter>> open(sound::SoundSink& cleaned);

    ~NoiseFilter() override;
    NoiseFilter(const NoiseFilter&) = delete;
    NoiseFilter& operator=(const NoiseFilter&) = delete;

    void write(std::int64_t first, std::span<const float> frames) override;

private:
    NoiseFilter(sound::SoundSink& cleaned, SourceHandle source, SourceHandle filter);

    static void
    take(void* self, obs_source_t* source, const audio_data* audio, bool muted) noexcept;

    sound::SoundSink& cleaned_;
    SourceHandle source_;
    SourceHandle filter_;
    std::vector<float> block_;  ///< of the writing thread, on which libobs calls back
};

/// Tells libobs of the source type. Once, after obs_startup.
void register_noise_source();

}  // namespace hindsight::obs
