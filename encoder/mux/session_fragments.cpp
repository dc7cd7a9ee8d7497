#include "session_fragments.hpp"

#include "clip_verify.hpp"
#include "mp4_input.hpp"

#include <hindsight/core/handle.hpp>

#include <ffmpeg/av_error.hpp>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>

namespace hindsight::mux {

namespace {

constexpr const char* kDoing = "reading the recording";

/// Fewer bytes only at the end of the file.
Result<std::size_t> read_at(int fd, std::uint64_t at, std::span<std::byte> into) {
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t n =
            ::pread(fd, into.data() + done, into.size() - done, static_cast<off_t>(at + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(kDoing, errno);
        if (n == 0)
            break;
        done += static_cast<std::size_t>(n);
    }
    return done;
}

struct Box {
    std::string type;
    std::uint64_t bytes = 0;
};

std::uint64_t big_endian(std::span<const std::byte> bytes) {
    std::uint64_t value = 0;
    for (const std::byte b : bytes)
        value = value << 8 | std::to_integer<std::uint64_t>(b);
    return value;
}

/// Empty where no complete box lies.
Result<std::optional<Box>> box_at(int fd, std::uint64_t at, std::uint64_t file_bytes) {
    std::array<std::byte, 16> start{};
    HINDSIGHT_ASSIGN(const std::size_t got, read_at(fd, at, start));
    if (got < 8)
        return std::nullopt;
    const std::span bytes{start};
    Box box;
    box.bytes = big_endian(bytes.first(4));
    box.type.assign(reinterpret_cast<const char*>(start.data()) + 4, 4);
    if (box.bytes == 1 && got == start.size())
        box.bytes = big_endian(bytes.last(8));
    if (box.bytes < 8 || box.bytes > file_bytes - at)
        return std::nullopt;
    return box;
}

Result<> copy_range(int from, std::uint64_t begin, std::uint64_t end, int to) {
    std::vector<std::byte> buffer(256u << 10);
    while (begin < end) {
        const auto want = std::min<std::uint64_t>(end - begin, buffer.size());
        const std::span part = std::span{buffer}.first(static_cast<std::size_t>(want));
        HINDSIGHT_ASSIGN(const std::size_t got, read_at(from, begin, part));
        if (got == 0)
            return fail(Errc::Corrupt, "the file of the recording has become shorter");
        if (::write(to, buffer.data(), got) != static_cast<ssize_t>(got))
            return fail_errno(kDoing, errno == 0 ? ENOSPC : errno);
        begin += got;
    }
    return {};
}

}  // namespace

Result<Fragments> find_fragments(int fd) {
    struct stat status {};

    if (::fstat(fd, &status) != 0)
        return fail_errno(kDoing, errno);
    const auto size = static_cast<std::uint64_t>(status.st_size);
    Fragments found;
    bool open = false;  // a moof whose mdat is to follow
    for (std::uint64_t at = 0; at < size;) {
        HINDSIGHT_ASSIGN(const auto box, box_at(fd, at, size));
        const bool described = found.head > 0;
        if (!box || (described && box->type != "moof" && box->type != "mdat"))
            break;
        if (!described && box->type == "moof")
            found.head = at;
        at += box->bytes;
        if (open && box->type == "mdat")
            found.ends.push_back(at);
        open = box->type == "moof";
    }
    return found;
}

Result<std::uint64_t> head_bytes(int fd) {
    struct stat status {};

    if (::fstat(fd, &status) != 0)
        return fail_errno(kDoing, errno);
    const auto size = static_cast<std::uint64_t>(status.st_size);
    for (std::uint64_t at = 0; at < size;) {
        HINDSIGHT_ASSIGN(const auto box, box_at(fd, at, size));
        if (!box)
            break;
        if (box->type == "moof")
            return at;
        at += box->bytes;
    }
    return fail(Errc::Corrupt, "the recording is damaged: it holds no footage");
}

Result<> check_fragment(int fd, std::uint64_t head, std::uint64_t from, std::uint64_t to) {
    const UniqueFd memory{::memfd_create("session-fragment", MFD_CLOEXEC)};
    if (!memory)
        return fail_errno(kDoing, errno);
    HINDSIGHT_TRY(copy_range(fd, 0, head, memory.get()));
    HINDSIGHT_TRY(copy_range(fd, from, to, memory.get()));
    HINDSIGHT_ASSIGN(
        const InputHandle input,
        open_all_packets("/proc/self/fd/" + std::to_string(memory.get()), kDoing));
    const PacketHandle packet{av_packet_alloc()};
    int read = 0;
    while ((read = av_read_frame(input.get(), packet.get())) >= 0) {
        if (packet->stream_index == 0)
            return decode_keyframe(*input->streams[0]->codecpar, *packet);
        av_packet_unref(packet.get());
    }
    return fail(Errc::Corrupt, "the recording is damaged: a fragment has no picture", read);
}

}  // namespace hindsight::mux
