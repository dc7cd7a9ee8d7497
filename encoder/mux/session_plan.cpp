#include "session_plan.hpp"

#include "mp4_input.hpp"

#include <hindsight/core/handle.hpp>

#include <fcntl.h>
#include <ffmpeg/av_error.hpp>
#include <ffmpeg/av_handle.hpp>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <numeric>
#include <string>
#include <utility>

namespace hindsight::mux {

class FileMapping {
public:
    FileMapping(const std::byte* base, std::size_t size) : base_{base}, size_{size} {}

    FileMapping(const FileMapping&) = delete;
    FileMapping& operator=(const FileMapping&) = delete;

    ~FileMapping() { ::munmap(const_cast<std::byte*>(base_), size_); }

    [[nodiscard]] std::span<const std::byte> bytes() const { return {base_, size_}; }

private:
    const std::byte* base_;
    std::size_t size_;
};

namespace {

constexpr const char* kDoing = "reading the recording";

tl::unexpected<Error> corrupt(const char* what) {
    return fail(Errc::Corrupt, std::string{"the recording is damaged: "} + what);
}

Result<std::shared_ptr<const FileMapping>> map_file(const std::filesystem::path& file) {
    const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!fd)
        return fail_errno(kDoing, errno);

    struct stat status {};

    if (::fstat(fd.get(), &status) != 0)
        return fail_errno(kDoing, errno);
    if (status.st_size == 0)
        return corrupt("it is empty");
    const auto size = static_cast<std::size_t>(status.st_size);
    void* base = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
    if (base == MAP_FAILED)
        return fail_errno(kDoing, errno);
    ::madvise(base, size, MADV_DONTDUMP);
    return std::make_shared<const FileMapping>(static_cast<const std::byte*>(base), size);
}

PlannedStream stream_of(const AVStream& stream) {
    const AVCodecParameters& par = *stream.codecpar;
    PlannedStream planned;
    planned.time_base = {stream.time_base.num, stream.time_base.den};
    StreamInfo& info = planned.info;
    info.kind = par.codec_type == AVMEDIA_TYPE_VIDEO ? StreamKind::Video : StreamKind::Audio;
    info.codec = avcodec_get_name(par.codec_id);
    if (const auto* name = av_dict_get(stream.metadata, "handler_name", nullptr, 0);
        name != nullptr && info.kind == StreamKind::Audio)
        info.name = name->value;
    const auto* extradata = reinterpret_cast<const std::byte*>(par.extradata);
    info.extradata.assign(extradata, extradata + par.extradata_size);
    info.width = par.width;
    info.height = par.height;
    info.sample_rate = par.sample_rate;
    info.channels = par.ch_layout.nb_channels;
    return planned;
}

/// Checks the packets of one track against the marks, segment by segment.
class TrackMarks {
public:
    TrackMarks(const std::vector<SessionMark>& marks, std::uint32_t track)
        : marks_{marks}, track_{track} {
        pass_empty();
    }

    [[nodiscard]] bool next(std::uint32_t crc) {
        if (at_ == marks_.size())
            return false;
        crc_ = fold_crc(crc_, crc);
        if (++count_ < marks_[at_].track_packets[track_])
            return true;
        const bool equal = crc_ == marks_[at_].track_crcs[track_];
        ++at_;
        crc_ = 0;
        count_ = 0;
        pass_empty();
        return equal;
    }

    [[nodiscard]] bool complete() const { return at_ == marks_.size(); }

private:
    void pass_empty() {
        while (at_ < marks_.size() && marks_[at_].track_packets[track_] == 0)
            ++at_;
    }

