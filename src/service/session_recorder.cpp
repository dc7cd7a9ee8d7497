#include "save_steps.hpp"
#include "session_scribe.hpp"

#include <hindsight/core/id.hpp>
#include <hindsight/ring/snapshot.hpp>
#include <hindsight/service/clip_name.hpp>
#include <hindsight/service/session_recorder.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace hindsight::service {

namespace fs = std::filesystem;
using ipc::Json;

namespace {

/// How long the end waits for the last packet.
constexpr Duration kLastPacketLimit = Duration::from_ms(2000);
/// A segment whose last packet is older than this is not the one being written.
constexpr Duration kOpenSegment = Duration::from_ms(2000);
/// Actions of a little before: the held state at the first frame comes from there.
constexpr Duration kActionLead = Duration::from_ms(12'000);

std::int64_t unix_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// The newest segment that is complete at `press`.
ring::SegmentName newest_complete(const fs::path& ring_folder, MonoTime press) {
    ring::SegmentName newest;
    for (const fs::path& file : ring::list_segments(ring_folder, "av")) {
        const auto reader = ring::SegmentReader::open(file);
        if (!reader)
            continue;
        const ring::SegmentInfo& info = (*reader)->info();
        if (info.sealed || info.last < press - kOpenSegment)
            newest = std::max(newest, {info.epoch, info.number});
    }
    return newest;
}

std::string end_sentence(const Error& error) {
    switch (error.code) {
    case Errc::NoSpace:
        return "The recording ended because the disk is full.";
    case Errc::NotFound:
    case Errc::PermissionDenied:
        return "The recording ended because the clip folder cannot be written to any more.";
    default:
        return "The recording ended: " + error.what + ".";
    }
}

struct Finished {
    Result<> written;
    Result<std::vector<SavedFile>> files;
};

Finished finish_on_disk(
    SessionScribe& scribe,
    const fs::path& folder,
    MonoTime from,
    MonoTime to,
    const ProgressFn& progress) {
    Result<> written = scribe.write(SessionScribe::Reach::All);
    const auto events = events_between(ring::list_segments(folder, "act"), from, to);
    return {std::move(written), scribe.finish(events, progress)};
}

}  // namespace

struct SessionRecorder::Impl {
    enum class Phase { Recording, Ending, Finishing };

    struct Session {
        SessionRequest request;
        std::shared_ptr<SessionScribe> scribe;  // used on the worker, one task at a time
        Phase phase = Phase::Recording;
        SessionProgress progress;
        MonoTime to = MonoTime::max();
        MonoTime deadline = MonoTime::max();
        bool working = false;
        bool reached = false;
        double finished = 0;
    };

    Impl(SessionDeps d, SessionEvents e, Log l)
        : deps{std::move(d)},
          events{std::move(e)},
          log{std::move(l)},
          journal{deps.session_folder} {}

    SessionDeps deps;
    SessionEvents events;
    Log log;
    SessionJournal journal;
    config::Config config;
    std::optional<Session> session;
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);

    void changed() const {
        if (events.changed)
            events.changed();
    }

    void note() {
        if (const auto written = journal.write(session->request); !written)
            log.warn("session {}: {}", session->request.id, written.error().what);
    }

    void make_scribe() {
        session->scribe =
            std::make_shared<SessionScribe>(deps.writer, journal, session->request, Log{"session"});
        session->progress = session->scribe->progress();
    }

    /// Runs `work` on the worker and `then` with its result here, unless the session is another.
    template <class Work, class Then>
    void run(Work work, Then then) {
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
        if (!queued)
            session->working = false;  // the next tick tries again
    }

    // ---- following the ring

