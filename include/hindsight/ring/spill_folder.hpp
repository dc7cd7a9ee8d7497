#pragma once

// The part of a ring that lies on a disk: whole segments, copied from memory before memory has to
// evict them, under the same names and in the same form. Together they are one ring: what is in
// both places counts once, and the disk holds the older part.
//
// Invariants:
//  1. The ring in memory is only read. Whatever the disk does, it goes on.
//  2. A name below `ring/` is a complete segment; names on the disk are never newer than in memory.
//  3. No memory waits for the disk: a segment that memory evicts before it is copied is lost, and
//     counted.
//  4. The bytes below `ring/` never exceed the limit, nor what is free beside them when a call
//  ends.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/ring/snapshot.hpp>

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace hindsight::ring {

/// Writes `bytes` bytes from the start of one open file to the start of another, empty one.
using CopySegment = std::function<Result<>(int from, int to, std::uint64_t bytes)>;

/// By the kernel; waits for the disk and leaves nothing in its cache. Not synced: a power loss
/// empties the ring anyway. Errors: NoSpace, Io.
[[nodiscard]] Result<> copy_segment(int from, int to, std::uint64_t bytes);

struct SpillPlaces {
    std::filesystem::path home;  ///< of the ring, in memory: `ring/`, `pins/` and a note of `root`
    std::filesystem::path base;  ///< folder on the disk; an invisible one is made in it
};

struct SpillLimits {
    std::uint64_t memory_bytes = 0;  ///< of the ring in memory: its older half is copied
    std::uint64_t disk_bytes = 0;    ///< at most; never more than half of what is free
    Duration span = Duration::zero();
};

struct SpillState {
    std::filesystem::path root;  ///< empty: nothing is there yet
    std::uint64_t bytes = 0;
    std::uint64_t limit_bytes = 0;      ///< what counts now
    std::uint64_t held_bytes = 0;       ///< kept by pins alone
    MonoTime oldest = MonoTime::max();  ///< MonoTime::max() while empty
    std::uint64_t lost = 0;             ///< segments, since the last clear()
    bool more = false;                  ///< segments are due; call follow() again at once
};

/// [spill]
class SpillFolder {
public:
    SpillFolder(SpillPlaces places, Log log, CopySegment copy = copy_segment);
    SpillFolder(const SpillFolder&) = delete;
    SpillFolder& operator=(const SpillFolder&) = delete;

    /// Copies what is due, a few segments at a time, and evicts what is too old or too much. Takes
    /// up first what an earlier process of this ring left, and removes what belongs to no ring that
    /// exists: a reboot leaves such folders behind.
    /// Errors: NoSpace, NotFound, PermissionDenied, Io, Busy; what is there stays, and the next
    /// call tries again.
    [[nodiscard]] Result<> follow(const SpillLimits& limits);

    [[nodiscard]] const SpillState& state() const { return state_; }

    /// Removes every segment; pins stay.
    void clear();

    /// Removes the segments that reach past `from`, after the ring in memory has done so; pins
    /// stay.
    void forget(MonoTime from);

    /// clear(), and everything else of ours on the disk where no pin needs it.
    void retire();

private:
    struct InMemory {
        MonoTime first = MonoTime::max();
        std::uint64_t bytes = 0;  ///< allocated
    };

    struct OnDisk {
        std::uint64_t bytes = 0;
        std::optional<MonoTime> first;  ///< read when it is needed
    };

    using Spilled = std::map<SegmentName, OnDisk>;

    Result<> open();
    void adopt();
    void look_at_memory(Duration span);
    [[nodiscard]] std::uint64_t newer_half(const SpillLimits& limits) const;
    [[nodiscard]] std::uint64_t kept_ready() const;
    Result<> copy_due(const SpillLimits& limits);
    Result<> copy(SegmentName name, std::uint64_t limit);
    [[nodiscard]] Result<> write_file(SegmentName name, int from, std::uint64_t bytes) const;
    Result<> evict_old(Duration span);
    Result<> evict_to(std::uint64_t bytes);
    Result<> evict_oldest();
    [[nodiscard]] std::optional<MonoTime> first_from(Spilled::iterator at);
    [[nodiscard]] std::uint64_t held_by_pins() const;

    SpillPlaces places_;
    Log log_;
    CopySegment copy_;
    SpillState state_;
    std::filesystem::path memory_folder_;  ///< the ring's
    std::filesystem::path folder_;         ///< ours; empty until it is open
    dev_t device_ = 0;                     ///< of base, so that an unmounted disk is noticed
    ino_t inode_ = 0;                      ///< of folder_
    std::map<SegmentName, InMemory> memory_;
    Spilled disk_;
    SegmentName passed_;  ///< this and all before are copied, or lost
};

/// The root that an earlier process of this ring had there; empty: none. Looks at memory only.
/// [any-thread]
[[nodiscard]] std::filesystem::path noted_spill_root(const SpillPlaces& places);

/// Nothing is spilled any more: removes what this ring, or one that is gone, has on the disk. Pins
/// of unsaved clips stay. [spill]
void forget_spilled(const SpillPlaces& places);

/// Links the spilled segments of the window below `root` that `memory_pins` does not have into
/// `root/pins/<id>`, which is made if there are any. Returns their bytes.
/// Errors: NotFound (the disk is gone), NoSpace, PermissionDenied, Io. [spill]
[[nodiscard]] Result<std::uint64_t> pin_spilled(
    const std::filesystem::path& root,
    const std::string& id,
    Window window,
    const std::filesystem::path& memory_pins);

/// Removes the pins of a request. [spill]
void drop_spilled_pins(const std::filesystem::path& root, const std::string& id);

/// Where pin_spilled() links.
[[nodiscard]] std::filesystem::path
spilled_pins(const std::filesystem::path& root, const std::string& id);

}  // namespace hindsight::ring
