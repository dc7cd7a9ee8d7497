#include "clip_plan.hpp"

#include "parameter_sets.hpp"
#include "payload.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace hindsight::mux {

namespace {

using ring::SegmentReader;

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
/// Track ticks per second are at least this, so that rounding a capture time costs 33 µs at most.
constexpr std::int32_t kMinTicks = 15'360;
/// Audio whose capture time strays this far from the running sample count is placed anew.
constexpr Duration kAudioSlip = Duration::from_ms(60);
/// Within one epoch, frames this far apart are a hole and not a slow game.
constexpr Duration kGap = Duration::from_ms(250);

/// A packet whose checksum was found right, and what the file's will be: taken while the processor
/// still has the bytes at hand.
struct ReadPacket : Packet {
    std::uint32_t content_crc = 0;
};

/// The footage of one epoch: one run of continuous timestamps.
struct Run {
    std::uint64_t epoch = 0;
    std::vector<StreamInfo> streams;               ///< video first, no actions
    std::vector<std::vector<ReadPacket>> packets;  ///< by stream
};

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

Duration frame_period(const StreamInfo& video) {
    const Rational rate = frame_rate_of(video);
    return to_duration(1, {rate.den, rate.num});
}

/// Indices of the streams that belong in a clip, the first video stream first.
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

/// Adds the packets of a segment; a damaged tail is passed over.
void read_segment(SegmentReader& reader, MonoTime to, Run& run) {
    const auto indices = clip_streams(reader.info().streams);
    while (const auto stored = reader.next()) {
        const Packet& packet = stored->packet;
        const auto at = std::find(indices.begin(), indices.end(), packet.stream);
        if (at == indices.end() || packet.capture_time >= to)
            continue;
        const auto index = static_cast<std::size_t>(at - indices.begin());
        run.packets[index].push_back(
            {packet, content_crc(run.streams[index], packet.data, stored->crc32c)});
    }
}

std::vector<Run> read_runs(const WriteRequest& request, ClipPlan& plan) {
    std::vector<Run> runs;
    for (const auto& file : request.segments) {
        auto reader = SegmentReader::open(file);
        if (!reader)
            continue;
        const ring::SegmentInfo& info = (*reader)->info();
        const auto indices = clip_streams(info.streams);
        if (indices.empty())
            continue;
        if (runs.empty() || runs.back().epoch != info.epoch) {
            Run run{info.epoch, {}, {}};
            for (const std::uint32_t i : indices)
                run.streams.push_back(info.streams[i]);
            run.packets.resize(indices.size());
            runs.push_back(std::move(run));
        }
        if (runs.back().streams.size() == indices.size())
            read_segment(**reader, request.to, runs.back());
        plan.readers.push_back(*std::move(reader));
    }
    return runs;
}

/// Cuts the run's video to [last keyframe at or before `from`, end]; false when nothing of it is
/// shown.
bool cut_video(Run& run, MonoTime from) {
    auto& video = run.packets.front();
    const auto shown = std::find_if(
        video.begin(), video.end(), [&](const Packet& p) { return p.capture_time >= from; });
    if (shown == video.end())
        return false;
    // The keyframe that the first shown frame needs; where it is lost, the next one.
    auto start = std::find_if(
        std::make_reverse_iterator(std::next(shown)), video.rend(), [](const Packet& p) {
            return p.keyframe;
        });
    auto first = start != video.rend()
                     ? std::prev(start.base())
                     : std::find_if(shown, video.end(), [](const Packet& p) { return p.keyframe; });
    video.erase(video.begin(), first);
    return !video.empty();
}

/// Keeps the audio that sounds between the run's first and last frame.
void cut_audio(Run& run, Duration period) {
    const auto& video = run.packets.front();
    const MonoTime begin = video.front().capture_time;
    const MonoTime end = video.back().capture_time + period;
    for (std::size_t s = 1; s < run.packets.size(); ++s) {
        const StreamInfo& info = run.streams[s];
        const Duration length = to_duration(info.frame_samples, {1, std::max(info.sample_rate, 1)});
        auto& audio = run.packets[s];
        audio.erase(
            std::remove_if(
                audio.begin(),
                audio.end(),
                [&](const Packet& p) {
                    return p.capture_time + length <= begin || p.capture_time >= end;
                }),
            audio.end());
    }
}

/// Builds one part from runs with equal streams.
class PartBuilder {
public:
    PartBuilder(const Run& first, MonoTime from)
        : period_{frame_period(first.streams.front())}, from_{from} {
        for (const StreamInfo& info : first.streams)
            part_.streams.push_back({info, track_time_base(info)});
        next_audio_.resize(first.streams.size());
        const auto& video = first.packets.front();
        const auto shown = std::find_if(
            video.begin(), video.end(), [&](const Packet& p) { return p.capture_time >= from; });
        part_.origin = (shown == video.end() ? video.front() : *shown).capture_time;
    }

    /// Adds the run, unless its streams do not fit into the tracks of this part.
    [[nodiscard]] bool add(const Run& run) {
        if (!fit(run))
            return false;
        add_video(run.packets.front());
        for (std::uint32_t s = 1; s < run.packets.size(); ++s)
            add_audio(s, run.packets[s]);
        return true;
    }

