#pragma once

// The actions of one clip: the value behind `<name>.actions.jsonl` (docs/actions-format.md). The
// service makes one at export with bind_to_frames(), the overlay is drawn from it, and whoever
// wants frames with what the player did reads it back.

#include <hindsight/actions/action.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::actions {

/// An ActionRecord on the clip's own time line: `t` counts from the first shown frame and is the
/// time of a shown frame.
struct LogRecord {
    ActionRecord::Kind kind = ActionRecord::Kind::Value;
    Duration t = Duration::zero();
    std::uint16_t action = 0;           ///< Value
    float x = 0;                        ///< Value: 0/1, axis, or dx
    float y = 0;                        ///< Value: axis2d y, or dy
    std::vector<std::uint16_t> held{};  ///< State: digital actions held when this frame begins
    Mode mode = Mode::Gameplay;         ///< Mode
    std::string event{};                ///< Event: "marker", "kill", …
    std::string label{};                ///< Event: text for people, may be empty

    bool operator==(const LogRecord&) const = default;
};

/// How action times became frame times.
struct BindFacts {
    std::string rule = "first_frame_at_or_after";
    Duration latency = Duration::zero();  ///< from input to picture, added before binding
    std::string method = "assumed";  ///< how the latency is known: assumed, strip, flash, motion
    std::optional<Duration> p95_residual;

    bool operator==(const BindFacts&) const = default;
};

struct VideoFacts {
    std::string file;  ///< name of the clip's file, no folder
    int width = 0;
    int height = 0;
    Rational fps{0, 1};       ///< nominal
    std::int64_t frames = 0;  ///< shown frames
    /// Of the video track, holes of the footage included; zero: `frames` at the nominal rate.
    Duration duration = Duration::zero();
    std::vector<Duration> keyframes;  ///< from the first shown frame, none negative

    bool operator==(const VideoFacts&) const = default;
};

struct Consent {
    bool train = false;          ///< may be used for training
    bool share_actions = false;  ///< may leave the machine together with the clip
    int text_rev = 1;            ///< revision of the text that was agreed to

    bool operator==(const Consent&) const = default;
};

struct ActionLog {
    std::string clip;     ///< id of the clip in the library
    std::string game;     ///< name for people
    std::string profile;  ///< id of the profile, empty: none
    int profile_version = 0;
    std::string profile_sha256;  ///< Profile::bundled_sha256
    VideoFacts video;
    BindFacts bind;
    std::vector<std::string> sets;     ///< names, "gameplay" first
    std::vector<std::string> ui_sets;  ///< those of `sets` that count while a menu is open
    std::vector<ActionInfo> actions;   ///< the table that `LogRecord::action` points into
    Consent consent;
    bool overlay_burned_in = false;  ///< the video itself shows the overlay
    std::vector<LogRecord> records;  ///< by time

    bool operator==(const ActionLog&) const = default;
};

inline constexpr const char* kLogFormat = "hindsight.actions";
inline constexpr int kLogVersion = 1;
inline constexpr std::uintmax_t kMaxLogBytes = 256u << 20;  ///< larger files are not read

/// The text of the file, version 1: header line, then one line a record. Strings that are not UTF-8
/// are repaired.
[[nodiscard]] std::string to_jsonl(const ActionLog& log);

/// Parses `text`; unknown keys and unknown kinds of records are passed over.
/// Errors: Corrupt ("line 12: …"), Unsupported (another format, or a later version).
[[nodiscard]] Result<ActionLog> parse_jsonl(std::string_view text);

/// Replaces `file` by the log, complete or not at all.
/// Errors: NotFound (folder gone), NoSpace, PermissionDenied, Io.
[[nodiscard]] Result<> write_jsonl(const ActionLog& log, const std::filesystem::path& file);

/// Errors: NotFound, PermissionDenied, Io, InvalidArgument (above 256 MiB); as parse_jsonl.
[[nodiscard]] Result<ActionLog> read_jsonl(const std::filesystem::path& file);

/// Writes `consent.train` into the header of `file`; every other byte of its records stays, also of
/// kinds that this version does not know. Complete or not at all.
/// Errors: as read_jsonl and write_jsonl.
[[nodiscard]] Result<> set_train(const std::filesystem::path& file, bool allowed);

struct BindOptions {
    std::span<const ActionInfo> actions;  ///< types decide what is an edge, an axis, a movement
    std::span<const Duration> keyframes;  ///< from the first shown frame; negative ones are ignored
    Duration period = Duration::zero();   ///< nominal distance of two frames
    /// Frame and action times come from different roundings of one grid: a record this little after
    /// a frame still belongs to it.
    Duration tolerance = Duration::from_us(100);
};

/// Puts `records` (any order; more at both ends than the clip needs, ideally from the last State
/// record before it) on the shown frames of a clip (`WrittenFile::frames`, ascending).
///
/// A record belongs to the first frame at or after its time, which `hindsight-input` has put the
/// game's latency into; those behind the last frame are dropped. `look` is summed per frame, an
/// axis keeps its last value of a frame. What happened before the first frame, or in a hole of the
/// footage longer than a frame, is not told as edges but as the state it left behind. A State
/// record, followed by the axes that are off their rest, stands at t = 0 and at every keyframe. A
/// press and its release in one frame stay two records of that frame. Result is ordered by time; in
/// one frame Mode, then State, then the rest.
[[nodiscard]] std::vector<LogRecord> bind_to_frames(
    std::span<const ActionRecord> records,
    std::span<const MonoTime> frames,
    const BindOptions& options);

/// The frame in which a press begins.
struct Onset {
    std::uint16_t action = 0;
    Duration t = Duration::zero();

    bool operator==(const Onset&) const = default;
};

/// Every onset of a digital action in the log: presses, not what was already held at t = 0.
[[nodiscard]] std::vector<Onset> onsets(const ActionLog& log);

}  // namespace hindsight::actions
