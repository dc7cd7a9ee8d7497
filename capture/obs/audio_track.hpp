#pragma once

// One audio track: a sound source of the machine and its AAC encoder.

#include "obs_handle.hpp"
#include "packet_output.hpp"
#include "pulse_sound.hpp"

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>

#include <memory>
#include <optional>

namespace hindsight::obs {

struct AudioTrackOptions {
    PulseSoundOptions sound;
    std::size_t track = 0;  ///< libobs mix that carries it, 0–5
};

[[nodiscard]] const char* track_name(PulseSoundOptions::Kind kind);

class AudioTrack {
public:
    /// A sound server that is missing or dies gives silence, not an error.
    /// Errors: External (no AAC encoder).
    [[nodiscard]] static Result<AudioTrack> open(const AudioTrackOptions& options, const Log& log);

    AudioTrack(AudioTrack&&) noexcept = default;
    AudioTrack& operator=(AudioTrack&&) = delete;
    AudioTrack(const AudioTrack&) = delete;
    AudioTrack& operator=(const AudioTrack&) = delete;
    ~AudioTrack();

    /// Packets flow into `stream` of `receiver` from here on. Errors: External.
    [[nodiscard]] Result<> start(PacketReceiver& receiver, std::size_t stream);

private:
    AudioTrack(std::uint32_t channel, SourceHandle source, EncoderHandle encoder);

    std::uint32_t channel_;
    SourceHandle source_;
    std::unique_ptr<PulseSound> sound_;  ///< null: silence
    EncoderHandle encoder_;
    std::optional<PacketOutput> output_;
};

}  // namespace hindsight::obs
