#include "noise_filter.hpp"

#include <string_view>
#include <utility>

namespace hindsight::obs {

namespace {

constexpr const char* kSource = "hindsight_sound";
constexpr const char* kFilter = "noise_suppress_filter_v2";

const char* source_name(void* /*type_data*/) noexcept {
    return "Hindsight sound";
}

void* create_source(obs_data_t* /*settings*/, obs_source_t* source) noexcept {
    return source;
}

void destroy_source(void* /*data*/) noexcept {}

/// Creating a filter of an unknown type gives a stub, not null.
bool filter_exists() {
    const char* type = nullptr;
    for (std::size_t i = 0; obs_enum_filter_types(i, &type); ++i)
        if (std::string_view{type} == kFilter)
            return true;
    return false;
}

}  // namespace

void register_noise_source() {
    obs_source_info info{};
    info.id = kSource;
    info.type = OBS_SOURCE_TYPE_INPUT;
    info.output_flags = OBS_SOURCE_AUDIO | OBS_SOURCE_DO_NOT_DUPLICATE;
    info.get_name = source_name;
    info.create = create_source;
    info.destroy = destroy_source;
    obs_register_source(&info);
}

Result<std::unique_ptr<NoiseFilter>> NoiseFilter::open(sound::SoundSink& cleaned) {
    if (!filter_exists())
        return fail(Errc::Unsupported, "this libobs has no noise suppression");
    const SettingsHandle settings{obs_data_create()};
    obs_data_set_string(settings.get(), "method", "rnnoise");
    SourceHandle source{obs_source_create_private(kSource, "sound", nullptr)};
    SourceHandle filter{obs_source_create_private(kFilter, "noise", settings.get())};
    if (!source || !filter)
        return fail(Errc::Unsupported, "libobs did not make its noise suppression");
    return std::unique_ptr<NoiseFilter>{
        new NoiseFilter{cleaned, std::move(source), std::move(filter)}};
}

NoiseFilter::NoiseFilter(sound::SoundSink& cleaned, SourceHandle source, SourceHandle filter)
    : cleaned_{cleaned}, source_{std::move(source)}, filter_{std::move(filter)} {
    obs_source_filter_add(source_.get(), filter_.get());
    obs_source_add_audio_capture_callback(source_.get(), take, this);
}

NoiseFilter::~NoiseFilter() {
    obs_source_remove_audio_capture_callback(source_.get(), take, this);
    obs_source_filter_remove(source_.get(), filter_.get());
}

void NoiseFilter::write(std::int64_t first, std::span<const float> frames) {
    obs_source_audio audio{};
    audio.data[0] = reinterpret_cast<const std::uint8_t*>(frames.data());
    audio.frames = static_cast<std::uint32_t>(frames.size() / sound::kChannels);
    audio.speakers = SPEAKERS_STEREO;
    audio.format = AUDIO_FORMAT_FLOAT;
    audio.samples_per_sec = sound::kSampleRate;
    audio.timestamp = static_cast<std::uint64_t>(sound::time_of_sample(first).ns());
    obs_source_output_audio(source_.get(), &audio);
}

void NoiseFilter::take(
    void* self, obs_source_t* /*source*/, const audio_data* audio, bool /*muted*/) noexcept {
    auto& filter = *static_cast<NoiseFilter*>(self);
    const auto* left = reinterpret_cast<const float*>(audio->data[0]);
    const auto* right = reinterpret_cast<const float*>(audio->data[1]);
    filter.block_.clear();
    for (std::uint32_t i = 0; i < audio->frames; ++i) {
        filter.block_.push_back(left[i]);
        filter.block_.push_back(right != nullptr ? right[i] : left[i]);
    }
    const auto time = MonoTime::from_ns(static_cast<std::int64_t>(audio->timestamp));
    filter.cleaned_.write(sound::sample_at(time), filter.block_);
}

}  // namespace hindsight::obs
