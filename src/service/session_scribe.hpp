#pragma once

// The disk side of a session: takes the pinned segments out of the journal's folder, in order, and
// puts them into the growing file. Lives on the [session] thread.

#include "export_note.hpp"
#include "session_journal.hpp"

#include <hindsight/actions/action.hpp>
#include <hindsight/core/log.hpp>

#include <optional>
#include <vector>

namespace hindsight::service {

struct SessionProgress {
    ring::SegmentName passed;  ///< this and all before need not be pinned any more
    Duration duration = Duration::zero();
    std::uint64_t bytes = 0;
};

class SessionScribe {
public:
    /// Goes on with what the journal tells.
    SessionScribe(SessionWriter& writer, SessionJournal journal, SessionRequest request, Log log);

    enum class Reach {
        Sealed,  ///< segments that nobody writes any more
        All,     ///< also what there is of the last one
    };

    /// Errors: as SessionFile::append; what was written before stands.
    [[nodiscard]] Result<> write(Reach reach);

    [[nodiscard]] SessionProgress progress() const { return progress_; }

    /// Makes plain files of what was written; where that fails, the grown file gets the name.
    /// Errors: NotFound (nothing was recorded), those of SessionWriter::keep.
    /// Files that an interrupted attempt has finished are taken over.
    [[nodiscard]] Result<std::vector<SavedFile>>
    finish(const std::vector<actions::ActionRecord>& events, const ProgressFn& progress);

    /// Removes the grown files, once their plain ones are in safe hands.
    void remove_grown() const;

private:
    Result<> write_one(const std::filesystem::path& segment);
    void begin_part();
    Result<SavedFile> finish_part(
        std::size_t index,
        const std::vector<actions::ActionRecord>& events,
        const ProgressFn& progress);
    Result<> note_file(
        const SessionPart& part,
        const WrittenFile& file,
        const std::vector<actions::ActionRecord>& events);
    void note(const SessionMark& mark);

    SessionWriter& writer_;
    SessionJournal journal_;
    SessionRequest request_;
    Log log_;
    ExportNote finished_;  ///< parts that are complete, by what their files are
    std::vector<SessionPart> parts_;
    std::unique_ptr<SessionFile> file_;  ///< of the last part
    SessionProgress progress_;
};

}  // namespace hindsight::service
