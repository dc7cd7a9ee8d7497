#include "segment_format.hpp"

#include <hindsight/core/handle.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <map>
#include <utility>

namespace hindsight::ring {

namespace {

/// Enough of a segment for its header, its stream table and the header of its first record.
constexpr std::size_t kStartBytes =
    sizeof(SegmentHeader) + kMaxTableBytes + kRecordAlignment + sizeof(RecordHeader);

bool lies_in_memory(int fd) {
    struct statfs kind {};

    return ::fstatfs(fd, &kind) == 0 && kind.f_type == TMPFS_MAGIC;
}

/// The bytes of a segment, out of core dumps and at one address for good. A file in memory is
/// mapped. One on a disk is read: a disk that fails is then an error, where a mapping would end the
/// program with SIGBUS.
class SegmentBytes {
public:
    /// Of a file on a disk the first `amount` bytes only; the others are zero.
    static Result<SegmentBytes> open(int fd, std::size_t amount = SIZE_MAX) {
        struct stat status {};

        if (::fstat(fd, &status) != 0)
            return fail_errno("reading a ring segment", errno);
        if (!S_ISREG(status.st_mode) || status.st_size < static_cast<off_t>(sizeof(SegmentHeader)))
            return fail(Errc::Corrupt, "a ring segment is damaged: it is too short");
        const auto size = static_cast<std::size_t>(status.st_size);
        const bool copied = !lies_in_memory(fd);
        void* base = copied ? ::mmap(
                                  nullptr,
                                  size,
                                  PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                                  -1,
                                  0)
                            : ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
        if (base == MAP_FAILED)
            return fail_errno("mapping a ring segment", errno);
        ::madvise(base, size, MADV_DONTDUMP);
        SegmentBytes bytes{static_cast<std::byte*>(base), size, copied};
        const auto filled = copied ? bytes.read(fd, amount) : Result<>{};
        if (filled)
            return bytes;
        // Sealing cuts a segment at the end of what it has committed, once.
        if (::fstat(fd, &status) == 0 && static_cast<std::size_t>(status.st_size) < size)
            return open(fd, amount);
        return tl::unexpected{filled.error()};
    }

    SegmentBytes(SegmentBytes&& other) noexcept
        : base_{std::exchange(other.base_, nullptr)},
          size_{std::exchange(other.size_, 0)},
          copied_{other.copied_} {}

    SegmentBytes& operator=(SegmentBytes&& other) noexcept {
        std::swap(base_, other.base_);
        std::swap(size_, other.size_);
        std::swap(copied_, other.copied_);
        return *this;
    }

    SegmentBytes(const SegmentBytes&) = delete;
    SegmentBytes& operator=(const SegmentBytes&) = delete;

    ~SegmentBytes() {
        if (base_ != nullptr)
            ::munmap(base_, size_);
    }

    [[nodiscard]] std::span<const std::byte> bytes() const { return {base_, size_}; }

    [[nodiscard]] bool copied() const { return copied_; }

    /// Fills a copy. Errors: Io (also when the file has become shorter).
    [[nodiscard]] Result<> read(int fd, std::size_t amount = SIZE_MAX) {
        const std::size_t wanted = std::min(amount, size_);
        for (std::size_t done = 0; done < wanted;) {
            const ssize_t n = ::pread(fd, base_ + done, wanted - done, static_cast<off_t>(done));
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                return fail_errno("reading a ring segment", n < 0 ? errno : EIO);
            done += static_cast<std::size_t>(n);
        }
        return {};
    }

    /// Gives the memory of a copy back; its bytes are zero then.
    void drop() { ::madvise(base_, size_, MADV_DONTNEED); }

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
    SegmentBytes(std::byte* base, std::size_t size, bool copied)
        : base_{base}, size_{size}, copied_{copied} {}

    std::byte* base_;
    std::size_t size_;
    bool copied_;
};

UniqueFd open_segment(const std::filesystem::path& file) {
    return UniqueFd{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
}

}  // namespace

struct SegmentReader::Impl {
    std::filesystem::path file;
    SegmentBytes content;
    SegmentInfo info;
    std::uint64_t records_at = 0;
    std::uint64_t committed = 0;
    std::uint64_t offset = 0;
    bool damaged = false;
    Payloads payloads = Payloads::Checked;

