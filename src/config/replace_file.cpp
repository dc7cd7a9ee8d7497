#include "replace_file.hpp"

#include <hindsight/core/handle.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace hindsight::config {

namespace fs = std::filesystem;

namespace {

constexpr const char* kDoing = "The settings cannot be written";

Result<> write_all(int fd, std::string_view contents) {
    while (!contents.empty()) {
        const ssize_t written = ::write(fd, contents.data(), contents.size());
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return fail_errno(kDoing, errno);
        }
        contents.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(fd) != 0)
        return fail_errno(kDoing, errno);
    return {};
}

}  // namespace

Result<> replace_file(const fs::path& file, std::string_view contents) {
    std::error_code error;
    const fs::path real = fs::is_symlink(file, error) ? fs::weakly_canonical(file, error) : file;
    const fs::path target = real.empty() ? file : real;
    fs::create_directories(target.parent_path(), error);
    if (error)
        return fail_errno(kDoing, error.value());

    std::string name = target.string() + ".XXXXXX";
    const UniqueFd temporary{::mkostemp(name.data(), O_CLOEXEC)};
    if (!temporary)
        return fail_errno(kDoing, errno);

    struct stat old {};

    if (::stat(target.c_str(), &old) == 0)
        static_cast<void>(::fchmod(temporary.get(), old.st_mode & 07777U));
    Result<> done = write_all(temporary.get(), contents);
    if (done && ::rename(name.c_str(), target.c_str()) != 0)
        done = fail_errno(kDoing, errno);
    if (!done) {
        ::unlink(name.c_str());
        return done;
    }
    // The contents are safe already; only the name might still be the old one after a power cut.
    const UniqueFd folder{::open(target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (folder)
        static_cast<void>(::fsync(folder.get()));
    return {};
}

}  // namespace hindsight::config
