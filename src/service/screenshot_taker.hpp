#pragma once

// Single pictures of the recording: the first frame at or after the press, as a file of its own. It
// comes out of the ring, so it shows nothing that is not being recorded; a job decodes and writes
// it.

#include <hindsight/core/log.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/service/job_runner.hpp>
#include <hindsight/service/message_link.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace hindsight::service {

struct ScreenshotDeps {
    const Clock& clock;
    MessageLink& capture;
    Executor& disk;
    std::string program;  ///< that runs jobs
    std::filesystem::path ring_folder;
    std::filesystem::path pins_folder;  ///< of its own, on the ring's file system
};

struct ScreenshotWish {
    MonoTime from = MonoTime::min();  ///< the picture is the first one at or after this
    std::string folder;               ///< setting `clips.folder`
    std::filesystem::path name;       ///< below the folder, without extension
};

/// [control]
class ScreenshotTaker {
public:
    using Done = std::function<void(const Result<std::string>& path)>;

    /// Removes what an earlier service left in the pins folder.
    ScreenshotTaker(ScreenshotDeps deps, Log log);
    ScreenshotTaker(const ScreenshotTaker&) = delete;
    ScreenshotTaker& operator=(const ScreenshotTaker&) = delete;

    /// `done` is told once, perhaps at once.
    /// Errors: Busy (many are under way), NotFound (no such frame has come), and those of writing.
    void take(const ScreenshotWish& wish, Done done);

    void reached(const std::string& id);  ///< capture has the frame
    void tick();                          ///< call about ten times a second while busy()

    [[nodiscard]] bool busy() const { return !pending_.empty(); }

private:
    struct Pending {
        std::string id;
        ScreenshotWish wish;
        Done done;
        MonoTime deadline;
        bool writing = false;
    };

    [[nodiscard]] Pending* find(const std::string& id);
    void write(Pending& pending);
    void finish(const std::string& id, const Result<std::string>& path);

    ScreenshotDeps deps_;
    Log log_;
    std::vector<Pending> pending_;
    JobRunner jobs_;  ///< of its own: a picture does not wait for an overlay to be rendered
};

}  // namespace hindsight::service
