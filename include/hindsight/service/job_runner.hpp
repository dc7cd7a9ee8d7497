#pragma once

// Media work in child processes of our own program (`hindsightd --job <kind> <json>`), one overlay
// and one of the quick ones at a time: a crash there is a failed job, cancelling is killing.
//
// A job prints JSON lines: {"progress": 0.5} any number of times, then {"result": {…}} and exits
// with 0, or {"error": "<code>", "what": "<sentence>"} and exits with 1.

#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/ipc/messages.hpp>
#include <hindsight/service/executor.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hindsight::service {

struct Job {
    std::string id;
    std::string kind;  ///< "thumbnail", "burn-in", "rescue"
    std::string clip;  ///< library id
    ipc::Json arguments;
    bool lasting = false;  ///< goes on after a restart of the service
};

struct JobResult {
    Job job;
    bool ok = false;
    ipc::Json result;
    Error error;
};

class JobRunner {
public:
    struct Events {
        std::function<void(const Job& job, double progress)> progress;
        std::function<void(const JobResult& result)> finished;
        std::function<void()> changed;
    };

    /// `program` is started; unfinished lasting jobs are kept in `journal`, written on `disk`.
    JobRunner(
        std::string program, std::filesystem::path journal, Executor& disk, Events events, Log log);
    ~JobRunner();  ///< kills the running jobs
    JobRunner(const JobRunner&) = delete;
    JobRunner& operator=(const JobRunner&) = delete;

    /// Queues a job and returns its id.
    std::string add(Job job);

    /// Errors: NotFound.
    [[nodiscard]] Result<> cancel(const std::string& id);

    /// Drops and cancels the jobs of a clip, those of one kind if it is given.
    void cancel_clip(const std::string& clip, std::string_view kind = {});

    /// Takes up lasting jobs of an earlier run.
    void recover();

    [[nodiscard]] bool has(const std::string& clip, const std::string& kind) const;
    [[nodiscard]] ipc::Json list() const;  ///< [{id, kind, clip, progress}]

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hindsight::service
