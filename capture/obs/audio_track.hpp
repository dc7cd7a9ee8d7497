#pragma once

// One audio track: the AAC encoder of one sound.

#include "obs_handle.hpp"
#include "packet_output.hpp"
#include "sound_output.hpp"

#include <hindsight/core/result.hpp>

#include <optional>

namespace hindsight::obs {

class AudioTrack {
public:
    /// libobs' name for the one that is used, as libobs has it everywhere.
    static constexpr const char* kEncoder = "ffmpeg_aac";

    /// `track` of `sound`, which outlives this. Errors: External (no AAC encoder).
    [[nodiscard]] static Result<AudioTrack>
    open(const SoundOutput& sound, std::size_t track, const char* name);

    /// Packets flow into `stream` of `receiver` from here on. Errors: External.
    [[nodiscard]] Result<> start(PacketReceiver& receiver, std::size_t stream);

private:
    explicit AudioTrack(EncoderHandle encoder) : encoder_{std::move(encoder)} {}

    EncoderHandle encoder_;
    std::optional<PacketOutput> output_;
};

}  // namespace hindsight::obs
