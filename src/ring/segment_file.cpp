#include "segment_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hindsight::ring {

namespace {

int allocate(int fd, std::uint64_t size) {
    int error = 0;
    do {
        error = ::posix_fallocate(fd, 0, static_cast<off_t>(size));
    } while (error == EINTR);
    return error;
}

}  // namespace

std::uint64_t whole_pages(std::uint64_t size) {
    static const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return (size + page - 1) / page * page;
}

Result<std::unique_ptr<SegmentFile>> SegmentFile::create(
    int folder,
    const char* file_name,
    SegmentName name,
    std::span<const std::byte> header,
    std::uint64_t size) {
    std::unique_ptr<SegmentFile> segment{new SegmentFile};
    segment->name_ = name;
    segment->size_ = whole_pages(std::max<std::uint64_t>(size, header.size()));
    segment->fd_ = UniqueFd{
        ::openat(folder, file_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!segment->fd_)
        return fail_errno("creating a ring segment", errno);
    if (const int error = allocate(segment->fd_.get(), segment->size_); error != 0) {
        ::unlinkat(folder, file_name, 0);
        return fail_errno("allocating memory for a ring segment", error);
    }
    void* base = ::mmap(
        nullptr,
        segment->size_,
        PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_POPULATE,
        segment->fd_.get(),
        0);
    if (base == MAP_FAILED) {
        const int error = errno;
        ::unlinkat(folder, file_name, 0);
        return fail_errno("mapping a ring segment", error);
    }
    segment->base_ = static_cast<std::byte*>(base);
    ::madvise(base, segment->size_, MADV_DONTDUMP);
    std::memcpy(segment->base_, header.data(), header.size());
    segment->committed_ = header.size();
    return segment;
}

SegmentFile::~SegmentFile() {
    if (base_ != nullptr)
        ::munmap(base_, size_);
}

bool SegmentFile::fits(std::uint64_t payload_bytes) const {
    return record_bytes(payload_bytes) <= size_ - committed_;
}

Result<> SegmentFile::grow(std::uint64_t size) {
    const std::uint64_t wanted = whole_pages(size);
    if (wanted <= size_)
        return {};
    if (const int error = allocate(fd_.get(), wanted); error != 0) {
        // A partial allocation is given back; the mapped part is untouched by that.
        if (::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0)
            return fail_errno("giving back memory of a ring segment", errno);
        return fail_errno("allocating memory for a ring segment", error);
    }
    void* moved = ::mremap(base_, size_, wanted, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED)
        return fail_errno("mapping a ring segment", errno);
    base_ = static_cast<std::byte*>(moved);
    size_ = wanted;
    return {};
}

void SegmentFile::append(const Packet& packet) {
    HINDSIGHT_CHECK(fits(packet.data.size()));
    RecordHeader record{};
    record.magic = kRecordMagic;
    record.payload_bytes = static_cast<std::uint32_t>(packet.data.size());
    record.stream = packet.stream;
    record.flags = (packet.keyframe ? kFlagKeyframe : 0) | (packet.missed ? kFlagMissed : 0);
    record.pts = packet.pts;
    record.dts = packet.dts;
    record.capture_ns = packet.capture_time.ns();
    record.payload_crc = crc32c(packet.data);
    record.header_crc =
        crc32c(std::as_bytes(std::span{&record, 1}).first(offsetof(RecordHeader, header_crc)));

    std::byte* at = base_ + committed_;
    std::memcpy(at, &record, sizeof record);
    if (!packet.data.empty())
        std::memcpy(at + sizeof record, packet.data.data(), packet.data.size());
    committed_ += record_bytes(packet.data.size());
    first_ = std::min(first_, packet.capture_time);
    last_ = std::max(last_, packet.capture_time);
    // Release: whoever reads the new offset with acquire also sees the record before it.
    auto* published = reinterpret_cast<std::uint64_t*>(base_ + offsetof(SegmentHeader, committed));
    __atomic_store_n(published, committed_, __ATOMIC_RELEASE);
}

void SegmentFile::seal() {
    auto* state = reinterpret_cast<std::uint32_t*>(base_ + offsetof(SegmentHeader, state));
    __atomic_fetch_or(state, kFlagSealed, __ATOMIC_RELEASE);
}

void SegmentFile::finish() {
    if (base_ == nullptr)
        return;
    ::munmap(base_, size_);
    base_ = nullptr;
    // Readers never touch what lies behind the committed offset, so it can go under their feet.
    if (::ftruncate(fd_.get(), static_cast<off_t>(committed_)) == 0)
        size_ = whole_pages(committed_);
    fd_.reset();
}

}  // namespace hindsight::ring
