#pragma once

// What a player did, in the game's own terms. No type here, or anywhere outside `hindsight-input`,
// has a field for a key, a button or a scan code.

#include <hindsight/core/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::actions {

enum class ActionType : std::uint8_t { Digital, Axis1d, Axis2d, Look, Pointer };
enum class Mode : std::uint8_t { Gameplay, Menu, TextEntry, Paused, Unfocused };

[[nodiscard]] const char* action_type_name(ActionType type);  ///< "digital", "axis1d", …
[[nodiscard]] const char* mode_name(Mode mode);               ///< "gameplay", "text_entry", …
[[nodiscard]] bool parse_action_type(std::string_view name, ActionType& type);
[[nodiscard]] bool parse_mode(std::string_view name, Mode& mode);

/// One row of a profile's action table. `id` is its index in the profile, stable within one profile
/// version.
struct ActionInfo {
    std::uint16_t id = 0;
    std::string set = "gameplay";
    std::string name;   ///< "move_forward"
    std::string label;  ///< "Forward"
    ActionType type = ActionType::Digital;
    bool pulse = false;  ///< one-shot (wheel): value 1 with no release
    /// Cells of the overlay that this action lights: control names of the *default* binding
    /// ("W", "Space", "Mouse1", "PadA", "PadLeftStick"), never the player's own.
    std::vector<std::string> default_controls;
    /// look: how far one count of the mouse turns the view; 0: not known.
    double degrees_per_count = 0;
    /// axis1d: those of the default controls that mean -1 instead of 1.
    std::vector<std::string> negative_controls{};

    bool operator==(const ActionInfo&) const = default;
};

/// What happened. `t` is the time of the frame the record belongs to, never finer.
struct ActionRecord {
    enum class Kind : std::uint8_t { Value, State, Mode, Event };

    Kind kind = Kind::Value;
    MonoTime t = MonoTime::from_ns(0);
    std::uint16_t action = 0;         ///< Value
    float x = 0;                      ///< Value: 0/1, axis, or dx
    float y = 0;                      ///< Value: axis2d y, or dy
    std::vector<std::uint16_t> held;  ///< State: digital actions held from here on
    Mode mode = Mode::Gameplay;       ///< Mode
    std::string event;                ///< Event: "marker", "kill", …
    std::string label;                ///< Event: text for people, may be empty

    bool operator==(const ActionRecord&) const = default;
};

}  // namespace hindsight::actions
