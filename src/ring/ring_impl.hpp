#pragma once

// The inside of RingWriter. Three threads meet here: the one that appends, the helper that keeps
// the next segment ready and finishes old ones, and whoever asks for the status.

#include "segment_file.hpp"
#include "segment_format.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/ring/ring_writer.hpp>

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace hindsight::ring {

inline constexpr std::uint64_t kMinSegmentBytes = 16u << 10;
/// Other users of the tmpfs may fill it; then this many of our oldest segments make room.
inline constexpr int kEvictionsForFullMemory = 4;
/// Segments that may wait for the helper thread; beyond that append() finishes one itself.
inline constexpr std::size_t kMaxRetired = 8;
/// A segment without keyframes is closed after this time (or the ring's limit, if longer).
inline constexpr Duration kMaxOpenSpan = Duration::from_ms(10'000);

struct Sealed {
    SegmentName name;
    std::uint64_t bytes = 0;  ///< allocated
    MonoTime first = MonoTime::max();
    MonoTime last = MonoTime::min();
};

struct RingWriter::Impl {
    RingOptions options;
    Log log;
    UniqueFd folder;
    UniqueFd lock_file;

    // --- Only under append_mutex: what the appending thread works with. Never taken by the helper.
    std::mutex append_mutex;
    std::unique_ptr<SegmentFile> open;
    bool dropping = false;  ///< no room; counts what it skips until the next keyframe
    std::size_t stream_count = 0;
    MonoTime open_start = MonoTime::max();  ///< of the keyframe that opened the segment

    // --- Under mutex, which is held for a few instructions only, never over I/O. Taken after
    // append_mutex.
    mutable std::mutex mutex;
    std::condition_variable wake;
    std::vector<Sealed> sealed;  ///< oldest first
    std::array<std::unique_ptr<SegmentFile>, kMaxRetired> retired;
    std::size_t retired_count = 0;
    std::unique_ptr<SegmentFile> spare;
    bool spare_wanted = false;
    std::uint64_t next_number = 0;  ///< taken by whoever makes a segment; a spare that comes too
                                    ///< late is thrown away, so numbers may have holes
    std::uint64_t opened = 0;       ///< one more than the number of the newest opened segment
    std::vector<std::byte> header;  ///< of the epoch, number not filled in
    std::uint64_t epoch = 0;
    std::uint64_t allocated = 0;  ///< of all our files, reservations included
    std::uint64_t limit_bytes = 0;
    Duration limit = Duration::zero();
    std::uint64_t last_segment_bytes = 0;  ///< size of recent segments, for the next allocation
    MonoTime open_first = MonoTime::max();

    // --- Atomics, each on its own: statistics and hints, nothing is ordered by them.
    std::atomic<std::int64_t> newest_ns{INT64_MIN};
    std::array<std::atomic<std::int64_t>, kMaxStreams> stream_newest_ns{};
    std::atomic<std::uint64_t> dropped{0};
    std::atomic<std::int64_t> evict_after_ns{INT64_MAX};  ///< when the oldest segment is too old
    std::atomic<std::int64_t> max_open_ns{0};             ///< longest segment without a keyframe
    std::atomic<bool> shrink_open{false};                 ///< the limit fell below the open segment

    std::jthread helper;  // last member: stopped before anything it uses goes

    Impl(RingOptions o, Log l);

    Result<> open_folder();
    void note_epoch(std::uint64_t number) const;
    void adopt();
    enum class Adoption { Adopted, Worthless, Unreadable };
    Adoption adopt_one(SegmentName name);

    void unlink(SegmentName name) const;
    bool evict_oldest(std::unique_lock<std::mutex>& lock);
    bool reserve(std::uint64_t bytes);
    void release(std::uint64_t bytes);
    void evict_old();
    void evict_to_limit();
    void update_eviction_time_locked();
    [[nodiscard]] std::uint64_t next_size_locked() const;

    Result<std::unique_ptr<SegmentFile>> make_segment();
    void drop_file(std::unique_ptr<SegmentFile> segment);
    void finish(std::unique_ptr<SegmentFile> segment);
    void retire();
    Result<> start_segment();
    Result<> make_room(std::uint64_t payload_bytes);
    Result<> drop(Error error);
    void note(const Packet& packet);

    void help(const std::stop_token& stop);
    void refill_spare();
};

}  // namespace hindsight::ring
