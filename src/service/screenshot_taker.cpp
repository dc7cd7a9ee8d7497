#include "screenshot_taker.hpp"

#include <hindsight/core/id.hpp>
#include <hindsight/ring/snapshot.hpp>

#include <algorithm>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

/// How long the frame may take to come.
constexpr Duration kFrameLimit = Duration::from_ms(2000);
constexpr std::size_t kMostPending = 16;

Result<std::string> path_of(const JobResult& result) {
    if (!result.ok)
        return tl::unexpected(result.error);
    return result.result.value("path", std::string{});
}

}  // namespace

ScreenshotTaker::ScreenshotTaker(ScreenshotDeps deps, Log log)
    : deps_{std::move(deps)},
      log_{log},
      jobs_{
          deps_.program,
          /*journal=*/{},  // none of these jobs outlives the service
          deps_.disk,
          JobRunner::Events{
              .progress = {},
              .finished =
                  [this](const JobResult& result) { finish(result.job.id, path_of(result)); },
              .changed = {}},
          std::move(log)} {
    std::error_code error;
    fs::remove_all(deps_.pins_folder, error);
}

ScreenshotTaker::Pending* ScreenshotTaker::find(const std::string& id) {
    const auto at = std::find_if(
        pending_.begin(), pending_.end(), [&](const Pending& one) { return one.id == id; });
    return at == pending_.end() ? nullptr : &*at;
}

void ScreenshotTaker::take(const ScreenshotWish& wish, Done done) {
    if (pending_.size() == kMostPending)
        return done(fail(Errc::Busy, "too many screenshots are being written at once"));
    const std::string id = random_id();
    pending_.push_back({id, wish, std::move(done), deps_.clock.now() + kFrameLimit});
    if (!deps_.capture.send(ipc::AwaitTime{id, wish.from.ns()}))
        finish(id, fail(Errc::NotFound, "the recording is being restarted; try again in a moment"));
}

void ScreenshotTaker::reached(const std::string& id) {
    if (Pending* pending = find(id); pending != nullptr && !pending->writing)
        write(*pending);
}

void ScreenshotTaker::tick() {
    const MonoTime now = deps_.clock.now();
    std::vector<std::string> late;
    for (const Pending& one : pending_)
        if (!one.writing && now >= one.deadline)
            late.push_back(one.id);
    for (const std::string& id : late)
        finish(id, fail(Errc::NotFound, "the recording gave no picture"));
}

void ScreenshotTaker::write(Pending& pending) {
    std::error_code error;
    fs::create_directories(deps_.pins_folder, error);
    const fs::path folder = deps_.pins_folder / pending.id;
    const MonoTime from = pending.wish.from;
    const auto pinned =
        ring::pin_segments(deps_.ring_folder, "av", {from, MonoTime::max()}, folder);
    if (!pinned)
        return finish(pending.id, tl::unexpected(pinned.error()));
    pending.writing = true;
    Job job;
    job.id = pending.id;
    job.kind = "screenshot";
    job.arguments = {
        {"segments", folder.string()},
        {"from_ns", from.ns()},
        {"folder", pending.wish.folder},
        {"name", pending.wish.name.string()}};
    (void)jobs_.add(std::move(job));
}

void ScreenshotTaker::finish(const std::string& id, const Result<std::string>& path) {
    const auto at = std::find_if(
        pending_.begin(), pending_.end(), [&](const Pending& one) { return one.id == id; });
    if (at == pending_.end())
        return;
    const Done done = std::move(at->done);
    pending_.erase(at);
    std::error_code error;
    fs::remove_all(deps_.pins_folder / id, error);
    if (!path)
        log_.warn("no screenshot: {}", path.error().what);
    done(path);
}

}  // namespace hindsight::service
