#include "session_plan.hpp"

#include "mp4_input.hpp"
#include "session_fragments.hpp"

#include <fcntl.h>
#include <ffmpeg/av_error.hpp>

#include <algorithm>
#include <cerrno>
#include <numeric>
#include <string>
#include <utility>

namespace hindsight::mux {

namespace {

constexpr const char* kDoing = "reading the recording";
/// Five minutes.
constexpr std::size_t kFragmentsAtOnce = 300;

tl::unexpected<Error> corrupt(const char* what) {
    return fail(Errc::Corrupt, std::string{"the recording is damaged: "} + what);
}

/// `step`: ticks of a packet.
PlannedStream stream_of(const AVStream& stream, std::int64_t step) {
    const AVCodecParameters& par = *stream.codecpar;
    PlannedStream planned;
    planned.time_base = {stream.time_base.num, stream.time_base.den};
    StreamInfo& info = planned.info;
    info.codec = avcodec_get_name(par.codec_id);
    const auto* extradata = reinterpret_cast<const std::byte*>(par.extradata);
    info.extradata.assign(extradata, extradata + par.extradata_size);
    if (par.codec_type == AVMEDIA_TYPE_VIDEO) {
        info.kind = StreamKind::Video;
        info.width = par.width;
        info.height = par.height;
        const auto ticks = static_cast<std::int32_t>(std::max<std::int64_t>(step, 1));
        const std::int32_t common = std::gcd(stream.time_base.den, ticks);
        info.frame_rate = {stream.time_base.den / common, ticks / common};
    } else {
        info.kind = StreamKind::Audio;
        info.sample_rate = par.sample_rate;
        info.channels = par.ch_layout.nb_channels;
        info.frame_samples = static_cast<std::int32_t>(step);
        if (const auto* name = av_dict_get(stream.metadata, "handler_name", nullptr, 0))
            info.name = name->value;
    }
    return planned;
}

/// Every mark speaks of the same tracks.
bool agree(std::span<const SessionMark> marks, std::size_t tracks) {
    return std::all_of(marks.begin(), marks.end(), [&](const SessionMark& mark) {
        return mark.track_packets.size() == tracks && mark.track_crcs.size() == tracks &&
               mark.track_steps.size() == tracks && mark.track_ends.size() == tracks;
    });
}

Result<UniqueFd> open_to_read(const std::filesystem::path& file) {
    UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd)
        return fail_errno(kDoing, errno);
    return fd;
}

/// The head of the file and the fragments in [from, to), as one file. FFmpeg reads the index of all
/// fragments at once when it opens a file, and remembers every packet that is in it.
Result<InputHandle>
open_fragments(const UniqueFd& fd, std::uint64_t head, std::uint64_t from, std::uint64_t to) {
    const auto part = [&fd](std::uint64_t begin, std::uint64_t end) {
        return "subfile,,start," + std::to_string(begin) + ",end," + std::to_string(end) +
               ",,:/proc/self/fd/" + std::to_string(fd.get());
    };
    return open_all_packets_of("concat:" + part(0, head) + "|" + part(from, to), kDoing);
}

/// The numbers, in the grown file, of the tracks that have packets.
std::vector<std::uint32_t> tracks_with_packets(std::span<const SessionMark> marks) {
    std::vector<std::uint32_t> tracks;
    const std::size_t all = marks.empty() ? 0 : marks.front().track_packets.size();
    for (std::uint32_t track = 0; track < all; ++track)
        if (std::any_of(marks.begin(), marks.end(), [track](const SessionMark& mark) {
                return mark.track_packets[track] > 0;
            }))
            tracks.push_back(track);
    return tracks;
}

}  // namespace

Result<FilePlan> plan_session(const SessionFinish& session) {
    if (session.marks.empty())
        return fail(Errc::NotFound, "nothing has been recorded");
    const SessionMark& last = session.marks.back();
    HINDSIGHT_ASSIGN(const UniqueFd fd, open_to_read(session.file));
    HINDSIGHT_ASSIGN(const std::uint64_t head, head_bytes(fd.get()));
    HINDSIGHT_ASSIGN(
        const InputHandle input, open_fragments(fd, head, head, session.marks.front().bytes));
    if (input->nb_streams == 0 || !agree(session.marks, input->nb_streams) ||
        input->streams[0]->codecpar->codec_type != AVMEDIA_TYPE_VIDEO)
        return corrupt("a track is missing");
    FilePlan plan;
    for (const std::uint32_t i : tracks_with_packets(session.marks))
        plan.streams.push_back(stream_of(*input->streams[i], last.track_steps[i]));
    plan.origin = last.origin;
    plan.duration_ticks = last.track_ends.front();
    plan.payload_bytes = last.bytes;
    for (const SessionMark& mark : session.marks) {
        plan.packet_count +=
            std::accumulate(mark.track_packets.begin(), mark.track_packets.end(), std::uint64_t{0});
        plan.frames.insert(plan.frames.end(), mark.frames.begin(), mark.frames.end());
        plan.keyframes.insert(plan.keyframes.end(), mark.keyframes.begin(), mark.keyframes.end());
        plan.gaps.insert(plan.gaps.end(), mark.gaps.begin(), mark.gaps.end());
        plan.missed_frames += mark.missed_frames;
    }
    if (plan.keyframes.empty())
        return corrupt("it has no keyframe");
    return plan;
}

