#pragma once

// The writing end of the ring: packets in, checksummed GOP segments in memory-backed files out.
// `hindsight-capture` has one for video and audio, `hindsightd` one for actions; each is the only
// writer of its files.
//
// Invariants:
//  1. A segment starts with a keyframe of the primary stream (stream 0) and holds the packets of
//  all streams up to
//     the next one. Only whole segments are evicted.
//  2. A packet is visible to readers when, and only when, the committed offset behind it has been
//  published.
//  3. Bytes in the folder never exceed `limit_bytes` and the span never `limit` plus one segment,
//  also when no
//     keyframe comes: then the open segment is closed and packets are dropped until the next
//     keyframe.
//  4. append() does not allocate, wait or do I/O beyond the copy into mapped memory in steady
//  state: the next
//     segment file is allocated ahead by a helper thread.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/stream.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace hindsight::ring {

struct RingOptions {
    std::filesystem::path
        folder{};               ///< created 0700; must be memory-backed for the promises to hold
    std::string prefix = "av";  ///< file names are `<prefix>-<epoch>-<number>.hsseg`
    std::uint64_t limit_bytes = 512ull << 20;
    Duration limit = Duration::from_ms(120'000);
    std::uint64_t segment_bytes =
        4u << 20;  ///< first allocation of a segment; grows when a GOP is larger
};

struct RingStatus {
    Duration buffered =
        Duration::zero();  ///< from the first packet of the oldest segment to the newest packet
    std::uint64_t buffered_bytes = 0;  ///< bytes allocated in the folder by this writer's files
    std::uint64_t segments = 0;
    std::uint64_t dropped_packets =
        0;  ///< no room (memory full, or no keyframe within the byte limit)
    MonoTime oldest = MonoTime::max();  ///< MonoTime::max() while empty
    MonoTime newest = MonoTime::min();  ///< MonoTime::min() while empty
};

class RingWriter {
public:
    /// Adopts the segments that earlier epochs left in `folder` as its oldest part (they are
    /// evicted like its own) and removes those without one readable packet and files of the prefix
    /// that are no segments. Errors: Busy (another writer has the prefix), NoSpace,
    /// PermissionDenied, Io, InvalidArgument (options).
    [[nodiscard]] static Result<std::unique_ptr<RingWriter>> create(RingOptions options, Log log);

    ~RingWriter();  ///< seals the open segment
    RingWriter(const RingWriter&) = delete;
    RingWriter& operator=(const RingWriter&) = delete;

    /// Starts an epoch: its streams (0 is the primary one, at most 16) and its number, larger than
    /// any before. Seals what is open. Errors: InvalidArgument.
    [[nodiscard]] Result<> begin_epoch(std::uint64_t epoch, std::vector<StreamInfo> streams);

    /// Largest epoch number ever begun in the folder, 0 if none. Segments that were removed count,
    /// too.
    [[nodiscard]] std::uint64_t last_epoch() const;

    /// Copies the packet in. Packets before the first keyframe of an epoch are skipped (ok).
    /// Errors: NoSpace (counted; the ring stays consistent and goes on at the next keyframe).
    /// Safe from any thread; callers keep each stream in order. [capture]
    [[nodiscard]] Result<> append(const Packet& packet);

    /// Ends the open segment; later packets wait for the next keyframe.
    void seal();

    /// Evicts down to smaller limits at once; what is just being allocated or written follows with
    /// the next packet. [any-thread]
    void set_limits(std::uint64_t limit_bytes, Duration limit);
    [[nodiscard]] RingStatus status() const;  ///< [any-thread]

    /// Newest capture time appended to the given stream of this epoch. [any-thread]
    [[nodiscard]] MonoTime newest(std::uint32_t stream) const;

    /// Removes every segment of the folder (clean stop).
    void clear();

    /// Removes the segments that reach past `from`, the open one as well; later packets wait for
    /// the next keyframe. What lies before `from` in the first of them goes, too.
    void forget(MonoTime from);

private:
    struct Impl;
    explicit RingWriter(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace hindsight::ring
