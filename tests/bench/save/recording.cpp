#include "recording.hpp"

#include "canned_encoders.hpp"
#include "report.hpp"
#include "warped_clock.hpp"

#include <media-io/video-frame.h>
#include <util/platform.h>

#include <chrono>

namespace hindsight::bench {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kWaitingFrames = 16;
constexpr auto kPatience = 120s;
/// What is recorded beyond the asked length, for the GOP that the window begins in.
constexpr Duration kMargin = Duration::from_ms(2'500);
/// The ring holds more: what libobs' replay is compared with must outlive its saving.
constexpr Duration kCompared = Duration::from_ms(60'000);
constexpr std::uint64_t kRingBytesPerSecond = 3u << 20;

obs::VideoHandle open_video(const RecordingOptions& options) {
    video_output_info info{};
    info.name = "bench";
    info.format = VIDEO_FORMAT_NV12;
    info.fps_num = static_cast<std::uint32_t>(options.fps);
    info.fps_den = 1;
    info.width = static_cast<std::uint32_t>(options.width);
    info.height = static_cast<std::uint32_t>(options.height);
    info.cache_size = kWaitingFrames;
    info.colorspace = VIDEO_CS_601;
    info.range = VIDEO_RANGE_PARTIAL;
    video_t* video = nullptr;
    if (video_output_open(&video, &info) != VIDEO_OUTPUT_SUCCESS)
        give_up("libobs did not open a video output");
    return obs::VideoHandle{video};
}

}  // namespace

Recording::Recording(const RecordingOptions& options) : options_{options} {
    const Duration limit = options.length + kCompared;
    ring_ = need(
        ring::RingWriter::create(
            {.folder = options.ring,
             .limit_bytes = static_cast<std::uint64_t>(limit.seconds()) * kRingBytesPerSecond,
             .limit = limit},
            Log{"ring"}),
        "opening the ring");
    video_ = open_video(options);
    video_encoder_.reset(obs_video_encoder_create(kCannedVideo, "video", nullptr, nullptr));
    audio_encoder_.reset(obs_audio_encoder_create(kCannedAudio, "audio", nullptr, 0, nullptr));
    obs_encoder_set_video(video_encoder_.get(), video_.get());
    obs_encoder_set_audio(audio_encoder_.get(), obs_get_audio());
    start_ours();
    start_replay_buffer();
}

Recording::~Recording() {
    stop_replay_buffer();
    video_output_.reset();
    audio_output_.reset();
    feeder_ = {};
}

/// Empty pictures at the times of the frame grid; when the clock was put forward, as fast as the
/// encoder takes them.
void Recording::feed(const std::stop_token& stop) {
    const FrameGrid grid{.origin = MonoTime::from_ns(0), .fps = {options_.fps, 1}};
    std::int64_t next = grid.index_at_or_after(warped_now());
    std::int64_t fed = 0;
    while (!stop.stop_requested()) {
        const Duration early = grid.time_of(next) - warped_now();
        if (early > Duration::zero()) {
            std::this_thread::sleep_for(std::chrono::nanoseconds{early.ns()});
            continue;
        }
        // libobs would take a picture for lost that finds no room.
        if (fed - pictures_encoded() > kWaitingFrames / 2) {
            std::this_thread::sleep_for(50us);
            continue;
        }
        video_frame frame{};
        const auto time = static_cast<std::uint64_t>(grid.time_of(next++).ns());
        if (!video_output_lock_frame(video_.get(), &frame, 1, time))
            give_up("libobs has no room for a picture");
        video_output_unlock_frame(video_.get());
        ++fed;
    }
}

void Recording::start_ours() {
    sink_ = std::make_unique<obs::PacketSink>(
        *ring_,
        std::vector<obs::StreamPlan>{{StreamKind::Video, ""}, {StreamKind::Audio, "Desktop"}},
        options_.fps,
        FrameGrid{.origin = MonoTime::from_ns(0), .fps = {options_.fps, 1}},
        [] { return Duration::zero(); },
        [this] {
            const std::lock_guard guard{mutex_};
            changed_.notify_all();
        },
        Log{"capture"});
    audio_output_.emplace(
        need(obs::PacketOutput::start(audio_encoder_.get(), *sink_, 1), "starting the sound"));
    sink_->wait_for_audio(Duration::from_ms(5'000));
    sink_->expect_epoch();
    video_output_.emplace(
        need(obs::PacketOutput::start(video_encoder_.get(), *sink_, 0), "starting the picture"));
    feeder_ = std::jthread{[this](const std::stop_token& stop) { feed(stop); }};
    if (sink_->wait_for_epoch(Duration::from_ms(5'000)) != obs::PacketSink::Begin::Running)
        give_up("libobs gives no pictures");
    if (!sink_->missing_audio(SystemClock{}.now()).empty())
        give_up("libobs gives no sound");
    sink_->watch(true);
}

void Recording::start_replay_buffer() {
    const obs::SettingsHandle settings{obs_data_create()};
    obs_data_set_string(settings.get(), "directory", options_.replays.c_str());
    obs_data_set_string(settings.get(), "format", "replay");
    obs_data_set_string(settings.get(), "extension", "mp4");
    obs_data_set_int(
        settings.get(), "max_time_sec", static_cast<long long>(options_.length.seconds()));
    obs_data_set_int(settings.get(), "max_size_mb", 1 << 14);
    replay_.reset(obs_output_create("replay_buffer", "replay", settings.get(), nullptr));
    if (!replay_)
        give_up("libobs has no replay buffer; install obs-studio");
    obs_output_set_video_encoder(replay_.get(), video_encoder_.get());
    obs_output_set_audio_encoder(replay_.get(), audio_encoder_.get(), 0);
    signal_handler_connect(obs_output_get_signal_handler(replay_.get()), "saved", on_saved, this);
    if (!obs_output_start(replay_.get()))
        give_up("libobs' replay buffer does not start");
}

void Recording::stop_replay_buffer() {
    obs_output_force_stop(replay_.get());
    for (int poll = 0; poll < 5'000 && obs_output_active(replay_.get()); ++poll)
        os_sleep_ms(1);
    replay_.reset();
}

void Recording::fill() {
    std::this_thread::sleep_for(1s);
    {
        const Lockstep lockstep;
        put_clock_forward(options_.length + kMargin);
        wait_until_complete(warped_now());
    }
    // Both go on live for a moment, so that nothing of the hurry is left.
    std::this_thread::sleep_for(1s);
}

void Recording::wait_until_complete(MonoTime time) {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, kPatience, [&] { return sink_->complete_until() >= time; }))
        give_up("libobs has fallen silent");
}

void Recording::on_saved(void* self, calldata_t* /*data*/) noexcept {
    auto* recording = static_cast<Recording*>(self);
    const std::lock_guard guard{recording->mutex_};
    recording->saved_ = true;
    recording->changed_.notify_all();
}

std::filesystem::path Recording::save_replay() {
    proc_handler_t* procedures = obs_output_get_proc_handler(replay_.get());
    calldata_t nothing{};
    std::unique_lock lock{mutex_};
    saved_ = false;
    lock.unlock();
    if (!proc_handler_call(procedures, "save", &nothing))
        give_up("libobs' replay buffer cannot be asked to save");
    lock.lock();
    if (!changed_.wait_for(lock, kPatience, [this] { return saved_; }))
        give_up("libobs' replay buffer does not save");
    return options_.replays / "replay.mp4";
}

}  // namespace hindsight::bench
