#include "audio_track.hpp"
#include "canvas_scene.hpp"
#include "encoder_choice.hpp"
#include "frame_feed.hpp"
#include "frame_pacer.hpp"
#include "packet_output.hpp"
#include "packet_sink.hpp"
#include "picture_feed.hpp"
#include "sound_output.hpp"

#include <hindsight/direct/x11_picture_source.hpp>
#include <hindsight/obs/capture_session.hpp>

#include <util/platform.h>

#include <deque>
#include <utility>

namespace hindsight::obs {

namespace {

/// An encoder that gives nothing for so long is taken for dead.
constexpr Duration kSilence = Duration::from_ms(2'000);
/// One that has delivered gets longer: a machine that is out of breath is not a broken encoder.
constexpr Duration kSilenceLater = Duration::from_ms(5'000);
/// When the last encoder fails later than this after its start, all get another chance.
constexpr Duration kWorthAnotherRound = Duration::from_ms(10'000);
constexpr int kPicturePolls = 200;
constexpr unsigned kPicturePollMs = 5;
constexpr Duration kAudioPatience = Duration::from_ms(2'000);

class Session final : public CaptureSession {
public:
    Session(
        ObsRuntime& runtime,
        ipc::StartCapture request,
        ring::RingWriter& ring,
        std::function<void()> wake,
        Log log)
        : runtime_{runtime},
          request_{std::move(request)},
          ring_{ring},
          wake_{std::move(wake)},
          log_{std::move(log)} {}

    ~Session() override {
        // Encoders first, then what feeds them.
        stop_encoder();
        audio_.clear();
        sound_.reset();
        pacer_.reset();
    }

    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    Result<> open();

    [[nodiscard]] ipc::CaptureStarted started() const override;
    [[nodiscard]] ipc::CaptureStatus status() const override;
    [[nodiscard]] Result<Care> tend() override;

    [[nodiscard]] MonoTime complete_until() const override { return sink_->complete_until(); }

    void watch_packets(bool watch) override { sink_->watch(watch); }

    void mute_microphone(bool muted) override;

private:
    void choose_path();
    Result<std::unique_ptr<direct::PictureSource>> open_window() const;
    Result<> open_direct();
    Result<> open_canvas();
    void wait_for_picture() const;

    struct PlannedSound {
        sound::PulseSoundOptions options;
        std::string name;
        int volume_percent = 100;
    };

    struct SoundPlan {
        std::vector<PlannedSound> sounds;
        std::vector<std::pair<std::string, SoundOutput::Track>> tracks;
    };

    [[nodiscard]] SoundPlan plan_sounds() const;
    void capture_sound(const PlannedSound& planned);
    Result<> open_audio();
    void fill_chain();
    Result<> run_next_encoder();
    Result<> run_encoder(const std::string& id);
    void stop_encoder();
    [[nodiscard]] FrameGrid absolute_grid() const;

    ObsRuntime& runtime_;
    const ipc::StartCapture request_;
    ring::RingWriter& ring_;
    const std::function<void()> wake_;
    Log log_;

    ipc::PicturePath path_ = ipc::PicturePath::Direct;
    direct::PictureSize size_;
    std::unique_ptr<VideoFeed> video_feed_;      ///< direct
    std::unique_ptr<PictureFeed> picture_feed_;  ///< canvas with our own grab
    std::unique_ptr<FramePacer> pacer_;          ///< wherever we grab ourselves
    std::unique_ptr<CanvasScene> scene_;         ///< canvas
    video_t* video_ = nullptr;

    std::unique_ptr<PacketSink> sink_;
    std::deque<SoundInput> sounds_;
    SoundInput* microphone_ = nullptr;  ///< of sounds_
    float microphone_gain_ = 1;
    std::unique_ptr<SoundOutput> sound_;  ///< null: nothing is to be heard
    std::vector<AudioTrack> audio_;
    std::deque<std::string> encoders_left_;
    std::string encoder_id_;
    MonoTime encoder_started_ = MonoTime::min();
    EncoderHandle encoder_;
    std::optional<PacketOutput> output_;
    std::uint64_t pictures_before_ = 0;  ///< of the canvas' counters, when the session began
    std::uint64_t skipped_before_ = 0;
    std::uint64_t lagged_before_ = 0;
};

FrameGrid Session::absolute_grid() const {
    return {.origin = MonoTime::from_ns(0), .fps = {request_.fps, 1}};
}

void Session::choose_path() {
    path_ = request_.picture;
    if (path_ == ipc::PicturePath::Auto)
        path_ = runtime_.gl().software ? ipc::PicturePath::Direct : ipc::PicturePath::Canvas;
}

Result<std::unique_ptr<direct::PictureSource>> Session::open_window() const {
    return direct::open_x11_picture_source(
        {.window = request_.source == ipc::SourceKind::Window ? request_.window : 0,
         .region =
             {request_.region_x, request_.region_y, request_.region_width, request_.region_height},
         .draw_cursor = request_.cursor},
        log_);
}

Result<> Session::open_direct() {
    HINDSIGHT_ASSIGN(auto source, open_window());
    HINDSIGHT_TRY(runtime_.set_canvas({}));
    size_ = direct::canvas_size(source->size(), {request_.max_width, request_.max_height});
    HINDSIGHT_ASSIGN(video_feed_, VideoFeed::open(size_, request_.fps));
    video_ = video_feed_->video();
    pacer_ =
        std::make_unique<FramePacer>(std::move(source), *video_feed_, absolute_grid(), wake_, log_);
    return {};
}

Result<> Session::open_canvas() {
    // Our own look at the source tells its size, and stands in where libobs cannot see it.
    HINDSIGHT_ASSIGN(auto picture, open_window());
    size_ = direct::canvas_size(picture->size(), {request_.max_width, request_.max_height});
    // libobs cuts the width to a multiple of 4 and would scale once more.
    size_ = {std::max(size_.width / 4 * 4, 16), std::max(size_.height / 4 * 4, 16)};
    HINDSIGHT_TRY(
        runtime_.set_canvas({.width = size_.width, .height = size_.height, .fps = request_.fps}));
    video_ = obs_get_video();
    lagged_before_ = obs_get_lagged_frames();
    skipped_before_ = video_output_get_skipped_frames(video_);
    pictures_before_ = video_output_get_total_frames(video_);
    // libobs' screen source knows no regions.
    SourceHandle source =
        request_.region_width > 0 ? SourceHandle{} : open_native_source(request_, log_);
    if (!source) {
        HINDSIGHT_ASSIGN(picture_feed_, PictureFeed::open(absolute_grid()));
        source = SourceHandle{obs_source_get_ref(picture_feed_->source())};
        pacer_ = std::make_unique<FramePacer>(
            std::move(picture), *picture_feed_, absolute_grid(), wake_, log_);
    }
    HINDSIGHT_ASSIGN(scene_, CanvasScene::show(std::move(source), size_));
    if (picture_feed_)
        wait_for_picture();
    return {};
}

/// The first picture on the canvas decides how much later than taken all of them are drawn.
void Session::wait_for_picture() const {
    for (int poll = 0; poll < kPicturePolls && picture_feed_->delay() == Duration::zero(); ++poll)
        os_sleep_ms(kPicturePollMs);
}

/// The sounds that were asked for, and the tracks that carry them: each has one of its own, and
/// where there are several, a mix comes first, for players and sites that know one track only.
Session::SoundPlan Session::plan_sounds() const {
    using Kind = sound::PulseSoundOptions::Kind;
    SoundPlan plan;
    if (request_.desktop_audio)
        plan.sounds.push_back(
            {{Kind::Desktop, request_.desktop_device}, "Desktop", request_.desktop_volume});
    if (request_.microphone)
        plan.sounds.push_back(
            {{Kind::Microphone, request_.microphone_device},
             "Microphone",
             request_.microphone_volume});
    if (!request_.application.empty())
        plan.sounds.push_back(
            {{Kind::Application, request_.application},
             request_.application,
             request_.application_volume});
    if (plan.sounds.size() > 1) {
        SoundOutput::Track mix;
        for (std::size_t i = 0; i < plan.sounds.size(); ++i)
            // What an application plays is heard on the desktop as well.
            if (!request_.desktop_audio || plan.sounds[i].options.kind != Kind::Application)
                mix.push_back(i);
        plan.tracks.emplace_back("Mix", std::move(mix));
    }
    for (std::size_t i = 0; i < plan.sounds.size(); ++i)
        plan.tracks.emplace_back(plan.sounds[i].name, SoundOutput::Track{i});
    return plan;
}

void Session::capture_sound(const PlannedSound& planned) {
    SoundInput& input = sounds_.emplace_back();
    input.gain = static_cast<float>(planned.volume_percent) / 100;
    sound::SoundSink* sink = &input.timeline;
    if (planned.options.kind == sound::PulseSoundOptions::Kind::Microphone) {
        microphone_ = &input;
        microphone_gain_ = input.gain;
        mute_microphone(request_.microphone_muted);
        if (request_.noise_suppression) {
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

void Session::mute_microphone(bool muted) {
    if (microphone_ != nullptr)
        microphone_->gain = muted ? 0.0F : microphone_gain_;
}

Result<> Session::open_audio() {
    SoundPlan sounds = plan_sounds();
    for (const PlannedSound& planned : sounds.sounds)
        capture_sound(planned);
    std::vector<StreamPlan> plan{{StreamKind::Video, ""}};
    std::vector<SoundOutput::Track> tracks;
    for (auto& [name, inputs] : sounds.tracks) {
        plan.push_back(
            {.kind = StreamKind::Audio, .name = name, .origin = [this, track = tracks.size()] {
                 return sound_->origin(track);
             }});
        tracks.push_back(std::move(inputs));
    }
    sink_ = std::make_unique<PacketSink>(
        ring_,
        std::move(plan),
        request_.fps,
        pacer_ ? std::optional{absolute_grid()} : std::nullopt,
        [feed = picture_feed_.get()] { return feed != nullptr ? feed->delay() : Duration::zero(); },
        wake_,
        log_);
    if (!tracks.empty()) {
        HINDSIGHT_ASSIGN(sound_, SoundOutput::open(sounds_, std::move(tracks)));
    }
    for (std::size_t track = 0; track < sounds.tracks.size(); ++track) {
        HINDSIGHT_ASSIGN(
            auto opened, AudioTrack::open(*sound_, track, sounds.tracks[track].first.c_str()));
        audio_.push_back(std::move(opened));
        HINDSIGHT_TRY(audio_.back().start(*sink_, track + 1));
    }
    if (!sink_->wait_for_audio(kAudioPatience))
        return fail(Errc::External, "the sound encoder delivers nothing");
    return {};
}

Result<> Session::open() {
    choose_path();
    if (path_ == ipc::PicturePath::Canvas)
        HINDSIGHT_TRY(open_canvas());
    else
        HINDSIGHT_TRY(open_direct());
    HINDSIGHT_TRY(open_audio());
    fill_chain();
    return run_next_encoder();
}

void Session::fill_chain() {
    const auto chain = encoder_chain(request_, path_);
    encoders_left_.assign(chain.begin(), chain.end());
}

Result<> Session::run_next_encoder() {
    std::string reason = "there is none";
    while (!encoders_left_.empty()) {
        const std::string id = std::move(encoders_left_.front());
        encoders_left_.pop_front();
        const auto running = run_encoder(id);
        if (running) {
            encoder_started_ = SystemClock{}.now();
            log_.info(
                "encoder {} records {}x{} at {} fps", id, size_.width, size_.height, request_.fps);
            return {};
        }
        if (pacer_ && pacer_->lost())
            return fail(Errc::DeviceLost, "the connection to the display server is lost");
        reason = id + ": " + running.error().what;
        log_.warn("encoder {}", reason);
        stop_encoder();
    }
    return fail(Errc::Unsupported, "no video encoder works here (" + reason + ")");
}

Result<> Session::run_encoder(const std::string& id) {
    const SettingsHandle settings = encoder_settings(request_, id);
    encoder_.reset(obs_video_encoder_create(id.c_str(), "video", settings.get(), nullptr));
    if (!encoder_)
        return fail(Errc::External, "the encoder could not be created");
    encoder_id_ = id;
    obs_encoder_set_video(encoder_.get(), video_);
    sink_->expect_epoch();
    HINDSIGHT_ASSIGN(auto output, PacketOutput::start(encoder_.get(), *sink_, 0));
    output_.emplace(std::move(output));
    switch (sink_->wait_for_epoch(kSilence)) {
    case PacketSink::Begin::Running:
        return {};
    case PacketSink::Begin::Failed:
        return fail(Errc::External, "the encoder failed at its first pictures");
    case PacketSink::Begin::Silent:
        break;
    }
    return fail(Errc::Timeout, "the encoder gives no pictures");
}

void Session::stop_encoder() {
    output_.reset();
    encoder_.reset();
}

ipc::CaptureStarted Session::started() const {
    const PacketSink::State state = sink_->state();
    return {
        .epoch = state.epoch,
        .encoder = encoder_id_,
        .picture = path_ == ipc::PicturePath::Canvas ? "canvas" : "direct",
        .width = state.video.width,
        .height = state.video.height,
        .fps = request_.fps,
        .grid_origin_ns = state.grid.origin.ns()};
}

ipc::CaptureStatus Session::status() const {
    ipc::CaptureStatus status;
    if (pacer_) {
        status.captured = pacer_->frames();
        status.lagged = pacer_->lagged();
        status.unchanged = pacer_->unchanged();
        status.source_alive = pacer_->source_alive();
    }
    if (video_feed_) {
        status.skipped = video_feed_->skipped();
    } else {
        status.captured = video_output_get_total_frames(video_) - pictures_before_;
        status.lagged += obs_get_lagged_frames() - lagged_before_;
        status.skipped = video_output_get_skipped_frames(video_) - skipped_before_;
        if (!pacer_ && scene_)
            status.source_alive = scene_->alive();
    }
    const ring::RingStatus ring = ring_.status();
    status.buffered_ns = ring.buffered.ns();
    status.buffered_bytes = ring.buffered_bytes;
    status.newest_ns = ring.newest == MonoTime::min() ? 0 : ring.newest.ns();
    status.dropped_packets = ring.dropped_packets;
    return status;
}

Result<CaptureSession::Care> Session::tend() {
    if (pacer_ && pacer_->lost())
        return fail(Errc::DeviceLost, "the connection to the display server is lost");
    const PacketSink::State state = sink_->state();
    const MonoTime now = SystemClock{}.now();
    const bool silent = now - state.last_video_arrival > kSilenceLater;
    if (!state.failed && !silent)
        return Care::Fine;
    log_.warn(
        "encoder {} {}", encoder_id_, state.failed ? "failed" : "has given no pictures for 5 s");
    stop_encoder();
    if (encoders_left_.empty() && now - encoder_started_ > kWorthAnotherRound)
        fill_chain();
    HINDSIGHT_TRY(run_next_encoder());
    return Care::Restarted;
}

}  // namespace

Result<std::unique_ptr<CaptureSession>> CaptureSession::start(
    ObsRuntime& runtime,
    const ipc::StartCapture& request,
    ring::RingWriter& ring,
    std::function<void()> wake,
    Log log) {
    if (request.fps < 1 || request.fps > 1000)
        return fail(Errc::InvalidArgument, "the frame rate must lie between 1 and 1000");
    auto session =
        std::make_unique<Session>(runtime, request, ring, std::move(wake), std::move(log));
    HINDSIGHT_TRY(session->open());
    return std::unique_ptr<CaptureSession>{std::move(session)};
}

}  // namespace hindsight::obs
