#pragma once

// One logger per component, passed in. Levels say consequences: error, a promise to the user is
// broken now; warn, degraded or soon; info, once per user action or state change; debug, once per
// GOP or export; trace, per packet. Never logged: key codes, window titles, file contents.

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace spdlog {
class logger;
}

namespace hindsight {

enum class LogLevel { Trace, Debug, Info, Warn, Error, Off };

struct LogOptions {
    std::string program;           ///< names the file: `<program>.log`
    std::filesystem::path folder;  ///< empty: standard error only
    LogLevel file_level = LogLevel::Info;
    LogLevel stderr_level = LogLevel::Warn;
};

/// Sets the process-wide sinks (rotating file of 2 MiB × 3, and standard error). Call once, in
/// main.
void log_init(const LogOptions& options);

/// Name of a level as in the configuration ("trace" … "off"); unknown names give Info.
[[nodiscard]] LogLevel log_level_from_name(std::string_view name);

/// A named handle on the sinks; cheap to copy. Safe before log_init (standard error then).
/// [any-thread]
class Log {
public:
    explicit Log(std::string name);

    template <class... Args>
    void trace(fmt::format_string<Args...> f, Args&&... args) const {
        if (enabled(LogLevel::Trace))
            write(LogLevel::Trace, fmt::format(f, std::forward<Args>(args)...));
    }

    template <class... Args>
    void debug(fmt::format_string<Args...> f, Args&&... args) const {
        if (enabled(LogLevel::Debug))
            write(LogLevel::Debug, fmt::format(f, std::forward<Args>(args)...));
    }

    template <class... Args>
    void info(fmt::format_string<Args...> f, Args&&... args) const {
        write(LogLevel::Info, fmt::format(f, std::forward<Args>(args)...));
    }

    template <class... Args>
    void warn(fmt::format_string<Args...> f, Args&&... args) const {
        write(LogLevel::Warn, fmt::format(f, std::forward<Args>(args)...));
    }

    template <class... Args>
    void error(fmt::format_string<Args...> f, Args&&... args) const {
        write(LogLevel::Error, fmt::format(f, std::forward<Args>(args)...));
    }

    /// For bridges from foreign loggers (libobs, FFmpeg, Qt).
    void write(LogLevel level, std::string_view text) const;

    [[nodiscard]] bool enabled(LogLevel level) const;

private:
    std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace hindsight
