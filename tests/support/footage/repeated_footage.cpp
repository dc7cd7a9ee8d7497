#include "repeated_footage.hpp"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace hindsight::testing {

namespace {

/// A supplemental unit of kind "user data": start code, type, kind, size, 16 bytes that name us,
/// the number as decimal digits (which never look like a start code), and the closing bit.
std::string number_unit(std::int64_t number) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%016lld", static_cast<long long>(number));
    return std::string{"\0\0\0\1\x06\x05\x20", 7} + "hindsight-number" + digits.data() + '\x80';
}

double kbps_of_video(const CodedFootage& footage, const FootageOptions& options) {
    std::size_t bytes = 0;
    for (const CodedFootage::Coded& coded : footage.packets)
        bytes += coded.packet.stream == 0 ? coded.data.size() : 0;
    return 0.008 * static_cast<double>(bytes) * options.fps / options.frames;
}

/// x264 misses the bitrate of so short a clip; asked a second time for what makes up for that, it
/// comes close.
CodedFootage encode_at_bitrate(FootageOptions options) {
    CodedFootage footage = encode_footage(options);
    if (options.bitrate_kbps == 0)
        return footage;
    const double missed_by = options.bitrate_kbps / kbps_of_video(footage, options);
    options.bitrate_kbps = static_cast<int>(options.bitrate_kbps * missed_by);
    return encode_footage(options);
}

}  // namespace

RepeatedFootage::RepeatedFootage(const FootageOptions& options) : start_{options.start} {
    if (options.frames % options.gop != 0 || options.audio_tracks > 1)
        throw std::invalid_argument{"only whole GOPs and one audio track can be repeated"};
    CodedFootage footage = encode_at_bitrate(options);
    streams_ = std::move(footage.streams);
    samples_ = {streams_.begin(), streams_.end()};
    clip_.resize(streams_.size());
    given_.resize(streams_.size());
    for (CodedFootage::Coded& coded : footage.packets)
        clip_[coded.packet.stream].push_back(std::move(coded));
}

std::int64_t RepeatedFootage::ticks_per_packet(std::uint32_t stream) const {
    return streams_[stream].kind == StreamKind::Audio ? streams_[stream].frame_samples : 1;
}

MonoTime RepeatedFootage::time_of(std::uint32_t stream, std::int64_t number) const {
    return start_ + to_duration(number * ticks_per_packet(stream), streams_[stream].time_base);
}

Packet RepeatedFootage::packet(std::uint32_t stream, std::int64_t number) {
    const auto& clip = clip_[stream];
    const auto& coded = clip[static_cast<std::size_t>(number) % clip.size()];
    Packet packet = coded.packet;
    packet.pts = packet.dts = number * ticks_per_packet(stream);
    packet.capture_time = time_of(stream, number);
    packet.data = coded.data;
    if (streams_[stream].kind == StreamKind::Video) {
        const std::string unit = number_unit(number);
        const auto mark = std::as_bytes(std::span{unit});
        numbered_.assign(mark.begin(), mark.end());
        numbered_.insert(numbered_.end(), coded.data.begin(), coded.data.end());
        packet.data = numbered_;
    }
    return packet;
}

Packet RepeatedFootage::next() {
    std::uint32_t first = 0;
    for (std::uint32_t s = 1; s < streams_.size(); ++s) {
        if (time_of(s, given_[s]) < time_of(first, given_[first]))
            first = s;
    }
    Packet given = packet(first, given_[first]++);
    given.data = samples_[first].sample(given.data);
    return given;
}

}  // namespace hindsight::testing
