#include "pulse_sound.hpp"

#include "sample_clock.hpp"

#include <hindsight/core/handle.hpp>

#include <pulse/pulseaudio.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace hindsight::obs {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr int kRate = 48'000;
constexpr std::size_t kFrameBytes = 2 * sizeof(float);
constexpr pa_usec_t kFragmentUs = 20'000;
constexpr pa_usec_t kReconnectUs = 1'000'000;

/// A longer gap is one: the device was suspended, or another one took over.
constexpr Duration kLongestFill = Duration::from_ms(500);

Duration length_of(std::int64_t frames) {
    return to_duration(frames, {1, kRate});
}

/// Rounded to the nearest sample.
std::int64_t samples_in(Duration length) {
    const std::int64_t half = length < Duration::zero() ? -kSecond / 2 : kSecond / 2;
    return (length.ns() * kRate + half) / kSecond;
}

const char* sound_source_name(void* /*type_data*/) noexcept {
    return "Hindsight sound";
}

void* create_sound_source(obs_data_t* /*settings*/, obs_source_t* source) noexcept {
    return source;
}

void destroy_sound_source(void* /*data*/) noexcept {}

/// All callbacks come on the thread of the main loop, with its lock held.
class PulseSoundThread final : public PulseSound {
public:
    PulseSoundThread(PulseSoundOptions options, obs_source_t* source, Log log)
        : options_{std::move(options)}, source_{source}, log_{std::move(log)} {}

    ~PulseSoundThread() override {
        if (loop_ == nullptr)
            return;
        pa_threaded_mainloop_stop(loop_);
        close_stream();
        close_context();
        pa_threaded_mainloop_free(loop_);
    }

    PulseSoundThread(const PulseSoundThread&) = delete;
    PulseSoundThread& operator=(const PulseSoundThread&) = delete;

    bool start() {
        loop_ = pa_threaded_mainloop_new();
        if (loop_ == nullptr)
            return false;
        connect();
        return pa_threaded_mainloop_start(loop_) == 0;
    }

private:
    [[nodiscard]] bool desktop() const { return options_.kind == PulseSoundOptions::Kind::Desktop; }

    static PulseSoundThread& self(void* data) { return *static_cast<PulseSoundThread*>(data); }

    void connect();
    void close_context();
    void close_stream();
    void reconnect_later();
    void on_context_state();
    void on_server_info(const pa_server_info& info);
    void open_stream(const std::string& device);
    void on_stream_state();
    void on_readable();
    void deliver(const void* data, std::size_t bytes, MonoTime heard);
    void send(const float* samples, std::int64_t frames, MonoTime time);

    const PulseSoundOptions options_;
    obs_source_t* source_;
    Log log_;
    pa_threaded_mainloop* loop_ = nullptr;
    pa_context* context_ = nullptr;
    pa_stream* stream_ = nullptr;
    std::string device_;  ///< of stream_
    std::optional<SampleClock> clock_;
    std::optional<MonoTime> sent_until_;
    std::vector<float> silence_;
    bool said_lost_ = false;
};

void PulseSoundThread::connect() {
    context_ = pa_context_new(pa_threaded_mainloop_get_api(loop_), "Hindsight");
    pa_context_set_state_callback(
        context_, [](pa_context*, void* data) { self(data).on_context_state(); }, this);
    pa_context_set_subscribe_callback(
        context_,
        [](pa_context* context, pa_subscription_event_type_t, std::uint32_t, void* data) {
            // The default device may have changed.
            if (pa_operation* operation = pa_context_get_server_info(
                    context,
                    [](pa_context*, const pa_server_info* info, void* inner) {
                        if (info != nullptr)
                            self(inner).on_server_info(*info);
                    },
                    data))
                pa_operation_unref(operation);
        },
        this);
    if (pa_context_connect(context_, nullptr, PA_CONTEXT_NOAUTOSPAWN, nullptr) < 0)
        reconnect_later();
}

void PulseSoundThread::close_stream() {
    if (stream_ == nullptr)
        return;
    pa_stream_set_read_callback(stream_, nullptr, nullptr);
    pa_stream_set_state_callback(stream_, nullptr, nullptr);
    pa_stream_disconnect(stream_);
    pa_stream_unref(std::exchange(stream_, nullptr));
    device_.clear();
}

void PulseSoundThread::close_context() {
    if (context_ == nullptr)
        return;
    pa_context_set_state_callback(context_, nullptr, nullptr);
    pa_context_set_subscribe_callback(context_, nullptr, nullptr);
    pa_context_disconnect(context_);
    pa_context_unref(std::exchange(context_, nullptr));
}

void PulseSoundThread::reconnect_later() {
    if (!std::exchange(said_lost_, true))
        log_.warn("there is no sound server; the recording is silent until it comes");
    pa_mainloop_api* api = pa_threaded_mainloop_get_api(loop_);
    timeval when{};
    pa_timeval_add(pa_gettimeofday(&when), kReconnectUs);
    api->time_new(
        api,
        &when,
        [](pa_mainloop_api* loop, pa_time_event* event, const timeval*, void* data) {
            loop->time_free(event);
            self(data).close_stream();
            self(data).close_context();
            self(data).connect();
        },
        this);
}

void PulseSoundThread::on_context_state() {
    switch (pa_context_get_state(context_)) {
    case PA_CONTEXT_READY: {
        said_lost_ = false;
        if (pa_operation* operation =
                pa_context_subscribe(context_, PA_SUBSCRIPTION_MASK_SERVER, nullptr, nullptr))
            pa_operation_unref(operation);
        if (pa_operation* operation = pa_context_get_server_info(
                context_,
                [](pa_context*, const pa_server_info* info, void* data) {
                    if (info != nullptr)
                        self(data).on_server_info(*info);
                },
                this))
            pa_operation_unref(operation);
        break;
    }
    case PA_CONTEXT_FAILED:
    case PA_CONTEXT_TERMINATED:
        reconnect_later();
        break;
    default:
        break;
    }
}

