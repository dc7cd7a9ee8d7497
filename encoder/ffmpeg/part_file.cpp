#include "part_file.hpp"

#include <hindsight/core/file.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

namespace hindsight {

namespace fs = std::filesystem;

namespace {

constexpr int kMaxNumber = 9'999;

bool sync_folder(const fs::path& file) {
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
    const UniqueFd fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    // EINVAL: a file system that has nothing to sync for folders.
    return fd && (::fsync(fd.get()) == 0 || errno == EINVAL);
}

/// Some file systems have no locks (NFS without its daemon, some FUSE ones): work goes on without.
bool lock_or_do_without(int fd) {
    return ::flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

}  // namespace

fs::path numbered_path(const fs::path& path, int number) {
    if (number <= 1)
        return path;
    fs::path result = path;
    result.replace_filename(
        path.stem().string() + "_" + std::to_string(number) + path.extension().string());
    return result;
}

PartFile::PartFile(UniqueFd fd, fs::path part, fs::path target)
    : fd_{std::move(fd)}, part_{std::move(part)}, target_{std::move(target)} {}

PartFile::~PartFile() {
    if (!part_.path.empty())
        ::unlink(part_.path.c_str());
}

Result<PartFile> PartFile::create(const fs::path& target) {
    for (int number = 1; number <= kMaxNumber; ++number) {
        const fs::path name = numbered_path(target, number);
        fs::path part = name;
        part += ".part";
        UniqueFd fd{::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644)};
        if (!fd)
            return fail_errno("creating the clip file", errno);

        // The lock tells a live writer's file from one that a crash left. Between open and lock
        // its owner may have renamed or removed it: then it is not ours to use.
        struct stat opened {};

        struct stat named {};

        if (!lock_or_do_without(fd.get()) || ::fstat(fd.get(), &opened) != 0 ||
            ::stat(part.c_str(), &named) != 0 || opened.st_ino != named.st_ino)
            continue;
        PartFile file{std::move(fd), std::move(part), name};
        HINDSIGHT_TRY(file.restart());
        return file;
    }
    return fail(Errc::AlreadyExists, "too many files of this name are being written");
}

Result<> PartFile::restart() {
    if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) != 0)
        return fail_errno("emptying the clip file", errno);
    return {};
}

void PartFile::start_sync() const {
    // What goes wrong here, sync() meets again.
    ::sync_file_range(fd_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
}

Result<> PartFile::sync() {
    if (::fsync(fd_.get()) != 0)
        return fail_errno("writing the clip to disk", errno);
    return {};
}

Result<Published> PartFile::publish(NameClash clash) {
    HINDSIGHT_ASSIGN(Published published, publish_as(part_.path, target_, clash));
    part_.path.clear();
    return published;
}

Result<Published> publish_as(const fs::path& file, const fs::path& target, NameClash clash) {
    fs::path name = target;
    if (clash == NameClash::Replace) {
        if (::rename(file.c_str(), name.c_str()) != 0)
            return fail_errno("naming the finished file", errno);
    } else {
        int error = EEXIST;
        for (int number = 1; error == EEXIST && number <= kMaxNumber; ++number) {
            name = numbered_path(target, number);
            error = rename_without_replacing(file, name);
        }
        if (error != 0)
            return fail_errno("naming the finished file", error);
    }
    const bool durable = sync_folder(name);
    return Published{std::move(name), durable};
}

}  // namespace hindsight
