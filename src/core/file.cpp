#include <hindsight/core/file.hpp>
#include <hindsight/core/handle.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

namespace hindsight {

namespace fs = std::filesystem;

namespace {

Result<> write_all(int fd, std::string_view content, const std::string& name) {
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail_errno("cannot write " + name, errno);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<> write_and_sync(const fs::path& file, std::string_view content) {
    const UniqueFd fd{
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644)};
    if (!fd)
        return fail_errno("cannot create " + file.filename().string(), errno);
    HINDSIGHT_TRY(write_all(fd.get(), content, file.filename().string()));
    if (::fsync(fd.get()) != 0)
        return fail_errno("cannot write " + file.filename().string(), errno);
    return {};
}

}  // namespace

Result<> write_file_atomically(const fs::path& file, std::string_view content) {
    fs::path part = file;
    part += ".part";
    if (auto written = write_and_sync(part, content); !written) {
        ::unlink(part.c_str());
        return written;
    }
    if (::rename(part.c_str(), file.c_str()) != 0) {
        const int error = errno;
        ::unlink(part.c_str());
        return fail_errno("cannot name " + file.filename().string(), error);
    }
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
    const UniqueFd fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd || ::fsync(fd.get()) != 0)
        return fail_errno("cannot sync the folder of " + file.filename().string(), errno);
    return {};
}

int rename_without_replacing(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    // This file system cannot do it in one step. A hard link fails on an existing name, too.
    if (::link(from.c_str(), to.c_str()) == 0) {
        ::unlink(from.c_str());
        return 0;
    }
    if (errno == EEXIST)
        return EEXIST;
    // Nor hard links (FAT): claim the name with an empty file of ours, then replace that.
    const UniqueFd claim{::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)};
    if (!claim)
        return errno;
    if (::rename(from.c_str(), to.c_str()) == 0)
        return 0;
    const int error = errno;
    ::unlink(to.c_str());
    return error;
}

Result<std::string> read_text_file(const fs::path& file, std::uintmax_t max_bytes) {
    const std::string name = file.filename().string();
    const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd)
        return fail_errno("cannot open " + name, errno);

    struct stat info {};

    if (::fstat(fd.get(), &info) != 0)
        return fail_errno("cannot read " + name, errno);
    std::string text;
    if (info.st_size > 0 && static_cast<std::uintmax_t>(info.st_size) <= max_bytes)
        text.reserve(static_cast<std::size_t>(info.st_size));
    char buffer[65536];
    for (;;) {
        const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno("cannot read " + name, errno);
        if (got == 0)
            return text;
        if (text.size() + static_cast<std::size_t>(got) > max_bytes)
            return fail(Errc::InvalidArgument, name + " is too large");
        text.append(buffer, static_cast<std::size_t>(got));
    }
}

}  // namespace hindsight