void PulseSoundThread::on_server_info(const pa_server_info& info) {
    std::string device = options_.device;
    if (device.empty() || device == "default") {
        const char* name = desktop() ? info.default_sink_name : info.default_source_name;
        if (name == nullptr)
            return;
        device = desktop() ? std::string{name} + ".monitor" : name;
    }
    if (device == device_)
        return;
    close_stream();
    open_stream(device);
}

void PulseSoundThread::open_stream(const std::string& device) {
    const pa_sample_spec spec{.format = PA_SAMPLE_FLOAT32LE, .rate = kRate, .channels = 2};
    stream_ = pa_stream_new(context_, "Hindsight", &spec, nullptr);
    if (stream_ == nullptr)
        return;
    device_ = device;
    clock_.emplace(kRate);
    pa_stream_set_state_callback(
        stream_, [](pa_stream*, void* data) { self(data).on_stream_state(); }, this);
    pa_stream_set_read_callback(
        stream_, [](pa_stream*, std::size_t, void* data) { self(data).on_readable(); }, this);
    pa_buffer_attr buffer{};
    buffer.maxlength = buffer.tlength = buffer.prebuf = buffer.minreq = ~0u;
    buffer.fragsize = static_cast<std::uint32_t>(pa_usec_to_bytes(kFragmentUs, &spec));
    constexpr auto kFlags = static_cast<pa_stream_flags_t>(
        PA_STREAM_INTERPOLATE_TIMING | PA_STREAM_AUTO_TIMING_UPDATE | PA_STREAM_ADJUST_LATENCY);
    if (pa_stream_connect_record(stream_, device_.c_str(), &buffer, kFlags) < 0)
        close_stream();
}

void PulseSoundThread::on_stream_state() {
    if (pa_stream_get_state(stream_) == PA_STREAM_FAILED) {
        // Not the context: the named device is missing. It is tried again with the next change.
        log_.warn("a sound device to record does not open; its track is silent");
        device_.clear();
    }
}

void PulseSoundThread::on_readable() {
    while (pa_stream_readable_size(stream_) > 0) {
        const void* data = nullptr;
        std::size_t bytes = 0;
        if (pa_stream_peek(stream_, &data, &bytes) < 0 || bytes == 0)
            return;
        pa_usec_t latency_us = 0;
        int negative = 0;
        const bool timed = pa_stream_get_latency(stream_, &latency_us, &negative) == 0;
        // A monitor hears samples before the loudspeaker does: then the latency is negative.
        const Duration latency = Duration::from_us(static_cast<std::int64_t>(latency_us));
        const MonoTime now = SystemClock{}.now();
        if (timed)
            deliver(data, bytes, negative != 0 ? now + latency : now - latency);
        pa_stream_drop(stream_);
    }
}

/// `data` null: a hole of that size.
void PulseSoundThread::deliver(const void* data, std::size_t bytes, MonoTime heard) {
    const auto frames = static_cast<std::int64_t>(bytes / kFrameBytes);
    const auto time = clock_->block(heard, frames);
    if (!time)
        return;
    const auto* samples = static_cast<const float*>(data);
    if (samples == nullptr) {
        silence_.assign(bytes / sizeof(float), 0.0f);
        samples = silence_.data();
    }
    // libobs holds on to the time line that the first block began, however little a later one
    // differs: where ours has moved, samples are left out or silence is put in.
    const std::int64_t gap =
        sent_until_ && *time - *sent_until_ < kLongestFill ? samples_in(*time - *sent_until_) : 0;
    if (sent_until_ && gap > 0) {
        const std::vector<float> fill(static_cast<std::size_t>(gap) * 2, 0.0f);
        send(fill.data(), gap, *sent_until_);
    }
    const std::int64_t skipped = std::min(std::max<std::int64_t>(-gap, 0), frames);
    if (skipped < frames)
        send(samples + skipped * 2, frames - skipped, *time + length_of(skipped));
}

void PulseSoundThread::send(const float* samples, std::int64_t frames, MonoTime time) {
    obs_source_audio audio{};
    audio.data[0] = reinterpret_cast<const std::uint8_t*>(samples);
    audio.frames = static_cast<std::uint32_t>(frames);
    audio.speakers = SPEAKERS_STEREO;
    audio.format = AUDIO_FORMAT_FLOAT;
    audio.samples_per_sec = kRate;
    audio.timestamp = static_cast<std::uint64_t>(time.ns());
    obs_source_output_audio(source_, &audio);
    sent_until_ = time + length_of(frames);
}

}  // namespace

void register_sound_source() {
    obs_source_info info{};
    info.id = kSoundSource;
    info.type = OBS_SOURCE_TYPE_INPUT;
    info.output_flags = OBS_SOURCE_AUDIO | OBS_SOURCE_DO_NOT_DUPLICATE;
    info.get_name = sound_source_name;
    info.create = create_sound_source;
    info.destroy = destroy_sound_source;
    obs_register_source(&info);
}

std::unique_ptr<PulseSound>
PulseSound::start(PulseSoundOptions options, obs_source_t* source, Log log) {
    auto sound = std::make_unique<PulseSoundThread>(std::move(options), source, std::move(log));
    if (!sound->start())
        return nullptr;
    return sound;
}

}  // namespace hindsight::obs