    PartPlan take() {
        // One order over all tracks by time, video first among equals; stable, so that each track
        // keeps its own.
        const auto when = [this](const PlannedPacket& p) {
            return to_duration(p.dts, part_.streams[p.stream].time_base);
        };
        std::stable_sort(
            part_.packets.begin(),
            part_.packets.end(),
            [&](const PlannedPacket& a, const PlannedPacket& b) {
                return std::pair{when(a), a.stream} < std::pair{when(b), b.stream};
            });
        for (const PlannedPacket& p : part_.packets)
            part_.payload_bytes += p.data.size();
        std::sort(part_.frames.begin(), part_.frames.end());
        return std::move(part_);
    }

private:
    /// Equal streams fit; so does H.264 whose parameter sets can lie beside those that are there.
    bool fit(const Run& run) {
        if (run.streams.size() != part_.streams.size())
            return false;
        for (std::size_t i = 1; i < run.streams.size(); ++i)
            if (run.streams[i] != part_.streams[i].info)
                return false;
        StreamInfo video = run.streams.front();
        StreamInfo track = part_.streams.front().info;
        if (video.codec == "h264" && video.extradata != track.extradata) {
            const auto joined = joined_parameter_sets(track.extradata, video.extradata);
            if (!joined)
                return false;
            video.extradata = track.extradata = *joined;
        }
        if (video != track)
            return false;
        part_.streams.front().info = std::move(track);
        return true;
    }

    void add_video(const std::vector<ReadPacket>& video) {
        const PlannedStream& track = part_.streams.front();
        const Rational tb = track.time_base;
        const std::int64_t frame = ticks_of(period_, tb);
        const Packet& first = video.front();
        std::int64_t base = ticks_of(first.capture_time - part_.origin, tb);
        // Epochs share the frame grid as a rule; a base next to it is that base with rounding.
        if (const std::int64_t off = ((base % frame) + frame) % frame; off <= 1)
            base -= off;
        else if (frame - off <= 1)
            base += frame - off;
        base = std::max(base, end_of_video_);
        const bool starts_epoch = end_of_video_ != INT64_MIN;
        for (std::size_t i = 0; i < video.size(); ++i) {
            const ReadPacket& p = video[i];
            PlannedPacket planned;
            planned.keyframe = p.keyframe;
            planned.pts = base + rescale(p.pts - first.pts, track.info.time_base, tb);
            planned.dts = base + rescale(p.dts - first.pts, track.info.time_base, tb);
            planned.duration = frame;
            planned.capture_time = p.capture_time;
            planned.data = p.data;
            planned.content_crc = p.content_crc;
            note_gap(planned, i == 0 && starts_epoch);
            if (p.keyframe)
                part_.keyframes.push_back(to_duration(planned.pts, tb));
            if (planned.pts >= 0 && p.capture_time >= from_) {
                part_.frames.push_back(p.capture_time);
                part_.missed_frames += p.missed ? 1 : 0;
            }
            end_of_video_ = std::max(end_of_video_, planned.pts + frame);
            part_.packets.push_back(planned);
        }
        part_.duration_ticks = end_of_video_;
    }

    void note_gap(const PlannedPacket& next, bool new_epoch) {
        const Rational tb = part_.streams.front().time_base;
        if (end_of_video_ == INT64_MIN || next.pts <= 0)
            return;
        const Duration hole = to_duration(next.pts - end_of_video_, tb);
        // Within an epoch frames are left out only when the machine was too slow for them.
        if (!new_epoch)
            part_.missed_frames += (next.pts - end_of_video_) / next.duration;
        if (hole >= kGap || (new_epoch && hole > period_))
            part_.gaps.push_back({to_duration(std::max<std::int64_t>(end_of_video_, 0), tb), hole});
    }

    /// A run of audio starts at its capture time and is then counted in samples, so that jitter
    /// of the stamps does not become jitter of the sound.
    void add_audio(std::uint32_t s, const std::vector<ReadPacket>& audio) {
        const PlannedStream& track = part_.streams[s];
        const Rational tb = track.time_base;
        std::optional<std::int64_t> base;
        std::int64_t first_pts = 0;
        for (const ReadPacket& p : audio) {
            const std::int64_t captured = ticks_of(p.capture_time - part_.origin, tb);
            std::int64_t pts = captured;
            if (base)
                pts = *base + rescale(p.pts - first_pts, track.info.time_base, tb);
            if (!base || std::abs(pts - captured) > ticks_of(kAudioSlip, tb)) {
                pts = std::max(captured, next_audio_[s].value_or(INT64_MIN));
                base = pts;
                first_pts = p.pts;
            }
            PlannedPacket planned;
            planned.stream = s;
            planned.keyframe = true;
            planned.pts = planned.dts = std::max(pts, next_audio_[s].value_or(INT64_MIN));
            planned.duration = track.info.frame_samples;
            planned.capture_time = p.capture_time;
            planned.data = p.data;
            planned.content_crc = p.content_crc;
            next_audio_[s] = planned.pts + std::max<std::int64_t>(planned.duration, 1);
            part_.packets.push_back(planned);
        }
    }

    PartPlan part_;
    Duration period_;
    MonoTime from_;
    std::int64_t end_of_video_ = INT64_MIN;
    std::vector<std::optional<std::int64_t>> next_audio_;
};

}  // namespace

Result<ClipPlan> plan_clip(const WriteRequest& request, const std::stop_token& stop) {
    ClipPlan plan;
    std::vector<Run> runs = read_runs(request, plan);
    std::unique_ptr<PartBuilder> builder;
    for (Run& run : runs) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, "saving was cancelled");
        if (!cut_video(run, request.from))
            continue;
        cut_audio(run, frame_period(run.streams.front()));
        if (builder && builder->add(run))
            continue;
        if (builder)
            plan.parts.push_back(builder->take());
        builder = std::make_unique<PartBuilder>(run, request.from);
        static_cast<void>(builder->add(run));
    }
    if (builder)
        plan.parts.push_back(builder->take());
    return plan;
}

}  // namespace hindsight::mux
