#include "sample_clock.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/sound/pulse_sound.hpp>

#include <pulse/pulseaudio.h>
#include <strings.h>

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

namespace hindsight::sound {

namespace {

constexpr std::int64_t kFrameBytes = kChannels * sizeof(float);
constexpr pa_usec_t kFragmentUs = 20'000;
constexpr pa_usec_t kReconnectUs = 1'000'000;
/// How often the server is asked when a sample is heard.
constexpr Duration kQuestionInterval = Duration::from_ms(200);
/// The default device may become another one, and a named one may come back.
constexpr auto kChanges = static_cast<pa_subscription_mask_t>(
    PA_SUBSCRIPTION_MASK_SERVER | PA_SUBSCRIPTION_MASK_SINK | PA_SUBSCRIPTION_MASK_SOURCE |
    PA_SUBSCRIPTION_MASK_SINK_INPUT);
constexpr Duration kFlows = Duration::from_ms(250);

constexpr const char* kMonitor = ".monitor";

/// Lets the operation go on by itself.
void forget(pa_operation* operation) {
    if (operation != nullptr)
        pa_operation_unref(operation);
}

/// All callbacks come on the thread of the main loop, with its lock held.
class PulseSoundThread final : public PulseSound {
public:
    PulseSoundThread(PulseSoundOptions options, SoundSink& sink, Log log)
        : options_{std::move(options)}, sink_{sink}, log_{std::move(log)} {}

