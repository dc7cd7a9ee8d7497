#include <hindsight/core/paths.hpp>

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <system_error>

namespace hindsight::paths {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFolder = "hindsight";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

fs::path home() {
    if (const std::string value = environment("HOME"); !value.empty())
        return value;
    const passwd* entry = ::getpwuid(::getuid());
    return entry == nullptr ? fs::path{"/"} : fs::path{entry->pw_dir};
}

/// The specification: unset, empty or relative values count as unset.
fs::path base_dir(const char* variable, const fs::path& fallback) {
    const fs::path value = environment(variable);
    return value.is_absolute() ? value : fallback;
}

}  // namespace

fs::path config_dir() {
    return base_dir("XDG_CONFIG_HOME", home() / ".config") / kFolder;
}

fs::path data_dir() {
    return base_dir("XDG_DATA_HOME", home() / ".local/share") / kFolder;
}

fs::path cache_dir() {
    return base_dir("XDG_CACHE_HOME", home() / ".cache") / kFolder;
}

fs::path state_dir() {
    return base_dir("XDG_STATE_HOME", home() / ".local/state") / kFolder;
}

fs::path runtime_dir() {
    return base_dir("XDG_RUNTIME_DIR", "/run/user/" + std::to_string(::getuid())) / kFolder;
}

fs::path videos_dir() {
    // user-dirs.dirs is shell syntax restricted to XDG_x_DIR="$HOME/y" or an absolute path.
    std::ifstream file{base_dir("XDG_CONFIG_HOME", home() / ".config") / "user-dirs.dirs"};
    static constexpr std::string_view kKey = "XDG_VIDEOS_DIR=\"";
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(kKey))
            continue;
        const std::size_t end = line.rfind('"');
        if (end == std::string::npos || end <= kKey.size())
            continue;
        const std::string value = line.substr(kKey.size(), end - kKey.size());
        static constexpr std::string_view kHome = "$HOME/";
        if (value.starts_with(kHome))
            return home() / value.substr(kHome.size());
        if (value.starts_with('/'))
            return value;
    }
    return home() / "Videos";
}

fs::path program_dir() {
    std::error_code error;
    const fs::path exe = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::current_path(error) : exe.parent_path();
}

fs::path shipped_data_dir() {
    // In a build tree the programs lie in <build>/bin and the data in <build>/share/hindsight, as
    // after installation.
    return program_dir().parent_path() / "share" / kFolder;
}

fs::path expand_home(std::string_view path) {
    if (path == "~")
        return home();
    if (path.starts_with("~/"))
        return home() / path.substr(2);
    return path;
}

std::string sanitize_file_name(std::string_view text, std::size_t max_bytes) {
    std::string name;
    name.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool bad = byte < 0x20 || byte == 0x7f || c == '/' || c == ':' || c == '\\';
        name += bad ? '_' : c;
    }
    name.erase(0, name.find_first_not_of(". "));
    if (name.size() > max_bytes) {
        std::size_t end = max_bytes;
        while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80)
            --end;
        name.resize(end);
    }
    while (!name.empty() && (name.back() == ' ' || name.back() == '.'))
        name.pop_back();
    return name.empty() ? "untitled" : name;
}

}  // namespace hindsight::paths
