#pragma once

// What reaches the engine in one frame. The same values come from keys and pads, from a bot, or
// from a script, and the engine knows no other world.

#include <array>
#include <cstdint>
#include <string_view>

namespace hindsight::arena {

enum class Action : std::uint8_t {
    Forward,
    Back,
    Left,
    Right,
    TurnLeft,
    TurnRight,
    Fire,
    Use,
    Jump,
    Sprint,
    Weapon1,
    Weapon2,
    Weapon3,
    NextWeapon,
    PreviousWeapon,
    Count,
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Action::Count)> kActionNames{
    "move_forward",
    "move_back",
    "move_left",
    "move_right",
    "turn_left",
    "turn_right",
    "fire",
    "use",
    "jump",
    "sprint",
    "weapon_1",
    "weapon_2",
    "weapon_3",
    "next_weapon",
    "previous_weapon"};

/// A set of actions.
using Actions = std::uint32_t;

constexpr Actions bit(Action action) {
    return Actions{1} << static_cast<unsigned>(action);
}

inline constexpr Actions kAllActions = (Actions{1} << static_cast<unsigned>(Action::Count)) - 1;

/// What changes the mode; everything else is an action.
enum class Command : std::uint8_t {
    Menu,  ///< opens or closes the pause menu
    MenuUp,
    MenuDown,
    MenuChoose,
    ChatOpen,
    ChatClose,  ///< the line was sent or dropped
    FocusLost,
    FocusFound,
    Count,
};

using Commands = std::uint32_t;

constexpr Commands bit(Command command) {
    return Commands{1} << static_cast<unsigned>(command);
}

inline constexpr Commands kAllCommands = (Commands{1} << static_cast<unsigned>(Command::Count)) - 1;

enum class Mode : std::uint8_t { Gameplay, Menu, TextEntry, Unfocused, Count };

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Mode::Count)> kModeNames{
    "gameplay", "menu", "text_entry", "unfocused"};

/// A pair of signed numbers: counts of a mouse, or the position of a stick (-127 … 127).
struct Pair {
    int x = 0;
    int y = 0;

    friend bool operator==(const Pair&, const Pair&) = default;
};

struct Inputs {
    Actions held = 0;  ///< at the end of the frame's events
    Actions down = 0;  ///< pressed in this frame, also when released in it again
    Actions up = 0;
    Pair look = {};   ///< sum of this frame's motion, in counts, right and down positive
    Pair move = {};   ///< left stick, right and down positive
    Pair stick = {};  ///< right stick, it turns and looks
    Commands commands = 0;

    friend bool operator==(const Inputs&, const Inputs&) = default;
};

/// 65536ths of a turn for one count of the mouse: 0.0659 degrees, which is what Quake's
/// sensitivity 3 does.
inline constexpr int kTurnPerCount = 12;

}  // namespace hindsight::arena
