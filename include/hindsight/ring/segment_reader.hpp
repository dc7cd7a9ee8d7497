#pragma once

// The reading end of one segment. Works on segments that are still being written (up to the
// committed offset at the time of `open`) and on whatever a crash or a hostile disk
// left behind: nothing in a file is trusted.

#include <hindsight/core/result.hpp>
#include <hindsight/core/stream.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace hindsight::ring {

/// Which segment: in this order they were written.
struct SegmentName {
    std::uint64_t epoch = 0;
    std::uint64_t number = 0;

    // clang-tidy 14 takes the comparison with 0 for one with a pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    auto operator<=>(const SegmentName&) const = default;
};

/// Empty when `file_name` is no segment of `prefix`.
[[nodiscard]] std::optional<SegmentName>
parse_segment_file_name(std::string_view prefix, std::string_view file_name);

struct SegmentInfo {
    std::uint64_t epoch = 0;
    std::uint64_t number = 0;  ///< within the epoch, from 0
    bool sealed = false;
    MonoTime first = MonoTime::max();  ///< smallest and largest capture time inside
    MonoTime last = MonoTime::min();
    std::uint64_t bytes = 0;  ///< committed bytes
    std::vector<StreamInfo> streams;
};

struct StoredPacket {
    Packet packet;             ///< `data` points into the reader, valid while it lives
    std::uint32_t crc32c = 0;  ///< of `packet.data`, as the writer computed it
};

enum class Payloads {
    Checked,    ///< their checksums are compared: reads every byte
    Unchecked,  ///< framing only: for a caller that compares the checksums at the end of its work
};

class SegmentReader {
public:
    /// Errors: NotFound, Io, Corrupt (header).
    [[nodiscard]] static Result<std::unique_ptr<SegmentReader>>
    open(const std::filesystem::path& file, Payloads payloads = Payloads::Checked);

    /// Capture time of the first packet in writing order, without looking at the others; empty when
    /// there is none or the file is no sound segment.
    [[nodiscard]] static std::optional<MonoTime> first_time(const std::filesystem::path& file);

    ~SegmentReader();

    [[nodiscard]] const SegmentInfo& info() const;

    /// Next packet in writing order; empty at the end of the committed part. A packet whose
    /// checksum or framing is wrong ends the segment: `damaged()` is then true and what came before
    /// stands.
    [[nodiscard]] std::optional<StoredPacket> next();

    void rewind();
    [[nodiscard]] bool damaged() const;

    /// Gives the memory back that a segment on a disk takes while it is read; nothing of one in
    /// memory. Payloads keep their place, but their bytes are gone until load().
    void unload();

    /// Reads it again. Errors: NotFound, Io (the disk).
    [[nodiscard]] Result<> load();

private:
    struct Impl;
    explicit SegmentReader(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

/// The segments of a folder with the given prefix, ordered by epoch and number; unreadable ones
/// and those without a packet are left out.
[[nodiscard]] std::vector<std::filesystem::path>
list_segments(const std::filesystem::path& folder, std::string_view prefix);

/// The names in a folder, in order. Opens none: some may be unreadable or without a packet.
[[nodiscard]] std::vector<SegmentName>
segment_names(const std::filesystem::path& folder, std::string_view prefix);

[[nodiscard]] std::filesystem::path
segment_path(const std::filesystem::path& folder, std::string_view prefix, SegmentName name);

/// The segments of several folders as one sequence, each once: from the first folder that has it.
/// Opens none, as segment_names.
[[nodiscard]] std::vector<std::filesystem::path>
segment_files(std::span<const std::filesystem::path> folders, std::string_view prefix);

}  // namespace hindsight::ring
