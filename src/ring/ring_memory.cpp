#include "ring_impl.hpp"

#include <hindsight/ring/segment_reader.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

namespace hindsight::ring {

RingWriter::Impl::Impl(RingOptions o, Log l) : options{std::move(o)}, log{std::move(l)} {
    limit_bytes = options.limit_bytes;
    limit = options.limit;
    max_open_ns = std::max(limit, kMaxOpenSpan).ns();
    for (auto& newest : stream_newest_ns)
        newest = INT64_MIN;
}

// ---------------------------------------------------------------------------------------------
// Folder and adoption

Result<> RingWriter::Impl::open_folder() {
    const auto& path = options.folder;
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return fail_errno("creating the ring folder", errno);
    folder = UniqueFd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!folder)
        return fail_errno("opening the ring folder", errno);
    if (::fchmod(folder.get(), 0700) != 0)
        return fail_errno("closing the ring folder to others", errno);
    const std::string name = options.prefix + ".lock";
    lock_file = UniqueFd{
        ::openat(folder.get(), name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!lock_file)
        return fail_errno("creating the lock of the ring", errno);
    if (::flock(lock_file.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(Errc::Busy, "another program is writing this ring", errno);

    struct stat status {};

    if (::fstat(lock_file.get(), &status) == 0)
        epoch = static_cast<std::uint64_t>(status.st_size);
    return {};
}

/// Keeps the number of the epoch in the lock file, which outlives the segments: their names are not
/// used again, although pins may still hold segments that have them. The number is the file's size,
/// all of it a hole, so that it takes no memory.
void RingWriter::Impl::note_epoch(std::uint64_t number) const {
    if (::ftruncate(lock_file.get(), static_cast<off_t>(number)) != 0)
        log.warn("the number of the ring's epoch cannot be noted");
}

RingWriter::Impl::Adoption RingWriter::Impl::adopt_one(SegmentName name) {
    const auto file = options.folder / segment_file_name(options.prefix, name).text;
    const auto reader = SegmentReader::open(file);
    if (!reader && reader.error().code != Errc::Corrupt)
        return Adoption::Unreadable;
    if (!reader || (*reader)->info().epoch != name.epoch || !(*reader)->next())
        return Adoption::Worthless;
    const SegmentInfo& info = (*reader)->info();
    // A crash leaves the last segments with their whole allocation; only the committed part counts.
    std::uint64_t bytes = info.bytes;
    if (::truncate(file.c_str(), static_cast<off_t>(bytes)) != 0) {
        std::error_code error;
        bytes =
            std::max(bytes, static_cast<std::uint64_t>(std::filesystem::file_size(file, error)));
        if (error)
            return Adoption::Unreadable;
    }
    const Sealed entry{name, whole_pages(bytes), info.first, info.last};
    newest_ns = std::max(newest_ns.load(), info.last.ns());
    const std::lock_guard guard{mutex};
    allocated += entry.bytes;
    sealed.push_back(entry);
    return Adoption::Adopted;
}

void RingWriter::Impl::adopt() {
    const std::string ours = options.prefix + "-";
    std::vector<SegmentName> names;
    const UniqueHandle<DIR, ::closedir> dir{::opendir(options.folder.c_str())};
    while (const dirent* entry = dir ? ::readdir(dir.get()) : nullptr) {
        const std::string_view file_name{entry->d_name};
        if (!file_name.starts_with(ours))
            continue;
        if (const auto name = parse_segment_file_name(options.prefix, file_name))
            names.push_back(*name);
        else
            ::unlinkat(folder.get(), entry->d_name, 0);
    }
    std::sort(names.begin(), names.end());
    std::size_t removed = 0;
    std::size_t unreadable = 0;
    for (const SegmentName& name : names) {
        epoch = std::max(epoch, name.epoch);
        const Adoption adoption = adopt_one(name);
        if (adoption == Adoption::Worthless) {
            unlink(name);
            ++removed;
        }
        unreadable += adoption == Adoption::Unreadable ? 1 : 0;
    }
    if (!names.empty())
        log.info(
            "adopted {} ring segments, removed {}", names.size() - removed - unreadable, removed);
    if (unreadable > 0)
        log.warn("{} ring segments cannot be read now and are left alone", unreadable);
    evict_old();
    evict_to_limit();
}

// ---------------------------------------------------------------------------------------------
// Counting and evicting

void RingWriter::Impl::unlink(SegmentName name) const {
    ::unlinkat(folder.get(), segment_file_name(options.prefix, name).text, 0);
}

bool RingWriter::Impl::evict_oldest(std::unique_lock<std::mutex>& lock) {
    if (sealed.empty())
        return false;
    const Sealed victim = sealed.front();
    sealed.erase(sealed.begin());
    update_eviction_time_locked();
    lock.unlock();
    unlink(victim.name);
    lock.lock();
    allocated -= victim.bytes;
    return true;
}

/// Counts `bytes` as allocated, before they are; evicts until they fit the limit.
bool RingWriter::Impl::reserve(std::uint64_t bytes) {
    std::unique_lock lock{mutex};
    while (allocated + bytes > limit_bytes) {
        if (bytes > limit_bytes || !evict_oldest(lock))
            return false;
    }
    allocated += bytes;
    return true;
}

void RingWriter::Impl::release(std::uint64_t bytes) {
    const std::lock_guard guard{mutex};
    allocated -= bytes;
}

void RingWriter::Impl::update_eviction_time_locked() {
    const bool endless = sealed.empty() || sealed.front().last.ns() > INT64_MAX - limit.ns();
    evict_after_ns = endless ? INT64_MAX : (sealed.front().last + limit).ns();
}

void RingWriter::Impl::evict_old() {
    std::unique_lock lock{mutex};
    update_eviction_time_locked();
    while (newest_ns > evict_after_ns)
        evict_oldest(lock);
}

void RingWriter::Impl::evict_to_limit() {
    std::unique_lock lock{mutex};
    while (allocated > limit_bytes) {
        if (!evict_oldest(lock))
            break;
    }
    if (allocated > limit_bytes && spare != nullptr) {
        auto unneeded = std::move(spare);
        lock.unlock();
        drop_file(std::move(unneeded));
        lock.lock();
    }
    if (allocated > limit_bytes)
        shrink_open = true;
}

/// A little more than recent segments took; never so much that the ring holds fewer than four.
std::uint64_t RingWriter::Impl::next_size_locked() const {
    const std::uint64_t wanted = last_segment_bytes == 0
                                     ? options.segment_bytes
                                     : last_segment_bytes + last_segment_bytes / 8;
    return whole_pages(std::max(std::min(wanted, limit_bytes / 4), kMinSegmentBytes));
}

// ---------------------------------------------------------------------------------------------
// Segments

Result<std::unique_ptr<SegmentFile>> RingWriter::Impl::make_segment() {
    std::vector<std::byte> head;
    SegmentName name;
    std::uint64_t size = 0;
    {
        const std::lock_guard guard{mutex};
        name = {epoch, next_number++};
        head = header;
        size = next_size_locked();
    }
    size = std::max(size, whole_pages(head.size()));
    patch_number(head, name.number);
    if (!reserve(size))
        return fail(Errc::NoSpace, "the memory limit of the ring is too small for one segment");
    const SegmentFileName file_name = segment_file_name(options.prefix, name);
    auto segment = SegmentFile::create(folder.get(), file_name.text, name, head, size);
    for (int i = 0; i < kEvictionsForFullMemory && !segment; ++i) {
        std::unique_lock lock{mutex};
        if (segment.error().code != Errc::NoSpace || !evict_oldest(lock))
            break;
        lock.unlock();
        segment = SegmentFile::create(folder.get(), file_name.text, name, head, size);
    }
    if (!segment)
        release(size);
    return segment;
}

void RingWriter::Impl::drop_file(std::unique_ptr<SegmentFile> segment) {
    if (segment == nullptr)
        return;
    const std::uint64_t size = segment->size();
    unlink(segment->name());
    segment.reset();
    release(size);
}

/// Truncates a sealed segment and corrects the books, if it has not been evicted meanwhile.
void RingWriter::Impl::finish(std::unique_ptr<SegmentFile> segment) {
    segment->finish();
    const std::lock_guard guard{mutex};
    const auto entry = std::find_if(
        sealed.rbegin(), sealed.rend(), [&](const Sealed& s) { return s.name == segment->name(); });
    if (entry == sealed.rend())
        return;
    allocated -= entry->bytes - segment->size();
    entry->bytes = segment->size();
}

}  // namespace hindsight::ring
