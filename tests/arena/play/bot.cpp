#include "play/bot.hpp"

#include "engine/world.hpp"

#include <algorithm>
#include <cstdlib>

namespace hindsight::arena {

namespace {

constexpr std::array<Cell, 4> kNeighbours{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
constexpr int kAligned = 2500;  ///< near enough to the wanted direction to walk, 14 degrees

Cell cell_of(const Player& player) {
    return {player.x >> 16, player.y >> 16};
}

std::size_t index(Cell cell) {
    return static_cast<std::size_t>(cell.y) * Level::kStride + static_cast<std::size_t>(cell.x);
}

bool is_way(const Level& level, Cell cell) {
    const Wall wall = level.wall(cell);
    return wall == Wall::None || wall == Wall::Door;
}

/// The shortest way, the next cell last; empty when there is none.
std::vector<Cell> way(const Level& level, Cell from, Cell to) {
    std::vector<Cell> came(std::size_t{Level::kStride} * Level::kSide, Cell{-1, -1});
    std::vector<Cell> queue{to};
    came[index(to)] = to;
    for (std::size_t at = 0; at < queue.size() && !(queue[at] == from); ++at) {
        for (const Cell step : kNeighbours) {
            const Cell next{queue[at].x + step.x, queue[at].y + step.y};
            if (!Level::inside(next) || !is_way(level, next) || came[index(next)].x >= 0)
                continue;
            came[index(next)] = queue[at];
            queue.push_back(next);
        }
    }
    std::vector<Cell> path;
    if (came[index(from)].x < 0)
        return path;
    for (Cell cell = from; !(cell == to); cell = came[index(cell)])
        path.push_back(came[index(cell)]);
    std::reverse(path.begin(), path.end());
    return path;
}

bool is_target(const Enemy& enemy) {
    return enemy.mood != EnemyMood::Dying && enemy.mood != EnemyMood::Dead;
}

/// From -32768 to 32767.
int turn_between(Angle from, Angle to) {
    return static_cast<std::int16_t>(static_cast<Angle>(to - from));
}

bool is_door_ahead(const Engine& engine) {
    const Player& player = engine.state().player;
    for (Fixed far = kOne / 2; far <= kOne; far += kOne / 4) {
        const Cell cell{
            (player.x + multiply(cosine(player.angle), far)) >> 16,
            (player.y + multiply(sine(player.angle), far)) >> 16};
        const int door = engine.level().door_at(cell);
        if (door >= 0)
            return !engine.state().doors[static_cast<std::size_t>(door)].opening;
    }
    return false;
}

}  // namespace

Bot::Bot(const BotOptions& options) : options_{options}, random_{Random::seeded(options.seed)} {}

void Bot::choose_goal(const Engine& engine) {
    const State& state = engine.state();
    const Cell here = cell_of(state.player);
    stuck_ = here == last_cell_ ? stuck_ + 1 : 0;
    last_cell_ = here;
    if (state.level != level_ || stuck_ > 4 * options_.fps) {
        path_.clear();
        stuck_ = 0;
    }
    level_ = state.level;
    while (!path_.empty() && path_.back() == here)
        path_.pop_back();
    if (!path_.empty())
        return;
    // Half of the ways lead to an enemy, the others anywhere.
    std::vector<Cell> goals;
    if (random_.chance(1, 2))
        for (const Enemy& enemy : state.enemies)
            if (is_target(enemy))
                goals.push_back({enemy.x >> 16, enemy.y >> 16});
    const Cell anywhere{random_.below(Level::kSide), random_.below(Level::kSide)};
    if (goals.empty() && is_way(engine.level(), anywhere))
        goals.push_back(anywhere);
    if (!goals.empty())
        path_ =
            way(engine.level(),
                here,
                goals[static_cast<std::size_t>(random_.below(static_cast<int>(goals.size())))]);
}

Angle Bot::wanted_angle(const Engine& engine) {
    const State& state = engine.state();
    const Player& player = state.player;
    sight_ = -1;
    Fixed nearest = 10 * kOne;
    for (std::size_t i = 0; i < state.enemies.size(); ++i) {
        const Enemy& enemy = state.enemies[i];
        const Fixed far = absolute(enemy.x - player.x) + absolute(enemy.y - player.y);
        if (!is_target(enemy) || far >= nearest ||
            !can_see(state, engine.level(), player.x, player.y, enemy.x, enemy.y))
            continue;
        nearest = far;
        sight_ = static_cast<int>(i);
    }
    if (sight_ >= 0) {
        const Enemy& enemy = state.enemies[static_cast<std::size_t>(sight_)];
        return angle_of(enemy.x - player.x, enemy.y - player.y);
    }
    if (path_.empty())
        return player.angle;
    return angle_of(
        centre_of_cell(path_.back().x) - player.x, centre_of_cell(path_.back().y) - player.y);
}

Pair Bot::look(const Engine& engine) {
    const Player& player = engine.state().player;
    const int off = turn_between(player.angle, wanted_angle(engine));
    if (glance_ == 0 && sight_ < 0 && random_.chance(1, 3 * options_.fps)) {
        glance_ = random_.between(options_.fps / 6, options_.fps / 2);
        glance_turn_ = random_.between(-30, 30);
    }
    if (random_.chance(1, 2 * options_.fps))
        pitch_goal_ = random_.between(-1800, 1800);
    Pair look;
    if (glance_ > 0) {
        --glance_;
        look.x = glance_turn_;
    } else if (std::abs(off) > 200) {
        // A fifth of what is missing each frame, as hands do, and never quite straight.
        const int most = 3600 / options_.fps;
        look.x = std::clamp(off / (5 * kTurnPerCount), -most, most) + random_.between(-1, 1);
    }
    const int pitch_off = pitch_goal_ - player.pitch;
    if (std::abs(pitch_off) > 200)
        look.y = -std::clamp(pitch_off / (8 * kTurnPerCount), -12, 12);
    return look;
}

bool Bot::press(Action action, int frames) {
    if ((held_ & bit(action)) != 0)
        return false;
    held_ |= bit(action);
    down_ |= bit(action);
    held_for_[static_cast<std::size_t>(action)] = std::max(1, frames);
    return true;
}

bool Bot::press_something(const Engine& engine) {
    const auto frames = [this](int low_ms, int high_ms) {
        return random_.between(low_ms, high_ms) * options_.fps / 1000;
    };
    if (is_door_ahead(engine) && random_.chance(3, 4))
        return press(Action::Use, frames(60, 140));
    if (sight_ >= 0 && random_.chance(1, 2))
        return press(Action::Fire, frames(50, 300));
    if ((held_ & bit(Action::Forward)) == 0 && random_.chance(2, 3))
        return press(Action::Forward, frames(700, 2500));
    // clang-format off
    constexpr std::array kOthers{
        Action::Left, Action::Right, Action::Left, Action::Right, Action::Jump, Action::Use,
        Action::Fire, Action::Back, Action::TurnLeft, Action::TurnRight, Action::Weapon1,
        Action::Weapon2, Action::Weapon3, Action::NextWeapon, Action::PreviousWeapon, Action::Sprint};
    // clang-format on
    const Action action = kOthers[static_cast<std::size_t>(random_.below(kOthers.size()))];
    const bool moves = action == Action::Left || action == Action::Right;
    return press(action, moves ? frames(120, 500) : frames(40, 160));
}

Actions Bot::release_due() {
    Actions up = 0;
    for (std::size_t i = 0; i < held_for_.size(); ++i) {
        const Actions action = bit(static_cast<Action>(i));
        if ((held_ & action) == 0 || (down_ & action) != 0 || --held_for_[i] > 0)
            continue;
        held_ &= ~action;
        up |= action;
    }
    return up;
}

Inputs Bot::play(const Engine& engine) {
    down_ = 0;
    choose_goal(engine);
    Inputs inputs;
    inputs.look = look(engine);
    const bool aligned =
        path_.empty() ||
        std::abs(turn_between(engine.state().player.angle, wanted_angle(engine))) < kAligned;
    // Who faces a wall does not run against it for long.
    if (!aligned && held_for_[static_cast<std::size_t>(Action::Forward)] > 8)
        held_for_[static_cast<std::size_t>(Action::Forward)] = 8;
    // At any frame with the same chance; who cannot press what came to mind tries another time.
    owed_ += random_.chance(options_.rate, options_.fps) ? 1 : 0;
    if (owed_ > 0 && press_something(engine))
        --owed_;
    inputs.up = release_due();
    inputs.held = held_;
    inputs.down = down_;
    return inputs;
}

}  // namespace hindsight::arena
