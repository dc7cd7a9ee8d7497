#include "private_folder.hpp"
#include "segment_format.hpp"
#include "spill_root.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/ring/spill_folder.hpp>

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <set>
#include <utility>

namespace hindsight::ring {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPrefix = "av";
/// Segments that one call copies: what a save that comes meanwhile has to wait for.
constexpr int kCopiesPerCall = 4;
/// A segment this close to the time limit was evicted for its age.
constexpr Duration kAboutToGo = Duration::from_ms(10'000);

std::uint64_t free_bytes(const fs::path& folder) {
    struct statvfs space {};

    if (::statvfs(folder.c_str(), &space) != 0)
        return 0;
    return static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
}

std::uint64_t size_of(const fs::path& file) {
    struct stat status {};

    return ::lstat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::uint64_t allocated(const fs::path& file) {
    struct stat status {};

    return ::lstat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_blocks) * 512
                                               : 0;
}

/// Half of the room that there is, our own share included.
std::uint64_t fair_share(const fs::path& folder, std::uint64_t wished, std::uint64_t own) {
    return std::min(wished, (free_bytes(folder) + own) / 2);
}

}  // namespace

Result<> copy_segment(int from, int to, std::uint64_t bytes) {
    off_t offset = 0;
    while (static_cast<std::uint64_t>(offset) < bytes) {
        const ssize_t n = ::sendfile(to, from, &offset, bytes - static_cast<std::uint64_t>(offset));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail_errno("writing to it", n < 0 ? errno : EIO);
    }
    // Clean pages only can be dropped, and what the disk refuses is told now.
    constexpr unsigned kWholeFile =
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    if (::sync_file_range(to, 0, 0, kWholeFile) != 0 && (errno == EIO || errno == ENOSPC))
        return fail_errno("writing to it", errno);
    (void)::posix_fadvise(to, 0, 0, POSIX_FADV_DONTNEED);
    return {};
}

SpillFolder::SpillFolder(SpillPlaces places, Log log, CopySegment copy)
    : places_{std::move(places)},
      log_{std::move(log)},
      copy_{std::move(copy)},
      memory_folder_{places_.home / "ring"} {}

// ---------------------------------------------------------------------------------------------
// The folder

Result<> SpillFolder::open() {
    struct stat base {};

    struct stat status {};

    const bool there = ::stat(places_.base.c_str(), &base) == 0;
    if (!folder_.empty() && there && ::stat(folder_.c_str(), &status) == 0 &&
        status.st_dev == device_ && status.st_ino == inode_)
        return {};
    // A disk that is not mounted leaves a folder of the same name.
    if (!there || (device_ != 0 && base.st_dev != device_))
        return fail(Errc::NotFound, "the disk is not there", ENOENT);
    HINDSIGHT_ASSIGN(state_.root, claim_spill_root(places_.home, places_.base));
    folder_ = state_.root / "ring";
    if (::stat(folder_.c_str(), &status) != 0)
        return fail_errno("opening its folder", errno);
    device_ = base.st_dev;
    inode_ = status.st_ino;
    adopt();
    return {};
}

void SpillFolder::adopt() {
    disk_.clear();
    state_.bytes = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{folder_, error}) {
        const auto name = parse_segment_file_name(kPrefix, entry.path().filename().string());
        if (!name) {
            fs::remove(entry.path(), error);  // a copy that was not finished
            continue;
        }
        const std::uint64_t bytes = size_of(entry.path());
        disk_[*name] = {bytes, std::nullopt};
        state_.bytes += bytes;
    }
    if (!disk_.empty()) {
        passed_ = std::max(passed_, std::prev(disk_.end())->first);
        log_.info("{} segments of this ring lie on the disk", disk_.size());
    }
}

// ---------------------------------------------------------------------------------------------
// What is where

/// Time of the first packet from `at` on: a segment that cannot be read stands for the next.
std::optional<MonoTime> SpillFolder::first_from(Spilled::iterator at) {
    for (; at != disk_.end(); ++at) {
        auto& [name, entry] = *at;
        if (!entry.first)
            entry.first = SegmentReader::first_time(segment_path(folder_, kPrefix, name));
        if (entry.first)
            return entry.first;
    }
    return std::nullopt;
}

