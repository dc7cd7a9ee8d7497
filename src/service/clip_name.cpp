#include <hindsight/core/paths.hpp>
#include <hindsight/service/clip_name.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>

namespace hindsight::service {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxNameBytes = 200;
constexpr std::size_t kMaxFactBytes = 60;
constexpr int kMaxCopies = 10'000;

std::string local_time(std::int64_t unix_ms, const char* format) {
    const std::time_t seconds = unix_ms / 1000;
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    std::array<char, 64> buffer{};
    const std::size_t size = std::strftime(buffer.data(), buffer.size(), format, &parts);
    return {buffer.data(), size};
}

std::string fact(std::string_view name, const ClipNameFacts& facts) {
    if (name == "game")
        return paths::sanitize_file_name(facts.game.empty() ? "Screen" : facts.game, kMaxFactBytes);
    if (name == "date")
        return local_time(facts.created_ms, "%Y-%m-%d");
    if (name == "time")
        return local_time(facts.created_ms, "%H-%M-%S");
    if (name == "title")
        return facts.title.empty() ? std::string{}
                                   : paths::sanitize_file_name(facts.title, kMaxFactBytes);
    return {};
}

std::string expand(std::string_view text, const ClipNameFacts& facts) {
    std::string result;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        const std::size_t close = text.find('}', open);
        if (open == std::string_view::npos || close == std::string_view::npos) {
            result += text;
            break;
        }
        result += text.substr(0, open);
        result += fact(text.substr(open + 1, close - open - 1), facts);
        text = text.substr(close + 1);
    }
    return result;
}

Result<> make_folders(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return fail_errno("the clip folder cannot be made", error.value());
    return {};
}

}  // namespace

fs::path expand_clip_name(std::string_view name_template, const ClipNameFacts& facts) {
    const std::string expanded = expand(name_template, facts);
    std::vector<std::string> parts;
    std::string_view rest = expanded;
    while (!rest.empty()) {
        const std::size_t slash = rest.find('/');
        const std::string_view part = rest.substr(0, slash);
        if (part.find_first_not_of(". ") != std::string_view::npos)
            parts.emplace_back(part);
        rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    }
    if (parts.empty())
        parts.emplace_back("clip");
    fs::path result;
    std::size_t left = kMaxNameBytes;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        // Every part gets its fair share of what is left, the file name all of it.
        const std::size_t share = left / (parts.size() - i);
        const std::string clean = paths::sanitize_file_name(parts[i], share > 1 ? share - 1 : 1);
        left -= std::min(left, clean.size() + 1);
        result /= clean;
    }
    return result;
}

fs::path clip_folder_path(const std::string& configured) {
    return configured.empty() ? paths::videos_dir() / "Hindsight" : paths::expand_home(configured);
}

Result<fs::path> clip_folder(const std::string& configured) {
    fs::path folder = clip_folder_path(configured);
    if (configured.empty()) {
        HINDSIGHT_TRY(make_folders(folder));
        return folder;
    }
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        if (error && error != std::errc::no_such_file_or_directory)
            return fail_errno("the clip folder cannot be used", error.value());
        return fail(Errc::NotFound, "the clip folder does not exist");
    }
    return folder;
}

Result<fs::path> free_clip_path(const fs::path& folder, const fs::path& name) {
    const fs::path full = folder / name;
    HINDSIGHT_TRY(make_folders(full.parent_path()));
    for (int copy = 1; copy < kMaxCopies; ++copy) {
        fs::path candidate = full;
        candidate += copy == 1 ? ".mp4" : "_" + std::to_string(copy) + ".mp4";

        struct stat status {};

        if (::lstat(candidate.c_str(), &status) != 0 && errno == ENOENT)
            return candidate;
    }
    return fail(Errc::AlreadyExists, "the clip folder has no free file name left");
}

}  // namespace hindsight::service