    /// Everything but the extent in time. `amount` as for SegmentBytes::open.
    static Result<std::unique_ptr<Impl>>
    open(const std::filesystem::path& file, std::size_t amount = SIZE_MAX);

    [[nodiscard]] std::optional<RecordHeader> record() const {
        const std::uint64_t readable = std::min<std::uint64_t>(committed, content.bytes().size());
        return decode_record(content.bytes(), offset, readable, info.streams.size());
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
SegmentReader::Impl::open(const std::filesystem::path& file, std::size_t amount) {
    const UniqueFd fd = open_segment(file);
    if (!fd)
        return fail_errno("opening a ring segment", errno);
    HINDSIGHT_ASSIGN(SegmentBytes content, SegmentBytes::open(fd.get(), amount));
    const std::uint64_t committed = content.committed();
    if (committed > content.bytes().size()) {
        // It has grown between fstat and now, or lies. It never shrinks below what it published.
        // In the latter case reading ends, damaged, at the end of the file.
        HINDSIGHT_ASSIGN(content, SegmentBytes::open(fd.get(), amount));
    }
    HINDSIGHT_ASSIGN(DecodedHeader header, decode_header(content.bytes()));
    if (committed < header.records_at)
        return fail(Errc::Corrupt, "a ring segment is damaged: its end lies before its start");

    auto impl =
        std::make_unique<Impl>(Impl{file, std::move(content), {}, header.records_at, committed});
    impl->offset = header.records_at;
    impl->info.epoch = header.epoch;
    impl->info.number = header.number;
    impl->info.sealed = impl->content.sealed();
    impl->info.bytes = committed;
    impl->info.streams = std::move(header.streams);
    return impl;
}

Result<std::unique_ptr<SegmentReader>>
SegmentReader::open(const std::filesystem::path& file, Payloads payloads) {
    HINDSIGHT_ASSIGN(auto impl, Impl::open(file));
    impl->payloads = payloads;
    impl->scan();
    return std::unique_ptr<SegmentReader>{new SegmentReader{std::move(impl)}};
}

std::optional<MonoTime> SegmentReader::first_time(const std::filesystem::path& file) {
    const auto impl = Impl::open(file, kStartBytes);
    const auto record = impl ? (*impl)->record() : std::nullopt;
    return record ? std::optional{MonoTime::from_ns(record->capture_ns)} : std::nullopt;
}

void SegmentReader::unload() {
    if (impl_->content.copied())
        impl_->content.drop();
}

Result<> SegmentReader::load() {
    if (!impl_->content.copied())
        return {};
    const UniqueFd fd = open_segment(impl_->file);
    if (!fd)
        return fail_errno("opening a ring segment", errno);
    // It may have been sealed, and so cut behind that, since it was opened.
    return impl_->content.read(fd.get(), impl_->committed);
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
        self.content.bytes().subspan(self.offset + sizeof(RecordHeader), record->payload_bytes);
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

std::vector<SegmentName>
segment_names(const std::filesystem::path& folder, std::string_view prefix) {
    std::vector<SegmentName> names;
    const UniqueHandle<DIR, ::closedir> dir{::opendir(folder.c_str())};
    while (const dirent* entry = dir ? ::readdir(dir.get()) : nullptr) {
        if (const auto name = parse_segment_file_name(prefix, entry->d_name))
            names.push_back(*name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::filesystem::path
segment_path(const std::filesystem::path& folder, std::string_view prefix, SegmentName name) {
    return folder / segment_file_name(prefix, name).text;
}

std::vector<std::filesystem::path>
segment_files(std::span<const std::filesystem::path> folders, std::string_view prefix) {
    std::map<SegmentName, const std::filesystem::path*> found;
    for (const std::filesystem::path& folder : folders)
        for (const SegmentName& name : segment_names(folder, prefix))
            found.emplace(name, &folder);
    std::vector<std::filesystem::path> files;
    files.reserve(found.size());
    for (const auto& [name, folder] : found)
        files.push_back(segment_path(*folder, prefix, name));
    return files;
}

std::vector<std::filesystem::path>
list_segments(const std::filesystem::path& folder, std::string_view prefix) {
    std::vector<std::filesystem::path> files;
    for (const SegmentName& name : segment_names(folder, prefix)) {
        std::filesystem::path file = segment_path(folder, prefix, name);
        if (SegmentReader::first_time(file))
            files.push_back(std::move(file));
    }
    return files;
}

}  // namespace hindsight::ring
