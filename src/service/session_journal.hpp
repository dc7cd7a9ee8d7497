#pragma once

// A session on disk while it goes on, so that any process may die in between: a folder in the
// ring's memory with what was asked (`session.json`), what was written (`log.jsonl`, one line for
// each segment) and hard links to the segments that were not written yet.

#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
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
};

struct SessionRequest {
    std::string id;
    SessionStage stage = SessionStage::Recording;
    MonoTime started = MonoTime::from_ns(0);
    std::int64_t created_ms = 0;  ///< Unix time of `started`
    std::string title;
    std::string game;
    std::string profile;
    bool keep_actions = true;
    bool train = false;
    ring::SegmentName after;       ///< the last segment that does not belong to it
    std::filesystem::path target;  ///< of the plain file
    std::string ended;             ///< sentence when it did not end as wished
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

    /// Replaces `session.json` atomically; creates the folder 0700. Errors: NoSpace, Io.
    [[nodiscard]] Result<> write(const SessionRequest& request) const;

    /// Adds a line to the log. Errors: NoSpace, Io.
    [[nodiscard]] Result<> note(std::size_t part, const SessionMark& mark) const;

    /// Empty when there is no readable session.
    [[nodiscard]] std::optional<SessionRequest> load() const;

    /// What the log tells; a line that a crash cut is passed over.
    [[nodiscard]] std::vector<SessionPart> load_parts(const SessionRequest& request) const;

    void remove() const;

private:
    std::filesystem::path folder_;
};

/// Part `index`, from 0, without marks.
[[nodiscard]] SessionPart session_part(const SessionRequest& request, std::size_t index);

}  // namespace hindsight::service
