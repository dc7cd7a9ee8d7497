#include "audio_track.hpp"

#include <utility>

namespace hindsight::obs {

namespace {

constexpr const char* kAac = "ffmpeg_aac";
constexpr int kBitrateKbps = 160;
/// Channel 0 is the canvas.
constexpr std::uint32_t kFirstChannel = 1;

}  // namespace

const char* track_name(AudioTrackOptions::Kind kind) {
    return kind == AudioTrackOptions::Kind::Desktop ? "Desktop" : "Microphone";
}

Result<AudioTrack> AudioTrack::open(const AudioTrackOptions& options, const Log& log) {
    const SettingsHandle encoder_settings{obs_data_create()};
    obs_data_set_int(encoder_settings.get(), "bitrate", kBitrateKbps);
    if (obs_get_encoder_codec(kAac) == nullptr)
        return fail(Errc::External, "libobs has no AAC encoder; install obs-studio");
    EncoderHandle encoder{obs_audio_encoder_create(
        kAac, track_name(options.kind), encoder_settings.get(), options.track, nullptr)};
    if (!encoder)
        return fail(Errc::External, "libobs did not make an AAC encoder");
    obs_encoder_set_audio(encoder.get(), obs_get_audio());

    const bool desktop = options.kind == AudioTrackOptions::Kind::Desktop;
    const SettingsHandle source_settings{obs_data_create()};
    obs_data_set_string(source_settings.get(), "device_id", options.device.c_str());
    SourceHandle source{obs_source_create_private(
        desktop ? "pulse_output_capture" : "pulse_input_capture",
        track_name(options.kind),
        source_settings.get())};
    const auto channel = kFirstChannel + static_cast<std::uint32_t>(options.track);
    if (source) {
        obs_source_set_audio_mixers(source.get(), 1u << options.track);
        obs_set_output_source(channel, source.get());
    } else {
        log.warn("no sound source for the '{}' track; it is silent", track_name(options.kind));
    }
    return AudioTrack{channel, std::move(source), std::move(encoder)};
}

AudioTrack::AudioTrack(std::uint32_t channel, SourceHandle source, EncoderHandle encoder)
    : channel_{channel}, source_{std::move(source)}, encoder_{std::move(encoder)} {}

AudioTrack::~AudioTrack() {
    output_.reset();
    if (source_)
        obs_set_output_source(channel_, nullptr);
}

Result<> AudioTrack::start(PacketSink& sink, std::size_t stream) {
    HINDSIGHT_ASSIGN(auto output, PacketOutput::start(encoder_.get(), sink, stream));
    output_.emplace(std::move(output));
    return {};
}

}  // namespace hindsight::obs
