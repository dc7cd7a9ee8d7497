#pragma once

// Everything that the engine remembers from one frame to the next. What is not here (pictures, the
// text of a chat line) has no influence on the game.

#include "engine/fixed.hpp"
#include "engine/inputs.hpp"
#include "engine/random.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace hindsight::arena {

enum class Weapon : std::uint8_t { Pistol, Shotgun, SmokeLauncher, Count };

inline constexpr int kFullHealth = 100;

struct Player {
    Fixed x = 0;
    Fixed y = 0;
    Fixed height = 0;  ///< above the floor
    Fixed speed_x = 0;
    Fixed speed_y = 0;
    Fixed speed_up = 0;
    Angle angle = 0;
    std::int32_t pitch = 0;  ///< in units of Angle, up is positive
    std::int32_t health = kFullHealth;
    std::array<std::int32_t, static_cast<std::size_t>(Weapon::Count)> ammunition{50, 12, 6};
    Weapon weapon = Weapon::Pistol;
    std::int32_t cooldown = 0;  ///< ticks until the next shot
    std::int32_t flash = 0;     ///< ticks that the muzzle still shines
    std::int32_t hurt = 0;      ///< ticks that the picture is still red
    std::int32_t dead = 0;      ///< ticks until the player stands up again, 0: alive
    std::int32_t walked = 0;    ///< way so far, for the bobbing of the weapon
};

enum class EnemyMood : std::uint8_t { Wander, Chase, Attack, Pain, Dying, Dead };

struct Enemy {
    Fixed x = 0;
    Fixed y = 0;
    Angle angle = 0;
    std::uint8_t kind = 0;
    EnemyMood mood = EnemyMood::Wander;
    std::int32_t health = 0;
    std::int32_t timer = 0;  ///< ticks in this mood
};

struct Pickup {
    Fixed x = 0;
    Fixed y = 0;
    std::uint8_t kind = 0;
    std::int32_t gone = 0;  ///< ticks until it is back, 0: it lies there
};

struct Door {
    Fixed open = 0;  ///< 0: shut, kOne: open
    std::int32_t timer = 0;
    bool opening = false;
};

struct Smoke {
    Fixed x = 0;
    Fixed y = 0;
    Fixed height = 0;
    Fixed drift_x = 0;
    Fixed drift_y = 0;
    std::int32_t age = 0;
    std::int32_t life = 0;
};

struct State {
    std::uint64_t seed = 0;
    std::uint64_t frame = 0;  ///< of the last step; 0 before the first
    std::uint32_t level = 0;
    std::uint32_t ticks_per_frame = 1;  ///< the game runs at 60 ticks a second
    Random random;
    Mode mode = Mode::Gameplay;
    Mode mode_before = Mode::Gameplay;  ///< what comes back with the focus
    std::int32_t menu_item = 0;
    bool quit = false;
    std::uint32_t kills = 0;
    std::uint32_t deaths = 0;
    std::uint64_t tick = 0;
    Player player;
    std::vector<Enemy> enemies;
    std::vector<Pickup> pickups;
    std::vector<Door> doors;
    std::vector<Smoke> smoke;
};

}  // namespace hindsight::arena
