#include "audio_track.hpp"

#include <utility>

namespace hindsight::obs {

namespace {

constexpr const char* kAac = "ffmpeg_aac";
constexpr int kBitrateKbps = 160;
/// Channel 0 is the canvas.
constexpr std::uint32_t kFirstChannel = 1;

}  // namespace

const char* track_name(PulseSoundOptions::Kind kind) {
    return kind == PulseSoundOptions::Kind::Desktop ? "Desktop" : "Microphone";
}

Result<AudioTrack> AudioTrack::open(const AudioTrackOptions& options, const Log& log) {
    const char* name = track_name(options.sound.kind);
    const SettingsHandle encoder_settings{obs_data_create()};
    obs_data_set_int(encoder_settings.get(), "bitrate", kBitrateKbps);
    if (obs_get_encoder_codec(kAac) == nullptr)
        return fail(Errc::External, "libobs has no AAC encoder; install obs-studio");
    EncoderHandle encoder{
        obs_audio_encoder_create(kAac, name, encoder_settings.get(), options.track, nullptr)};
    SourceHandle source{obs_source_create_private(kSoundSource, name, nullptr)};
    if (!encoder || !source)
        return fail(Errc::External, "libobs did not make an AAC encoder and its source");
    obs_encoder_set_audio(encoder.get(), obs_get_audio());
    obs_source_set_audio_mixers(source.get(), 1u << options.track);
    const auto channel = kFirstChannel + static_cast<std::uint32_t>(options.track);
    obs_set_output_source(channel, source.get());
    auto sound = PulseSound::start(options.sound, source.get(), log);
    if (!sound)
        log.warn("sound cannot be recorded: PulseAudio's library does not start");
    AudioTrack track{channel, std::move(source), std::move(encoder)};
    track.sound_ = std::move(sound);
    return track;
}

AudioTrack::AudioTrack(std::uint32_t channel, SourceHandle source, EncoderHandle encoder)
    : channel_{channel}, source_{std::move(source)}, encoder_{std::move(encoder)} {}

AudioTrack::~AudioTrack() {
    output_.reset();
    sound_.reset();
    if (source_)
        obs_set_output_source(channel_, nullptr);
}

Result<> AudioTrack::start(PacketReceiver& receiver, std::size_t stream) {
    HINDSIGHT_ASSIGN(auto output, PacketOutput::start(encoder_.get(), receiver, stream));
    output_.emplace(std::move(output));
    return {};
}

}  // namespace hindsight::obs