    ~PulseSoundThread() override {
        if (loop_ == nullptr)
            return;
        pa_threaded_mainloop_stop(loop_);
        if (reconnect_ != nullptr)
            pa_threaded_mainloop_get_api(loop_)->time_free(reconnect_);
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

    [[nodiscard]] bool flowing() const override {
        const auto last = MonoTime::from_ns(last_block_ns_.load(std::memory_order_relaxed));
        return last != MonoTime::min() && SystemClock{}.now() - last < kFlows;
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
    void look_for_source();
    void on_sink_input(const pa_sink_input_info& info);
    void open_stream(const std::string& device, std::uint32_t input);
    void on_stream_state();
    void on_timing();
    void on_readable();
    void deliver(const float* samples, std::int64_t frames);

    const PulseSoundOptions options_;
    SoundSink& sink_;
    Log log_;
    pa_threaded_mainloop* loop_ = nullptr;
    pa_context* context_ = nullptr;
    pa_time_event* reconnect_ = nullptr;
    pa_stream* stream_ = nullptr;
    std::string device_;  ///< of stream_; empty: it failed, or there is none
    std::uint32_t wanted_input_ = PA_INVALID_INDEX;
    SampleClock clock_;          ///< of stream_
    std::int64_t position_ = 0;  ///< frames of stream_ that were read
    MonoTime asked_ = MonoTime::min();
    std::vector<float> block_;
    bool said_lost_ = false;
    bool said_missing_ = false;
    std::atomic<std::int64_t> last_block_ns_{MonoTime::min().ns()};
};

void PulseSoundThread::connect() {
    context_ = pa_context_new(pa_threaded_mainloop_get_api(loop_), "Hindsight");
    pa_context_set_state_callback(
        context_, [](pa_context*, void* data) { self(data).on_context_state(); }, this);
    pa_context_set_subscribe_callback(
        context_,
        [](pa_context*, pa_subscription_event_type_t, std::uint32_t, void* data) {
            self(data).look_for_source();
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
    pa_stream_set_latency_update_callback(stream_, nullptr, nullptr);
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

/// At most one is due: a connection that fails at once says so by its state and by its result.
void PulseSoundThread::reconnect_later() {
    if (reconnect_ != nullptr)
        return;
    if (!std::exchange(said_lost_, true))
        log_.warn("there is no sound server; the recording is silent until it comes");
    pa_mainloop_api* api = pa_threaded_mainloop_get_api(loop_);
    timeval when{};
    pa_timeval_add(pa_gettimeofday(&when), kReconnectUs);
    reconnect_ = api->time_new(
        api,
        &when,
        [](pa_mainloop_api* loop, pa_time_event* event, const timeval*, void* data) {
            loop->time_free(event);
            self(data).reconnect_ = nullptr;
            self(data).close_stream();
            self(data).close_context();
            self(data).connect();
        },
        this);
}

void PulseSoundThread::on_context_state() {
    switch (pa_context_get_state(context_)) {
    case PA_CONTEXT_READY:
        said_lost_ = false;
        forget(pa_context_subscribe(context_, kChanges, nullptr, nullptr));
        look_for_source();
        break;
    case PA_CONTEXT_FAILED:
    case PA_CONTEXT_TERMINATED:
        reconnect_later();
        break;
    default:
        break;
    }
}

/// Asks the server where the wanted sound is now; the answer opens the stream.
void PulseSoundThread::look_for_source() {
    if (options_.kind == PulseSoundOptions::Kind::Application) {
        forget(pa_context_get_sink_input_info_list(
            context_,
            [](pa_context*, const pa_sink_input_info* info, int, void* data) {
                if (info != nullptr)
                    self(data).on_sink_input(*info);
            },
            this));
        return;
    }
    forget(pa_context_get_server_info(
        context_,
        [](pa_context*, const pa_server_info* info, void* data) {
            if (info != nullptr)
                self(data).on_server_info(*info);
        },
        this));
}

void PulseSoundThread::on_server_info(const pa_server_info& info) {
    std::string device = options_.device;
    if (device.empty() || device == "default") {
        const char* name = desktop() ? info.default_sink_name : info.default_source_name;
        if (name == nullptr)
            return;
        device = name;
    }
    if (desktop() && !device.ends_with(kMonitor))
        device += kMonitor;
    if (device == device_)
        return;
    close_stream();
    open_stream(device, PA_INVALID_INDEX);
}

/// The application's sound: the first stream of its that plays, until that one ends.
void PulseSoundThread::on_sink_input(const pa_sink_input_info& info) {
    if (stream_ != nullptr && !device_.empty())
        return;
    const auto is = [&](const char* property) {
        const char* value = pa_proplist_gets(info.proplist, property);
        return value != nullptr && ::strcasecmp(value, options_.device.c_str()) == 0;
    };
    if (!is(PA_PROP_APPLICATION_PROCESS_BINARY) && !is(PA_PROP_APPLICATION_NAME))
        return;
    wanted_input_ = info.index;
    forget(pa_context_get_sink_info_by_index(
        context_,
        info.sink,
        [](pa_context*, const pa_sink_info* sink, int, void* data) {
            if (sink == nullptr || !self(data).device_.empty())
                return;
            self(data).close_stream();
            self(data).open_stream(sink->monitor_source_name, self(data).wanted_input_);
        },
        this));
}

/// `input`: only what this stream plays into the device.
void PulseSoundThread::open_stream(const std::string& device, std::uint32_t input) {
    const pa_sample_spec spec{
        .format = PA_SAMPLE_FLOAT32LE, .rate = kSampleRate, .channels = kChannels};
    stream_ = pa_stream_new(context_, "Hindsight", &spec, nullptr);
    if (stream_ == nullptr)
        return;
    if (input != PA_INVALID_INDEX)
        pa_stream_set_monitor_stream(stream_, input);
    device_ = device;
    clock_ = {};
    position_ = 0;
    asked_ = MonoTime::min();
    pa_stream_set_state_callback(
        stream_, [](pa_stream*, void* data) { self(data).on_stream_state(); }, this);
    pa_stream_set_read_callback(
        stream_, [](pa_stream*, std::size_t, void* data) { self(data).on_readable(); }, this);
    pa_stream_set_latency_update_callback(
        stream_, [](pa_stream*, void* data) { self(data).on_timing(); }, this);
    pa_buffer_attr buffer{};
    buffer.maxlength = buffer.tlength = buffer.prebuf = buffer.minreq = ~0u;
    buffer.fragsize = static_cast<std::uint32_t>(pa_usec_to_bytes(kFragmentUs, &spec));
    // Not interpolated: libpulse's guesses between two answers wander by tens of milliseconds.
    // Not moved: a server that loses the loudspeakers would go on with the microphone.
    constexpr auto kFlags = static_cast<pa_stream_flags_t>(
        PA_STREAM_AUTO_TIMING_UPDATE | PA_STREAM_ADJUST_LATENCY | PA_STREAM_DONT_MOVE);
    if (pa_stream_connect_record(stream_, device_.c_str(), &buffer, kFlags) < 0)
        close_stream();
}

void PulseSoundThread::on_stream_state() {
    if (pa_stream_get_state(stream_) == PA_STREAM_READY)
        said_missing_ = false;
    if (pa_stream_get_state(stream_) == PA_STREAM_FAILED) {
        // Not the context: the device is missing, or went. It is tried again with the next change.
        if (!std::exchange(said_missing_, true))
            log_.warn("a sound device to record is not there; its track is silent until it is");
        device_.clear();
    }
}

/// The server has answered: at the answer's time, the newest sample (write_index) had yet to travel
/// from the source and, on a monitor, was still to be heard.
void PulseSoundThread::on_timing() {
    const pa_timing_info* timing = pa_stream_get_timing_info(stream_);
    if (timing == nullptr || timing->write_index_corrupt != 0 || timing->write_index <= 0)
        return;
    timeval wall{};
    pa_gettimeofday(&wall);
    // Both ends on the wall clock within one answer: its steps do not matter.
    const MonoTime answered =
        SystemClock{}.now() -
        Duration::from_us(static_cast<std::int64_t>(pa_timeval_diff(&wall, &timing->timestamp)));
    const auto latency = Duration::from_us(
        static_cast<std::int64_t>(timing->source_usec) -
        static_cast<std::int64_t>(timing->sink_usec));
    clock_.answer(timing->write_index / kFrameBytes, answered - latency);
}

void PulseSoundThread::on_readable() {
    const MonoTime now = SystemClock{}.now();
    if (asked_ == MonoTime::min() || now - asked_ > kQuestionInterval) {
        asked_ = now;
        forget(pa_stream_update_timing_info(stream_, nullptr, nullptr));
    }
    while (pa_stream_readable_size(stream_) > 0) {
        const void* data = nullptr;
        std::size_t bytes = 0;
        if (pa_stream_peek(stream_, &data, &bytes) < 0 || bytes == 0)
            return;
        const auto frames = static_cast<std::int64_t>(bytes) / kFrameBytes;
        deliver(static_cast<const float*>(data), frames);
        position_ += frames;
        pa_stream_drop(stream_);
    }
    last_block_ns_.store(now.ns(), std::memory_order_relaxed);
}

/// `samples` null: a hole of that size, which the time line fills with silence.
void PulseSoundThread::deliver(const float* samples, std::int64_t frames) {
    const auto placement = clock_.block(position_, frames);
    if (!placement || samples == nullptr)
        return;
    const auto kept =
        static_cast<std::size_t>(frames + std::min<std::int64_t>(placement->stretch, 0));
    block_.assign(samples, samples + kept * kChannels);
    for (std::int64_t i = 0; i < placement->stretch; ++i) {
        block_.push_back(samples[(frames - 1) * kChannels]);
        block_.push_back(samples[(frames - 1) * kChannels + 1]);
    }
    sink_.write(placement->first, block_);
}

}  // namespace

std::unique_ptr<PulseSound> PulseSound::start(PulseSoundOptions options, SoundSink& sink, Log log) {
    auto sound = std::make_unique<PulseSoundThread>(std::move(options), sink, std::move(log));
    if (!sound->start())
        return nullptr;
    return sound;
}

}  // namespace hindsight::sound
