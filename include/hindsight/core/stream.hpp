#pragma once

// What an encoded stream is and what an encoded packet is: the vocabulary that capture, ring and
// muxer share.

#include <hindsight/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hindsight {

enum class StreamKind : std::uint8_t { Video = 1, Audio = 2, Actions = 3 };

/// Everything a muxer must know of a stream. Equal `StreamInfo`s can be joined by copying packets.
struct StreamInfo {
    StreamKind kind = StreamKind::Video;
    std::string
        codec;         ///< FFmpeg's name: "h264", "hevc", "av1", "aac", "opus"; "hindsight-actions"
    std::string name;  ///< track title for people: "Desktop", "Microphone"; empty for video
    Rational time_base{1, 1};  ///< of `Packet::pts` and `dts`
    std::vector<std::byte>
        extradata;  ///< as the encoder gave it (Annex B parameter sets, AudioSpecificConfig)

    std::int32_t width = 0;  ///< video: coded picture in pixels, square
    std::int32_t height = 0;
    Rational frame_rate{0, 1};

    std::int32_t sample_rate = 0;  ///< audio, in Hz
    std::int32_t channels = 0;
    std::int32_t frame_samples = 0;  ///< audio: samples per packet (1024 for AAC-LC)

    bool operator==(const StreamInfo&) const = default;
};

/// One encoded packet, borrowed.
struct Packet {
    std::uint32_t stream = 0;  ///< index into the epoch's streams
    bool keyframe = false;
    bool missed = false;   ///< shows the picture before it: the machine was too slow for its own
    std::int64_t pts = 0;  ///< in the stream's time base, from the epoch's own origin
    std::int64_t dts = 0;
    MonoTime capture_time =
        MonoTime::from_ns(0);  ///< when the picture (or first sample) was captured
    std::span<const std::byte> data;
};

/// CRC-32C (Castagnoli) of `data`, continuing from `seed`.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t seed = 0);

}  // namespace hindsight
