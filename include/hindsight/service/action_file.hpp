#pragma once

// The actions of a session on the clip disk, beside the file that grows: each segment of actions is
// appended as one block, in order, so that memory need not hold those of many hours and a power cut
// leaves them. What a kill or a power cut has torn is cut off.

#include <hindsight/actions/action.hpp>
#include <hindsight/core/handle.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hindsight::service {

inline constexpr std::string_view kSessionActionsEnding = ".session.actions.part";

/// What such a file is called beside the grown file of a session, and the other way round.
[[nodiscard]] std::filesystem::path action_file_of(const std::filesystem::path& grown);
[[nodiscard]] std::filesystem::path grown_file_of(const std::filesystem::path& actions);

/// What has to be known to bind them when nothing but the two files is left. Where the player has
/// not agreed to keeping actions, only events (markers) are ever written.
struct ActionFacts {
    MonoTime origin = MonoTime::from_ns(0);  ///< capture time of media time 0
    std::string profile;
    bool keep_actions = false;
    bool train = false;

    bool operator==(const ActionFacts&) const = default;
};

class ActionFile {
public:
    /// Makes it, or goes on behind its last whole block. Errors: NotFound (folder), NoSpace,
    /// PermissionDenied, Io. [session]
    [[nodiscard]] static Result<ActionFile>
    open(const std::filesystem::path& path, const ActionFacts& facts);

    /// It has this segment and all before it.
    [[nodiscard]] ring::SegmentName last() const { return last_; }

    /// Time of the newest record in it; min: there is none.
    [[nodiscard]] MonoTime until() const { return until_; }

    /// Appends the records of the next segment, or of them what is agreed to. After an error the
    /// file is as it was before. Errors: NotFound (segment), Unsupported (far too large), NoSpace,
    /// Io. [session]
    [[nodiscard]] Result<> append(ring::SegmentReader& segment);

    /// Waits for the disk. Errors: NoSpace, Io. [session]
    [[nodiscard]] Result<> sync() const;

private:
    ActionFile(UniqueFd fd, bool keep_actions) : fd_{std::move(fd)}, keep_actions_{keep_actions} {}

    [[nodiscard]] Result<> write_block(std::span<const std::byte> block);

    UniqueFd fd_;
    bool keep_actions_;
    off_t end_ = 0;
    ring::SegmentName last_;
    MonoTime until_ = MonoTime::min();
};

/// Empty when there is no such file, or no head of it. Reads a file that may be damaged in any way.
[[nodiscard]] std::optional<ActionFacts> read_action_facts(const std::filesystem::path& path);

/// Calls `each` for every record, in writing order, up to the end or the first damage, and returns
/// the last segment; of no file, nothing. [session] [export]
ring::SegmentName read_action_file(
    const std::filesystem::path& path, const std::function<void(actions::ActionRecord)>& each);

}  // namespace hindsight::service
