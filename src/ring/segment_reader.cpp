#include "segment_format.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace hindsight::ring {

namespace {

/// A read-only mapping of a whole file that stays out of core dumps.
class Mapping {
public:
    static Result<Mapping> map(int fd) {
        struct stat status {};

        if (::fstat(fd, &status) != 0)
            return fail_errno("reading a ring segment", errno);
        if (!S_ISREG(status.st_mode) || status.st_size < static_cast<off_t>(sizeof(SegmentHeader)))
            return fail(Errc::Corrupt, "a ring segment is damaged: it is too short");
        const auto size = static_cast<std::size_t>(status.st_size);
        void* base = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
        if (base == MAP_FAILED)
            return fail_errno("mapping a ring segment", errno);
        ::madvise(base, size, MADV_DONTDUMP);
        return Mapping{static_cast<const std::byte*>(base), size};
    }

    Mapping(Mapping&& other) noexcept
        : base_{std::exchange(other.base_, nullptr)}, size_{std::exchange(other.size_, 0)} {}

    Mapping& operator=(Mapping&& other) noexcept {
        std::swap(base_, other.base_);
        std::swap(size_, other.size_);
        return *this;
    }

    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;

    ~Mapping() {
        if (base_ != nullptr)
            ::munmap(const_cast<std::byte*>(base_), size_);
    }

    [[nodiscard]] std::span<const std::byte> bytes() const { return {base_, size_}; }

    /// Pairs with the writer's release store: records before the result are complete.
    [[nodiscard]] std::uint64_t committed() const {
        const auto* field =
            reinterpret_cast<const std::uint64_t*>(base_ + offsetof(SegmentHeader, committed));
        return __atomic_load_n(field, __ATOMIC_ACQUIRE);
    }

    [[nodiscard]] bool sealed() const {
        const auto* field =
            reinterpret_cast<const std::uint32_t*>(base_ + offsetof(SegmentHeader, state));
        return (__atomic_load_n(field, __ATOMIC_ACQUIRE) & kFlagSealed) != 0;
    }

private:
    Mapping(const std::byte* base, std::size_t size) : base_{base}, size_{size} {}

    const std::byte* base_;
    std::size_t size_;
};

}  // namespace

struct SegmentReader::Impl {
    Mapping mapping;
    SegmentInfo info;
    std::uint64_t records_at = 0;
    std::uint64_t committed = 0;
    std::uint64_t offset = 0;
    bool damaged = false;
    Payloads payloads = Payloads::Checked;

    /// Everything but the extent in time.
    static Result<std::unique_ptr<Impl>> map(const std::filesystem::path& file);

    [[nodiscard]] std::optional<RecordHeader> record() const {
        const std::uint64_t readable = std::min<std::uint64_t>(committed, mapping.bytes().size());
        return decode_record(mapping.bytes(), offset, readable, info.streams.size());
    }

    /// The extent in time, from the record headers: nothing in the file's header is believed.
    void scan() {
        offset = records_at;
        while (const auto found = record()) {
            const MonoTime t = MonoTime::from_ns(found->capture_ns);
            info.first = std::min(info.first, t);
            info.last = std::max(info.last, t);
            offset += record_bytes(found->payload_bytes);
        }
        offset = records_at;
    }
};

SegmentReader::SegmentReader(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

SegmentReader::~SegmentReader() = default;

Result<std::unique_ptr<SegmentReader::Impl>>
SegmentReader::Impl::map(const std::filesystem::path& file) {
    const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    if (!fd)
        return fail_errno("opening a ring segment", errno);
    HINDSIGHT_ASSIGN(Mapping mapping, Mapping::map(fd.get()));
    const std::uint64_t committed = mapping.committed();
    if (committed > mapping.bytes().size()) {
        // It has grown between fstat and now, or lies. It never shrinks below what it published.
        // In the latter case reading ends, damaged, at the end of the file.
        HINDSIGHT_ASSIGN(mapping, Mapping::map(fd.get()));
    }
    HINDSIGHT_ASSIGN(DecodedHeader header, decode_header(mapping.bytes()));
    if (committed < header.records_at)
        return fail(Errc::Corrupt, "a ring segment is damaged: its end lies before its start");

    auto impl = std::make_unique<Impl>(Impl{std::move(mapping), {}, header.records_at, committed});
    impl->offset = header.records_at;
    impl->info.epoch = header.epoch;
    impl->info.number = header.number;
    impl->info.sealed = impl->mapping.sealed();
    impl->info.bytes = committed;
    impl->info.streams = std::move(header.streams);
    return impl;
}

Result<std::unique_ptr<SegmentReader>>
SegmentReader::open(const std::filesystem::path& file, Payloads payloads) {
    HINDSIGHT_ASSIGN(auto impl, Impl::map(file));
    impl->payloads = payloads;
    impl->scan();
    return std::unique_ptr<SegmentReader>{new SegmentReader{std::move(impl)}};
}

std::optional<MonoTime> SegmentReader::first_time(const std::filesystem::path& file) {
    const auto impl = Impl::map(file);
    const auto record = impl ? (*impl)->record() : std::nullopt;
    return record ? std::optional{MonoTime::from_ns(record->capture_ns)} : std::nullopt;
}

const SegmentInfo& SegmentReader::info() const {
    return impl_->info;
}

std::optional<StoredPacket> SegmentReader::next() {
    Impl& self = *impl_;
    if (self.damaged || self.offset >= self.committed)
        return std::nullopt;
    const auto record = self.record();
    if (!record) {
        self.damaged = true;
        return std::nullopt;
    }
    const auto payload =
        self.mapping.bytes().subspan(self.offset + sizeof(RecordHeader), record->payload_bytes);
    if (self.payloads == Payloads::Checked && crc32c(payload) != record->payload_crc) {
        self.damaged = true;
        return std::nullopt;
    }
    self.offset += record_bytes(record->payload_bytes);
    StoredPacket stored;
    stored.packet.stream = record->stream;
    stored.packet.keyframe = (record->flags & kFlagKeyframe) != 0;
    stored.packet.missed = (record->flags & kFlagMissed) != 0;
    stored.packet.pts = record->pts;
    stored.packet.dts = record->dts;
    stored.packet.capture_time = MonoTime::from_ns(record->capture_ns);
    stored.packet.data = payload;
    stored.crc32c = record->payload_crc;
    return stored;
}

void SegmentReader::rewind() {
    impl_->offset = impl_->records_at;
    impl_->damaged = false;
}

bool SegmentReader::damaged() const {
    return impl_->damaged;
}

std::vector<std::filesystem::path>
list_segments(const std::filesystem::path& folder, std::string_view prefix) {
    std::vector<SegmentName> names;
    const UniqueHandle<DIR, ::closedir> dir{::opendir(folder.c_str())};
    while (const dirent* entry = dir ? ::readdir(dir.get()) : nullptr) {
        if (const auto name = parse_segment_file_name(prefix, entry->d_name))
            names.push_back(*name);
    }
    std::sort(names.begin(), names.end());
    std::vector<std::filesystem::path> files;
    for (const SegmentName& name : names) {
        std::filesystem::path file = folder / segment_file_name(prefix, name).text;
        if (SegmentReader::first_time(file))
            files.push_back(std::move(file));
    }
    return files;
}

}  // namespace hindsight::ring