void SpillFolder::look_at_memory(Duration span) {
    std::map<SegmentName, InMemory> now;
    for (const SegmentName& name : segment_names(memory_folder_, kPrefix)) {
        const fs::path file = segment_path(memory_folder_, kPrefix, name);
        const auto known = memory_.find(name);
        const auto first = known != memory_.end() ? std::optional{known->second.first}
                                                  : SegmentReader::first_time(file);
        if (first)
            now[name] = {*first, allocated(file)};
    }
    std::swap(memory_, now);
    if (memory_.empty())
        return;  // dropped, not evicted
    const MonoTime newest = std::prev(memory_.end())->second.first;
    for (const auto& [name, entry] : now) {
        if (name <= passed_ || memory_.contains(name))
            continue;
        passed_ = name;
        state_.lost += newest - entry.first + kAboutToGo < span ? 1 : 0;
    }
}

/// What of the ring need not be copied yet. The other half is a reserve: for a disk that is slow
/// for a while, and for memory that has to be given back at once.
std::uint64_t SpillFolder::newer_half(const SpillLimits& limits) const {
    std::uint64_t bytes = 0;
    for (const auto& [name, entry] : memory_)
        bytes += entry.bytes;
    return std::min(limits.memory_bytes, free_bytes(memory_folder_) + bytes) / 2;
}

/// The ring keeps a segment ready, and one more comes before the next look.
std::uint64_t SpillFolder::kept_ready() const {
    std::uint64_t largest = 0;
    for (const auto& [name, entry] : memory_)
        largest = std::max(largest, entry.bytes);
    return 2 * largest;
}

std::uint64_t SpillFolder::held_by_pins() const {
    std::uint64_t bytes = 0;
    std::set<SegmentName> seen;
    std::error_code error;
    for (const auto& request : fs::directory_iterator{state_.root / "pins", error})
        for (const SegmentName& name : segment_names(request.path(), kPrefix))
            if (!disk_.contains(name) && seen.insert(name).second)
                bytes += size_of(segment_path(request.path(), kPrefix, name));
    return bytes;
}

// ---------------------------------------------------------------------------------------------
// Copying and evicting

Result<> SpillFolder::follow(const SpillLimits& limits) {
    state_.more = false;
    look_at_memory(limits.span);
    HINDSIGHT_TRY(open());
    state_.limit_bytes = fair_share(folder_, limits.disk_bytes, state_.bytes);
    HINDSIGHT_TRY(evict_to(state_.limit_bytes));
    HINDSIGHT_TRY(evict_old(limits.span));
    auto copied = copy_due(limits);
    state_.held_bytes = held_by_pins();
    state_.oldest = first_from(disk_.begin()).value_or(MonoTime::max());
    return copied;
}

Result<> SpillFolder::copy_due(const SpillLimits& limits) {
    const std::uint64_t kept = newer_half(limits);
    std::uint64_t bytes = kept_ready();
    std::vector<SegmentName> due;
    // The last one with packets may be growing still.
    for (auto at = memory_.rbegin(); at != memory_.rend() && at->first > passed_; ++at) {
        bytes += at->second.bytes;
        if (bytes > kept && at != memory_.rbegin())
            due.push_back(at->first);
    }
    int left = kCopiesPerCall;
    for (auto name = due.rbegin(); name != due.rend(); ++name) {
        state_.more = left == 0;
        if (left-- == 0)
            break;
        HINDSIGHT_TRY(copy(*name, state_.limit_bytes));
        passed_ = *name;
    }
    return {};
}

