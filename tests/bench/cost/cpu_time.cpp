#include "cpu_time.hpp"

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace hindsight::bench {

namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

struct Stat {
    std::string name;
    pid_t parent = 0;
    double seconds = 0;
};

/// "pid (name) state ppid …": user, system, and the same of children are fields 14 to 17.
Stat read_stat(const fs::path& file) {
    const std::string text = content(file);
    const std::size_t open = text.find('(');
    const std::size_t close = text.rfind(')');
    if (open == std::string::npos || close == std::string::npos)
        return {};
    std::istringstream fields{text.substr(close + 1)};
    std::string skipped;
    pid_t parent = 0;
    fields >> skipped >> parent;
    for (int field = 5; field < 14; ++field)
        fields >> skipped;
    double ticks = 0;
    for (double value = 0; int field : {14, 15, 16, 17}) {
        static_cast<void>(field);
        fields >> value;
        ticks += value;
    }
    return {
        text.substr(open + 1, close - open - 1),
        parent,
        ticks / static_cast<double>(::sysconf(_SC_CLK_TCK))};
}

std::optional<pid_t> pid_of(const fs::path& folder) {
    const std::string name = folder.filename().string();
    pid_t pid = 0;
    const char* end = name.data() + name.size();
    return std::from_chars(name.data(), end, pid).ptr == end ? std::optional{pid} : std::nullopt;
}

fs::path folder_of(pid_t pid) {
    return fs::path{"/proc"} / std::to_string(pid);
}

}  // namespace

double cpu_seconds(pid_t pid) {
    return read_stat(folder_of(pid) / "stat").seconds;
}

std::map<std::string, double> cpu_seconds_by_thread(pid_t pid) {
    std::map<std::string, double> threads;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{folder_of(pid) / "task", error}) {
        // Children are counted with the process, and would be again with each thread.
        const Stat stat = read_stat(entry.path() / "stat");
        threads[stat.name] += stat.seconds;
    }
    return threads;
}

std::vector<pid_t> children_named(const std::string& program) {
    std::vector<pid_t> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{"/proc", error}) {
        const auto pid = pid_of(entry.path());
        if (!pid)
            continue;
        const Stat stat = read_stat(entry.path() / "stat");
        if (stat.parent == ::getpid() && stat.name == program)
            found.push_back(*pid);
    }
    return found;
}

bool has_library(pid_t pid, const std::string& name) {
    return content(folder_of(pid) / "maps").find(name) != std::string::npos;
}

}  // namespace hindsight::bench
