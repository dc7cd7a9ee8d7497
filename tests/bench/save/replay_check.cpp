#include "replay_check.hpp"

#include "report.hpp"

#include <hindsight/core/stream.hpp>

#include <ffmpeg/av_handle.hpp>

#include <algorithm>
#include <string>

namespace hindsight::bench {

namespace {

/// The checksums of a track's packets, in order.
using Track = std::vector<std::uint32_t>;

std::uint32_t crc_of(const AVPacket& packet) {
    return crc32c(
        std::as_bytes(std::span{packet.data, static_cast<std::size_t>(std::max(packet.size, 0))}));
}

std::vector<Track> look_into(const std::filesystem::path& file, const mux::PartPlan& all) {
    AVFormatContext* context = nullptr;
    AvOptions options;
    options.set("ignore_editlist", "1");
    if (avformat_open_input(&context, file.c_str(), nullptr, options.out()) < 0)
        give_up("libobs' replay cannot be opened");
    const InputHandle input{context};
    if (input->nb_streams < all.streams.size())
        give_up("a track of libobs' replay is missing");
    std::vector<Track> tracks(all.streams.size());
    const PacketHandle packet{av_packet_alloc()};
    while (av_read_frame(input.get(), packet.get()) >= 0) {
        const auto stream = static_cast<std::size_t>(packet->stream_index);
        if (stream < tracks.size())
            tracks[stream].push_back(crc_of(*packet));
        av_packet_unref(packet.get());
    }
    return tracks;
}

/// Those of the ring's packets of stream `s` that the track holds.
std::vector<mux::PlannedPacket>
matching(const mux::PartPlan& all, std::uint32_t s, const Track& track) {
    std::vector<mux::PlannedPacket> packets;
    Track crcs;
    for (const mux::PlannedPacket& packet : all.packets) {
        if (packet.stream != s)
            continue;
        packets.push_back(packet);
        crcs.push_back(packet.crc32c);
    }
    const auto first = std::search(crcs.begin(), crcs.end(), track.begin(), track.end());
    if (first == crcs.end())
        give_up(
            "track " + std::to_string(s) + " of libobs' replay (" + std::to_string(track.size()) +
            " packets) is not in the ring (" + std::to_string(crcs.size()) + ")");
    const auto from = packets.begin() + (first - crcs.begin());
    return {from, from + static_cast<std::ptrdiff_t>(track.size())};
}

}  // namespace

ReplayPlan plan_of_replay(
    const std::vector<std::filesystem::path>& segments, const std::filesystem::path& replay) {
    WriteRequest everything;
    everything.segments = segments;
    ReplayPlan result{
        .footage =
            need(mux::plan_clip(everything, ring::Payloads::Checked, {}), "reading the ring"),
        .part = {}};
    const mux::PartPlan& all = result.footage.parts.front();
    const std::vector<Track> tracks = look_into(replay, all);
    result.part.streams = all.streams;
    for (std::uint32_t s = 0; s < all.streams.size(); ++s) {
        const auto packets = matching(all, s, tracks[s]);
        result.part.packets.insert(result.part.packets.end(), packets.begin(), packets.end());
    }
    result.part.keyframes = {Duration::zero()};
    result.part.duration_ticks =
        static_cast<std::int64_t>(tracks.front().size()) * result.part.packets.front().duration;
    return result;
}

}  // namespace hindsight::bench