Result<> SpillFolder::copy(SegmentName name, std::uint64_t limit) {
    const fs::path file = segment_path(memory_folder_, kPrefix, name);
    const UniqueFd from{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    const auto reader = SegmentReader::open(file);
    if (!from || !reader) {
        ++state_.lost;  // evicted just now, or damaged
        return {};
    }
    const std::uint64_t bytes = (*reader)->info().bytes;
    if (bytes > limit)
        return fail(Errc::NoSpace, "there is no room on the disk", ENOSPC);
    HINDSIGHT_TRY(evict_to(limit - bytes));
    HINDSIGHT_TRY(write_file(name, from.get(), bytes));
    disk_[name] = {bytes, (*reader)->info().first};
    state_.bytes += bytes;
    return {};
}

Result<> SpillFolder::write_file(SegmentName name, int from, std::uint64_t bytes) const {
    const fs::path target = segment_path(folder_, kPrefix, name);
    fs::path part = target;
    part += ".part";
    const UniqueFd to{::open(
        part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)};
    if (!to)
        return fail_errno("writing to it", errno);
    auto written = copy_(from, to.get(), bytes);
    if (written && ::rename(part.c_str(), target.c_str()) != 0)
        written = fail_errno("writing to it", errno);
    if (!written)
        ::unlink(part.c_str());
    return written;
}

Result<> SpillFolder::evict_old(Duration span) {
    if (memory_.empty())
        return {};
    const MonoTime newest = std::prev(memory_.end())->second.first;
    while (disk_.size() > 1) {
        const auto second = first_from(std::next(disk_.begin()));
        if (!second || newest - *second < span)
            break;
        HINDSIGHT_TRY(evict_oldest());
    }
    return {};
}

Result<> SpillFolder::evict_to(std::uint64_t bytes) {
    while (state_.bytes > bytes && !disk_.empty())
        HINDSIGHT_TRY(evict_oldest());
    return {};
}

Result<> SpillFolder::evict_oldest() {
    const auto oldest = disk_.begin();
    if (::unlink(segment_path(folder_, kPrefix, oldest->first).c_str()) != 0 && errno != ENOENT)
        return fail_errno("removing old footage from it", errno);
    state_.bytes -= oldest->second.bytes;
    disk_.erase(oldest);
    return {};
}

void SpillFolder::clear() {
    if (const auto removed = evict_to(0); !removed)
        log_.warn("footage stays on the disk: {}", removed.error().what);
    if (!memory_.empty())
        passed_ = std::max(passed_, std::prev(memory_.end())->first);
    memory_.clear();
    state_.oldest = MonoTime::max();
    state_.lost = 0;
    state_.more = false;
}

void SpillFolder::forget(MonoTime from) {
    for (const SegmentName& name : segments_in(folder_, kPrefix, {from, MonoTime::max()})) {
        const auto at = disk_.find(name);
        if (at == disk_.end())
            continue;
        if (::unlink(segment_path(folder_, kPrefix, name).c_str()) != 0 && errno != ENOENT)
            log_.warn("footage stays on the disk: {}", std::strerror(errno));
        state_.bytes -= at->second.bytes;
        disk_.erase(at);
    }
    // What memory has no more was not lost.
    memory_.clear();
    state_.oldest = first_from(disk_.begin()).value_or(MonoTime::max());
}

void SpillFolder::retire() {
    clear();
    if (!state_.root.empty())
        leave_spill_root(state_.root, places_.home);
    folder_.clear();
    state_ = {};
}

// ---------------------------------------------------------------------------------------------
// Pins

Result<std::uint64_t> pin_spilled(
    const fs::path& root, const std::string& id, Window window, const fs::path& memory_pins) {
    const fs::path folder = root / "ring";
    const fs::path pins = spilled_pins(root, id);
    std::error_code error;
    if (!fs::is_directory(root, error))
        return fail(Errc::NotFound, "the folder of the buffer on the disk is gone", ENOENT);
    for (const SegmentName& name : segments_in(folder, kPrefix, window)) {
        if (fs::exists(segment_path(memory_pins, kPrefix, name), error))
            continue;
        HINDSIGHT_TRY(make_private(pins));
        const fs::path link = segment_path(pins, kPrefix, name);
        if (::link(segment_path(folder, kPrefix, name).c_str(), link.c_str()) != 0 &&
            errno != EEXIST && errno != ENOENT)
            return fail_errno("keeping footage for a clip", errno);
    }
    std::uint64_t bytes = 0;
    for (const SegmentName& name : segment_names(pins, kPrefix))
        bytes += size_of(segment_path(pins, kPrefix, name));
    return bytes;
}

}  // namespace hindsight::ring