MarksCheck::MarksCheck(std::span<const SessionMark> marks) : marks_{marks} {
    for (const std::uint32_t grown : tracks_with_packets(marks)) {
        tracks_.push_back({.grown = grown});
        pass_empty(tracks_.back());
    }
}

void MarksCheck::pass_empty(Track& track) const {
    while (track.mark < marks_.size() && marks_[track.mark].track_packets[track.grown] == 0)
        ++track.mark;
}

Result<> MarksCheck::next(std::uint32_t track, std::uint32_t crc32c, bool keyframe) {
    Track& at = tracks_[track];
    if (at.mark == marks_.size())
        return corrupt("there are too many packets");
    const SessionMark& mark = marks_[at.mark];
    at.crc = fold_crc(at.crc, crc32c);
    at.keyframes += keyframe ? 1 : 0;
    if (++at.packets < mark.track_packets[at.grown])
        return {};
    if (at.crc != mark.track_crcs[at.grown])
        return corrupt("a packet differs from what was recorded");
    if (track == 0 && at.keyframes != mark.keyframes.size())
        return corrupt("a keyframe is not marked as such");
    at = {.grown = at.grown, .mark = at.mark + 1};
    pass_empty(at);
    return {};
}

Result<> MarksCheck::end() const {
    for (std::uint32_t track = 0; track < tracks_.size(); ++track)
        if (!complete(track))
            return corrupt("its end is missing");
    return {};
}

bool MarksCheck::complete(std::uint32_t track) const {
    return tracks_[track].mark == marks_.size();
}

SessionFeed::SessionFeed(const SessionFinish& session, const FilePlan& plan)
    : session_{session},
      plan_{plan},
      check_{session.marks},
      grown_tracks_{tracks_with_packets(session.marks)},
      packet_{av_packet_alloc()} {}

Result<> SessionFeed::rewind() {
    if (packet_ == nullptr)
        return fail_av(kDoing, AVERROR(ENOMEM));
    check_ = MarksCheck{session_.marks};
    HINDSIGHT_ASSIGN(file_, open_to_read(session_.file));
    HINDSIGHT_ASSIGN(head_, head_bytes(file_.get()));
    shown_ = 0;
    return open_next();
}

Result<> SessionFeed::open_next() {
    const std::uint64_t from = shown_ == 0 ? head_ : session_.marks[shown_ - 1].bytes;
    shown_ = std::min(shown_ + kFragmentsAtOnce, session_.marks.size());
    HINDSIGHT_ASSIGN(input_, open_fragments(file_, head_, from, session_.marks[shown_ - 1].bytes));
    return {};
}

/// The next packet, as FFmpeg's; false behind the last one.
Result<bool> SessionFeed::read() {
    for (;;) {
        av_packet_unref(packet_.get());
        const int read = av_read_frame(input_.get(), packet_.get());
        if (read >= 0)
            return true;
        if (read != AVERROR_EOF)
            return fail_av(kDoing, read);
        if (input_->pb->error < 0)
            return fail_av(kDoing, input_->pb->error);
        if (shown_ == session_.marks.size())
            return false;
        HINDSIGHT_TRY(open_next());
    }
}

Result<const PlannedPacket*> SessionFeed::next() {
    if (check_.end())
        return nullptr;
    HINDSIGHT_ASSIGN(const bool there, read());
    if (!there)
        return tl::unexpected(check_.end().error());
    const auto grown = static_cast<std::uint32_t>(packet_->stream_index);
    const auto at = std::find(grown_tracks_.begin(), grown_tracks_.end(), grown);
    if (at == grown_tracks_.end())
        return corrupt("there are too many tracks");
    planned_.stream = static_cast<std::uint32_t>(at - grown_tracks_.begin());
    const PlannedStream& stream = plan_.streams[planned_.stream];
    planned_.keyframe = (packet_->flags & AV_PKT_FLAG_KEY) != 0;
    planned_.pts = packet_->pts;
    planned_.dts = packet_->dts;
    // The reader tells no lengths of the last ones before a hole.
    planned_.duration = stream.info.kind == StreamKind::Video
                            ? session_.marks.back().track_steps.front()
                            : stream.info.frame_samples;
    planned_.data = packet_data(*packet_);
    planned_.crc32c = crc32c(planned_.data);
    HINDSIGHT_TRY(check_.next(planned_.stream, planned_.crc32c, planned_.keyframe));
    return &planned_;
}

std::uint32_t fold_crc(std::uint32_t list, std::uint32_t entry) {
    return crc32c(std::as_bytes(std::span{&entry, 1}), list);
}

}  // namespace hindsight::mux
