#include "private_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace hindsight::ring {

Result<> make_private(const std::filesystem::path& folder) {
    if (::mkdir(folder.c_str(), 0700) == 0)
        return {};
    if (errno != EEXIST)
        return fail_errno("creating a folder for the ring", errno);

    struct stat status {};

    if (::lstat(folder.c_str(), &status) != 0)
        return fail_errno("checking a folder of the ring", errno);
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid())
        return fail(
            Errc::PermissionDenied, "the folder for the ring belongs to somebody else", EPERM);
    if (::chmod(folder.c_str(), 0700) != 0)
        return fail_errno("closing a folder of the ring to others", errno);
    return {};
}

}  // namespace hindsight::ring
