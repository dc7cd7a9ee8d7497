#include "av_log.hpp"

#include <cstdarg>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

extern "C" {
#include <libavutil/log.h>
}

namespace hindsight {

namespace {

/// FFmpeg's callback has no user pointer, so what it needs lives as long as the process.
struct Bridge {
    std::mutex mutex;
    std::unique_ptr<Log> log;
};

Bridge& bridge() {
    static auto* const instance = new Bridge;
    return *instance;
}

LogLevel level_of(int av_level) {
    if (av_level <= AV_LOG_ERROR)
        return LogLevel::Warn;  // whether a promise is broken is for the caller to say
    if (av_level <= AV_LOG_WARNING)
        return LogLevel::Info;
    return av_level <= AV_LOG_INFO ? LogLevel::Debug : LogLevel::Trace;
}

void on_message(void* source, int av_level, const char* format, va_list arguments) noexcept {
    if (av_level > AV_LOG_VERBOSE)
        return;
    char line[1024];
    int print_prefix = 1;
    av_log_format_line2(source, av_level, format, arguments, line, sizeof line, &print_prefix);
    std::string_view text{line};
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.remove_suffix(1);
    Bridge& target = bridge();
    const std::lock_guard guard{target.mutex};
    if (target.log != nullptr && !text.empty())
        target.log->write(level_of(av_level), text);
}

}  // namespace

void bridge_av_log(Log log) {
    Bridge& target = bridge();
    {
        const std::lock_guard guard{target.mutex};
        target.log = std::make_unique<Log>(std::move(log));
    }
    av_log_set_callback(on_message);
}

}  // namespace hindsight
