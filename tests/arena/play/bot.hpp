#pragma once

// A player without eyes: it knows the state. It walks the level from room to room, looks round,
// turns to enemies and shoots, opens doors, and mixes in whatever the other actions are, at a given
// rate of presses. The same seed and the same states give the same inputs.

#include "engine/engine.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace hindsight::arena {

struct BotOptions {
    std::uint64_t seed = 1;
    int rate = 6;  ///< presses of actions a second
    int fps = 60;
};

class Bot {
public:
    explicit Bot(const BotOptions& options);

    /// What it does in the next frame.
    Inputs play(const Engine& engine);

private:
    void choose_goal(const Engine& engine);
    [[nodiscard]] Angle wanted_angle(const Engine& engine);
    Pair look(const Engine& engine);
    /// False when it holds that one already.
    bool press(Action action, int frames);
    bool press_something(const Engine& engine);
    Actions release_due();

    BotOptions options_;
    Random random_;
    std::array<int, static_cast<std::size_t>(Action::Count)> held_for_{};  ///< frames still to go
    std::vector<Cell> path_;                                               ///< the next cell last
    Actions held_ = 0;
    Actions down_ = 0;
    int owed_ = 0;         ///< presses that are due
    int sight_ = -1;       ///< the enemy it looks at
    int glance_ = 0;       ///< frames that it looks somewhere else
    int glance_turn_ = 0;  ///< counts a frame meanwhile
    int pitch_goal_ = 0;
    std::uint32_t level_ = 0;
    Cell last_cell_{-1, -1};
    int stuck_ = 0;  ///< frames in the same cell
};

}  // namespace hindsight::arena
