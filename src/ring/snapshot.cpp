#include "private_folder.hpp"
#include "segment_format.hpp"

#include <hindsight/core/paths.hpp>
#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/ring/snapshot.hpp>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <string>

namespace hindsight::ring {

namespace fs = std::filesystem;

namespace {

/// Audio that sounds at the start of the window may have been captured a little before it.
constexpr Duration kLeadIn = Duration::from_ms(100);
constexpr std::uint64_t kLeastMemory = 64ull << 20;

/// Free bytes of the tmpfs that `folder` lies on; 0 when it is none.
std::uint64_t free_memory(const fs::path& folder) {
    struct statfs kind {};

    struct statvfs space {};

    if (::statfs(folder.c_str(), &kind) != 0 || kind.f_type != TMPFS_MAGIC ||
        ::statvfs(folder.c_str(), &space) != 0)
        return 0;
    return static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
}

bool holds_footage(const fs::path& home) {
    std::error_code error;
    return fs::exists(home / "ring", error) || fs::exists(home / "pins", error);
}

/// FNV-1a: two sessions of one user (or two tests) get different folders below /dev/shm.
std::string session_key(const std::string& text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    char key[17];
    std::snprintf(key, sizeof key, "%016llx", static_cast<unsigned long long>(hash));
    return key;
}

bool overlaps(const fs::path& file, Window window) {
    const auto reader = SegmentReader::open(file);
    if (!reader)
        return false;
    const SegmentInfo& info = (*reader)->info();
    const bool early =
        window.from.ns() > INT64_MIN + kLeadIn.ns() && info.last < window.from - kLeadIn;
    return !early && info.first < window.to;
}

bool is_same_file(const fs::path& a, const fs::path& b) {
    struct stat first {};

    struct stat second {};

    return ::lstat(a.c_str(), &first) == 0 && ::lstat(b.c_str(), &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/// False: it was evicted a moment ago.
Result<bool> pin(const fs::path& segment, const fs::path& pin_folder) {
    const fs::path link = pin_folder / segment.filename();
    if (::link(segment.c_str(), link.c_str()) == 0)
        return true;
    const int error = errno;
    if (error == EEXIST && is_same_file(segment, link))
        return true;
    if (error == ENOENT && ::access(pin_folder.c_str(), F_OK) == 0)
        return false;
    return fail_errno("keeping footage for a clip", error);
}

}  // namespace

std::vector<SegmentName>
segments_in(const fs::path& folder, std::string_view prefix, Window window) {
    const std::vector<SegmentName> names = segment_names(folder, prefix);
    // They follow each other in time, so those that begin inside the window are in it; only at its
    // two ends are segments opened, and read through, which takes as long as all of the rest.
    const auto begins_before = [&](std::size_t at, MonoTime t) {
        // One that cannot be read now, or is empty still, stands for the next that can.
        for (; at < names.size(); ++at)
            if (const auto first =
                    SegmentReader::first_time(segment_path(folder, prefix, names[at])))
                return *first < t;
        return false;
    };
    const auto first_not_before = [&](std::size_t from, MonoTime t) {
        std::size_t count = names.size() - from;
        while (count > 0) {
            const std::size_t half = count / 2;
            const bool before = begins_before(from + half, t);
            from = before ? from + half + 1 : from;
            count = before ? count - half - 1 : half;
        }
        return from;
    };
    std::size_t begin = first_not_before(0, window.from);
    std::size_t end = first_not_before(begin, window.to);
    while (begin > 0 && overlaps(segment_path(folder, prefix, names[begin - 1]), window))
        --begin;
    while (end < names.size() && overlaps(segment_path(folder, prefix, names[end]), window))
        ++end;
    return {
        names.begin() + static_cast<std::ptrdiff_t>(begin),
        names.begin() + static_cast<std::ptrdiff_t>(end)};
}

Result<std::vector<fs::path>> pin_segments(
    const fs::path& ring_folder,
    std::string_view prefix,
    Window window,
    const fs::path& pin_folder) {
    HINDSIGHT_TRY(make_private(pin_folder));
    std::vector<fs::path> pinned;
    for (const SegmentName& name : segments_in(ring_folder, prefix, window)) {
        const fs::path file = segment_path(ring_folder, prefix, name);
        if (!SegmentReader::first_time(file))
            continue;  // empty still, or evicted a moment ago
        HINDSIGHT_ASSIGN(const bool linked, pin(file, pin_folder));
        if (linked)
            pinned.push_back(segment_path(pin_folder, prefix, name));
    }
    return pinned;
}

Result<SegmentName> pin_segments_after(
    const fs::path& ring_folder,
    std::string_view prefix,
    SegmentName after,
    const fs::path& pin_folder) {
    HINDSIGHT_TRY(make_private(pin_folder));
    SegmentName last = after;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{ring_folder, error}) {
        const auto name = parse_segment_file_name(prefix, entry.path().filename().string());
        if (!name || *name <= after)
            continue;
        HINDSIGHT_ASSIGN(const bool linked, pin(entry.path(), pin_folder));
        if (linked)
            last = std::max(last, *name);
    }
    return last;
}

std::uint64_t folder_bytes(const fs::path& folder) {
    std::uint64_t bytes = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator it{folder, error}, end; !error && it != end;
         it.increment(error)) {
        struct stat status {};

        if (::lstat(it->path().c_str(), &status) == 0 && S_ISREG(status.st_mode))
            bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
    return bytes;
}

Result<fs::path> ring_home(std::uint64_t wanted_bytes) {
    const fs::path preferred = paths::runtime_dir();
    const fs::path shared = fs::path{"/dev/shm"} / ("hindsight-" + std::to_string(::geteuid()));
    const fs::path fallback = shared / session_key(preferred.string());

    // Footage that is there already decides: a restart must find what the last run left, although
    // that very footage has used up the memory.
    const bool keep_fallback = holds_footage(fallback) && !holds_footage(preferred);
    const std::uint64_t there = free_memory(preferred.parent_path());
    const bool keep_preferred = there > 0 && holds_footage(preferred);
    if (keep_preferred || (!keep_fallback && there >= std::max(wanted_bytes, kLeastMemory))) {
        HINDSIGHT_TRY(make_private(preferred));
        return preferred;
    }
    const std::uint64_t here = free_memory("/dev/shm");
    if (keep_fallback || (here >= kLeastMemory && here > there)) {
        HINDSIGHT_TRY(make_private(shared));
        HINDSIGHT_TRY(make_private(fallback));
        return fallback;
    }
    if (there >= kLeastMemory) {
        HINDSIGHT_TRY(make_private(preferred));
        return preferred;
    }
    return fail(
        Errc::NoSpace,
        "there is not enough memory-backed storage (tmpfs) for the replay buffer",
        ENOSPC);
}

}  // namespace hindsight::ring
