#include "session_left_overs.hpp"

#include <hindsight/ports/session_writer.hpp>
#include <hindsight/service/action_file.hpp>

#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace hindsight::service {

namespace fs = std::filesystem;

namespace {

/// Asked of the disk itself: only its clear answer counts.
bool is_missing(const fs::path& file) {
    struct stat status {};

    return ::lstat(file.c_str(), &status) != 0 && errno == ENOENT;
}

}  // namespace

void find_left_overs(const fs::path& folder, LeftOvers& found) {
    std::error_code error;
    constexpr auto kOptions = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator at{folder, kOptions, error}, end; !error && at != end;
         at.increment(error)) {
        const fs::path& file = at->path();
        const std::string name = file.filename().string();
        std::error_code of_this_one;
        if (!fs::is_regular_file(at->symlink_status(of_this_one)))
            continue;
        if (name.ends_with(kSessionEnding))
            found.growing.push_back(file);
        else if (name.ends_with(kSessionActionsEnding) && is_missing(grown_file_of(file)))
            found.alone.push_back(file);
    }
}

}  // namespace hindsight::service
