#pragma once

// The disk side of a session: takes the pinned segments out of the journal's folder, in order, and
// puts them into the growing file. Lives on the [session] thread.

#include "export_note.hpp"
#include "session_journal.hpp"

#include <hindsight/actions/action.hpp>
#include <hindsight/core/log.hpp>
#include <hindsight/service/action_file.hpp>

#include <optional>
#include <stop_token>
#include <vector>

namespace hindsight::service {

struct SessionProgress {
    ring::SegmentName passed;  ///< this and all before need not be pinned any more
    Duration duration = Duration::zero();
    std::uint64_t bytes = 0;
    std::filesystem::path file;                ///< that grows now; empty before the first
    MonoTime actions_until = MonoTime::min();  ///< actions before need not be pinned any more
};

struct FinishedSession {
    std::vector<SavedFile> files;
    bool damaged = false;  ///< one was not as it had been written, and kept its content
};

class SessionScribe {
public:
    /// Goes on with what the journal tells.
    SessionScribe(SessionWriter& writer, SessionJournal journal, SessionRequest request, Log log);

    /// Takes the segments that nobody writes any more. Errors: as SessionFile::append, and Io with
    /// a sentence of its own when the computer's memory has no room for a note; what was written
    /// before stands.
    [[nodiscard]] Result<> write_sealed();

    /// Takes everything that begins before `to`, also what there is of the last segment. Errors: as
    /// SessionFile::append.
    [[nodiscard]] Result<> write_rest(MonoTime to);

    [[nodiscard]] SessionProgress progress() const { return progress_; }

    /// Makes plain files of what was written. Where that fails, or when `stop` is requested, the
    /// grown file gets the name. Errors: NotFound (nothing was recorded), those of
    /// SessionWriter::keep. Files that an interrupted attempt has finished are taken over.
    [[nodiscard]] Result<FinishedSession> finish(
        const std::vector<actions::ActionRecord>& events,
        const std::stop_token& stop,
        const ProgressFn& progress);

    /// What has been written of the actions, beside the first grown file; empty: there is none yet.
    [[nodiscard]] std::filesystem::path actions_file() const;

    enum class Actions { Kept, Removed };

    /// Removes the grown files, once their plain ones are in safe hands, and the actions.
    void remove_grown(Actions actions) const;

private:
    enum class Reach { Sealed, All };

    Result<> write(Reach reach, MonoTime to);
    Result<> write_one(const std::filesystem::path& segment, Reach reach);
    Result<> write_actions();
    Result<> begin_part(Reach reach);
    Result<> noted(Result<> result, Reach reach);
    [[nodiscard]] SessionLabels labels() const;
    [[nodiscard]] SessionFinish
    finish_request(const SessionPart& part, const std::vector<actions::ActionRecord>& events) const;
    Result<SavedFile> finish_part(
        std::size_t index,
        SessionFinish session,
        const std::stop_token& stop,
        const ProgressFn& progress);
    Result<WrittenFile>
    finish_or_keep(SessionFinish session, const std::stop_token& stop, const ProgressFn& progress);
    Result<> note_file(const WrittenFile& file, const std::vector<actions::ActionRecord>& events);
    void add(const SessionMark& mark);

    SessionWriter& writer_;
    SessionJournal journal_;
    SessionRequest request_;
    Log log_;
    ExportNote finished_;  ///< parts that are complete, by what their files are
    std::vector<SessionPart> parts_;
    std::unique_ptr<SessionFile> file_;  ///< of the last part
    std::optional<ActionFile> actions_;
    bool actions_failed_ = false;  ///< they stay in memory, as far as that goes
    SessionProgress progress_;
    bool memory_full_ = false;  ///< in the end: nothing more is noted, and links stay
    bool damaged_ = false;
};

}  // namespace hindsight::service