    Result<> pin() {
        HINDSIGHT_TRY(ring::pin_segments_after(
            deps.ring_folder, "av", session->progress.passed, journal.folder()));
        // A session without actions is still a session.
        (void)ring::pin_segments(
            deps.ring_folder,
            "act",
            ring::Window{session->request.started - kActionLead, MonoTime::max()},
            journal.folder());
        if (deps.pin_limit_bytes > 0 && ring::folder_bytes(journal.folder()) > deps.pin_limit_bytes)
            return fail(Errc::Timeout, "the disk is too slow for it");
        return {};
    }

    void follow() {
        if (const auto pinned = pin(); !pinned)
            return end(pinned.error());
        if (session->working)
            return;

        struct Written {
            Result<> result;
            SessionProgress progress;
        };

        run(
            [scribe = session->scribe] {
                auto result = scribe->write(SessionScribe::Reach::Sealed);
                return Written{std::move(result), scribe->progress()};
            },
            [this](const Written& written) {
                session->progress = written.progress;
                if (!written.result && session->phase == Phase::Recording)
                    end(written.result.error());
            });
    }

    // ---- ending

    void end(const Error& error) {
        log.warn("session {} ends: {}", session->request.id, error.what);
        session->request.ended = end_sentence(error);
        if (events.ended_early)
            events.ended_early(session->request.ended);
        begin_end();
    }

    void begin_end() {
        const MonoTime now = deps.clock.now();
        session->phase = Phase::Ending;
        session->request.stage = SessionStage::Finishing;
        session->to = now;
        session->deadline = now + kLastPacketLimit;
        if (!deps.capture.send(ipc::AwaitTime{session->request.id, now.ns()}))
            session->reached = true;
        note();
        (void)pin();  // before anybody empties the ring
        changed();
        advance();
    }

    void advance() {
        if (session->phase != Phase::Ending || session->working)
            return;
        if (session->reached || deps.clock.now() >= session->deadline)
            finish();
    }

    void finish() {
        (void)pin();
        session->phase = Phase::Finishing;
        const ProgressFn progress = [this, guard = std::weak_ptr{alive}](double value) {
            (void)deps.control.post([this, guard, value] {
                if (guard.expired() || !session)
                    return;
                session->finished = value;
                changed();
            });
        };
        run([scribe = session->scribe,
             folder = journal.folder(),
             from = session->request.started,
             to = session->to,
             progress] { return finish_on_disk(*scribe, folder, from, to, progress); },
            [this](Finished done) {
                if (!done.written)
                    log.warn("session {}: {}", session->request.id, done.written.error().what);
                if (done.files)
                    hand_over(*std::move(done.files));
                else
                    failed(done.files.error());
            });
    }

    void hand_over(std::vector<SavedFile> files) {
        const SessionRequest& request = session->request;
        SaveRequest save;
        save.id = request.id;
        save.from = request.started;
        save.to =
            std::max(files.back().file.first_frame + files.back().file.duration, request.started);
        save.created_ms = request.created_ms;
        save.title = request.title;
        save.game = request.game;
        save.profile = request.profile;
        save.keep_actions = request.keep_actions;
        save.train = request.train;
        save.files = std::move(files);
        if (const auto adopted = deps.saves.adopt(std::move(save), journal.folder()); !adopted)
            return failed(adopted.error());
        forget();
    }

    /// The clip is in other hands.
    void forget() {
        (void)deps.worker.post([scribe = session->scribe] { scribe->remove_grown(); });
        session.reset();
        journal.remove();
    }

    void failed(const Error& error) {
        const std::string id = session->request.id;
        log.error("session {}: {}", id, error.what);
        Error told = error;
        if (session->progress.bytes == 0) {
            told.what = "Nothing was recorded in this session.";
        } else {
            told.what = "The recording is not finished: " + error.what +
                        ". What was written is in " +
                        session_part(session->request, 0).file.filename().string() + ".";
        }
        session.reset();
        journal.remove();
        if (events.failed)
            events.failed(id, told);
    }
};

SessionRecorder::SessionRecorder(SessionDeps deps, SessionEvents events, Log log)
    : impl_{std::make_unique<Impl>(std::move(deps), std::move(events), std::move(log))} {}

