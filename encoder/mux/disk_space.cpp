#include "disk_space.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>

namespace hindsight::mux {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSpareBytes = 1u << 20;

}  // namespace

Result<> check_space(const fs::path& target, std::uint64_t bytes) {
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path{"."};

    struct stat status {};

    if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
        return fail(Errc::NotFound, "the folder for clips does not exist", ENOENT);

    struct statvfs space {};

    if (::statvfs(folder.c_str(), &space) != 0)
        return fail_errno("checking the folder for clips", errno);
    if (static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize < bytes + kSpareBytes)
        return fail(Errc::NoSpace, "the disk is too full for this clip", ENOSPC);
    return {};
}

}  // namespace hindsight::mux
