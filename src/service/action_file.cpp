#include <hindsight/core/stream.hpp>
#include <hindsight/ipc/messages.hpp>
#include <hindsight/ports/session_writer.hpp>
#include <hindsight/service/action_codec.hpp>
#include <hindsight/service/action_file.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hindsight::service {

namespace fs = std::filesystem;
using actions::ActionRecord;
using ipc::Json;

namespace {

constexpr const char* kDoing = "writing the actions of the recording";
constexpr std::uint32_t kHeadMagic = 0x41485348;   // "HSHA"
constexpr std::uint32_t kBlockMagic = 0x4B425348;  // "HSBK"
/// A segment of actions has 64 KiB, unless marks with long labels come in quick succession.
constexpr std::uint32_t kMaxPayload = 1u << 20;

struct BlockHeader {
    std::uint32_t magic = kBlockMagic;
    std::uint32_t payload_bytes = 0;
    std::uint64_t epoch = 0;
    std::uint64_t number = 0;
    std::uint32_t crc = 0;  ///< of the payload
    std::uint32_t reserved = 0;
};

struct EntryHeader {
    std::int64_t t_ns = 0;
    std::uint64_t bytes = 0;
};

/// Appends the bytes of a value.
template <class T>
void put(std::vector<std::byte>& out, const T& value) {
    const auto bytes = std::as_bytes(std::span{&value, 1});
    out.insert(out.end(), bytes.begin(), bytes.end());
}

bool read_at(int fd, off_t at, std::span<std::byte> into) {
    while (!into.empty()) {
        const ssize_t n = ::pread(fd, into.data(), into.size(), at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        into = into.subspan(static_cast<std::size_t>(n));
    }
    return true;
}

struct Block {
    ring::SegmentName name;
    std::vector<ActionRecord> records;
    off_t end = 0;  ///< in the file
};

bool decode_entries(std::span<const std::byte> payload, std::vector<ActionRecord>& records) {
    while (!payload.empty()) {
        EntryHeader entry;
        if (payload.size() < sizeof entry)
            return false;
        std::memcpy(&entry, payload.data(), sizeof entry);
        payload = payload.subspan(sizeof entry);
        if (entry.bytes > payload.size())
            return false;
        const auto data = payload.first(static_cast<std::size_t>(entry.bytes));
        if (auto record = decode_action(data, MonoTime::from_ns(entry.t_ns)))
            records.push_back(*std::move(record));
        payload = payload.subspan(data.size());
    }
    return true;
}

struct Payload {
    BlockHeader header;
    std::vector<std::byte> bytes;
    off_t end = 0;  ///< in the file
};

/// Empty at the end and where no whole one with this magic lies.
std::optional<Payload> payload_at(int fd, off_t at, std::uint32_t magic) {
    Payload payload;
    BlockHeader& header = payload.header;
    if (!read_at(fd, at, std::as_writable_bytes(std::span{&header, 1})) || header.magic != magic ||
        header.payload_bytes > kMaxPayload)
        return std::nullopt;
    payload.bytes.resize(header.payload_bytes);
    const auto begin = at + static_cast<off_t>(sizeof header);
    if (!read_at(fd, begin, payload.bytes) || crc32c(payload.bytes) != header.crc)
        return std::nullopt;
    payload.end = begin + static_cast<off_t>(payload.bytes.size());
    return payload;
}

std::optional<Block> block_at(int fd, off_t at) {
    const auto payload = payload_at(fd, at, kBlockMagic);
    if (!payload)
        return std::nullopt;
    Block block{{payload->header.epoch, payload->header.number}, {}, payload->end};
    if (!decode_entries(payload->bytes, block.records))
        return std::nullopt;
    return block;
}

bool is_event(const ring::StoredPacket& stored) {
    const auto record = decode_action(stored.packet.data, stored.packet.capture_time);
    return record && record->kind == ActionRecord::Kind::Event;
}

/// `block` begins with room for its header.
void seal(std::vector<std::byte>& block, BlockHeader header) {
    const auto payload = std::span{block}.subspan(sizeof header);
    header.payload_bytes = static_cast<std::uint32_t>(payload.size());
    header.crc = crc32c(payload);
    std::memcpy(block.data(), &header, sizeof header);
}

std::vector<std::byte> head_of(const ActionFacts& facts) {
    const std::string text = Json{
        {"version", 1},
        {"origin_ns", facts.origin.ns()},
        {"profile", facts.profile},
        {"keep_actions", facts.keep_actions},
        {"train", facts.train}}.dump();
    std::vector<std::byte> head(sizeof(BlockHeader));
    const auto bytes = std::as_bytes(std::span{text});
    head.insert(head.end(), bytes.begin(), bytes.end());
    BlockHeader header;
    header.magic = kHeadMagic;
    seal(head, header);
    return head;
}

fs::path with_ending(const fs::path& file, std::string_view old, std::string_view fresh) {
    std::string name = file.filename().string();
    if (name.ends_with(old))
        name.resize(name.size() - old.size());
    return file.parent_path() / name.append(fresh);
}

}  // namespace

fs::path action_file_of(const fs::path& grown) {
    return with_ending(grown, kSessionEnding, kSessionActionsEnding);
}

fs::path grown_file_of(const fs::path& actions) {
    return with_ending(actions, kSessionActionsEnding, kSessionEnding);
}

Result<ActionFile> ActionFile::open(const fs::path& path, const ActionFacts& facts) {
    UniqueFd fd{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!fd)
        return fail_errno(kDoing, errno);
    ActionFile file{std::move(fd), facts.keep_actions};
    const int raw = file.fd_.get();
    const auto head = payload_at(raw, 0, kHeadMagic);
    file.end_ = head ? head->end : 0;
    while (const auto block = head ? block_at(raw, file.end_) : std::nullopt) {
        file.end_ = block->end;
        file.last_ = block->name;
        for (const ActionRecord& record : block->records)
            file.until_ = std::max(file.until_, record.t);
    }
    if (::ftruncate(raw, file.end_) != 0)
        return fail_errno(kDoing, errno);
    if (!head)
        HINDSIGHT_TRY(file.write_block(head_of(facts)));
    return file;
}

Result<> ActionFile::write_block(std::span<const std::byte> block) {
    errno = 0;
    if (::pwrite(fd_.get(), block.data(), block.size(), end_) !=
        static_cast<ssize_t>(block.size())) {
        const int error = errno == 0 ? ENOSPC : errno;
        (void)!::ftruncate(fd_.get(), end_);
        return fail_errno(kDoing, error);
    }
    end_ += static_cast<off_t>(block.size());
    return {};
}

Result<> ActionFile::append(ring::SegmentReader& segment) {
    std::vector<std::byte> block(sizeof(BlockHeader));
    MonoTime until = until_;
    while (const auto stored = segment.next()) {
        until = std::max(until, stored->packet.capture_time);
        if (!keep_actions_ && !is_event(*stored))
            continue;
        put(block, EntryHeader{stored->packet.capture_time.ns(), stored->packet.data.size()});
        block.insert(block.end(), stored->packet.data.begin(), stored->packet.data.end());
    }
    // No reader would go on behind a block that is larger.
    if (block.size() - sizeof(BlockHeader) > kMaxPayload)
        return fail(Errc::Unsupported, "too much was done at once for the file of the actions");
    BlockHeader header;
    header.epoch = segment.info().epoch;
    header.number = segment.info().number;
    seal(block, header);
    HINDSIGHT_TRY(write_block(block));
    last_ = {header.epoch, header.number};
    until_ = until;
    return {};
}

Result<> ActionFile::sync() const {
    if (::fdatasync(fd_.get()) != 0)
        return fail_errno(kDoing, errno);
    return {};
}

std::optional<ActionFacts> read_action_facts(const fs::path& path) {
    const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    const auto head = fd ? payload_at(fd.get(), 0, kHeadMagic) : std::nullopt;
    if (!head)
        return std::nullopt;
    try {
        const auto* text = reinterpret_cast<const char*>(head->bytes.data());
        const Json json = Json::parse(text, text + head->bytes.size());
        ActionFacts facts;
        facts.origin = MonoTime::from_ns(json.at("origin_ns").get<std::int64_t>());
        facts.profile = json.at("profile").get<std::string>();
        facts.keep_actions = json.at("keep_actions").get<bool>();
        facts.train = json.at("train").get<bool>();
        return facts;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

ring::SegmentName
read_action_file(const fs::path& path, const std::function<void(ActionRecord)>& each) {
    ring::SegmentName last;
    const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!fd)
        return last;
    const auto head = payload_at(fd.get(), 0, kHeadMagic);
    off_t at = head ? head->end : 0;
    while (auto block = head ? block_at(fd.get(), at) : std::nullopt) {
        at = block->end;
        last = block->name;
        for (ActionRecord& record : block->records)
            each(std::move(record));
    }
    return last;
}

}  // namespace hindsight::service
