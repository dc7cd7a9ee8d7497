#pragma once

// Action profiles: what a game's controls mean. A profile is one TOML file (docs/profiles.md);
// bundled ones ship with the program, the user's own lie in the config folder and override a
// bundled one of the same id. The service matches a focused window against them, the overlay and
// the sidecars take the action table, `hindsight-input` gets the bindings.

#include <hindsight/actions/action.hpp>
#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::actions {

/// A control of keyboard, mouse or controller, by its position name, and the action it drives.
struct ProfileBinding {
    std::string control;       ///< "W", "Left Shift", "Mouse1", "WheelUp", "MouseMove", "PadA", …
    std::uint16_t action = 0;  ///< ActionInfo::id
    float value = 1;           ///< what a press means for axis actions: -1 or 1
    float dead_zone = 0;       ///< 0–0.9: this much of a stick's or trigger's way is rest

    bool operator==(const ProfileBinding&) const = default;
};

/// A window belongs to the profile when any one rule holds. Compared without regard to case.
struct ProfileMatch {
    std::vector<std::string> executables;    ///< file name of the program: "chocolate-doom"
    std::vector<std::string> wm_classes;     ///< class part of WM_CLASS
    std::vector<std::string> arguments;      ///< file name in the command line: "freedoom2.wad"
    std::vector<std::string> steam_app_ids;  ///< "730"

    bool operator==(const ProfileMatch&) const = default;
};

/// From the player's hand to the picture: the frames a game needs, plus a time that does not depend
/// on the rate.
struct ProfileLatency {
    double frames = 0;  ///< of the recording
    Duration time = Duration::zero();
    std::string method = "assumed";    ///< as BindFacts::method
    std::optional<Duration> residual;  ///< 95 of 100 measurements are this near

    /// In a recording with `period` between two frames.
    [[nodiscard]] Duration at(Duration period) const;

    bool operator==(const ProfileLatency&) const = default;
};

struct Profile {
    std::string id;    ///< "chocolate-doom"
    std::string name;  ///< the game's title for people: "Chocolate Doom"
    int version = 1;
    ProfileMatch match;
    std::vector<std::string> sets;     ///< action sets, "gameplay" first
    std::vector<std::string> ui_sets;  ///< those of `sets` that count while a menu is open
    std::vector<ActionInfo> actions;
    std::vector<ProfileBinding> bindings;
    std::vector<std::string> chat_controls;  ///< open a text line in this game
    bool text_chat = true;                   ///< false: the game has no line of text to write
    std::vector<std::string> menu_controls;  ///< toggle the menu
    ProfileLatency latency;
    /// SHA-256 (64 hex digits) of the bundled part: says which table a sidecar was written with,
    /// and nothing about the player's own bindings. Empty when no part is bundled.
    std::string bundled_sha256;
    /// Id of the bundled profile that it is, replaces or builds on; empty: none. What that one
    /// binds is what ActionInfo tells of an action's controls.
    std::string bundled_id;
    std::filesystem::path file;  ///< where it was read
    bool bundled = false;        ///< false: the user's own

    /// Ids of the digital actions that can be held (no pulses), ascending.
    [[nodiscard]] std::vector<std::uint16_t> digital_actions() const;

    /// Ids of the one-shot actions, ascending.
    [[nodiscard]] std::vector<std::uint16_t> pulse_actions() const;

    /// nullptr: no action of that name.
    [[nodiscard]] const ActionInfo* action(std::string_view action_name) const;
};

/// What is known of a focused window (the fields of ipc::FocusChanged).
struct WindowFacts {
    std::string wm_class = {};
    std::string executable = {};
    std::vector<std::string> arguments = {};
    std::string steam_app_id = {};
};

/// The names that a profile may bind: every control that `hindsight-input` can tell apart. Keys by
/// their position on an American keyboard ("W", "Left Shift", "Keypad 4"), Mouse1 left, Mouse2
/// right, Mouse3 middle, Mouse4/5 back and forward, WheelUp…, MouseMove, PadA…PadY, PadUp…PadRight
/// (the cross), PadLeftShoulder, PadLeftTrigger, PadLeftStick (both axes), PadLeftStickUp… (one
/// direction as a button), PadLeftStickPress. [any-thread]
[[nodiscard]] const std::vector<std::string>& known_controls();

/// Why a file was left out.
struct ProfileProblem {
    std::filesystem::path file;
    /// "<file>:<line>: <sentence>", for the player alone: it may name keys. Without the line where
    /// no line is to blame.
    std::string what;

    /// "<file>:<line>", which may be logged.
    [[nodiscard]] std::string place() const;

    bool operator==(const ProfileProblem&) const = default;
};

/// All profiles of this machine. Immutable after load; load again to see new files.
class ProfileStore {
public:
    /// Reads `*.toml` of both folders; missing folders are empty ones. A file with an error is left
    /// out and listed in problems(). [any-thread]
    [[nodiscard]] static ProfileStore
    load(const std::filesystem::path& bundled_folder, const std::filesystem::path& user_folder);

    /// load() from `<shipped data>/profiles` and `<config>/profiles`. [any-thread]
    [[nodiscard]] static ProfileStore load_installed();

    /// load() while `last` is in use. A file that has become unreadable keeps the profile that it
    /// held in `last`; a profile that is gone can still be found, but no window matches it; and
    /// actions keep their ids, so that what was recorded by `last` means the same: an action that
    /// is gone, or of another kind now, stays in the table without controls. [any-thread]
    [[nodiscard]] static ProfileStore reload(
        const ProfileStore& last,
        const std::filesystem::path& bundled_folder,
        const std::filesystem::path& user_folder);

    /// reload() from where load_installed() loads. [any-thread]
    [[nodiscard]] static ProfileStore reload_installed(const ProfileStore& last);

    /// By id; user ones replace bundled ones.
    [[nodiscard]] const std::vector<Profile>& profiles() const { return profiles_; }

    /// Of every file that was left out.
    [[nodiscard]] const std::vector<ProfileProblem>& problems() const { return problems_; }

    /// The profile whose rules fit best: Steam id before argument before executable before class,
    /// the user's before bundled ones; nullptr when none fits. The generic profile never fits by
    /// itself.
    [[nodiscard]] const Profile* match(const WindowFacts& window) const;

    /// nullptr: no such profile.
    [[nodiscard]] const Profile* find(std::string_view id) const;

    /// For games without their own (Steam games, the user's choice); nullptr only when the
    /// installation is incomplete.
    [[nodiscard]] const Profile* generic() const { return find("generic"); }

private:
    std::vector<Profile> profiles_;
    std::vector<ProfileProblem> problems_;
};

/// Parses one profile. `base` is looked up in `bases` (already parsed profiles); `file_name` only
/// names the text in messages.
/// Errors: InvalidArgument, "<file>:<line>: <sentence>".
[[nodiscard]] Result<Profile>
parse_profile(std::string_view text, std::string_view file_name, const std::vector<Profile>& bases);

/// Reads and checks one file as `hindsightctl profiles check` does, bases from the installed
/// profiles. Errors: NotFound, Io, InvalidArgument ("<file>:<line>: <sentence>").
[[nodiscard]] Result<Profile> check_profile(const std::filesystem::path& file);

}  // namespace hindsight::actions
