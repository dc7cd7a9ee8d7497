#include "clip_plan.hpp"

#include "parameter_sets.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace hindsight::mux {

namespace {

using ring::SegmentReader;

/// A packet and the checksum that the ring keeps of it.
struct ReadPacket : Packet {
    std::uint32_t crc32c = 0;
    std::uint32_t source = 0;
};

/// The footage of one epoch: one run of continuous timestamps.
struct Run {
    std::uint64_t epoch = 0;
    std::vector<StreamInfo> streams;               ///< video first, no actions
    std::vector<std::vector<ReadPacket>> packets;  ///< by stream
};

/// Adds the packets of a segment; a damaged tail is passed over.
void read_segment(SegmentReader& reader, std::uint32_t source, MonoTime to, Run& run) {
    const auto indices = clip_streams(reader.info().streams);
    while (const auto stored = reader.next()) {
        const Packet& packet = stored->packet;
        const auto at = std::find(indices.begin(), indices.end(), packet.stream);
        if (at == indices.end() || packet.capture_time >= to)
            continue;
        run.packets[static_cast<std::size_t>(at - indices.begin())].push_back(
            {packet, stored->crc32c, source});
    }
}

std::vector<Run> read_runs(const WriteRequest& request, ring::Payloads payloads, ClipPlan& plan) {
    std::vector<Run> runs;
    for (const auto& file : request.segments) {
        auto reader = SegmentReader::open(file, payloads);
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
            read_segment(**reader, plan.sources.size(), request.to, runs.back());
        plan.sources.add(*std::move(reader));
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
        : timeline_{first.streams, origin_of(first, from)}, from_{from} {
        part_.streams = timeline_.streams();
        part_.origin = timeline_.origin();
    }

    /// Adds the run, unless its streams do not fit into the tracks of this part.
    [[nodiscard]] bool add(const Run& run) {
        if (!fit(run))
            return false;
        const bool begins_run = !part_.packets.empty();
        timeline_.begin_run();
        for (const ReadPacket& packet : run.packets.front())
            add_video(packet, begins_run && &packet == &run.packets.front().front());
        for (std::uint32_t s = 1; s < run.packets.size(); ++s)
            for (const ReadPacket& packet : run.packets[s])
                part_.packets.push_back(place(s, packet));
        part_.duration_ticks = timeline_.ends().front();
        return true;
    }

    PartPlan take() {
        leave_out_empty_tracks();
        sort_by_time(part_.packets, part_.streams);
        for (const PlannedPacket& p : part_.packets)
            part_.payload_bytes += p.data.size();
        part_.packet_count = part_.packets.size();
        std::sort(part_.frames.begin(), part_.frames.end());
        return std::move(part_);
    }

private:
    static MonoTime origin_of(const Run& run, MonoTime from) {
        const auto& video = run.packets.front();
        const auto shown = std::find_if(
            video.begin(), video.end(), [&](const Packet& p) { return p.capture_time >= from; });
        return (shown == video.end() ? video.front() : *shown).capture_time;
    }

    /// The tracks' descriptions grow by what the run needs.
    bool fit(const Run& run) {
        if (run.streams.size() != part_.streams.size())
            return false;
        std::vector<StreamInfo> joined;
        for (std::size_t i = 0; i < run.streams.size(); ++i) {
            auto both = joined_stream(part_.streams[i].info, run.streams[i]);
            if (!both)
                return false;
            joined.push_back(*std::move(both));
        }
        for (std::size_t i = 0; i < joined.size(); ++i)
            part_.streams[i].info = std::move(joined[i]);
        return true;
    }

    /// A sound whose encoder failed before has no packets here, and MP4 has no tracks without any.
    void leave_out_empty_tracks() {
        std::vector<bool> used(part_.streams.size());
        for (const PlannedPacket& packet : part_.packets)
            used[packet.stream] = true;
        std::vector<std::uint32_t> numbers(used.size());
        std::vector<PlannedStream> streams;
        for (std::size_t s = 0; s < used.size(); ++s) {
            if (!used[s])
                continue;
            numbers[s] = static_cast<std::uint32_t>(streams.size());
            streams.push_back(std::move(part_.streams[s]));
        }
        part_.streams = std::move(streams);
        for (PlannedPacket& packet : part_.packets)
            packet.stream = numbers[packet.stream];
    }

    PlannedPacket place(std::uint32_t stream, const ReadPacket& packet) {
        PlannedPacket planned = timeline_.place(stream, packet);
        planned.crc32c = packet.crc32c;
        planned.source = packet.source;
        return planned;
    }

    void add_video(const ReadPacket& packet, bool begins_run) {
        const PlannedStream& track = part_.streams.front();
        const std::int64_t end = timeline_.ends().front();
        const PlannedPacket planned = place(0, packet);
        note_gap(part_.gaps, track, end, planned.pts, begins_run);
        if (!begins_run)
            part_.missed_frames += frames_left_out(end, planned);
        if (planned.keyframe)
            part_.keyframes.push_back(to_duration(planned.pts, track.time_base));
        if (planned.pts >= 0 && packet.capture_time >= from_) {
            part_.frames.push_back(packet.capture_time);
            part_.missed_frames += packet.missed ? 1 : 0;
        }
        part_.packets.push_back(planned);
    }

    PartPlan part_;
    Timeline timeline_;
    MonoTime from_;
};

/// Sound lies up to a segment away from its pictures.
constexpr std::size_t kLoadedSegments = 4;

}  // namespace

void PacketSources::add(std::unique_ptr<SegmentReader> segment) {
    segment->unload();
    segments_.push_back(std::move(segment));
}

Result<> PacketSources::need(std::uint32_t source) {
    if (std::find(loaded_.begin(), loaded_.end(), source) != loaded_.end() ||
        source >= segments_.size())
        return {};
    HINDSIGHT_TRY(segments_[source]->load());
    loaded_.push_back(source);
    if (loaded_.size() > kLoadedSegments) {
        segments_[loaded_.front()]->unload();
        loaded_.pop_front();
    }
    return {};
}

WrittenFile written_file(FilePlan& part, std::filesystem::path path) {
    WrittenFile file;
    const StreamInfo& video = part.streams.front().info;
    std::error_code error;
    file.size_bytes = std::filesystem::file_size(path, error);
    file.path = std::move(path);
    file.first_frame = part.origin;
    file.frames = std::move(part.frames);
    file.gaps = std::move(part.gaps);
    file.missed_frames = part.missed_frames;
    file.duration = part.duration();
    file.width = video.width;
    file.height = video.height;
    file.fps = video.frame_rate;
    file.keyframes = std::move(part.keyframes);
    return file;
}

Result<ClipPlan>
plan_clip(const WriteRequest& request, ring::Payloads payloads, const std::stop_token& stop) {
    ClipPlan plan;
    std::vector<Run> runs = read_runs(request, payloads, plan);
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