    const std::vector<SessionMark>& marks_;
    std::uint32_t track_;
    std::size_t at_ = 0;
    std::uint32_t crc_ = 0;
    std::uint32_t count_ = 0;
};

Result<> read_packets(
    AVFormatContext* input,
    const SessionFinish& session,
    const FileMapping& mapping,
    const std::stop_token& stop,
    PartPlan& part) {
    std::vector<TrackMarks> tracks;
    for (std::uint32_t s = 0; s < part.streams.size(); ++s)
        tracks.emplace_back(session.marks, s);
    const PacketHandle packet{av_packet_alloc()};
    int read = 0;
    while ((read = av_read_frame(input, packet.get())) >= 0) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, "saving was cancelled");
        const auto s = static_cast<std::uint32_t>(packet->stream_index);
        const auto size = static_cast<std::size_t>(packet->size);
        const auto pos = static_cast<std::size_t>(std::max<std::int64_t>(packet->pos, 0));
        if (s >= tracks.size() || packet->pos < 0 || size > mapping.bytes().size() ||
            pos > mapping.bytes().size() - size)
            return corrupt("a packet lies outside");
        PlannedPacket planned;
        planned.stream = s;
        planned.keyframe = (packet->flags & AV_PKT_FLAG_KEY) != 0;
        planned.pts = packet->pts;
        planned.dts = packet->dts;
        planned.duration = packet->duration;
        planned.data = mapping.bytes().subspan(pos, size);
        planned.crc32c = crc32c(planned.data);
        if (!tracks[s].next(planned.crc32c))
            return corrupt("a packet differs from what was recorded");
        part.payload_bytes += size;
        part.packets.push_back(planned);
        av_packet_unref(packet.get());
    }
    if (read != AVERROR_EOF)
        return fail_av(kDoing, read);
    const bool complete = std::all_of(
        tracks.begin(), tracks.end(), [](const TrackMarks& track) { return track.complete(); });
    return complete ? Result<>{} : corrupt("its end is missing");
}

/// The reader tells no lengths of sound packets: it is the distance of two that follow each other.
void measure_sound(PartPlan& part) {
    std::vector<std::int64_t> before(part.streams.size(), INT64_MIN);
    for (const PlannedPacket& p : part.packets) {
        std::int32_t& samples = part.streams[p.stream].info.frame_samples;
        if (p.stream != 0 && before[p.stream] != INT64_MIN) {
            const auto distance = static_cast<std::int32_t>(p.pts - before[p.stream]);
            samples = samples == 0 ? distance : std::min(samples, distance);
        }
        before[p.stream] = p.pts;
    }
    for (PlannedPacket& p : part.packets)
        if (p.stream != 0)
            p.duration = part.streams[p.stream].info.frame_samples;
}

/// What a clip's plan knows from the ring is read off the packets here.
void describe(const SessionFinish& session, PartPlan& part) {
    measure_sound(part);
    PlannedStream& video = part.streams.front();
    const Rational tb = video.time_base;
    std::int64_t end = INT64_MIN;
    for (const PlannedPacket& p : part.packets) {
        if (p.stream != 0)
            continue;
        if (end == INT64_MIN && p.duration > 0) {
            const auto frame = static_cast<std::int32_t>(p.duration);
            const std::int32_t common = std::gcd(tb.den, frame);
            video.info.frame_rate = {tb.den / common, frame / common};
        }
        note_gap(part.gaps, video, end, p.pts, false);
        end = std::max(end, p.pts + p.duration);
        if (p.keyframe)
            part.keyframes.push_back(to_duration(p.pts, tb));
    }
    part.duration_ticks = end;
    part.origin = session.marks.front().origin;
    for (const SessionMark& mark : session.marks) {
        part.frames.insert(part.frames.end(), mark.frames.begin(), mark.frames.end());
        part.missed_frames += mark.missed_frames;
    }
}

}  // namespace

Result<SessionPlan> plan_session(const SessionFinish& session, const std::stop_token& stop) {
    if (session.marks.empty())
        return fail(Errc::NotFound, "nothing has been recorded");
    SessionPlan plan;
    HINDSIGHT_ASSIGN(plan.mapping, map_file(session.file));
    HINDSIGHT_ASSIGN(const InputHandle input, open_all_packets(session.file, kDoing));
    for (unsigned i = 0; i < input->nb_streams; ++i)
        plan.part.streams.push_back(stream_of(*input->streams[i]));
    if (plan.part.streams.size() != session.marks.front().track_packets.size() ||
        plan.part.streams.front().info.kind != StreamKind::Video)
        return corrupt("a track is missing");
    HINDSIGHT_TRY(read_packets(input.get(), session, *plan.mapping, stop, plan.part));
    describe(session, plan.part);
    if (plan.part.keyframes.empty())
        return corrupt("it has no keyframe");
    sort_by_time(plan.part.packets, plan.part.streams);
    return plan;
}

std::uint32_t fold_crc(std::uint32_t list, std::uint32_t entry) {
    return crc32c(std::as_bytes(std::span{&entry, 1}), list);
}

}  // namespace hindsight::mux
