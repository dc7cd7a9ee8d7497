#include <hindsight/game/process_facts.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>
#include <system_error>

namespace hindsight::game {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxRead = 256u << 10;
constexpr std::size_t kMaxNames = 16;
constexpr std::size_t kMaxNameBytes = 64;

std::string read_limited(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::string text(kMaxRead, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 20 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Calls `each` for every NUL-terminated part.
template <class Each>
void for_each_part(const std::string& text, const Each& each) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = text.find('\0', at);
        end = end == std::string::npos ? text.size() : end;
        each(std::string_view{text}.substr(at, end - at));
        at = end + 1;
    }
}

std::string steam_app_of_environment(const std::string& environment) {
    static constexpr std::array<std::string_view, 2> kNames{"SteamAppId=", "SteamGameId="};
    std::string found;
    for_each_part(environment, [&](std::string_view part) {
        for (const std::string_view name : kNames) {
            const std::string_view value =
                part.starts_with(name) ? part.substr(name.size()) : std::string_view{};
            // 0 is what Steam gives to its own helpers.
            if (found.empty() && is_number(value) && value != "0")
                found = value;
        }
    });
    return found;
}

}  // namespace

std::vector<std::string> file_names_of(const std::string& arguments) {
    std::vector<std::string> names;
    for_each_part(arguments, [&](std::string_view part) {
        const bool looks_like_file = part.find_first_of("/\\.") != std::string_view::npos;
        // Options may carry secrets ("--token=…"), addresses too.
        if (part.starts_with('-') || part.find("://") != std::string_view::npos ||
            (!looks_like_file && !names.empty()))
            return;
        if (const std::size_t slash = part.find_last_of("/\\"); slash != std::string_view::npos)
            part.remove_prefix(slash + 1);
        if (!part.empty() && part.size() <= kMaxNameBytes && names.size() < kMaxNames)
            names.emplace_back(part);
    });
    return names;
}

std::string steam_app_of_class(const std::string& wm_class) {
    static constexpr std::string_view kPrefix = "steam_app_";
    if (!wm_class.starts_with(kPrefix))
        return "";
    std::string number = wm_class.substr(kPrefix.size());
    return is_number(number) && number != "0" ? number : "";
}

ProcessFacts read_process(std::uint32_t pid, const fs::path& proc) {
    ProcessFacts facts;
    if (pid == 0)
        return facts;
    const fs::path folder = proc / std::to_string(pid);
    std::error_code error;
    facts.executable = fs::read_symlink(folder / "exe", error).filename().string();
    static constexpr std::string_view kDeleted = " (deleted)";
    if (facts.executable.ends_with(kDeleted))
        facts.executable.resize(facts.executable.size() - kDeleted.size());
    facts.arguments = file_names_of(read_limited(folder / "cmdline"));
    std::string environment = read_limited(folder / "environ");
    facts.steam_app_id = steam_app_of_environment(environment);
    std::fill(environment.begin(), environment.end(), '\0');
    return facts;
}

}  // namespace hindsight::game
