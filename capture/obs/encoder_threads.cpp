#include "encoder_threads.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace hindsight::obs {

namespace {

namespace fs = std::filesystem;

constexpr const char* kTasks = "/proc/self/task";
/// libobs' name for the thread that calls encoders.
constexpr std::string_view kVideoThread = "video-io";

/// "<id> (<name>) <state> …"; empty when the thread has gone.
std::string stat_of(int thread) {
    const std::string path = std::string{kTasks} + "/" + std::to_string(thread) + "/stat";
    std::array<char, 128> text{};
    std::FILE* file = std::fopen(path.c_str(), "re");
    if (file == nullptr)
        return {};
    const std::size_t read = std::fread(text.data(), 1, text.size(), file);
    static_cast<void>(std::fclose(file));
    return {text.data(), read};
}

/// In order.
std::vector<int> own_threads() {
    std::vector<int> threads;
    std::error_code gone;
    for (const fs::directory_entry& entry : fs::directory_iterator{kTasks, gone}) {
        const std::string name = entry.path().filename().string();
        int thread = 0;
        std::from_chars(name.data(), name.data() + name.size(), thread);
        threads.push_back(thread);
    }
    std::sort(threads.begin(), threads.end());
    return threads;
}

}  // namespace

void EncoderThreads::before() {
    before_ = own_threads();
}

void EncoderThreads::after() {
    threads_.clear();
    for (const int thread : own_threads()) {
        const bool is_new = !std::binary_search(before_.begin(), before_.end(), thread);
        if (is_new || stat_of(thread).find("(" + std::string{kVideoThread}) != std::string::npos)
            threads_.push_back(thread);
    }
}

bool EncoderThreads::busy() const {
    return std::any_of(threads_.begin(), threads_.end(), [](int thread) {
        const std::string stat = stat_of(thread);
        const std::size_t name_end = stat.rfind(')');
        return name_end != std::string::npos && stat.compare(name_end, 3, ") R") == 0;
    });
}

}  // namespace hindsight::obs
