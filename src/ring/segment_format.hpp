#pragma once

// The bytes of a segment file, described for people in docs/ring-format.md. Little-endian, as all
// machines that run this; a file of the other order fails the magic.

#include <hindsight/core/result.hpp>
#include <hindsight/core/stream.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::ring {

inline constexpr std::uint64_t kSegmentMagic = 0x1a0a'0d47'4553'5348;  // "HSSEG\r\n\x1a"
inline constexpr std::uint32_t kSegmentVersion = 2;
inline constexpr std::uint32_t kRecordMagic = 0x314b'4350;  // "PCK1"
inline constexpr std::uint32_t kMaxStreams = 16;
inline constexpr std::uint32_t kMaxTableBytes = 64u << 10;
inline constexpr std::uint32_t kMaxPayloadBytes = 64u << 20;
inline constexpr std::uint64_t kRecordAlignment = 8;

inline constexpr std::uint32_t kFlagSealed = 1;
inline constexpr std::uint32_t kFlagKeyframe = 1;
inline constexpr std::uint32_t kFlagMissed = 2;

/// Starts every file; the stream table follows, records start at `records_at`.
struct SegmentHeader {
    std::uint64_t magic;
    std::uint32_t version;
    std::uint32_t records_at;  ///< multiple of 8
    std::uint64_t epoch;
    std::uint64_t number;
    std::uint32_t stream_count;
    std::uint32_t table_bytes;
    std::uint32_t table_crc;
    std::uint32_t header_crc;  ///< of the 44 bytes before
    std::uint64_t committed;   ///< end of the last published record; release / acquire
    std::uint32_t state;       ///< kFlagSealed
    std::uint32_t reserved;
};

static_assert(sizeof(SegmentHeader) == 64);
static_assert(offsetof(SegmentHeader, header_crc) == 44);
static_assert(offsetof(SegmentHeader, committed) == 48);

/// Precedes every payload; the next record starts at the next multiple of 8 behind the payload.
struct RecordHeader {
    std::uint32_t magic;
    std::uint32_t payload_bytes;
    std::uint32_t stream;
    std::uint32_t flags;  ///< kFlagKeyframe, kFlagMissed
    std::int64_t pts;
    std::int64_t dts;
    std::int64_t capture_ns;
    std::uint32_t payload_crc;
    std::uint32_t header_crc;  ///< of the 44 bytes before
};

static_assert(sizeof(RecordHeader) == 48);
static_assert(offsetof(RecordHeader, header_crc) == 44);

[[nodiscard]] constexpr std::uint64_t align_record(std::uint64_t offset) {
    return (offset + kRecordAlignment - 1) & ~(kRecordAlignment - 1);
}

/// Bytes that a packet of this size takes in a segment.
[[nodiscard]] constexpr std::uint64_t record_bytes(std::uint64_t payload_bytes) {
    return align_record(sizeof(RecordHeader) + payload_bytes);
}

/// Header and stream table of an empty segment, up to `records_at`.
/// Errors: InvalidArgument (no stream, too many, or too much extradata).
[[nodiscard]] Result<std::vector<std::byte>>
encode_header(std::uint64_t epoch, std::uint64_t number, std::span<const StreamInfo> streams);

/// Writes the number into an encoded header, so that one encoding serves a whole epoch.
void patch_number(std::span<std::byte> header, std::uint64_t number);

struct DecodedHeader {
    std::uint64_t epoch = 0;
    std::uint64_t number = 0;
    std::uint64_t records_at = 0;
    std::vector<StreamInfo> streams;
};

/// Reads what `encode_header` wrote; `file` is the file from its first byte. Errors: Corrupt.
[[nodiscard]] Result<DecodedHeader> decode_header(std::span<const std::byte> file);

/// The record at `offset`, if its framing is sound and it lies wholly before `committed`.
[[nodiscard]] std::optional<RecordHeader> decode_record(
    std::span<const std::byte> file,
    std::uint64_t offset,
    std::uint64_t committed,
    std::size_t stream_count);

/// `<prefix>-<epoch>-<number>.hsseg` into `buffer`, which is large enough for prefixes of up to
/// 32 bytes.
struct SegmentFileName {
    char text[96];
};

[[nodiscard]] SegmentFileName segment_file_name(std::string_view prefix, SegmentName name);

}  // namespace hindsight::ring
