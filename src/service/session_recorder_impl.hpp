#pragma once

// The inside of the session recorder: what goes on and the stages that it goes through. [control]
// only; what runs on the worker is session_scribe.hpp.

#include "session_scribe.hpp"

#include <hindsight/service/session_recorder.hpp>

#include <optional>
#include <stop_token>
#include <utility>

namespace hindsight::service {

struct FinishOutcome {
    Result<> written;
    Result<FinishedSession> session;
    SessionProgress progress;
};

struct SessionRecorder::Impl {
    enum class Phase { Starting, Recording, Ending, Finishing };

    struct Session {
        Session(SessionRequest r, SessionJournal j)
            : request{std::move(r)}, journal{std::move(j)} {}

        SessionRequest request;
        SessionJournal journal;
        std::shared_ptr<SessionScribe> scribe;  // used on the worker, one task at a time; not yet
                                                // there while it starts
        Phase phase = Phase::Recording;
        StartReply reply;  // while it starts
        SessionProgress progress;
        MonoTime deadline = MonoTime::max();
        bool working = false;
        bool reached = false;
        bool new_folder = false;  // the user has named it now
        double finished = 0;
        std::uint64_t waiting_bytes = 0;
        std::uint64_t action_bytes = 0;
        MonoTime measure_actions = MonoTime::min();
        std::stop_source hurry;
    };

    Impl(SessionDeps d, SessionEvents e, Log l)
        : deps{std::move(d)}, events{std::move(e)}, log{std::move(l)} {}

    void changed() const;
    void problem(const std::string& sentence) const;
    [[nodiscard]] SessionJournal journal_of(const std::string& id) const;
    void note() const;
    void begin(SessionRequest request);

    // ---- starting
    void start(SessionRequest request, StartReply reply);
    void started(const Result<std::filesystem::path>& target);
    void not_started(const Error& error);
    void hold();

    // ---- following the ring
    Result<> pin();
    void pin_actions();
    void follow();

    // ---- ending
    void end(const Error& error);
    void begin_end();
    void advance();
    void finish();
    void finished(FinishOutcome done);
    void hand_over(std::vector<SavedFile> files);
    void forget(SessionScribe::Actions actions);
    void nothing_recorded();

    // ---- failure
    void failed(const Error& error);
    [[nodiscard]] std::vector<SessionRequest>::iterator find_failed(const std::string& id);

    // ---- after a restart
    void take_up(SessionRequest request, const std::string* game);
    void drop(const SessionRequest& request, SessionScribe::Actions actions);

    /// Runs `work` on the worker and `then` with its result here, unless the session is another.
    /// False: it cannot be queued now.
    template <class Work, class Then>
    bool run(Work work, Then then);

    SessionDeps deps;
    SessionEvents events;
    Log log;
    config::Config config;
    std::optional<Session> session;
    std::vector<SessionRequest> failed_ones;
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

}  // namespace hindsight::service
