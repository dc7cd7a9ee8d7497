#include "clip_verify.hpp"
#include "disk_space.hpp"
#include "mp4_file.hpp"
#include "mp4_input.hpp"
#include "progress.hpp"
#include "session_file.hpp"
#include "session_fragments.hpp"
#include "session_plan.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/mux/mp4_session_writer.hpp>

#include <fcntl.h>
#include <ffmpeg/av_error.hpp>
#include <ffmpeg/part_file.hpp>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

namespace hindsight {

namespace {

using namespace mux;
namespace fs = std::filesystem;

constexpr double kWritten = 0.7;  ///< share of the work when everything is written
constexpr off_t kLargestHead = 1 << 20;

FileLabels labels_of(const SessionFinish& session) {
    const SessionLabels& labels = session.labels;
    return {labels.title, labels.game, labels.comment, labels.created_ms, session.chapters};
}

Result<UniqueFd> open_to_change(const fs::path& file) {
    UniqueFd fd{::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
    if (!fd)
        return fail_errno("opening the file of the recording", errno);
    return fd;
}

/// Cuts the file behind `bytes` and waits for the disk.
Result<> cut_and_sync(int fd, std::uint64_t bytes) {
    struct stat status {};

    if (::fstat(fd, &status) != 0)
        return fail_errno("reading the recording", errno);
    if (static_cast<std::uint64_t>(status.st_size) < bytes)
        return fail(Errc::Corrupt, "the file of the recording has become shorter");
    if (::ftruncate(fd, static_cast<off_t>(bytes)) != 0 || ::fsync(fd) != 0)
        return fail_errno("writing the recording to disk", errno);
    return {};
}

Result<> check_ends(int fd, std::span<const SessionMark> marks) {
    HINDSIGHT_ASSIGN(const Fragments fragments, find_fragments(fd));
    if (fragments.ends.size() < marks.size() ||
        fragments.ends[marks.size() - 1] != marks.back().bytes)
        return fail(Errc::Corrupt, "the recording is damaged: a fragment is missing");
    for (const std::size_t i : {std::size_t{0}, marks.size() - 1})
        HINDSIGHT_TRY(check_fragment(fd, fragments.head, fragments.begin(i), fragments.ends[i]));
    return {};
}

class Mp4SessionWriter final : public SessionWriter {
public:
    explicit Mp4SessionWriter(Log log) : log_{std::move(log)} {}

    Result<std::unique_ptr<SessionFile>>
    create(const fs::path& target, const SessionLabels& labels) override {
        return create_session_file(target, labels);
    }

    Result<std::unique_ptr<SessionFile>> open(
        const fs::path& file,
        const SessionLabels& labels,
        const std::optional<SessionMark>& last) override {
        return open_session_file(file, labels, last);
    }

    Result<WrittenFile>
    finish(const SessionFinish& session, std::stop_token stop, const ProgressFn& report) override {
        Progress progress{report};
        progress.stage(0.0);
        HINDSIGHT_ASSIGN(FilePlan plan, plan_session(session));
        const FileLabels labels = labels_of(session);
        HINDSIGHT_TRY(check_space(session.target, estimated_bytes(plan, labels)));
        HINDSIGHT_ASSIGN(PartFile file, PartFile::create(session.target));
        {
            SessionFeed feed{session, plan};
            HINDSIGHT_TRY(write_mp4(
                plan, labels, feed, file, stop, [&](double p) { progress.step(p * kWritten); }));
        }
        file.start_sync();
        progress.stage(kWritten);
        MarksCheck check{session.marks};
        HINDSIGHT_TRY(verify_mp4(plan, check, file.path(), stop));
        HINDSIGHT_TRY(file.sync());
        WrittenFile written = written_file(plan, file.path());
        if (session.before_naming)
            HINDSIGHT_TRY(session.before_naming(written));
        HINDSIGHT_ASSIGN(Published published, file.publish(NameClash::Number));
        progress.stage(1.0);
        log_.info("a recording of {:.0f} s is finished", written.duration.seconds());
        return named(std::move(written), std::move(published));
    }

    Result<WrittenFile> keep(const SessionFinish& session) override {
        HINDSIGHT_ASSIGN(FilePlan plan, plan_session(session));
        HINDSIGHT_ASSIGN(const UniqueFd fd, open_to_change(session.file));
        HINDSIGHT_TRY(cut_and_sync(fd.get(), session.marks.back().bytes));
        HINDSIGHT_TRY(check_ends(fd.get(), session.marks));
        WrittenFile written = written_file(plan, session.file);
        if (session.before_naming)
            HINDSIGHT_TRY(session.before_naming(written));
        HINDSIGHT_ASSIGN(
            Published published, publish_as(session.file, session.target, NameClash::Number));
        return named(std::move(written), std::move(published));
    }

private:
    WrittenFile named(WrittenFile written, Published published) const {
        if (!published.durable)
            log_.warn("the folder for clips cannot be synced");
        written.path = std::move(published.path);
        return written;
    }

    Log log_;
};

}  // namespace

std::unique_ptr<SessionWriter> make_mp4_session_writer(Log log) {
    return std::make_unique<Mp4SessionWriter>(std::move(log));
}

Result<std::vector<Duration>> session_frame_times(const fs::path& clip) {
    constexpr const char* kReading = "reading the recording";
    HINDSIGHT_ASSIGN(const InputHandle input, open_all_packets(clip, kReading));
    const PacketHandle packet{av_packet_alloc()};
    std::vector<Duration> times;
    int read = 0;
    for (; (read = av_read_frame(input.get(), packet.get())) >= 0; av_packet_unref(packet.get())) {
        const AVRational& base = input->streams[packet->stream_index]->time_base;
        if (packet->stream_index == 0)
            times.push_back(to_duration(packet->pts, {base.num, base.den}));
    }
    if (read != AVERROR_EOF)
        return fail_av(kReading, read);
    return times;
}

Result<fs::path> rescue_session(const fs::path& file) {
    const std::string name = file.filename().string();
    if (!name.ends_with(kSessionEnding))
        return fail(Errc::InvalidArgument, "this is no file of a recording");
    HINDSIGHT_ASSIGN(const UniqueFd fd, open_to_change(file));
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return fail(Errc::Busy, "another program is writing this recording", errno);
    HINDSIGHT_ASSIGN(Fragments fragments, find_fragments(fd.get()));
    auto& ends = fragments.ends;
    const bool had_footage = !ends.empty();
    while (!ends.empty()) {
        const auto sound =
            check_fragment(fd.get(), fragments.head, fragments.begin(ends.size() - 1), ends.back());
        if (sound)
            break;
        if (sound.error().code == Errc::Io || sound.error().code == Errc::NoSpace)
            return tl::unexpected(sound.error());
        ends.pop_back();
    }
    if (ends.empty() && had_footage)
        return fail(Errc::Corrupt, "no picture of this recording can be decoded");
    if (ends.empty()) {
        struct stat status {};

        // A head at most: nothing was recorded into it yet.
        if (::fstat(fd.get(), &status) != 0 || status.st_size > kLargestHead)
            return fail(Errc::Corrupt, "this file holds no recording");
        if (::unlink(file.c_str()) != 0)
            return fail_errno("removing an empty recording", errno);
        return fs::path{};
    }
    HINDSIGHT_TRY(cut_and_sync(fd.get(), ends.back()));
    const fs::path target =
        file.parent_path() / (name.substr(0, name.size() - kSessionEnding.size()) + ".mp4");
    HINDSIGHT_ASSIGN(Published published, publish_as(file, target, NameClash::Number));
    return std::move(published.path);
}

}  // namespace hindsight
