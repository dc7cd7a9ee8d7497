#include "session_file.hpp"

#include "disk_space.hpp"
#include "mp4_tracks.hpp"
#include "session_plan.hpp"
#include "timeline.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <fcntl.h>
#include <ffmpeg/av_error.hpp>
#include <ffmpeg/av_output_file.hpp>
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
    Mp4SessionFile(fs::path path, UniqueFd fd, const std::optional<SessionMark>& last)
        : path_{std::move(path)}, fd_{std::move(fd)}, resumed_{last.has_value()} {
        if (last)
            last_ = *last;
    }

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
        const bool begins_run =
            reader.info().epoch != last_.epoch || std::exchange(resumed_, false);
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
            if (track != 0)
                continue;
            if (!begins_run || !mark.frames.empty())
                mark.missed_frames += frames_left_out(end, planned.back());
            mark.missed_frames += packet.missed ? 1 : 0;
            mark.frames.push_back(packet.capture_time);
        }
        sort_by_time(planned, timeline_->streams());
        return planned;
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
    bool resumed_;
    bool broken_ = false;
    SessionMark last_;
    MonoTime synced_ = MonoTime::from_ns(0);
    std::unique_ptr<Timeline> timeline_;
    std::unique_ptr<AvOutputFile> output_;
};

}  // namespace

Result<std::unique_ptr<SessionFile>>
open_session_file(const fs::path& file, const std::optional<SessionMark>& last) {
    const int create = last ? 0 : O_CREAT | O_TRUNC;
    UniqueFd fd{::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | create, 0644)};
    if (!fd)
        return fail_errno("opening the file of the recording", errno);
    // Some file systems have no locks: work goes on without.
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return fail(Errc::Busy, "another program is writing this recording", errno);
    if (last) {
        struct stat status {};

        if (::fstat(fd.get(), &status) != 0)
            return fail_errno("opening the file of the recording", errno);
        if (status.st_size < static_cast<off_t>(last->bytes))
            return fail(Errc::Corrupt, "the file of the recording has become shorter");
        if (::ftruncate(fd.get(), static_cast<off_t>(last->bytes)) != 0 ||
            ::lseek(fd.get(), 0, SEEK_END) < 0)
            return fail_errno("opening the file of the recording", errno);
    }
    return std::make_unique<Mp4SessionFile>(file, std::move(fd), last);
}

}  // namespace hindsight::mux
