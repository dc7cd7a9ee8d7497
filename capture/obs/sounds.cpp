#include "sounds.hpp"

#include <algorithm>
#include <utility>

namespace hindsight::obs {

namespace {

/// Calls into an encoder that take longer never come back.
constexpr Duration kCreateLimit = Duration::from_ms(5'000);
constexpr Duration kStopLimit = Duration::from_ms(10'000);

}  // namespace

Sounds::Sounds(const ipc::StartCapture& request, StallGuard& guard, Log log)
    : guard_{guard},
      log_{std::move(log)},
      plan_{plan_sounds(request)},
      encoder_avoided_{
          std::find(request.avoid.begin(), request.avoid.end(), AudioTrack::kEncoder) !=
          request.avoid.end()} {
    for (const PlannedSound& planned : plan_.sounds)
        capture(planned, request);
}

Sounds::~Sounds() {
    const auto stopping = guard_.watch(AudioTrack::kEncoder, kStopLimit);
    tracks_.clear();
    output_.reset();
}

void Sounds::capture(const PlannedSound& planned, const ipc::StartCapture& request) {
    const float gain = static_cast<float>(planned.volume_percent) / 100;
    SoundInput& input = inputs_.emplace_back(gain);
    sound::SoundSink* sink = &input.timeline;
    if (planned.options.kind == sound::PulseSoundOptions::Kind::Microphone) {
        microphone_ = &input;
        microphone_gain_ = gain;
        mute_microphone(request.microphone_muted, MonoTime::min());
        if (request.noise_suppression) {
            if (auto filter = NoiseFilter::open(input.timeline)) {
                input.filter = *std::move(filter);
                sink = input.filter.get();
            } else {
                log_.warn("the microphone is recorded as it is: {}", filter.error().what);
            }
        }
    }
    input.capture = sound::PulseSound::start(planned.options, *sink, log_);
    if (!input.capture)
        log_.warn("sound cannot be recorded: PulseAudio's library does not start");
}

void Sounds::mute_microphone(bool muted, MonoTime from) {
    if (microphone_ != nullptr)
        microphone_->volume.set(muted ? 0.0F : microphone_gain_, from);
}

std::vector<StreamPlan> Sounds::streams() const {
    std::vector<StreamPlan> streams;
    for (std::size_t track = 0; track < plan_.tracks.size(); ++track)
        streams.push_back(
            {.kind = StreamKind::Audio, .name = plan_.tracks[track].first, .origin = [this, track] {
                 return output_->origin(track);
             }});
    return streams;
}

void Sounds::start(PacketSink& sink) {
    const auto started = start_tracks(sink);
    if (started)
        return;
    log_.warn("sound is not recorded: {}", started.error().what);
    for (std::size_t track = tracks_.size(); track < plan_.tracks.size(); ++track)
        sink.report_stop(track + 1);
}

/// What runs is in tracks_, also after an error.
Result<> Sounds::start_tracks(PacketSink& sink) {
    if (plan_.tracks.empty())
        return {};
    if (encoder_avoided_)
        return fail(Errc::External, std::string{AudioTrack::kEncoder} + " hung before");
    std::vector<SoundOutput::Track> mixes;
    for (const auto& [name, inputs] : plan_.tracks)
        mixes.push_back(inputs);
    HINDSIGHT_ASSIGN(output_, SoundOutput::open(inputs_, std::move(mixes)));
    const auto creating = guard_.watch(AudioTrack::kEncoder, kCreateLimit);
    for (std::size_t track = 0; track < plan_.tracks.size(); ++track) {
        HINDSIGHT_ASSIGN(
            auto opened, AudioTrack::open(*output_, track, plan_.tracks[track].first.c_str()));
        HINDSIGHT_TRY(opened.start(sink, track + 1));
        tracks_.push_back(std::move(opened));
    }
    return {};
}

}  // namespace hindsight::obs
