#include "audio_track.hpp"

#include <utility>

namespace hindsight::obs {

namespace {

constexpr int kBitrateKbps = 160;

}  // namespace

Result<AudioTrack> AudioTrack::open(const SoundOutput& sound, std::size_t track, const char* name) {
    if (obs_get_encoder_codec(kEncoder) == nullptr)
        return fail(Errc::External, "libobs has no AAC encoder; install obs-studio");
    const SettingsHandle settings{obs_data_create()};
    obs_data_set_int(settings.get(), "bitrate", kBitrateKbps);
    EncoderHandle encoder{obs_audio_encoder_create(kEncoder, name, settings.get(), track, nullptr)};
    if (!encoder)
        return fail(Errc::External, "libobs did not make an AAC encoder");
    obs_encoder_set_audio(encoder.get(), sound.audio());
    return AudioTrack{std::move(encoder)};
}

Result<> AudioTrack::start(PacketReceiver& receiver, std::size_t stream) {
    HINDSIGHT_ASSIGN(auto output, PacketOutput::start(encoder_.get(), receiver, stream));
    output_.emplace(std::move(output));
    return {};
}

}  // namespace hindsight::obs
