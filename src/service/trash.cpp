#include <hindsight/core/file.hpp>
#include <hindsight/core/paths.hpp>
#include <hindsight/service/trash.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <string>

namespace hindsight::service {

namespace fs = std::filesystem;

namespace {

constexpr int kMaxTries = 10'000;

struct TrashFolder {
    fs::path root;
    fs::path top;  ///< of the device; empty for the home trash, whose entries are absolute
};

Result<dev_t> device_of(const fs::path& path) {
    struct stat status {};

    if (::stat(path.c_str(), &status) != 0)
        return fail_errno("the file cannot be moved to the trash", errno);
    return status.st_dev;
}

/// The highest folder that is still on the device of `file`.
fs::path top_folder(const fs::path& file, dev_t device) {
    fs::path top = file.parent_path();
    while (top.has_relative_path()) {
        const auto above = device_of(top.parent_path());
        if (!above || *above != device)
            break;
        top = top.parent_path();
    }
    return top;
}

bool make_private(const fs::path& folder) {
    return ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST;
}

bool is_own_folder(const fs::path& folder) {
    struct stat status {};

    return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == ::getuid();
}

/// `$topdir/.Trash` counts only when it is a real folder with the sticky bit.
bool is_shared_trash(const fs::path& folder) {
    struct stat status {};

    return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
           (status.st_mode & S_ISVTX) != 0;
}

Result<TrashFolder> trash_for(const fs::path& file) {
    HINDSIGHT_ASSIGN(const dev_t device, device_of(file));
    // paths::data_dir() is our own folder below the data home.
    const fs::path home_data = paths::data_dir().parent_path();
    std::error_code error;
    fs::create_directories(home_data, error);
    const auto home_device = device_of(home_data);
    if (home_device && *home_device == device)
        return TrashFolder{home_data / "Trash", {}};
    const fs::path top = top_folder(file, device);
    const std::string user = std::to_string(::getuid());
    if (is_shared_trash(top / ".Trash")) {
        const fs::path own = top / ".Trash" / user;
        if (make_private(own) && is_own_folder(own))
            return TrashFolder{own, top};
    }
    const fs::path own = top / (".Trash-" + user);
    if (make_private(own) && is_own_folder(own))
        return TrashFolder{own, top};
    return fail(
        Errc::PermissionDenied, "the disk of this clip has no trash and none can be made there");
}

std::string percent_encoded(const std::string& text) {
    std::string result;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view{"/-_.~!$&'()*+,;=:@"}.find(c) != std::string_view::npos;
        if (plain) {
            result += c;
            continue;
        }
        std::array<char, 4> code{};
        (void)std::snprintf(
            code.data(),
            code.size(),
            "%%%02X",
            static_cast<unsigned>(static_cast<unsigned char>(c)));
        result += code.data();
    }
    return result;
}

std::string info_text(const fs::path& file, const TrashFolder& trash) {
    const fs::path named = trash.top.empty() ? file : file.lexically_relative(trash.top);
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::localtime_r(&now, &parts);
    std::array<char, 32> date{};
    (void)std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    return "[Trash Info]\nPath=" + percent_encoded(named.string()) +
           "\nDeletionDate=" + date.data() + "\n";
}

/// Claims the name by creating its info file, as the specification asks. Errors: AlreadyExists, …
Result<> claim_info(const fs::path& info, const std::string& text) {
    const int fd = ::open(info.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_errno("the file cannot be moved to the trash", errno);
    const ssize_t written = ::write(fd, text.data(), text.size());
    ::close(fd);
    if (written == static_cast<ssize_t>(text.size()))
        return {};
    ::unlink(info.c_str());
    return fail(Errc::NoSpace, "the file cannot be moved to the trash, because the disk is full");
}

}  // namespace

Result<TrashedFile> move_to_trash(const fs::path& file) {
    HINDSIGHT_ASSIGN(const TrashFolder trash, trash_for(file));
    std::error_code error;
    fs::create_directories(trash.root / "files", error);
    fs::create_directories(trash.root / "info", error);
    const std::string text = info_text(file, trash);
    for (int copy = 1; copy < kMaxTries; ++copy) {
        std::string name = file.stem().string();
        if (copy > 1)
            name += "." + std::to_string(copy);
        name += file.extension().string();
        const fs::path info = trash.root / "info" / (name + ".trashinfo");
        const auto claimed = claim_info(info, text);
        if (!claimed && claimed.error().code == Errc::AlreadyExists)
            continue;
        HINDSIGHT_TRY(claimed);
        // A name in `files` without info belongs to somebody: the next one, then.
        const fs::path target = trash.root / "files" / name;
        const int code = rename_without_replacing(file, target);
        if (code == 0)
            return TrashedFile{file, target, info};
        ::unlink(info.c_str());
        if (code != EEXIST)
            return fail_errno("the file cannot be moved to the trash", code);
    }
    return fail(Errc::AlreadyExists, "the trash has no free name for the file");
}

Result<> restore_from_trash(const std::vector<TrashedFile>& files) {
    for (std::size_t i = 0; i < files.size(); ++i) {
        std::error_code error;
        fs::create_directories(files[i].original.parent_path(), error);
        const int code = rename_without_replacing(files[i].trashed, files[i].original);
        if (code == 0)
            continue;
        while (i-- > 0)
            (void)rename_without_replacing(files[i].original, files[i].trashed);
        if (code == ENOENT)
            return fail(Errc::NotFound, "the clip is no longer in the trash");
        return fail_errno("the clip cannot be brought back from the trash", code);
    }
    for (const TrashedFile& file : files)
        ::unlink(file.info.c_str());
    return {};
}

}  // namespace hindsight::service
