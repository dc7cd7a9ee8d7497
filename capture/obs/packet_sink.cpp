#include "packet_sink.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <utility>

namespace hindsight::obs {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
/// An audio encoder has a packet every 21 ms.
constexpr Duration kAudioPatience = Duration::from_ms(2'000);
/// More between two looks is time in which we were not let run, and the encoder neither.
constexpr Duration kLongestLook = Duration::from_ms(500);

std::vector<std::byte> extra_data(obs_encoder_t* encoder) {
    std::uint8_t* data = nullptr;
    std::size_t size = 0;
    if (!obs_encoder_get_extra_data(encoder, &data, &size) || data == nullptr)
        return {};
    const auto* bytes = reinterpret_cast<const std::byte*>(data);
    return {bytes, bytes + size};
}

/// FFmpeg's name for libobs' codec ("AAC" in some versions, "aac" in others).
std::string codec_name(obs_encoder_t* encoder) {
    const char* codec = obs_encoder_get_codec(encoder);
    std::string name = codec != nullptr ? codec : "";
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return name;
}

StreamInfo describe(const StreamPlan& plan, obs_encoder_t* encoder, Rational time_base, int fps) {
    StreamInfo info;
    info.kind = plan.kind;
    info.name = plan.name;
    info.codec = codec_name(encoder);
    info.time_base = time_base;
    info.extradata = extra_data(encoder);
    if (plan.kind == StreamKind::Video) {
        info.width = static_cast<std::int32_t>(obs_encoder_get_width(encoder));
        info.height = static_cast<std::int32_t>(obs_encoder_get_height(encoder));
        info.frame_rate = {fps, 1};
    } else {
        info.sample_rate = static_cast<std::int32_t>(obs_encoder_get_sample_rate(encoder));
        info.channels =
            static_cast<std::int32_t>(audio_output_get_channels(obs_encoder_audio(encoder)));
        info.frame_samples = static_cast<std::int32_t>(obs_encoder_get_frame_size(encoder));
    }
    return info;
}

}  // namespace

PacketSink::PacketSink(
    ring::RingWriter& ring,
    std::vector<StreamPlan> streams,
    int fps,
    std::optional<FrameGrid> grid,
    std::function<Duration()> picture_delay,
    std::function<void()> wake,
    Log log)
    : ring_{ring},
      fps_{fps},
      fixed_grid_{grid},
      picture_delay_{std::move(picture_delay)},
      wake_{std::move(wake)},
      log_{std::move(log)} {
    for (auto& plan : streams)
        tracks_.push_back(Track{.plan = std::move(plan), .info = {}, .samples = {}});
}

void PacketSink::set_pictures(int fps, std::optional<FrameGrid> grid, FrameGaps& gaps) {
    const std::scoped_lock lock{mutex_};
    fps_ = fps;
    fixed_grid_ = grid;
    gaps_ = &gaps;
}

void PacketSink::expect_epoch() {
    const std::scoped_lock lock{mutex_};
    expecting_ = true;
    begun_ = false;
    state_.failed = false;
    state_.newest_frame = -1;
    // Only the video encoder is new: audio runs on through a change of it.
    tracks_.front().started = false;
    tracks_.front().info.reset();
}

void PacketSink::deliver(std::size_t stream, const encoder_packet* packet) noexcept {
    bool news = watched_.load(std::memory_order_relaxed);
    if (packet == nullptr) {
        report_stop(stream);
        return;
    }
    {
        const std::scoped_lock lock{mutex_};
        news = deliver_locked(stream, *packet) || news;
    }
    if (news)
        wake_();
}

void PacketSink::report_stop(std::size_t stream) noexcept {
    {
        const std::scoped_lock lock{mutex_};
        // Without its sound a recording is still worth having.
        if (stream == 0)
            state_.failed = true;
        else if (std::exchange(tracks_[stream].awaited, false))
            log_.warn(
                "the encoder of '{}' failed; it is silent from now on", tracks_[stream].plan.name);
    }
    changed_.notify_all();
    wake_();
}

void PacketSink::note_life_locked(std::size_t stream, const encoder_packet& packet) {
    Track& track = tracks_[stream];
    ++track.packets;
    track.awaited = true;
    if (track.started)
        return;
    start_track_locked(track, packet);
    // A sound that comes when an epoch runs already joins at the next keyframe.
    expecting_ = expecting_ || begun_;
    changed_.notify_all();
}

/// True when the epoch began with this packet.
bool PacketSink::deliver_locked(std::size_t stream, const encoder_packet& packet) {
    Track& track = tracks_[stream];
    note_life_locked(stream, packet);
    bool began = false;
    if (stream == 0) {
        count_frame_locked(packet);
        if (expecting_ && packet.keyframe)
            began = begin_epoch_locked(packet);
    }
    if (!begun_ || !track.number)
        return false;
    // Where frames were left out, the encoder counts on and the grid does not.
    const std::int64_t left_out = stream == 0 ? frame_number_ - first_number_ - packet.pts : 0;
    if (stream == 0)
        state_.newest_frame = frame_number_;
    const Packet stored{
        .stream = *track.number,
        // Every audio packet can be decoded alone, but only pictures start a GOP.
        .keyframe = stream == 0 && packet.keyframe,
        .missed = stream == 0 && gaps_ != nullptr && gaps_->repeated.take(frame_number_),
        .pts = packet.pts + left_out,
        .dts = packet.dts + left_out,
        .capture_time = capture_time(track, packet),
        .data = track.samples->sample(std::as_bytes(std::span{packet.data, packet.size}))};
    if (const auto appended = ring_.append(stored); !appended) {
        // Full memory is counted by the ring; said once a minute, not for every packet.
        const MonoTime now = SystemClock{}.now();
        if (last_complaint_ == MonoTime::min() ||
            now - last_complaint_ > Duration::from_ms(60'000)) {
            last_complaint_ = now;
            log_.warn("cannot keep a packet: {}", appended.error().what);
        }
        return began;
    }
    track.newest = std::max(track.newest, stored.capture_time);
    state_.bytes += stored.data.size();
    return began;
}

/// libobs tells the system time of each packet's dts such that the first packet's dts falls on the
/// first picture (or sample) given to the encoder. So pts 0 was captured at
/// `sys_dts - (dts - dts_first)`, whatever delay (B-frames) or priming (AAC) precedes it: the
/// priming samples get times before the start, as they must.
void PacketSink::start_track_locked(Track& track, const encoder_packet& packet) {
    const Rational time_base{packet.timebase_num, packet.timebase_den};
    track.started = true;
    // Without B-frames the first dts is that of the first picture. (For sound, versions of libobs
    // differ in whether the encoder's priming counts.)
    MonoTime base =
        track.plan.origin ? track.plan.origin() : MonoTime::from_ns(packet.sys_dts_usec * 1'000);
    if (track.plan.kind == StreamKind::Video && fixed_grid_)
        base = fixed_grid_->time_of(fixed_grid_->nearest_index(base - picture_delay_()));
    if (track.plan.kind == StreamKind::Video) {
        first_number_ = fixed_grid_ ? fixed_grid_->nearest_index(base) : 0;
        frame_number_ = first_number_ + packet.pts;
        frame_pts_ = packet.pts;
    }
    track.base = base;
    track.info = describe(track.plan, packet.encoder, time_base, fps_);
    track.samples.emplace(*track.info);
    track.newest = MonoTime::min();
    log_.debug(
        "stream '{}' ({}) starts with pts {}, dts {}",
        track.plan.name,
        track.info->codec,
        packet.pts,
        packet.dts);
}

bool PacketSink::is_missing(std::int64_t frame) const {
    return gaps_ != nullptr && gaps_->absent.take(frame);
}

/// The encoder numbers what it is given; the frames that it was not given lie between.
void PacketSink::count_frame_locked(const encoder_packet& packet) {
    for (; frame_pts_ < packet.pts; ++frame_pts_) {
        ++frame_number_;
        while (is_missing(frame_number_))
            ++frame_number_;
    }
}

MonoTime PacketSink::capture_time(const Track& track, const encoder_packet& packet) const {
    if (track.plan.kind == StreamKind::Video && fixed_grid_)
        return fixed_grid_->time_of(frame_number_);
    return track.base + to_duration(packet.pts, {packet.timebase_num, packet.timebase_den});
}

bool PacketSink::begin_epoch_locked(const encoder_packet& packet) {
    std::vector<StreamInfo> infos;
    for (auto& track : tracks_) {
        track.number.reset();
        // An audio encoder has a packet every 21 ms: the next keyframe finds it started.
        if (!track.info && track.awaited)
            return false;
        if (!track.info)
            continue;
        track.number = static_cast<std::uint32_t>(infos.size());
        infos.push_back(*track.info);
    }
    const std::uint64_t epoch = ring_.last_epoch() + 1;
    if (const auto begun = ring_.begin_epoch(epoch, std::move(infos)); !begun) {
        log_.error("cannot open the ring: {}", begun.error().what);
        state_.failed = true;
        changed_.notify_all();
        return true;
    }
    const MonoTime first = capture_time(tracks_.front(), packet);
    state_.epoch = epoch;
    state_.video = *tracks_.front().info;
    // On the absolute grid every full second is a frame time.
    state_.grid = {
        fixed_grid_ ? MonoTime::from_ns(first.ns() / kSecond * kSecond) : first, {fps_, 1}};
    expecting_ = false;
    begun_ = true;
    changed_.notify_all();
    return true;
}

void PacketSink::wait_for_audio(Duration patience) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, std::chrono::nanoseconds{patience.ns()}, [this] {
        return std::all_of(tracks_.begin() + 1, tracks_.end(), [](const Track& track) {
            return track.started || !track.awaited;
        });
    });
    for (auto track = tracks_.begin() + 1; track != tracks_.end(); ++track)
        track->awaited = track->started && track->awaited;
}

std::vector<std::string> PacketSink::missing_audio(MonoTime now) {
    const std::scoped_lock lock{mutex_};
    const Duration passed =
        looked_ == MonoTime::min() ? Duration::zero() : std::min(now - looked_, kLongestLook);
    looked_ = now;
    std::vector<std::string> missing;
    for (auto track = tracks_.begin() + 1; track != tracks_.end(); ++track) {
        const bool came = track->packets != std::exchange(track->packets_then, track->packets);
        track->silent = came ? Duration::zero() : track->silent + passed;
        track->awaited = track->awaited && track->silent <= kAudioPatience;
        if (!track->awaited)
            missing.push_back(track->plan.name);
    }
    return missing;
}

PacketSink::Begin PacketSink::wait_for_epoch(Duration patience) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(
        lock, std::chrono::nanoseconds{patience.ns()}, [this] { return begun_ || state_.failed; });
    if (state_.failed)
        return Begin::Failed;
    return begun_ ? Begin::Running : Begin::Silent;
}

PacketSink::State PacketSink::state() const {
    const std::scoped_lock lock{mutex_};
    State state = state_;
    state.video_packets = tracks_.front().packets;
    return state;
}

MonoTime PacketSink::complete_until() const {
    const std::scoped_lock lock{mutex_};
    MonoTime complete = tracks_.front().newest;
    for (const auto& track : tracks_)
        if (track.number && track.awaited)
            complete = std::min(complete, track.newest);
    return complete;
}

}  // namespace hindsight::obs
