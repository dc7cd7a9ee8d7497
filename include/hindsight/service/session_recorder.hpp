#pragma once

// Records a session: everything from its start to its stop, from the encoder that fills the ring
// and beside it. The ring's segments are linked as they come and appended to a growing file; when
// the session ends that becomes a clip like any other.
//
// Invariants:
//  1. What was linked is written exactly once, whoever is killed.
//  2. The growing file can be played at any moment.
//  3. A disk that is full, slow or gone ends the session and never the ring.

#include <hindsight/config/config.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ipc/messages.hpp>
#include <hindsight/ports/session_writer.hpp>
#include <hindsight/service/executor.hpp>
#include <hindsight/service/message_link.hpp>
#include <hindsight/service/save_queue.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace hindsight::service {

struct SessionDeps {
    const Clock& clock;
    SessionWriter& writer;
    SaveQueue& saves;
    Executor& control;
    Executor& worker;
    MessageLink& capture;
    std::filesystem::path ring_folder;
    std::filesystem::path sessions_folder;  ///< journals and links, on the ring's file system
    std::uint64_t pin_limit_bytes = 0;      ///< what may wait for the disk, beside the ring
    std::stop_token stop{};                 ///< requested when work is to end unfinished
};

struct SessionEvents {
    std::function<void()> changed;  ///< status() differs
    /// It could not become a clip. It waits for a retry, as failed() tells, unless there is nothing
    /// to wait for.
    std::function<void(const std::string& id, const Error& error)> failed;
    /// It is not, or ends not, as was asked for; the clip follows. One sentence for people.
    std::function<void(const std::string& sentence)> problem;
};

/// One that waits for a retry.
struct FailedSession {
    std::string id;
    std::string code;
    std::string text;
    Duration duration = Duration::zero();
};

/// [control]
class SessionRecorder {
public:
    SessionRecorder(SessionDeps deps, SessionEvents events, Log log);
    ~SessionRecorder();
    SessionRecorder(const SessionRecorder&) = delete;
    SessionRecorder& operator=(const SessionRecorder&) = delete;

    void set_config(const config::Config& config);
    void set_pin_limit(std::uint64_t bytes);

    using StartReply = std::function<void(const Result<std::string>&)>;

    /// Records from the keyframe before `press` on. `reply` is given, once, the id under which the
    /// save queue tells of the finished clip; it comes when the clip disk has answered (bounded),
    /// and what is recorded meanwhile is held. Errors: Busy (one is going on), NoSpace, NotFound
    /// (clip folder), PermissionDenied, Io, Timeout (the disk does not answer), Cancelled (ended
    /// before it began).
    void start(const std::string& title, const Subject& subject, MonoTime press, StartReply reply);

    /// Ends it; the clip follows. Returns its id. Errors: NotFound (none is going on), Cancelled
    /// (it had not begun yet and never will).
    [[nodiscard]] Result<std::string> stop();

    /// What is recorded now: nothing, or of which game. A session of another game ends.
    void subject_is(const std::string* game);

    /// Takes up what an earlier service left; `game` as for subject_is().
    void recover(const std::string* game);

    /// Tries again to finish a failed one, in `folder` if given. Errors: NotFound (no failed one
    /// has this id), Busy (another one is being recorded or finished).
    [[nodiscard]] Result<> retry(const std::string& id, const std::filesystem::path& folder);

    /// Lets go of a failed one: its notes and its growing file are removed. Errors: NotFound.
    [[nodiscard]] Result<> discard(const std::string& id);

    /// The service is about to end: what is being finished gets its name as it is.
    void hurry();

    void reached(const std::string& id);  ///< capture has everything up to the stop
    void tick();                          ///< call at least once a second

    [[nodiscard]] bool recording() const;  ///< stop() would end it
    [[nodiscard]] bool busy() const;       ///< one is being begun, or ended and finished
    [[nodiscard]] std::vector<FailedSession> failed() const;

    /// A session, also a failed one, needs these actions, whether its footage still lies beside
    /// them or has got its name already.
    [[nodiscard]] bool needs(const std::filesystem::path& actions_file) const;

    /// Growing files that are ours, also those of failed ones.
    [[nodiscard]] std::vector<std::filesystem::path> files() const;

    /// {active, state, duration_s, size_bytes, memory_bytes, path, progress}
    [[nodiscard]] ipc::Json status() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hindsight::service
