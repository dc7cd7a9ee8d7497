#include "engine/world.hpp"

namespace hindsight::arena {

namespace {

constexpr Fixed kPlayerRadius = thousandths(220);
constexpr Fixed kReach = thousandths(1300);
constexpr int kDoorStays = 3 * kTicksPerSecond;
constexpr Fixed kDoorSpeed = kOne / 40;
constexpr Fixed kPassable = thousandths(850);
constexpr Fixed kLookStep = kOne / 16;

constexpr int to_cell(Fixed value) {
    return value >> 16;
}

bool is_free(const World& world, Fixed x, Fixed y, Fixed radius) {
    for (const Fixed dy : {-radius, radius})
        for (const Fixed dx : {-radius, radius})
            if (is_solid(world.state, world.level, {to_cell(x + dx), to_cell(y + dy)}))
                return false;
    return true;
}

/// The way that keys and stick ask for, seen from the player: x right, y forward, up to kOne each.
struct Wish {
    Fixed right = 0;
    Fixed forward = 0;
};

Wish wish_of(const Inputs& inputs) {
    const auto held = [&](Action action) { return (inputs.held & bit(action)) != 0; };
    const int right = (held(Action::Right) ? 127 : 0) - (held(Action::Left) ? 127 : 0);
    const int forward = (held(Action::Forward) ? 127 : 0) - (held(Action::Back) ? 127 : 0);
    const auto clamp = [](int value) {
        return static_cast<Fixed>((value > 127 ? 127 : value < -127 ? -127 : value) * kOne / 127);
    };
    Wish wish{clamp(right + inputs.move.x), clamp(forward - inputs.move.y)};
    // Not faster across than straight on.
    const std::int64_t square = static_cast<std::int64_t>(wish.right) * wish.right +
                                static_cast<std::int64_t>(wish.forward) * wish.forward;
    const auto length = static_cast<Fixed>(square_root(static_cast<std::uint64_t>(square)));
    if (length > kOne) {
        wish.right = divide(wish.right, length);
        wish.forward = divide(wish.forward, length);
    }
    return wish;
}

void open_door_ahead(const World& world) {
    Player& player = world.state.player;
    for (Fixed way = kOne / 2; way <= kReach; way += kOne / 8) {
        const Cell cell{
            to_cell(player.x + multiply(cosine(player.angle), way)),
            to_cell(player.y + multiply(sine(player.angle), way))};
        const int found = world.level.door_at(cell);
        if (found < 0)
            continue;
        Door& door = world.state.doors[static_cast<std::size_t>(found)];
        door.opening = !door.opening;
        door.timer = kDoorStays;
        world.tell(Event::Door);
        return;
    }
}

/// Somebody stands in that cell: its door may not close.
bool is_occupied(const State& state, Cell cell) {
    const auto there = [cell](Fixed x, Fixed y) {
        const Fixed from_x = x - centre_of_cell(cell.x);
        const Fixed from_y = y - centre_of_cell(cell.y);
        return absolute(from_x) < thousandths(800) && absolute(from_y) < thousandths(800);
    };
    if (there(state.player.x, state.player.y))
        return true;
    for (const Enemy& enemy : state.enemies)
        if (there(enemy.x, enemy.y))
            return true;
    return false;
}

}  // namespace

bool is_solid(const State& state, const Level& level, Cell cell) {
    const Wall wall = level.wall(cell);
    if (wall == Wall::None)
        return false;
    if (wall != Wall::Door)
        return true;
    return state.doors[static_cast<std::size_t>(level.door_at(cell))].open < kPassable;
}

bool slide(const World& world, Fixed& x, Fixed& y, Fixed dx, Fixed dy, Fixed radius) {
    bool moved = false;
    if (dx != 0 && is_free(world, x + dx, y, radius)) {
        x += dx;
        moved = true;
    }
    if (dy != 0 && is_free(world, x, y + dy, radius)) {
        y += dy;
        moved = true;
    }
    return !moved && (dx != 0 || dy != 0);
}

Fixed free_way(const State& state, const Level& level, Fixed x, Fixed y, Angle angle, Fixed limit) {
    const Fixed step_x = multiply(cosine(angle), kLookStep);
    const Fixed step_y = multiply(sine(angle), kLookStep);
    Fixed way = 0;
    while (way < limit) {
        x += step_x;
        y += step_y;
        if (is_solid(state, level, {to_cell(x), to_cell(y)}))
            return way;
        way += kLookStep;
    }
    return limit;
}

bool can_see(const State& state, const Level& level, Fixed x, Fixed y, Fixed to_x, Fixed to_y) {
    const int steps =
        1 + (absolute(to_x - x) > absolute(to_y - y) ? absolute(to_x - x) : absolute(to_y - y)) /
                (kOne / 8);
    for (int i = 1; i < steps; ++i) {
        const auto part = [&](Fixed from, Fixed to) {
            return from + static_cast<Fixed>(static_cast<std::int64_t>(to - from) * i / steps);
        };
        if (is_solid(state, level, {to_cell(part(x, to_x)), to_cell(part(y, to_y))}))
            return false;
    }
    return true;
}

void move_player(const World& world, const Inputs& inputs, Actions pressed) {
    Player& player = world.state.player;
    constexpr Fixed kRun = thousandths(58);
    const bool sprints = (inputs.held & bit(Action::Sprint)) != 0;
    const Fixed fastest = sprints ? kRun * 3 / 2 : kRun;
    const Wish wish = wish_of(inputs);
    const Fixed ahead_x = cosine(player.angle);
    const Fixed ahead_y = sine(player.angle);
    const Fixed wanted_x =
        multiply(multiply(ahead_x, wish.forward) - multiply(ahead_y, wish.right), fastest);
    const Fixed wanted_y =
        multiply(multiply(ahead_y, wish.forward) + multiply(ahead_x, wish.right), fastest);
    // A quarter of the difference each tick: it starts at once and stops softly.
    player.speed_x += (wanted_x - player.speed_x) / 4;
    player.speed_y += (wanted_y - player.speed_y) / 4;
    if (slide(world, player.x, player.y, player.speed_x, player.speed_y, kPlayerRadius))
        player.speed_x = player.speed_y = 0;
    player.walked =
        (player.walked + absolute(player.speed_x) + absolute(player.speed_y)) & ((1 << 24) - 1);

    constexpr Fixed kGravity = thousandths(3);
    if ((pressed & bit(Action::Jump)) != 0 && player.height == 0)
        player.speed_up = thousandths(45);
    player.height += player.speed_up;
    player.speed_up -= kGravity;
    if (player.height <= 0)
        player.height = player.speed_up = 0;
    if ((pressed & bit(Action::Use)) != 0)
        open_door_ahead(world);
}

void move_doors(const World& world) {
    for (std::size_t i = 0; i < world.state.doors.size(); ++i) {
        Door& door = world.state.doors[i];
        if (door.opening && door.open == kOne && --door.timer <= 0)
            door.opening = false;
        if (door.opening)
            door.open = door.open + kDoorSpeed < kOne ? door.open + kDoorSpeed : kOne;
        else if (door.open > 0 && !is_occupied(world.state, world.level.doors()[i].cell))
            door.open = door.open > kDoorSpeed ? door.open - kDoorSpeed : 0;
    }
}

void collect(const World& world) {
    constexpr Fixed kArm = thousandths(500);
    constexpr int kComesBack = 20 * kTicksPerSecond;
    Player& player = world.state.player;
    for (Pickup& pickup : world.state.pickups) {
        if (pickup.gone > 0) {
            --pickup.gone;
            continue;
        }
        if (player.dead > 0 || absolute(pickup.x - player.x) > kArm ||
            absolute(pickup.y - player.y) > kArm)
            continue;
        if (pickup.kind == 0) {
            if (player.health >= kFullHealth)
                continue;
            player.health = player.health + 25 > kFullHealth ? kFullHealth : player.health + 25;
        } else {
            player.ammunition[0] += 20;
            player.ammunition[1] += 6;
            player.ammunition[2] += 2;
        }
        pickup.gone = kComesBack;
        world.tell(Event::Pickup);
    }
}

}  // namespace hindsight::arena
