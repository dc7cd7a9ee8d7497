#include <hindsight/core/log.hpp>

#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <mutex>
#include <system_error>
#include <vector>

namespace hindsight {

namespace {

constexpr std::size_t kFileBytes = 2u << 20;
constexpr std::size_t kFiles = 3;

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
    case LogLevel::Trace:
        return spdlog::level::trace;
    case LogLevel::Debug:
        return spdlog::level::debug;
    case LogLevel::Info:
        return spdlog::level::info;
    case LogLevel::Warn:
        return spdlog::level::warn;
    case LogLevel::Error:
        return spdlog::level::err;
    case LogLevel::Off:
        return spdlog::level::off;
    }
    return spdlog::level::info;
}

struct Sinks {
    std::mutex mutex;
    std::vector<spdlog::sink_ptr> list;
    spdlog::level::level_enum level = spdlog::level::warn;
};

Sinks& sinks() {
    static Sinks instance;
    return instance;
}

spdlog::sink_ptr stderr_sink(LogLevel level) {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    sink->set_level(to_spdlog(level));
    return sink;
}

}  // namespace

void log_init(const LogOptions& options) {
    Sinks& all = sinks();
    const std::lock_guard lock{all.mutex};
    all.list = {stderr_sink(options.stderr_level)};
    all.level = to_spdlog(options.stderr_level);
    if (options.folder.empty())
        return;
    std::error_code ignored;
    std::filesystem::create_directories(options.folder, ignored);
    try {
        auto file = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
            (options.folder / (options.program + ".log")).string(), kFileBytes, kFiles);
        file->set_level(to_spdlog(options.file_level));
        all.list.push_back(std::move(file));
        all.level = std::min(all.level, to_spdlog(options.file_level));
    } catch (const spdlog::spdlog_ex&) {
        // A log that cannot be written is no reason not to record.
    }
}

LogLevel log_level_from_name(std::string_view name) {
    static constexpr std::pair<std::string_view, LogLevel> kNames[] = {
        {"trace", LogLevel::Trace},
        {"debug", LogLevel::Debug},
        {"info", LogLevel::Info},
        {"warn", LogLevel::Warn},
        {"error", LogLevel::Error},
        {"off", LogLevel::Off},
    };
    for (const auto& [known, level] : kNames)
        if (known == name)
            return level;
    return LogLevel::Info;
}

Log::Log(std::string name) {
    Sinks& all = sinks();
    const std::lock_guard lock{all.mutex};
    if (all.list.empty())
        all.list = {stderr_sink(LogLevel::Warn)};
    logger_ = std::make_shared<spdlog::logger>(std::move(name), all.list.begin(), all.list.end());
    logger_->set_level(all.level);
    logger_->flush_on(spdlog::level::info);
}

void Log::write(LogLevel level, std::string_view text) const {
    logger_->log(to_spdlog(level), text);
}

bool Log::enabled(LogLevel level) const {
    return logger_->should_log(to_spdlog(level));
}

}  // namespace hindsight
