#include "sound_output.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace hindsight::obs {

namespace {

constexpr std::int64_t kBlock = AUDIO_OUTPUT_FRAMES;
/// How far behind the clock a block is emitted at first: what a sound server needs as a rule, and
/// less than the video encoder takes.
constexpr std::int64_t kBehind = 3 * kBlock;
/// A sound that is later than this is left out.
constexpr std::int64_t kFarthestBehind = sound::kSampleRate / 2;

}  // namespace

SoundOutput::SoundOutput(const std::deque<SoundInput>& inputs, std::vector<Track> tracks)
    : inputs_{inputs}, tracks_{std::move(tracks)} {
    for (auto& origin : origins_)
        origin = INT64_MIN;
    for (const SoundInput& input : inputs_)
        gains_.push_back(input.volume.at(MonoTime::min()));
}

MonoTime SoundOutput::origin(std::size_t track) const {
    return sound::time_of_sample(origins_.at(track).load(std::memory_order_acquire));
}

Result<std::unique_ptr<SoundOutput>>
SoundOutput::open(const std::deque<SoundInput>& inputs, std::vector<Track> tracks) {
    std::unique_ptr<SoundOutput> output{new SoundOutput{inputs, std::move(tracks)}};
    audio_output_info info{};
    info.name = "hindsight";
    info.samples_per_sec = sound::kSampleRate;
    info.format = AUDIO_FORMAT_FLOAT_PLANAR;
    info.speakers = SPEAKERS_STEREO;
    info.input_callback = produce;
    info.input_param = output.get();
    audio_t* audio = nullptr;
    if (const int code = audio_output_open(&audio, &info); code != AUDIO_OUTPUT_SUCCESS)
        return fail(Errc::External, "libobs did not open a sound output", code);
    output->audio_.reset(audio);
    return output;
}

/// True when every sound that flows has been written up to `behind`.
bool SoundOutput::is_complete(std::int64_t behind, std::int64_t now) const {
    if (now - behind >= kFarthestBehind)
        return true;
    for (const SoundInput& input : inputs_)
        if (input.capture && input.capture->flowing() && input.timeline.end() < behind)
            return false;
    return true;
}

/// Called once per block of the clock; false: nothing to emit this time.
bool SoundOutput::produce(
    void* self,
    std::uint64_t /*start_ns*/,
    std::uint64_t end_ns,
    std::uint64_t* time_ns,
    std::uint32_t mixers,
    audio_output_data* mixes) noexcept {
    auto& output = *static_cast<SoundOutput*>(self);
    const std::int64_t now = sound::sample_at(MonoTime::from_ns(static_cast<std::int64_t>(end_ns)));
    if (output.next_ == INT64_MIN)
        output.next_ = now - kBehind;
    if (!output.is_complete(output.next_ + kBlock, now))
        return false;
    std::vector<float>& before = output.gains_;
    std::array<float, MAX_AUDIO_MIXES> now_gains{};
    // What the volume is where the block begins is reached at its end: nothing is heard of what
    // came before a microphone was opened.
    for (std::size_t i = 0; i < output.inputs_.size(); ++i)
        now_gains[i] = output.inputs_[i].volume.at(sound::time_of_sample(output.next_));
    for (std::size_t track = 0; track < output.tracks_.size(); ++track) {
        if ((mixers & (1U << track)) == 0)
            continue;
        std::int64_t none = INT64_MIN;
        output.origins_[track].compare_exchange_strong(
            none, output.next_, std::memory_order_release, std::memory_order_relaxed);
        const auto channel = [&mixes, track](std::size_t plane) {
            return std::span{mixes[track].data[plane], static_cast<std::size_t>(kBlock)};
        };
        for (const std::size_t i : output.tracks_[track])
            output.inputs_[i].timeline.mix(
                output.next_, before[i], now_gains[i], channel(0), channel(1));
    }
    std::copy_n(now_gains.begin(), before.size(), before.begin());
    *time_ns = static_cast<std::uint64_t>(sound::time_of_sample(output.next_).ns());
    output.next_ += kBlock;
    return true;
}

}  // namespace hindsight::obs
