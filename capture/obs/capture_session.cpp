#include "encoder_choice.hpp"
#include "encoder_threads.hpp"
#include "governor.hpp"
#include "packet_output.hpp"
#include "packet_sink.hpp"
#include "pictures.hpp"
#include "rate_meter.hpp"
#include "silence_watch.hpp"
#include "sounds.hpp"
#include "source_watch.hpp"
#include "stall_guard.hpp"
#include "trouble_list.hpp"

#include <hindsight/obs/capture_session.hpp>

#include <algorithm>
#include <deque>
#include <utility>

namespace hindsight::obs {

namespace {

/// How often a starting encoder is looked after.
constexpr Duration kBeginPoll = Duration::from_ms(50);
/// An encoder whose packets do not make an epoch by then is given up, unless its pictures come so
/// seldom that it has not had enough of them.
constexpr Duration kBeginLimit = Duration::from_ms(10'000);
/// Drivers take their time to load; one that takes longer never comes back.
constexpr Duration kCreateLimit = Duration::from_ms(5'000);
/// What waits for an encoder is encoded before it stops.
constexpr Duration kStopLimit = Duration::from_ms(10'000);
/// One that counts as dead has had its time.
constexpr Duration kDeadStopLimit = Duration::from_ms(300);
/// When the last encoder fails later than this after its start, all get another chance.
constexpr Duration kWorthAnotherRound = Duration::from_ms(10'000);
/// The pictures wait for the sound no longer than this.
constexpr Duration kAudioPatience = Duration::from_ms(2'000);

class Session final : public CaptureSession {
public:
    Session(
        ObsRuntime& runtime,
        ipc::StartCapture request,
        ring::RingWriter& ring,
        Calls calls,
        Log log)
        : runtime_{runtime},
          asked_{std::move(request)},
          request_{asked_},
          ring_{ring},
          wake_{std::move(calls.wake)},
          log_{std::move(log)},
          guard_{std::move(calls.stuck)} {}

    ~Session() override {
        // Encoders first, then what feeds them.
        stop_encoder(kStopLimit);
        sounds_.reset();
        pictures_.reset();
    }

    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    Result<> open();

    [[nodiscard]] ipc::CaptureStarted started() const override;
    [[nodiscard]] ipc::CaptureStatus status() const override;
    [[nodiscard]] Result<Care> tend() override;

    [[nodiscard]] MonoTime complete_until() const override { return sink_->complete_until(); }

    void watch_packets(bool watch) override { sink_->watch(watch); }

    void mute_microphone(bool muted, MonoTime from) override {
        sounds_->mute_microphone(muted, from);
    }

private:
    void open_sounds();
    void tell_missing_sounds(MonoTime now);
    void fill_chain();
    Result<> run_next_encoder();
    Result<> run_encoder(const std::string& id);
    Result<> begin_encoder(const std::string& id);
    Result<> wait_for_first_packets();
    void stop_encoder(Duration limit);
    void tell_choice();
    Result<> replace_encoder(const char* reason);
    void begin_governing();
    Result<Care> govern();
    Result<> stand_on(const Rung& rung);
    Result<> change_pictures();
    void tell_rung();
    [[nodiscard]] SilenceWatch::Counts encoder_counts() const;

    ObsRuntime& runtime_;
    const ipc::StartCapture asked_;
    ipc::StartCapture request_;  ///< what the governor has left of it
    ring::RingWriter& ring_;
    const std::function<void()> wake_;
    Log log_;

    std::unique_ptr<Pictures> pictures_;
    std::unique_ptr<PacketSink> sink_;
    std::unique_ptr<Sounds> sounds_;
    std::deque<std::string> encoders_left_;
    /// Why the one that was chosen by name does not run.
    std::string chosen_reason_ = "libobs does not have it here";
    std::string encoder_id_;
    MonoTime encoder_started_ = MonoTime::min();
    std::uint64_t epoch_ = 0;  ///< that was told last
    EncoderHandle encoder_;
    std::optional<PacketOutput> output_;
    EncoderThreads threads_;
    SilenceWatch silence_;
    SourceWatch source_watch_;
    RateMeter rate_;
    std::vector<Rung> ladder_;
    std::optional<Governor> governor_;
    TroubleList troubles_;
    StallGuard guard_;  ///< of the calls into encoders
};

void Session::open_sounds() {
    sounds_ = std::make_unique<Sounds>(request_, guard_, log_);
    std::vector<StreamPlan> streams{{StreamKind::Video, ""}};
    for (StreamPlan& sound : sounds_->streams())
        streams.push_back(std::move(sound));
    sink_ = std::make_unique<PacketSink>(
        ring_,
        std::move(streams),
        request_.fps,
        pictures_->grid(),
        [this] { return pictures_->delay(); },
        wake_,
        log_);
    sink_->set_pictures(request_.fps, pictures_->grid(), pictures_->gaps());
    sounds_->start(*sink_);
    sink_->wait_for_audio(kAudioPatience);
}

void Session::tell_missing_sounds(MonoTime now) {
    std::string names;
    for (const std::string& name : sink_->missing_audio(now))
        names += (names.empty() ? "" : ", ") + name;
    if (names.empty())
        return troubles_.clear("sound");
    troubles_.tell(
        "sound",
        {.severity = "warning",
         .text = "Pictures are recorded, but not the sound for " + names +
                 ": its encoder gives nothing.",
         .mend = "Quit Hindsight and start it again to try it once more; `hindsightctl encoders` "
                 "tells what works."});
}

Result<> Session::open() {
    HINDSIGHT_ASSIGN(pictures_, Pictures::open(runtime_, request_, wake_, log_));
    open_sounds();
    fill_chain();
    HINDSIGHT_TRY(run_next_encoder());
    tell_choice();
    tell_missing_sounds(encoder_started_);
    return {};
}

/// Says when another encoder than the one that was wanted records.
void Session::tell_choice() {
    const auto hung =
        std::find_if(asked_.avoid.rbegin(), asked_.avoid.rend(), [](const std::string& encoder) {
            return encoder != AudioTrack::kEncoder;
        });
    if (hung != asked_.avoid.rend() && *hung != encoder_id_)
        troubles_.tell(
            "encoder",
            {.severity = "warning",
             .text = "The encoder " + *hung + " hung; " + encoder_id_ + " goes on.",
             .mend = "Choose another recording.encoder, or quit Hindsight and start it again to "
                     "give this one another chance."});
    else if (!asked_.encoder.empty() && asked_.encoder != encoder_id_)
        troubles_.tell(
            "encoder",
            {.severity = "warning",
             .text = "The encoder " + asked_.encoder + " does not work (" + chosen_reason_ + "); " +
                     encoder_id_ + " records instead.",
             .mend = "Set recording.encoder to auto, or to one that `hindsightctl encoders` says "
                     "works."});
}

void Session::fill_chain() {
    const auto chain = encoder_chain(request_, pictures_->path());
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
                "encoder {} records {}x{} at {} fps",
                id,
                pictures_->size().width,
                pictures_->size().height,
                request_.fps);
            begin_governing();
            return {};
        }
        if (pictures_->lost())
            return fail(Errc::DeviceLost, "the connection to the display server is lost");
        reason = id + ": " + running.error().what;
        if (id == asked_.encoder)
            chosen_reason_ = running.error().what;
        log_.warn("encoder {}", reason);
        stop_encoder(kDeadStopLimit);
    }
    return fail(Errc::Unsupported, "no video encoder works here (" + reason + ")");
}

Result<> Session::run_encoder(const std::string& id) {
    HINDSIGHT_TRY(begin_encoder(id));
    pictures_->encoder_began();
    pictures_->hold(false);
    return wait_for_first_packets();
}

Result<> Session::begin_encoder(const std::string& id) {
    encoder_id_ = id;
    const auto creating = guard_.watch(id, kCreateLimit);
    threads_.before();
    const SettingsHandle settings = encoder_settings(request_, id);
    encoder_.reset(obs_video_encoder_create(id.c_str(), "video", settings.get(), nullptr));
    if (!encoder_)
        return fail(Errc::External, "the encoder could not be created");
    obs_encoder_set_video(encoder_.get(), pictures_->video());
    sink_->expect_epoch();
    HINDSIGHT_ASSIGN(auto output, PacketOutput::start(encoder_.get(), *sink_, 0));
    output_.emplace(std::move(output));
    threads_.after();
    return {};
}

Result<> Session::wait_for_first_packets() {
    const SilenceWatch::Counts before = encoder_counts();
    silence_.begin(request_.fps, pictures_held_back(encoder_id_, pictures_->size().height), before);
    const Duration pictures =
        to_duration(static_cast<std::int64_t>(silence_.enough()), {1, request_.fps});
    const MonoTime end = before.now + std::max(kBeginLimit, pictures + kBeginLimit / 2);
    for (;;) {
        switch (sink_->wait_for_epoch(kBeginPoll)) {
        case PacketSink::Begin::Running:
            epoch_ = sink_->state().epoch;
            log_.debug(
                "encoder {} began after {} pictures",
                encoder_id_,
                encoder_counts().taken - before.taken);
            return {};
        case PacketSink::Begin::Failed:
            return fail(Errc::External, "the encoder failed at its first pictures");
        case PacketSink::Begin::Silent:
            break;
        }
        const SilenceWatch::Counts counts = encoder_counts();
        if (silence_.judge(counts) != SilenceWatch::Verdict::Alive || counts.now > end)
            return fail(Errc::Timeout, "the encoder gives no pictures");
        if (pictures_->lost())
            return fail(Errc::DeviceLost, "the connection to the display server is lost");
    }
}

SilenceWatch::Counts Session::encoder_counts() const {
    return {
        .now = SystemClock{}.now(),
        .given = pictures_->offered(),
        .taken = video_output_get_total_frames(pictures_->video()),
        .packets = sink_->state().video_packets,
        .busy = threads_.busy()};
}

void Session::stop_encoder(Duration limit) {
    const auto stopping = guard_.watch(encoder_id_, limit);
    if (pictures_)
        pictures_->hold(true);
    output_.reset();
    encoder_.reset();
    if (pictures_)
        pictures_->encoder_ended();
}

ipc::CaptureStarted Session::started() const {
    const PacketSink::State state = sink_->state();
    return {
        .epoch = state.epoch,
        .encoder = encoder_id_,
        .codec = state.video.codec,
        .picture = pictures_->path() == ipc::PicturePath::Canvas ? "canvas" : "direct",
        .width = state.video.width,
        .height = state.video.height,
        .fps = request_.fps,
        .grid_origin_ns = state.grid.origin.ns()};
}

ipc::CaptureStatus Session::status() const {
    ipc::CaptureStatus status;
    pictures_->report(status);
    status.troubles = troubles_.at(SystemClock{}.now());
    const ring::RingStatus ring = ring_.status();
    status.buffered_ns = ring.buffered.ns();
    status.buffered_bytes = ring.buffered_bytes;
    status.bytes_per_minute = rate_.bytes_per_minute();
    status.newest_ns = ring.newest == MonoTime::min() ? 0 : ring.newest.ns();
    status.dropped_packets = ring.dropped_packets;
    return status;
}

void Session::begin_governing() {
    ladder_ = make_ladder(
        asked_,
        encoder_id_ == "obs_x264",
        pictures_->full_size().width,
        pictures_->full_size().height);
    governor_.emplace(ladder_.size());
    governor_->restart(encoder_started_);
}

Result<CaptureSession::Care> Session::govern() {
    if (!asked_.adapt)
        return Care::Fine;
    const FrameTotals frames = pictures_->totals();
    const auto rung = governor_->judge(
        {.now = SystemClock{}.now(),
         .frames = frames.captured,
         .missed = frames.lagged + frames.skipped,
         .queue = pictures_->queue_share()});
    if (!rung)
        return Care::Fine;
    HINDSIGHT_TRY(stand_on(ladder_[*rung]));
    tell_rung();
    return Care::Restarted;
}

/// Goes on in a new epoch, as that rung says.
Result<> Session::stand_on(const Rung& rung) {
    stop_encoder(kStopLimit);
    const bool other_pictures = rung.fps != request_.fps || rung.max_width != request_.max_width ||
                                rung.max_height != request_.max_height;
    request_.preset = rung.preset;
    request_.fps = rung.fps;
    request_.max_width = rung.max_width;
    request_.max_height = rung.max_height;
    if (other_pictures)
        HINDSIGHT_TRY(change_pictures());
    const auto running = run_encoder(encoder_id_);
    if (!running)
        return replace_encoder(running.error().what.c_str());
    governor_->restart(SystemClock{}.now());
    return {};
}

Result<> Session::change_pictures() {
    HINDSIGHT_TRY(pictures_->reopen(request_));
    sink_->set_pictures(request_.fps, pictures_->grid(), pictures_->gaps());
    return {};
}

void Session::tell_rung() {
    const bool as_asked = governor_->rung() == 0;
    std::string how = as_asked ? "as asked" : "";
    const auto add = [&how](const std::string& part) { how += (how.empty() ? "" : ", ") + part; };
    if (request_.preset != asked_.preset)
        add("with the preset " + request_.preset);
    if (request_.fps != asked_.fps)
        add("at " + std::to_string(request_.fps) + " frames a second");
    if (request_.max_width != asked_.max_width)
        add("at " + std::to_string(pictures_->size().width) + "x" +
            std::to_string(pictures_->size().height));
    log_.info("recording goes on {}", how);
    if (as_asked)
        return troubles_.clear("load");
    troubles_.tell(
        "load",
        {.severity = "warning",
         .text = "The machine is too slow for what is to be recorded; until there is room again it "
                 "is recorded " +
                 how + ".",
         .mend = "Choose a smaller recording.quality_preset to keep it steady."});
}

Result<CaptureSession::Care> Session::tend() {
    if (pictures_->lost())
        return fail(Errc::DeviceLost, "the connection to the display server is lost");
    const PacketSink::State state = sink_->state();
    const SilenceWatch::Counts counts = encoder_counts();
    rate_.add(counts.now, state.bytes);
    pictures_->mark_canvas_misses(state.newest_frame);
    tell_missing_sounds(counts.now);
    const SourceWatch::Look look{
        .now = counts.now,
        .alive = pictures_->source_alive(),
        .cropped = pictures_->cropped(),
        .renewals = pictures_->renewals(),
        .frames = counts.given};
    const bool lost_sight = source_watch_.judge(look, troubles_);
    if (pictures_->outdated() || lost_sight)
        pictures_->renew_source();
    const SilenceWatch::Verdict verdict = silence_.judge(counts);
    if (state.failed)
        HINDSIGHT_TRY(replace_encoder("failed"));
    else if (verdict == SilenceWatch::Verdict::Silent)
        HINDSIGHT_TRY(replace_encoder("took pictures and gave nothing back"));
    else if (verdict == SilenceWatch::Verdict::Hangs)
        HINDSIGHT_TRY(replace_encoder("took none of the pictures that wait for it"));
    else if (std::exchange(epoch_, state.epoch) == state.epoch)
        return govern();
    return Care::Restarted;
}

/// The next encoder of the chain goes on, at what was asked for.
Result<> Session::replace_encoder(const char* reason) {
    const std::string before = encoder_id_;
    log_.warn("encoder {}: {}", before, reason);
    stop_encoder(kDeadStopLimit);
    if (encoders_left_.empty() && SystemClock{}.now() - encoder_started_ > kWorthAnotherRound)
        fill_chain();
    if (governor_ && governor_->rung() > 0) {
        request_ = asked_;
        troubles_.clear("load");
        HINDSIGHT_TRY(change_pictures());
    }
    HINDSIGHT_TRY(run_next_encoder());
    if (encoder_id_ != before)
        troubles_.tell(
            "encoder",
            {.severity = "warning",
             .text = "The encoder " + before + " stopped working; " + encoder_id_ + " goes on.",
             .mend = "`hindsightctl encoders` tries them all."});
    return {};
}

}  // namespace

Result<std::unique_ptr<CaptureSession>> CaptureSession::start(
    ObsRuntime& runtime,
    const ipc::StartCapture& request,
    ring::RingWriter& ring,
    Calls calls,
    Log log) {
    if (request.fps < 1 || request.fps > 1000)
        return fail(Errc::InvalidArgument, "the frame rate must lie between 1 and 1000");
    auto session =
        std::make_unique<Session>(runtime, request, ring, std::move(calls), std::move(log));
    HINDSIGHT_TRY(session->open());
    return std::unique_ptr<CaptureSession>{std::move(session)};
}

}  // namespace hindsight::obs
