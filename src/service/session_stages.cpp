#include "save_steps.hpp"
#include "session_recorder_impl.hpp"

#include <hindsight/ring/snapshot.hpp>
#include <hindsight/service/action_recorder.hpp>
#include <hindsight/service/clip_name.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <string_view>

namespace hindsight::service {

namespace fs = std::filesystem;

namespace {

/// How long a start waits for the disk that clips go to.
constexpr Duration kDiskLimit = Duration::from_ms(10'000);
/// How long the end waits for the last packet.
constexpr Duration kLastPacketLimit = Duration::from_ms(2000);
/// Actions of a little before: the held state at the first frame comes from there.
constexpr Duration kActionLead = Duration::from_ms(12'000);
/// So much may wait for a slow disk also while the ring has to be small.
constexpr std::uint64_t kLeastWaiting = 64u << 20;
/// Of actions: more than a day of looking around with the mouse.
constexpr std::uint64_t kActionLimit = 384u << 20;
/// The files of actions are many, and grow slowly.
constexpr Duration kMeasureActions = Duration::from_ms(10'000);

std::string end_sentence(const Error& error) {
    switch (error.code) {
    case Errc::NoSpace:
        return "The recording ended because the disk is full.";
    case Errc::NotFound:
    case Errc::PermissionDenied:
        return "The recording ended because the clip folder cannot be written to any more.";
    default:
        return "The recording ended because " + error.what + ".";
    }
}

/// Allocated bytes of the files that begin with `prefix` and that nothing else holds.
std::uint64_t own_bytes(const fs::path& folder, std::string_view prefix) {
    std::uint64_t bytes = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{folder, error}) {
        struct stat status {};

        if (entry.path().filename().string().starts_with(prefix) &&
            ::lstat(entry.path().c_str(), &status) == 0 && status.st_nlink == 1)
            bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
    }
    return bytes;
}

/// What a session grows into. Clips of the same second have their own names, and so do the files
/// while they grow.
Result<fs::path> choose_target(const SessionRequest& request, const config::Config::Clips& clips) {
    HINDSIGHT_ASSIGN(const fs::path folder, clip_folder(clips.folder));
    fs::path name = expand_clip_name(
        clips.name, ClipNameFacts{request.game, request.title, request.created_ms});
    name += "_session";
    return free_clip_path(folder, name);
}

FinishOutcome finish_on_disk(
    SessionScribe& scribe,
    const fs::path& folder,
    const SessionRequest& request,
    const std::stop_token& stop,
    const ProgressFn& progress) {
    Result<> written = scribe.write_rest(request.to);
    const auto events = read_events(
        {ring::list_segments(folder, "act"), scribe.actions_file()}, request.started, request.to);
    auto session = scribe.finish(events, stop, progress);
    return {std::move(written), std::move(session), scribe.progress()};
}

SaveRequest
save_of(const SessionRequest& request, fs::path actions_file, std::vector<SavedFile> files) {
    SaveRequest save;
    save.id = request.id;
    save.session = true;
    save.from = request.started;
    save.to = std::max(files.back().file.first_frame + files.back().file.duration, request.started);
    save.created_ms = request.created_ms;
    save.title = request.title;
    save.game = request.game;
    save.profile = request.profile;
    save.keep_actions = request.keep_actions;
    save.train = request.train;
    save.actions_file = std::move(actions_file);
    save.files = std::move(files);
    return save;
}

}  // namespace

void SessionRecorder::Impl::changed() const {
    if (events.changed)
        events.changed();
}

void SessionRecorder::Impl::problem(const std::string& sentence) const {
    if (events.problem)
        events.problem(sentence);
}

SessionJournal SessionRecorder::Impl::journal_of(const std::string& id) const {
    return SessionJournal{deps.sessions_folder / id};
}

void SessionRecorder::Impl::note() const {
    if (const auto written = session->journal.write(session->request); !written)
        log.warn("session {}: {}", session->request.id, written.error().what);
}

void SessionRecorder::Impl::begin(SessionRequest request) {
    SessionJournal journal = journal_of(request.id);
    session.emplace(std::move(request), std::move(journal));
    session->scribe = std::make_shared<SessionScribe>(
        deps.writer, session->journal, session->request, Log{"session"});
    session->progress = session->scribe->progress();
}

template <class Work, class Then>
bool SessionRecorder::Impl::run(Work work, Then then) {
    session->working = true;
    const bool queued = deps.worker.post([this,
                                          id = session->request.id,
                                          guard = std::weak_ptr{alive},
                                          work = std::move(work),
                                          then = std::move(then)]() mutable {
        auto result = work();
        (void)deps.control.post([this, id, guard, then, result = std::move(result)]() mutable {
            if (guard.expired() || !session || session->request.id != id)
                return;
            session->working = false;
            then(std::move(result));
            changed();
        });
    });
    session->working = queued;
    return queued;
}

// ---- starting

/// The disk may be slow or hang: the worker asks it, and memory holds the footage meanwhile. There
/// is no note yet; what a kill leaves of it now is nothing to go on with.
void SessionRecorder::Impl::start(SessionRequest request, StartReply reply) {
    SessionJournal journal = journal_of(request.id);
    session.emplace(std::move(request), std::move(journal));
    session->phase = Phase::Starting;
    session->reply = std::move(reply);
    session->progress.passed = session->request.after;
    session->deadline = deps.clock.now() + kDiskLimit;
    if (const auto made = session->journal.make(); !made)
        return not_started(made.error());
    if (const auto pinned = pin(); !pinned)
        return not_started(pinned.error());
    const bool queued =
        run([request = session->request,
             clips = config.clips] { return choose_target(request, clips); },
            [this](const Result<fs::path>& target) { started(target); });
    if (!queued)
        return not_started({Errc::Timeout, "the disk with the clip folder does not answer"});
    changed();
}

void SessionRecorder::Impl::started(const Result<fs::path>& target) {
    if (!target)
        return not_started(target.error());
    StartReply reply = std::move(session->reply);
    SessionRequest request = session->request;
    request.target = *target;
    begin(std::move(request));
    if (const auto noted = session->journal.write(session->request); !noted) {
        session->reply = std::move(reply);
        return not_started(noted.error());
    }
    log.info("session {} begins", session->request.id);
    reply(session->request.id);
}

void SessionRecorder::Impl::not_started(const Error& error) {
    log.warn("session {} does not begin: {}", session->request.id, error.what);
    const StartReply reply = std::move(session->reply);
    session->journal.remove();
    session.reset();
    changed();
    reply(tl::unexpected(error));
}

void SessionRecorder::Impl::hold() {
    if (const auto pinned = pin(); !pinned)
        not_started(pinned.error());
    else if (deps.clock.now() >= session->deadline)
        not_started({Errc::Timeout, "the disk with the clip folder does not answer"});
}

// ---- following the ring

Result<> SessionRecorder::Impl::pin() {
    const fs::path& folder = session->journal.folder();
    const auto pinned =
        ring::pin_segments_after(deps.ring_folder, "av", session->progress.passed, folder);
    if (!pinned)
        return tl::unexpected(memory_error(pinned.error().external_code));
    pin_actions();
    session->waiting_bytes = own_bytes(folder, "av-");
    const std::uint64_t limit = std::max(deps.pin_limit_bytes, kLeastWaiting);
    if (deps.pin_limit_bytes > 0 && session->waiting_bytes > limit)
        return fail(Errc::Timeout, "the disk is too slow for it");
    return {};
}

/// A session without actions is still a session.
void SessionRecorder::Impl::pin_actions() {
    if (session->action_bytes > kActionLimit)
        return;
    const MonoTime begin = session->request.started - kActionLead;
    const ring::Window window{
        std::max(begin, session->progress.actions_until), session->request.to};
    const fs::path& folder = session->journal.folder();
    (void)ring::pin_segments(deps.ring_folder, "act", window, folder);
    const MonoTime now = deps.clock.now();
    if (now < session->measure_actions)
        return;
    session->measure_actions = now + kMeasureActions;
    session->action_bytes = own_bytes(folder, "act-");
    if (session->action_bytes > kActionLimit)
        problem("The recording goes on, but it is too long to keep more of what you do.");
}

void SessionRecorder::Impl::follow() {
    if (const auto pinned = pin(); !pinned)
        return end(pinned.error());
    if (session->working)
        return;

    struct Written {
        Result<> result;
        SessionProgress progress;
    };

    // Where the worker has no room, the next tick tries again.
    (void)run(
        [scribe = session->scribe] {
            auto result = scribe->write_sealed();
            return Written{std::move(result), scribe->progress()};
        },
        [this](const Written& written) {
            session->progress = written.progress;
            if (!written.result && session->phase == Phase::Recording)
                end(written.result.error());
        });
}

// ---- ending

void SessionRecorder::Impl::end(const Error& error) {
    log.warn("session {} ends: {}", session->request.id, error.what);
    problem(end_sentence(error));
    begin_end();
}

void SessionRecorder::Impl::begin_end() {
    const MonoTime now = deps.clock.now();
    session->phase = Phase::Ending;
    session->request.stage = SessionStage::Finishing;
    // After a restart it is known already.
    session->request.to = std::min(session->request.to, now);
    session->deadline = now + kLastPacketLimit;
    if (!deps.capture.send(ipc::AwaitTime{session->request.id, session->request.to.ns()}))
        session->reached = true;
    note();
    (void)pin();  // before anybody empties the ring
    changed();
    advance();
}

void SessionRecorder::Impl::advance() {
    if (session->working)
        return;
    if (session->phase == Phase::Ending &&
        (session->reached || deps.clock.now() >= session->deadline)) {
        (void)pin();
        finish();
    }
}

void SessionRecorder::Impl::finish() {
    session->phase = Phase::Finishing;
    const ProgressFn progress = [this, guard = std::weak_ptr{alive}](double value) {
        (void)deps.control.post([this, guard, value] {
            if (guard.expired() || !session)
                return;
            session->finished = value;
            changed();
        });
    };
    const bool queued = run(
        [scribe = session->scribe,
         folder = session->journal.folder(),
         request = session->request,
         new_folder = session->new_folder,
         ending = deps.stop,
         hurry = session->hurry,
         progress] {
            // Either one is reason enough.
            const std::stop_callback also{ending, [hurry]() mutable { hurry.request_stop(); }};
            std::error_code error;
            // The folder itself, but not a whole path to it.
            if (new_folder)
                fs::create_directory(request.target.parent_path(), error);
            return finish_on_disk(*scribe, folder, request, hurry.get_token(), progress);
        },
        [this](FinishOutcome done) { finished(std::move(done)); });
    if (!queued)
        session->phase = Phase::Ending;  // the next tick tries again
}

void SessionRecorder::Impl::finished(FinishOutcome done) {
    session->progress = done.progress;
    if (!done.written)
        log.warn("session {}: {}", session->request.id, done.written.error().what);
    if (done.session) {
        if (done.session->damaged)
            problem("The disk has damaged a part of the recording; it was kept as it is.");
        hand_over(std::move(done.session->files));
    } else if (done.written && done.progress.bytes == 0) {
        nothing_recorded();
    } else {
        failed(done.session.error());
    }
}

void SessionRecorder::Impl::hand_over(std::vector<SavedFile> files) {
    const auto adopted = deps.saves.adopt(
        save_of(session->request, session->scribe->actions_file(), std::move(files)),
        session->journal.folder());
    if (!adopted)
        return failed(adopted.error());
    forget(SessionScribe::Actions::Kept);
}

/// The clip is in other hands, or there is none.
void SessionRecorder::Impl::forget(SessionScribe::Actions actions) {
    (void)deps.worker.post([scribe = session->scribe, actions] { scribe->remove_grown(actions); });
    session->journal.remove();
    session.reset();
}

void SessionRecorder::Impl::nothing_recorded() {
    const std::string id = session->request.id;
    log.warn("session {}: nothing was recorded", id);
    forget(SessionScribe::Actions::Removed);
    if (events.failed)
        events.failed(id, {Errc::NotFound, "Nothing was recorded in this session."});
}

/// Notes and links stay, so that a retry finds everything.
void SessionRecorder::Impl::failed(const Error& error) {
    SessionRequest& request = session->request;
    log.error("session {}: {}", request.id, error.what);
    request.stage = SessionStage::Failed;
    request.failure_code = errc_name(error.code);
    request.failure = "Recording not finished: " + error.what +
                      ". What was recorded is safe. Use another folder or try again.";
    note();
    const Error told{error.code, request.failure, error.external_code};
    failed_ones.push_back(std::move(request));
    session.reset();
    if (events.failed)
        events.failed(failed_ones.back().id, told);
}

std::vector<SessionRequest>::iterator SessionRecorder::Impl::find_failed(const std::string& id) {
    return std::find_if(failed_ones.begin(), failed_ones.end(), [&](const auto& request) {
        return request.id == id;
    });
}

// ---- after a restart

void SessionRecorder::Impl::take_up(SessionRequest request, const std::string* game) {
    log.info("session {}: going on after a restart", request.id);
    if (deps.saves.knows(request.id))
        return drop(request, SessionScribe::Actions::Kept);
    // There is one at a time; another one can only be what a damaged folder tells.
    if (request.stage == SessionStage::Failed || session) {
        failed_ones.push_back(std::move(request));
        return;
    }
    begin(std::move(request));
    if (session->request.stage == SessionStage::Finishing || game == nullptr ||
        *game != session->request.game)
        begin_end();
}

/// With everything that was written for it.
void SessionRecorder::Impl::drop(const SessionRequest& request, SessionScribe::Actions actions) {
    const SessionJournal journal = journal_of(request.id);
    const auto scribe =
        std::make_shared<SessionScribe>(deps.writer, journal, request, Log{"session"});
    (void)deps.worker.post([scribe, actions] { scribe->remove_grown(actions); });
    journal.remove();
}

}  // namespace hindsight::service
