#pragma once

// The real service recording the screen of a desktop of its own.

#include "recorder.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hindsight::test {

inline constexpr const char* kSmallAndFast = R"(
[recording]
start = "manual"
fps = 30
preset = "ultrafast"
max_width = 640
max_height = 360
)";

struct ServiceSession {
    std::unique_ptr<DesktopSession> desktop;
    std::unique_ptr<Recorder> recorder;

    /// Starts everything; records the screen until `footage_s` seconds are in reach.
    static Result<ServiceSession>
    start(double footage_s, const std::string& more_config = {}, const Environment& extra = {}) {
        ServiceSession session;
        HINDSIGHT_ASSIGN(session.desktop, DesktopSession::start({.sound = false}));
        HINDSIGHT_ASSIGN(
            session.recorder,
            Recorder::start(*session.desktop, kSmallAndFast + more_config, extra));
        if (footage_s <= 0)
            return session;
        HINDSIGHT_TRY(session.recorder->ctl({"start", "screen"}));
        HINDSIGHT_TRY(session.recorder->wait_for_footage(footage_s));
        return session;
    }

    /// Files below the clip folder with that ending.
    [[nodiscard]] std::vector<std::filesystem::path> files(const std::string& ending) const {
        std::vector<std::filesystem::path> found;
        std::error_code error;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator{desktop->home(), error})
            if (entry.path().string().ends_with(ending))
                found.push_back(entry.path());
        return found;
    }

    /// The file decodes without any complaint.
    [[nodiscard]] bool is_sound(const std::filesystem::path& clip) const {
        const auto output = desktop->run(
            {"ffmpeg", "-v", "error", "-xerror", "-i", clip.string(), "-f", "null", "-"},
            milliseconds{60'000},
            {},
            "ffmpeg");
        return output && output->status.success() && output->err.empty();
    }
};

}  // namespace hindsight::test