SessionRecorder::~SessionRecorder() = default;

void SessionRecorder::set_config(const config::Config& config) {
    impl_->config = config;
}

void SessionRecorder::set_pin_limit(std::uint64_t bytes) {
    impl_->deps.pin_limit_bytes = bytes;
}

Result<std::string>
SessionRecorder::start(const std::string& title, const Subject& subject, MonoTime press) {
    Impl& d = *impl_;
    if (d.session)
        return fail(
            Errc::Busy,
            recording() ? "a session is being recorded already"
                        : "the session before is still being finished");
    SessionRequest request;
    request.id = random_id();
    request.started = press;
    request.created_ms = unix_ms() - (d.deps.clock.now() - press).ms();
    request.title = title;
    request.game = subject.game;
    request.profile = subject.profile;
    request.keep_actions = d.config.actions.keep;
    request.train = d.config.actions.train;
    request.after = newest_complete(d.deps.ring_folder, press);
    HINDSIGHT_ASSIGN(const fs::path folder, clip_folder(d.config.clips.folder));
    fs::path name = expand_clip_name(
        d.config.clips.name, ClipNameFacts{request.game, request.title, request.created_ms});
    // Clips of the same second have their own names, and so do the files while they grow.
    name += "_session";
    HINDSIGHT_ASSIGN(request.target, free_clip_path(folder, name));
    d.journal.remove();
    HINDSIGHT_TRY(d.journal.write(request));
    d.session.emplace();
    d.session->request = std::move(request);
    d.make_scribe();
    if (const auto pinned = d.pin(); !pinned) {
        d.session.reset();
        d.journal.remove();
        return tl::unexpected(pinned.error());
    }
    d.log.info("session {} begins", d.session->request.id);
    d.changed();
    return d.session->request.id;
}

Result<std::string> SessionRecorder::stop() {
    if (!impl_->session)
        return fail(Errc::NotFound, "no session is being recorded");
    const std::string id = impl_->session->request.id;
    if (recording())
        impl_->begin_end();
    return id;
}

void SessionRecorder::subject_is(const std::string* game) {
    if (recording() && (game == nullptr || *game != impl_->session->request.game))
        impl_->begin_end();
}

void SessionRecorder::recover(bool goes_on) {
    Impl& d = *impl_;
    auto request = d.journal.load();
    if (!request) {
        d.journal.remove();
        return;
    }
    d.session.emplace();
    d.session->request = *std::move(request);
    d.make_scribe();
    d.log.info("session {}: going on after a restart", d.session->request.id);
    if (d.deps.saves.knows(d.session->request.id))
        return d.forget();
    if (d.session->request.stage == SessionStage::Finishing || !goes_on)
        d.begin_end();
}

void SessionRecorder::reached(const std::string& id) {
    if (!impl_->session || impl_->session->request.id != id)
        return;
    impl_->session->reached = true;
    impl_->advance();
}

void SessionRecorder::tick() {
    if (!impl_->session)
        return;
    if (recording())
        impl_->follow();
    else
        impl_->advance();
}

bool SessionRecorder::recording() const {
    return impl_->session && impl_->session->phase == Impl::Phase::Recording;
}

bool SessionRecorder::busy() const {
    return impl_->session && !recording();
}

Json SessionRecorder::status() const {
    if (!impl_->session)
        return {
            {"active", false},
            {"state", "none"},
            {"duration_s", 0.0},
            {"size_bytes", 0},
            {"path", ""},
            {"progress", 0.0}};
    const Impl::Session& session = *impl_->session;
    return {
        {"active", recording()},
        {"state", recording() ? "recording" : "finishing"},
        {"duration_s", session.progress.duration.seconds()},
        {"size_bytes", session.progress.bytes},
        {"path", session_part(session.request, 0).file.string()},
        {"progress", session.finished}};
}

}  // namespace hindsight::service
