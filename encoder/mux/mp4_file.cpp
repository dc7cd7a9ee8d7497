#include "mp4_file.hpp"

#include "mp4_tracks.hpp"

#include <ffmpeg/av_error.hpp>
#include <ffmpeg/av_output_file.hpp>

#include <algorithm>

namespace hindsight::mux {

namespace {

/// Index bytes per packet at most: size, chunk offset (64 bit), chunk run and time run entries.
constexpr std::uint64_t kIndexBytesPerPacket = 36;
constexpr std::uint64_t kIndexBytesFixed = 16u << 10;
constexpr std::uint64_t kIndexBytesPerChapter = 400;
constexpr int kPacketsPerStopCheck = 64;

enum class IndexPlace {
    Reserved,  ///< space is kept at the start and filled in at the end: one pass
    Moved,     ///< written at the end, then everything is shifted: always fits
};

std::uint64_t index_bytes(const FilePlan& part, const FileLabels& labels) {
    std::uint64_t text = labels.title.size() + labels.game.size() + labels.comment.size();
    for (const auto& [when, name] : labels.chapters)
        text += 2 * name.size();
    return kIndexBytesFixed + kIndexBytesPerPacket * part.packet_count +
           kIndexBytesPerChapter * (labels.chapters.size() + 1) + text;
}

Result<> add_chapters(AVFormatContext* context, const FilePlan& part, const FileLabels& labels) {
    static const std::string beginning = "Start";
    std::vector<std::pair<std::int64_t, const std::string*>> starts;
    const std::int64_t end = part.duration().ns();
    for (const auto& [when, name] : labels.chapters) {
        const std::int64_t at = (when - part.origin).ns();
        if (at >= 0 && at < end)
            starts.emplace_back(at, &name);
    }
    std::stable_sort(starts.begin(), starts.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
    });
    if (starts.empty())
        return {};
    // FFmpeg's chapter track has no way to begin later than the clip: it would move the first one.
    if (starts.front().first > 0)
        starts.insert(starts.begin(), {0, &beginning});
    context->chapters = static_cast<AVChapter**>(av_calloc(starts.size(), sizeof(AVChapter*)));
    if (context->chapters == nullptr)
        return fail_av("adding chapters", AVERROR(ENOMEM));
    for (std::size_t i = 0; i < starts.size(); ++i) {
        auto* chapter = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
        if (chapter == nullptr)
            return fail_av("adding chapters", AVERROR(ENOMEM));
        chapter->id = static_cast<std::int64_t>(i);
        chapter->time_base = {1, 1'000'000'000};
        chapter->start = starts[i].first;
        chapter->end = i + 1 < starts.size() ? starts[i + 1].first : end;
        av_dict_set(&chapter->metadata, "title", starts[i].second->c_str(), 0);
        context->chapters[context->nb_chapters++] = chapter;
    }
    return {};
}

Result<> write_packets(
    const FilePlan& part,
    PacketFeed& feed,
    AvOutputFile& output,
    const std::stop_token& stop,
    const std::function<void(double)>& progress) {
    const PacketHandle packet{av_packet_alloc()};
    if (packet == nullptr)
        return fail_av("writing the clip", AVERROR(ENOMEM));
    std::uint64_t done = 0;
    int until_check = 0;
    HINDSIGHT_TRY(feed.rewind());
    for (;;) {
        HINDSIGHT_ASSIGN(const PlannedPacket* const planned, feed.next());
        if (planned == nullptr)
            return {};
        if (until_check-- == 0) {
            until_check = kPacketsPerStopCheck;
            if (stop.stop_requested())
                return fail(Errc::Cancelled, "saving was cancelled");
            progress(static_cast<double>(done) / static_cast<double>(part.payload_bytes));
        }
        done += planned->data.size();
        HINDSIGHT_TRY(write_planned(output, packet.get(), *planned, part.streams));
    }
}

Result<> write_once(
    const FilePlan& part,
    const FileLabels& labels,
    PacketFeed& feed,
    PartFile& file,
    IndexPlace place,
    const std::stop_token& stop,
    const std::function<void(double)>& progress) {
    HINDSIGHT_TRY(file.restart());
    HINDSIGHT_ASSIGN(const auto output, AvOutputFile::create(file.fd(), file.path(), "mp4"));
    AVFormatContext* context = output->context();
    HINDSIGHT_TRY(add_streams(context, part.streams));
    HINDSIGHT_TRY(add_chapters(context, part, labels));
    add_labels(context, labels);
    // Negative times stay: they are the lead-in, and the muxer hides them by an edit list.
    context->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;

    AvOptions options;
    const std::int32_t ticks = part.streams.front().time_base.den;
    options.set("use_editlist", "1");
    options.set("movie_timescale", ticks);
    options.set("video_track_timescale", ticks);
    if (place == IndexPlace::Reserved)
        options.set("moov_size", static_cast<std::int64_t>(index_bytes(part, labels)));
    else
        options.set("movflags", "+faststart");
    HINDSIGHT_TRY(output->write_header(options));
    HINDSIGHT_TRY(write_packets(part, feed, *output, stop, progress));
    return output->finish();
}

}  // namespace

std::uint64_t estimated_bytes(const FilePlan& part, const FileLabels& labels) {
    // Length prefixes are no longer than the start codes they replace, but for a few bytes.
    return part.payload_bytes + 8 * part.packet_count + index_bytes(part, labels);
}

Result<> write_mp4(
    const FilePlan& part,
    const FileLabels& labels,
    PacketFeed& feed,
    PartFile& file,
    const std::stop_token& stop,
    const std::function<void(double)>& progress) {
    auto written = write_once(part, labels, feed, file, IndexPlace::Reserved, stop, progress);
    const bool index_too_large = !written && written.error().external_code == AVERROR(EINVAL);
    if (!index_too_large)
        return written;
    return write_once(part, labels, feed, file, IndexPlace::Moved, stop, progress);
}

}  // namespace hindsight::mux
