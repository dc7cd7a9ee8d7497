#include "session_file.hpp"

#include "disk_space.hpp"
#include "mp4_tracks.hpp"
#include "session_plan.hpp"
#include "timeline.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/mux/mp4_session_writer.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <fcntl.h>
#include <ffmpeg/av_error.hpp>
#include <ffmpeg/av_output_file.hpp>
#include <ffmpeg/part_file.hpp>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

extern "C" {
#include <libavutil/opt.h>
}

namespace hindsight::mux {

namespace {

namespace fs = std::filesystem;
using ring::SegmentReader;

/// A power cut costs at most so much footage.
constexpr Duration kSyncInterval = Duration::from_ms(10'000);
constexpr std::uint64_t kFragmentBytesPerPacket = 32;

Result<std::vector<std::byte>> read_range(int fd, std::size_t bytes) {
    std::vector<std::byte> content(bytes);
    std::size_t done = 0;
    while (done < bytes) {
        const ssize_t n =
            ::pread(fd, content.data() + done, bytes - done, static_cast<off_t>(done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno("reading the recording", errno);
        if (n == 0)
            break;
        done += static_cast<std::size_t>(n);
    }
    content.resize(done);
    return content;
}

Result<> write_all(int fd, std::span<const std::byte> content) {
    while (!content.empty()) {
        const ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno("writing the recording", errno);
        content = content.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

class Mp4SessionFile final : public SessionFile {
public:
    Mp4SessionFile(
        fs::path path,
        UniqueFd fd,
        const SessionLabels& labels,
        const std::optional<SessionMark>& last)
        : path_{std::move(path)},
          fd_{std::move(fd)},
          labels_{labels.title, labels.game, labels.comment, labels.created_ms, {}},
          resumed_{last.has_value()} {
        if (last)
            last_ = *last;
    }

    [[nodiscard]] const fs::path& path() const override { return path_; }

    Result<Appended> append(const fs::path& segment) override {
        if (broken_)
            return fail(Errc::Io, "the recording has failed before");
        HINDSIGHT_ASSIGN(const auto reader, SegmentReader::open(segment));
        auto appended = append_packets(*reader);
        if (!appended || appended->outcome != Outcome::Written) {
            if (!appended)
                take_back();
            return appended;
        }
        last_ = appended->mark;
        return appended;
    }

private:
    struct TrackPacket {
        std::uint32_t track = 0;
        Packet packet;
        std::uint32_t crc32c = 0;
    };

    struct Batch {
        std::vector<StreamInfo> streams;
        std::vector<TrackPacket> packets;
        std::uint64_t payload_bytes = 0;
    };

    static Batch read(SegmentReader& reader) {
        Batch batch;
        const auto indices = clip_streams(reader.info().streams);
        for (const std::uint32_t i : indices)
            batch.streams.push_back(reader.info().streams[i]);
        while (const auto stored = reader.next()) {
            const auto at = std::find(indices.begin(), indices.end(), stored->packet.stream);
            if (at == indices.end())
                continue;
            const auto track = static_cast<std::uint32_t>(at - indices.begin());
            batch.packets.push_back({track, stored->packet, stored->crc32c});
            batch.payload_bytes += stored->packet.data.size();
        }
        return batch;
    }

    Result<Appended> append_packets(SegmentReader& reader) {
        const Batch batch = read(reader);
        const auto first = std::find_if(
            batch.packets.begin(), batch.packets.end(), [](const auto& p) { return p.track == 0; });
        if (first == batch.packets.end())
            return Appended{};
        HINDSIGHT_TRY(check_space(
            path_, batch.payload_bytes + kFragmentBytesPerPacket * batch.packets.size()));
        if (output_ == nullptr) {
            HINDSIGHT_ASSIGN(const bool fits, begin(batch.streams, first->packet.capture_time));
            if (!fits)
                return Appended{Outcome::OtherStreams, {}};
        } else if (!timeline_->takes(batch.streams)) {
            return Appended{Outcome::OtherStreams, {}};
        }
        const bool goes_on = std::exchange(resumed_, false);
        const bool begins_run = goes_on || reader.info().epoch != last_.epoch;
        if (begins_run)
            timeline_->begin_run();
        SessionMark mark = write_mark(reader.info(), batch);
        HINDSIGHT_TRY(write_fragment(place(batch, begins_run, mark), mark));
        return Appended{Outcome::Written, std::move(mark)};
    }

    [[nodiscard]] SessionMark write_mark(const ring::SegmentInfo& info, const Batch& batch) const {
        SessionMark mark;
        mark.fragments = last_.fragments + 1;
        mark.epoch = info.epoch;
        mark.number = info.number;
        mark.origin = timeline_->origin();
        mark.track_packets.resize(batch.streams.size());
        mark.track_crcs.resize(batch.streams.size());
        mark.track_steps = timeline_->steps();
        return mark;
    }

    /// Notes in the mark what the packets are.
    std::vector<PlannedPacket> place(const Batch& batch, bool begins_run, SessionMark& mark) {
        std::vector<PlannedPacket> planned;
        for (const auto& [track, packet, crc] : batch.packets) {
            // Sound from before the first picture would begin at a negative time.
            if (packet.capture_time < timeline_->origin())
                continue;
            const std::int64_t end = timeline_->ends()[track];
            planned.push_back(timeline_->place(track, packet));
            mark.track_crcs[track] = fold_crc(mark.track_crcs[track], crc);
            ++mark.track_packets[track];
            if (track == 0)
                note_frame(packet, planned.back(), end, begins_run && mark.frames.empty(), mark);
        }
        sort_by_time(planned, timeline_->streams());
        return planned;
    }

    void note_frame(
        const Packet& packet,
        const PlannedPacket& planned,
        std::int64_t end,
        bool begins_run,
        SessionMark& mark) const {
        const PlannedStream& video = timeline_->streams().front();
        note_gap(mark.gaps, video, end, planned.pts, begins_run);
        if (!begins_run)
            mark.missed_frames += frames_left_out(end, planned);
        mark.missed_frames += packet.missed ? 1 : 0;
        if (planned.keyframe)
            mark.keyframes.push_back(to_duration(planned.pts, video.time_base));
        mark.frames.push_back(packet.capture_time);
    }

    Result<> write_fragment(const std::vector<PlannedPacket>& planned, SessionMark& mark) {
        const PacketHandle shell{av_packet_alloc()};
        if (shell == nullptr)
            return fail_av("writing the recording", AVERROR(ENOMEM));
        // Each fragment says its time itself instead of following the one before: holes stay holes.
        av_opt_set(output_->context()->priv_data, "movflags", "+frag_discont", 0);
        for (const PlannedPacket& packet : planned)
            HINDSIGHT_TRY(write_planned(*output_, shell.get(), packet, timeline_->streams()));
        HINDSIGHT_TRY(output_->end_fragment());
        const off_t end = ::lseek(fd_.get(), 0, SEEK_CUR);
        if (end < 0)
            return fail_errno("writing the recording", errno);
        mark.bytes = static_cast<std::uint64_t>(end);
        mark.track_ends = timeline_->ends();
        return sync_now_and_then(mark);
    }

    Result<> sync_now_and_then(const SessionMark& mark) {
        if (mark.frames.back() - synced_ < kSyncInterval)
            return {};
        synced_ = mark.frames.back();
        if (::fdatasync(fd_.get()) != 0)
            return fail_errno("writing the recording", errno);
        return {};
    }

    /// Makes the muxer and the file's head. False: the file that is there has other streams.
    Result<bool> begin(const std::vector<StreamInfo>& streams, MonoTime origin) {
        timeline_ = resumed_ ? std::make_unique<Timeline>(streams, last_.origin, last_.track_ends)
                             : std::make_unique<Timeline>(streams, origin);
        const UniqueFd memory{::memfd_create("session-head", MFD_CLOEXEC)};
        if (!memory)
            return fail_errno("preparing the recording", errno);
        HINDSIGHT_ASSIGN(auto output, AvOutputFile::create(memory.get(), path_, "mp4"));
        HINDSIGHT_TRY(write_head(*output));
        HINDSIGHT_ASSIGN(const std::vector<std::byte> head, read_range(memory.get(), kMaxHead));
        if (resumed_) {
            // What was written in the same way for the same streams is the same to the byte.
            HINDSIGHT_ASSIGN(const auto there, read_range(fd_.get(), head.size()));
            if (there != head)
                return false;
        } else {
            HINDSIGHT_TRY(write_all(fd_.get(), head));
            last_.bytes = head.size();
        }
        output->redirect(fd_.get());
        output_ = std::move(output);
        return true;
    }

    Result<> write_head(AvOutputFile& output) {
        AVFormatContext* context = output.context();
        HINDSIGHT_TRY(add_streams(context, timeline_->streams()));
        add_labels(context, labels_);
        context->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
        AvOptions options;
        const std::int32_t ticks = timeline_->streams().front().time_base.den;
        options.set("use_editlist", "0");
        options.set("movie_timescale", ticks);
        options.set("video_track_timescale", ticks);
        options.set("movflags", "+frag_custom+empty_moov+default_base_moof+frag_discont");
        options.set("fragment_index", static_cast<std::int64_t>(last_.fragments) + 1);
        HINDSIGHT_TRY(output.write_header(options));
        return output.flush();
    }

    void take_back() {
        broken_ = true;
        // The part that could not be finished must not confuse a player.
        (void)!::ftruncate(fd_.get(), static_cast<off_t>(last_.bytes));
    }

    static constexpr std::size_t kMaxHead = 1u << 20;

    fs::path path_;
    UniqueFd fd_;
    FileLabels labels_;
    bool resumed_;
    bool broken_ = false;
    SessionMark last_;
    MonoTime synced_ = MonoTime::from_ns(0);
    std::unique_ptr<Timeline> timeline_;
    std::unique_ptr<AvOutputFile> output_;
};

constexpr int kMaxNumber = 9'999;

/// Some file systems have no locks: work goes on without.
Result<> lock(int fd) {
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return fail(Errc::Busy, "another program is writing this recording", errno);
    return {};
}

}  // namespace

Result<std::unique_ptr<SessionFile>>
create_session_file(const fs::path& target, const SessionLabels& labels) {
    constexpr int kNew = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    for (int number = 1; number <= kMaxNumber; ++number) {
        fs::path file = numbered_path(target, number);
        file.replace_extension(kSessionEnding);
        UniqueFd fd{::open(file.c_str(), kNew, 0644)};
        if (!fd && errno == EEXIST)
            continue;
        if (!fd)
            return fail_errno("making the file of the recording", errno);
        HINDSIGHT_TRY(lock(fd.get()));
        return std::make_unique<Mp4SessionFile>(
            std::move(file), std::move(fd), labels, std::nullopt);
    }
    return fail(Errc::AlreadyExists, "the clip folder has no free file name left");
}

Result<std::unique_ptr<SessionFile>> open_session_file(
    const fs::path& file, const SessionLabels& labels, const std::optional<SessionMark>& last) {
    UniqueFd fd{::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
    if (!fd)
        return fail_errno("opening the file of the recording", errno);
    HINDSIGHT_TRY(lock(fd.get()));
    const auto end = static_cast<off_t>(last ? last->bytes : 0);

    struct stat status {};

    if (::fstat(fd.get(), &status) != 0)
        return fail_errno("opening the file of the recording", errno);
    if (status.st_size < end)
        return fail(Errc::Corrupt, "the file of the recording has become shorter");
    if (::ftruncate(fd.get(), end) != 0 || ::lseek(fd.get(), 0, SEEK_END) < 0)
        return fail_errno("opening the file of the recording", errno);
    return std::make_unique<Mp4SessionFile>(file, std::move(fd), labels, last);
}

}  // namespace hindsight::mux
