#include "timeline.hpp"

#include "parameter_sets.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hindsight::mux {

namespace {

/// Track ticks per second are at least this, so that rounding a capture time costs 33 µs at most.
constexpr std::int32_t kMinTicks = 15'360;
/// Audio whose capture time strays this far from the running sample count is placed anew.
constexpr Duration kAudioSlip = Duration::from_ms(60);
/// Within one run, frames this far apart are a hole and not a slow game.
constexpr Duration kGap = Duration::from_ms(250);

std::int64_t ticks_of(Duration d, Rational time_base) {
    const double exact = static_cast<double>(d.ns()) / 1e9 * time_base.den / time_base.num;
    return static_cast<std::int64_t>(exact + (exact < 0 ? -0.5 : 0.5));
}

/// `ticks` of `from` in units of `to`, rounded to nearest.
std::int64_t rescale(std::int64_t ticks, Rational from, Rational to) {
    return ticks_of(to_duration(ticks, from), to);
}

Rational frame_rate_of(const StreamInfo& video) {
    return video.frame_rate.num > 0 ? video.frame_rate : Rational{60, 1};
}

Rational track_time_base(const StreamInfo& info) {
    if (info.kind == StreamKind::Audio)
        return {1, std::max(info.sample_rate, 1)};
    const std::int32_t num = frame_rate_of(info).num;
    const std::int32_t times = (kMinTicks + num - 1) / num;
    return {1, num * times};
}

}  // namespace

Timeline::Timeline(const std::vector<StreamInfo>& streams, MonoTime origin)
    : Timeline{streams, origin, std::vector<std::int64_t>(streams.size(), INT64_MIN)} {}

Timeline::Timeline(
    const std::vector<StreamInfo>& streams, MonoTime origin, std::vector<std::int64_t> ends)
    : origin_{origin}, ends_{std::move(ends)}, bases_(streams.size()) {
    for (const StreamInfo& info : streams)
        streams_.push_back({info, track_time_base(info)});
    ends_.resize(streams.size(), INT64_MIN);
}

bool Timeline::takes(const std::vector<StreamInfo>& streams) const {
    return std::equal(
        streams.begin(),
        streams.end(),
        streams_.begin(),
        streams_.end(),
        [](const StreamInfo& a, const PlannedStream& b) {
            return joined_stream(b.info, a) == b.info;
        });
}

std::vector<std::int64_t> Timeline::steps() const {
    std::vector<std::int64_t> steps;
    for (const auto& [info, time_base] : streams_)
        steps.push_back(
            info.kind == StreamKind::Video ? ticks_of(frame_period(info), time_base)
                                           : info.frame_samples);
    return steps;
}

void Timeline::begin_run() {
    for (auto& base : bases_)
        base.reset();
}

PlannedPacket Timeline::place(std::uint32_t stream, const Packet& packet) {
    PlannedPacket planned = stream == 0 ? place_video(packet) : place_audio(stream, packet);
    planned.stream = stream;
    planned.capture_time = packet.capture_time;
    planned.data = packet.data;
    return planned;
}

PlannedPacket Timeline::place_video(const Packet& packet) {
    const PlannedStream& track = streams_.front();
    const Rational tb = track.time_base;
    const std::int64_t frame = ticks_of(frame_period(track.info), tb);
    auto& base = bases_.front();
    if (!base) {
        std::int64_t at = ticks_of(packet.capture_time - origin_, tb);
        // Epochs share the frame grid as a rule; a base next to it is that base with rounding.
        if (const std::int64_t off = ((at % frame) + frame) % frame; off <= 1)
            at -= off;
        else if (frame - off <= 1)
            at += frame - off;
        base = Base{std::max(at, ends_.front()), packet.pts};
    }
    PlannedPacket planned;
    planned.keyframe = packet.keyframe;
    planned.pts = base->at + rescale(packet.pts - base->from, track.info.time_base, tb);
    planned.dts = base->at + rescale(packet.dts - base->from, track.info.time_base, tb);
    planned.duration = frame;
    ends_.front() = std::max(ends_.front(), planned.pts + frame);
    return planned;
}

/// A run of audio starts at its capture time and is then counted in samples, so that jitter of the
/// stamps does not become jitter of the sound.
PlannedPacket Timeline::place_audio(std::uint32_t stream, const Packet& packet) {
    const PlannedStream& track = streams_[stream];
    const Rational tb = track.time_base;
    auto& base = bases_[stream];
    const std::int64_t captured = ticks_of(packet.capture_time - origin_, tb);
    std::int64_t pts = captured;
    if (base)
        pts = base->at + rescale(packet.pts - base->from, track.info.time_base, tb);
    if (!base || std::abs(pts - captured) > ticks_of(kAudioSlip, tb)) {
        pts = std::max(captured, ends_[stream]);
        base = Base{pts, packet.pts};
    }
    PlannedPacket planned;
    planned.keyframe = true;
    planned.pts = planned.dts = std::max(pts, ends_[stream]);
    planned.duration = track.info.frame_samples;
    ends_[stream] = planned.pts + std::max<std::int64_t>(planned.duration, 1);
    return planned;
}

std::vector<std::uint32_t> clip_streams(const std::vector<StreamInfo>& streams) {
    std::vector<std::uint32_t> indices;
    for (std::uint32_t i = 0; i < streams.size(); ++i) {
        if (streams[i].kind == StreamKind::Video && indices.empty())
            indices.push_back(i);
    }
    if (indices.empty())
        return indices;
    for (std::uint32_t i = 0; i < streams.size(); ++i) {
        if (streams[i].kind == StreamKind::Audio)
            indices.push_back(i);
    }
    return indices;
}

Duration frame_period(const StreamInfo& video) {
    const Rational rate = frame_rate_of(video);
    return to_duration(1, {rate.den, rate.num});
}

void sort_by_time(std::vector<PlannedPacket>& packets, const std::vector<PlannedStream>& streams) {
    const auto when = [&](const PlannedPacket& p) {
        return to_duration(p.dts, streams[p.stream].time_base);
    };
    std::stable_sort(
        packets.begin(), packets.end(), [&](const PlannedPacket& a, const PlannedPacket& b) {
            return std::pair{when(a), a.stream} < std::pair{when(b), b.stream};
        });
}

void note_gap(
    std::vector<ClipGap>& gaps,
    const PlannedStream& video,
    std::int64_t end,
    std::int64_t pts,
    bool begins_run) {
    if (end == INT64_MIN || pts <= 0)
        return;
    const Duration hole = to_duration(pts - end, video.time_base);
    if (hole >= kGap || (begins_run && hole > frame_period(video.info)))
        gaps.push_back({to_duration(std::max<std::int64_t>(end, 0), video.time_base), hole});
}

std::int64_t frames_left_out(std::int64_t end, const PlannedPacket& next) {
    return end == INT64_MIN || next.pts <= 0 ? 0 : (next.pts - end) / next.duration;
}

}  // namespace hindsight::mux
