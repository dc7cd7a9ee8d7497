#pragma once

// What moves, looks and shoots has in common: the level with its doors as they are now.

#include "engine/engine.hpp"

namespace hindsight::arena {

/// Borrowed for one tick.
struct World {
    State& state;
    const Level& level;
    std::vector<Event>& events;

    void tell(Event event) const { events.push_back(event); }
};

/// What stops a body, or a shot.
[[nodiscard]] bool is_solid(const State& state, const Level& level, Cell cell);

/// Moves by (dx, dy) as far as walls let a body of that radius, sliding along them. True when it
/// got nowhere.
bool slide(const World& world, Fixed& x, Fixed& y, Fixed dx, Fixed dy, Fixed radius);

/// How far one sees from there, in cells, at most `limit`.
[[nodiscard]] Fixed
free_way(const State& state, const Level& level, Fixed x, Fixed y, Angle angle, Fixed limit);

[[nodiscard]] bool
can_see(const State& state, const Level& level, Fixed x, Fixed y, Fixed to_x, Fixed to_y);

/// One tick each. `pressed` are the actions that were pressed at this tick.
void move_player(const World& world, const Inputs& inputs, Actions pressed);
void fight(const World& world, const Inputs& inputs, Actions pressed);
void move_enemies(const World& world);
void move_doors(const World& world);
void move_smoke(const World& world);
void collect(const World& world);

/// The player loses health; may die of it.
void hurt_player(const World& world, int damage);

}  // namespace hindsight::arena
