#include "pattern/clip_reading.hpp"

#include "pattern/media_decoder.hpp"
#include "pattern/pattern_marks.hpp"

#include <hindsight/core/mp4_sample.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

namespace hindsight::test {

namespace {

/// A beep farther than this from a flash is not its beep.
constexpr double kNearS = 0.4;

class Reader {
public:
    Reader(ClipReading& reading, const MarkLayout& layout, TakePicture take)
        : reading_{reading}, layout_{layout}, take_{std::move(take)} {}

    void take_picture(const AVFrame& frame, double time_s) {
        const Luma luma{frame.data[0], frame.linesize[0], frame.width, frame.height};
        reading_.width = frame.width;
        reading_.height = frame.height;
        reading_.frames.push_back(
            {.time_s = time_s,
             .counter = read_counter(luma, layout_),
             .flash = read_flash(luma, layout_)});
        if (take_)
            take_(luma, time_s);
    }

    static void take_sound(const AVFrame& frame, double time_s, BeepFinder& finder) {
        // AAC decodes to planar floats; the first channel tells enough.
        finder.feed(time_s, reinterpret_cast<const float*>(frame.data[0]), frame.nb_samples);
    }

private:
    ClipReading& reading_;
    const MarkLayout& layout_;
    TakePicture take_;
};

/// A stream being decoded.
struct Lane {
    MediaDecoder decoder;
    bool video = false;
    double tick_s = 0;
    std::size_t track = 0;
    std::unique_ptr<BeepFinder> finder = {};
};

Result<> feed(Lane& lane, const AVPacket* packet, Reader& reader) {
    return lane.decoder.feed(packet, [&](const AVFrame& frame) {
        const double time_s = static_cast<double>(frame.best_effort_timestamp) * lane.tick_s;
        if (lane.video)
            reader.take_picture(frame, time_s);
        else
            Reader::take_sound(frame, time_s, *lane.finder);
    });
}

struct CloseInput {
    void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};

using Input = std::unique_ptr<AVFormatContext, CloseInput>;

Result<Input> open_input(const std::filesystem::path& file) {
    AVFormatContext* context = nullptr;
    if (const int code = avformat_open_input(&context, file.c_str(), nullptr, nullptr); code < 0)
        return fail_av("opening " + file.string(), code);
    Input input{context};
    if (const int code = avformat_find_stream_info(context, nullptr); code < 0)
        return fail_av("reading " + file.string(), code);
    return input;
}

std::string title_of(const AVStream& stream) {
    for (const char* key : {"title", "handler_name"})
        if (const AVDictionaryEntry* entry = av_dict_get(stream.metadata, key, nullptr, 0))
            return entry->value;
    return {};
}

}  // namespace

std::string ClipReading::counter_fault() const {
    if (frames.empty())
        return "no frames";
    constexpr int kTold = 4;
    std::string told;
    int faults = 0;
    const auto note = [&](const std::string& fault) {
        if (++faults <= kTold)
            told += (told.empty() ? "" : ", ") + fault;
    };
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const std::string place =
            "frame " + std::to_string(i) + " of " + std::to_string(frames.size());
        if (!frames[i].counter) {
            note(place + " has no readable counter");
            continue;
        }
        if (i == 0 || !frames[i - 1].counter)
            continue;
        const std::uint32_t expected = *frames[i - 1].counter + 1;
        if (*frames[i].counter != expected)
            note(
                place + " shows " + std::to_string(*frames[i].counter) + " instead of " +
                std::to_string(expected));
    }
    return faults > kTold ? told + ", and " + std::to_string(faults - kTold) + " more" : told;
}

void ClipReading::drop_before(double from_s) {
    if (frames.empty())
        return;
    const double start = frames.front().time_s + from_s;
    std::erase_if(frames, [start](const FrameReading& frame) { return frame.time_s < start; });
}

std::vector<double> ClipReading::beep_delays(std::size_t track) const {
    std::vector<double> delays;
    if (track >= tracks.size())
        return delays;
    // A flash that was already on at the first frame began before it.
    for (std::size_t i = 1; i < frames.size(); ++i) {
        if (!frames[i].flash || frames[i - 1].flash)
            continue;
        double nearest = std::numeric_limits<double>::infinity();
        for (const double beep : tracks[track].beeps_s)
            if (std::fabs(beep - frames[i].time_s) < std::fabs(nearest))
                nearest = beep - frames[i].time_s;
        if (std::fabs(nearest) < kNearS)
            delays.push_back(nearest);
    }
    return delays;
}

std::optional<double> ClipReading::beep_delay(std::size_t track) const {
    std::vector<double> delays = beep_delays(track);
    if (delays.empty())
        return std::nullopt;
    std::sort(delays.begin(), delays.end());
    return delays[delays.size() / 2];
}

