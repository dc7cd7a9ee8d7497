#pragma once

// A session on disk while it goes on, so that any process may die in between: a folder of its own
// in the ring's memory with what was asked (`session.json`), what was written (`log.jsonl`, one
// line for each file and each segment) and hard links to the segments that were not written yet.

#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ipc/messages.hpp>
#include <hindsight/ports/session_writer.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::service {

enum class SessionStage {
    Recording,
    Finishing,  ///< nothing is added any more but what is pinned
    Failed,     ///< it waits for a retry
};

struct SessionRequest {
    std::string id;
    SessionStage stage = SessionStage::Recording;
    MonoTime started = MonoTime::from_ns(0);
    MonoTime to = MonoTime::max();  ///< nothing that begins at or after this belongs to it
    std::int64_t created_ms = 0;    ///< Unix time of `started`
    std::string title;
    std::string game;
    std::string profile;
    bool keep_actions = true;
    bool train = false;
    ring::SegmentName after;       ///< the last segment that does not belong to it
    std::filesystem::path target;  ///< of the plain file
    std::string failure_code;      ///< of the last attempt to finish it
    std::string failure;           ///< the same, for people
};

/// One file of a session: another one begins where the streams change.
struct SessionPart {
    std::filesystem::path file;    ///< while it grows
    std::filesystem::path target;  ///< when it is plain
    std::vector<SessionMark> marks;
};

class SessionJournal {
public:
    explicit SessionJournal(std::filesystem::path folder);

    /// For pinned segments and everything else of the session.
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    /// Creates the folder, 0700. Errors: Io.
    [[nodiscard]] Result<> make() const;

    /// Replaces `session.json` atomically; makes the folder where it is missing. Errors: Io.
    [[nodiscard]] Result<> write(const SessionRequest& request) const;

    /// Adds a line to the log: this file of ours was begun. A line is there as a whole or not at
    /// all. Errors: Io.
    [[nodiscard]] Result<> note_file(std::size_t part, const std::filesystem::path& file) const;

    /// The same for what was written into it.
    [[nodiscard]] Result<> note(std::size_t part, const SessionMark& mark) const;

    /// Where `session.json` cannot be read, a failed one of what the log tells; empty when there is
    /// nothing to finish.
    [[nodiscard]] std::optional<SessionRequest> load() const;

    /// What the log tells; a line that a crash cut is passed over.
    [[nodiscard]] std::vector<SessionPart> load_parts(const SessionRequest& request) const;

    void remove() const;

private:
    [[nodiscard]] Result<> add_line(const ipc::Json& json) const;

    std::filesystem::path folder_;
};

/// The name that part `index`, from 0, shall have in the end.
[[nodiscard]] std::filesystem::path
session_target(const SessionRequest& request, std::size_t index);

/// An error of the computer's memory, where the notes and the footage that waits lie. Never
/// NoSpace: that is the clip disk to everybody who hears of it.
[[nodiscard]] Error memory_error(int error_number);

}  // namespace hindsight::service
