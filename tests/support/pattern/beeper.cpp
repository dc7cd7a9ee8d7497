#include "beeper.hpp"

#include "pattern_timing.hpp"
#include "priority.hpp"

#include <hindsight/core/time.hpp>

#include <pulse/pulseaudio.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <vector>

namespace hindsight::test {

namespace {

constexpr int kRate = 48'000;
constexpr double kToneHz = 1'000;
constexpr double kLoudness = 0.5;
/// Long, so that a busy machine does not run it dry: what runs dry is heard late ever after.
constexpr std::uint32_t kBufferUs = 500'000;
constexpr std::uint32_t kBlockUs = 10'000;
constexpr std::size_t kOriginsKept = 60;

std::int64_t now_ns() {
    return SystemClock{}.now().ns();
}

class PulseBeeper final : public Beeper {
public:
    explicit PulseBeeper(int fps) : fps_{fps} {}

    ~PulseBeeper() override {
        if (loop_ == nullptr)
            return;
        pa_threaded_mainloop_stop(loop_);
        if (stream_ != nullptr) {
            pa_stream_disconnect(stream_);
            pa_stream_unref(stream_);
        }
        if (context_ != nullptr) {
            pa_context_disconnect(context_);
            pa_context_unref(context_);
        }
        pa_threaded_mainloop_free(loop_);
    }

    PulseBeeper(const PulseBeeper&) = delete;
    PulseBeeper& operator=(const PulseBeeper&) = delete;

    bool start() {
        loop_ = pa_threaded_mainloop_new();
        context_ = pa_context_new(pa_threaded_mainloop_get_api(loop_), "hindsight-pattern");
        pa_context_set_state_callback(context_, on_state, this);
        if (pa_context_connect(context_, nullptr, PA_CONTEXT_NOAUTOSPAWN, nullptr) < 0)
            return false;
        return pa_threaded_mainloop_start(loop_) == 0;
    }

    [[nodiscard]] bool settled(std::int64_t now_ns) const override {
        return now_ns >= settled_ns_.load(std::memory_order_relaxed);
    }

private:
    static void on_state(pa_context* context, void* self) {
        if (pa_context_get_state(context) == PA_CONTEXT_FAILED)
            static_cast<PulseBeeper*>(self)->settled_ns_.store(0, std::memory_order_relaxed);
        if (pa_context_get_state(context) != PA_CONTEXT_READY)
            return;
        raise_priority();  // of this thread, which writes the sound
        static_cast<PulseBeeper*>(self)->open_stream();
    }

    static void on_write(pa_stream* /*stream*/, std::size_t bytes, void* self) {
        static_cast<PulseBeeper*>(self)->write(bytes);
    }

    void open_stream() {
        const pa_sample_spec spec{.format = PA_SAMPLE_S16LE, .rate = kRate, .channels = 2};
        stream_ = pa_stream_new(context_, "beeps", &spec, nullptr);
        pa_stream_set_write_callback(stream_, on_write, this);
        pa_stream_set_latency_update_callback(stream_, on_timing, this);
        const auto length = static_cast<std::uint32_t>(pa_usec_to_bytes(kBufferUs, &spec));
        const pa_buffer_attr attributes{
            .maxlength = ~0u,
            .tlength = length,
            .prebuf = 0,
            .minreq = static_cast<std::uint32_t>(pa_usec_to_bytes(kBlockUs, &spec)),
            .fragsize = ~0u};
        // The latency adjusted: a null sink would otherwise play, and answer, every two seconds.
        constexpr auto kFlags =
            static_cast<pa_stream_flags_t>(PA_STREAM_AUTO_TIMING_UPDATE | PA_STREAM_ADJUST_LATENCY);
        pa_stream_connect_playback(stream_, nullptr, &attributes, kFlags, nullptr, nullptr);
    }

    /// When sample 0 of the stream was, or would have been, heard: the earliest of the server's
    /// last answers, which err by coming too late. (libpulse's interpolation between them wanders.)
    static void on_timing(pa_stream* stream, void* data) {
        auto& self = *static_cast<PulseBeeper*>(data);
        const pa_timing_info* timing = pa_stream_get_timing_info(stream);
        if (timing == nullptr || timing->read_index <= 0)
            return;
        timeval wall{};
        pa_gettimeofday(&wall);
        const auto age = static_cast<std::int64_t>(pa_timeval_diff(&wall, &timing->timestamp));
        const auto ahead = static_cast<std::int64_t>(timing->sink_usec);
        self.origins_.push_back(
            now_ns() + (ahead - age) * 1'000 - timing->read_index / 4 * kSecondNs / kRate);
        if (self.origins_.size() > kOriginsKept)
            self.origins_.erase(self.origins_.begin());
        self.origin_ns_ = *std::min_element(self.origins_.begin(), self.origins_.end());
    }

    /// Asks for the next answer.
    void look_at_clock() {
        if (const std::int64_t now = now_ns(); now - asked_ns_ > kSecondNs / 10) {
            asked_ns_ = now;
            if (pa_operation* operation = pa_stream_update_timing_info(stream_, nullptr, nullptr))
                pa_operation_unref(operation);
        }
    }

    void write(std::size_t bytes) {
        look_at_clock();
        std::vector<std::array<std::int16_t, 2>> frames(bytes / 4);
        if (origin_ns_ != 0 && settled_ns_.load(std::memory_order_relaxed) == INT64_MAX)
            settled_ns_.store(origin_ns_ + written_ * kSecondNs / kRate, std::memory_order_relaxed);
        for (auto& frame : frames) {
            const std::int64_t heard = origin_ns_ + written_ * kSecondNs / kRate;
            double value = 0;
            if (origin_ns_ != 0 && is_beep(heard, fps_))
                value = kLoudness *
                        std::sin(2 * M_PI * kToneHz * static_cast<double>(written_) / kRate);
            frame.fill(static_cast<std::int16_t>(value * 32'767));
            ++written_;
        }
        pa_stream_write(stream_, frames.data(), frames.size() * 4, nullptr, 0, PA_SEEK_RELATIVE);
    }

    int fps_;
    pa_threaded_mainloop* loop_ = nullptr;
    pa_context* context_ = nullptr;
    pa_stream* stream_ = nullptr;
    std::vector<std::int64_t> origins_;
    std::int64_t origin_ns_ = 0;  ///< 0: not known yet
    std::int64_t asked_ns_ = 0;
    std::int64_t written_ = 0;
    std::atomic<std::int64_t> settled_ns_{INT64_MAX};  ///< when the first beep could be heard
};

}  // namespace

std::unique_ptr<Beeper> Beeper::start(int fps) {
    auto beeper = std::make_unique<PulseBeeper>(fps);
    if (!beeper->start())
        return nullptr;
    return beeper;
}

}  // namespace hindsight::test