Result<ClipReading>
read_clip(const std::filesystem::path& file, const MarkLayout& layout, TakePicture take) {
    HINDSIGHT_ASSIGN(const Input input, open_input(file));
    ClipReading reading;
    Reader reader{reading, layout, std::move(take)};
    std::vector<std::optional<Lane>> lanes(input->nb_streams);
    reading.tracks.reserve(input->nb_streams);  // finders keep references
    for (unsigned i = 0; i < input->nb_streams; ++i) {
        const AVStream& stream = *input->streams[i];
        const auto type = stream.codecpar->codec_type;
        if (type != AVMEDIA_TYPE_VIDEO && type != AVMEDIA_TYPE_AUDIO)
            continue;
        HINDSIGHT_ASSIGN(auto decoder, MediaDecoder::open(*stream.codecpar, stream.time_base));
        Lane lane{
            .decoder = std::move(decoder),
            .video = type == AVMEDIA_TYPE_VIDEO,
            .tick_s = av_q2d(stream.time_base)};
        if (!lane.video) {
            auto& track = reading.tracks.emplace_back();
            track.title = title_of(stream);
            track.sample_rate = stream.codecpar->sample_rate;
            lane.finder = std::make_unique<BeepFinder>(track.sample_rate, track);
        }
        lanes[i].emplace(std::move(lane));
    }
    const AvPacket packet{av_packet_alloc()};
    while (av_read_frame(input.get(), packet.get()) >= 0) {
        auto& lane = lanes[static_cast<std::size_t>(packet->stream_index)];
        if (lane)
            HINDSIGHT_TRY(feed(*lane, packet.get(), reader));
        av_packet_unref(packet.get());
    }
    for (auto& lane : lanes)
        if (lane)
            HINDSIGHT_TRY(feed(*lane, nullptr, reader));
    return reading;
}

namespace {

/// Samples of H.264 and HEVC back to Annex B, which is what decoders take whose extradata is that.
/// Lengths and these start codes have 4 bytes both.
void put_start_codes(std::span<std::uint8_t> sample) {
    constexpr std::array<std::uint8_t, 4> kStartCode{0, 0, 0, 1};
    while (sample.size() >= kStartCode.size()) {
        std::size_t length = 0;
        for (const std::uint8_t byte : sample.first(kStartCode.size()))
            length = length << 8 | byte;
        std::copy(kStartCode.begin(), kStartCode.end(), sample.begin());
        sample = sample.subspan(std::min(kStartCode.size() + length, sample.size()));
    }
}

}  // namespace

Result<ClipReading> read_segments(
    const std::vector<std::filesystem::path>& segments,
    const MarkLayout& layout,
    TakePicture take) {
    ClipReading reading;
    Reader reader{reading, layout, std::move(take)};
    std::vector<Lane> lanes;
    const AvPacket packet{av_packet_alloc()};
    for (const auto& file : segments) {
        HINDSIGHT_ASSIGN(const auto segment, ring::SegmentReader::open(file));
        if (lanes.empty()) {
            const auto& streams = segment->info().streams;
            reading.tracks.reserve(streams.size());
            for (const StreamInfo& info : streams) {
                HINDSIGHT_ASSIGN(auto decoder, MediaDecoder::open(info));
                Lane lane{
                    .decoder = std::move(decoder),
                    .video = info.kind == StreamKind::Video,
                    .tick_s = 1e-9};
                if (!lane.video) {
                    auto& track = reading.tracks.emplace_back();
                    track.title = info.name;
                    track.sample_rate = info.sample_rate;
                    lane.finder = std::make_unique<BeepFinder>(info.sample_rate, track);
                }
                lanes.push_back(std::move(lane));
            }
        }
        while (const auto stored = segment->next()) {
            const auto data = stored->packet.data;
            if (const int code = av_new_packet(packet.get(), static_cast<int>(data.size()));
                code < 0)
                return fail_av("allocating a packet", code);
            std::copy_n(
                reinterpret_cast<const std::uint8_t*>(data.data()), data.size(), packet->data);
            if (is_annex_b(segment->info().streams[stored->packet.stream]))
                put_start_codes({packet->data, data.size()});
            packet->pts = packet->dts = stored->packet.capture_time.ns();
            HINDSIGHT_TRY(feed(lanes.at(stored->packet.stream), packet.get(), reader));
            av_packet_unref(packet.get());
        }
        if (segment->damaged())
            return fail(Errc::Corrupt, file.filename().string() + " is damaged");
    }
    for (Lane& lane : lanes)
        HINDSIGHT_TRY(feed(lane, nullptr, reader));
    return reading;
}

std::vector<std::filesystem::path> newest_epoch(const std::filesystem::path& ring_folder) {
    std::vector<std::filesystem::path> newest;
    std::uint64_t epoch = 0;
    for (const auto& file : ring::list_segments(ring_folder, "av")) {
        const auto segment = ring::SegmentReader::open(file);
        if (!segment)
            continue;
        if ((*segment)->info().epoch != epoch)
            newest.clear();
        epoch = (*segment)->info().epoch;
        newest.push_back(file);
    }
    return newest;
}

}  // namespace hindsight::test
