#include "engine/level.hpp"

#include "engine/random.hpp"

#include <algorithm>

namespace hindsight::arena {

struct Level::Plan {
    Random random;
    std::array<bool, std::size_t{kRooms} * kRooms> joined{};

    bool& is_joined(Cell room) {
        return joined[static_cast<std::size_t>(room.y) * kRooms + static_cast<std::size_t>(room.x)];
    }
};

namespace {

constexpr std::array<Cell, 4> kNeighbours{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
constexpr std::array<Wall, 4> kRoomWalls{Wall::Brick, Wall::Stone, Wall::Metal, Wall::Wood};

bool is_room(Cell room) {
    return room.x >= 0 && room.y >= 0 && room.x < Level::kRooms && room.y < Level::kRooms;
}

}  // namespace

Level::Level(std::uint64_t seed, std::uint32_t number) {
    Plan plan{.random = Random::seeded(seed * 1000 + number)};
    build_rooms(plan);
    join_rooms(plan);
    start_ = {kRoomSize / 2, kRoomSize / 2};
    for (int y = 0; y < kRooms; ++y)
        for (int x = 0; x < kRooms; ++x)
            furnish(plan, {x, y});
}

int Level::door_at(Cell cell) const {
    for (std::size_t i = 0; i < doors_.size(); ++i)
        if (doors_[i].cell == cell)
            return static_cast<int>(i);
    return -1;
}

void Level::build_rooms(Plan& plan) {
    for (int room_y = 0; room_y < kRooms; ++room_y) {
        for (int room_x = 0; room_x < kRooms; ++room_x) {
            const Wall look = kRoomWalls[static_cast<std::size_t>(plan.random.below(4))];
            const auto floor =
                static_cast<Ground>(plan.random.below(static_cast<int>(Ground::Count)));
            for (int y = 0; y <= kRoomSize; ++y) {
                for (int x = 0; x <= kRoomSize; ++x) {
                    const Cell cell{room_x * kRoomSize + x, room_y * kRoomSize + y};
                    const bool edge = x == 0 || y == 0 || x == kRoomSize || y == kRoomSize;
                    // A wall between two rooms has the looks of the second, corners of the last.
                    if (edge)
                        walls_[index(cell)] = look;
                    grounds_[index(cell)] = floor;
                }
            }
        }
    }
}

void Level::join(Plan& plan, Cell room, Cell other) {
    const bool beside = room.y == other.y;
    const int along = plan.random.between(2, kRoomSize - 2);
    Cell cell;
    if (beside)
        cell = {std::max(room.x, other.x) * kRoomSize, room.y * kRoomSize + along};
    else
        cell = {room.x * kRoomSize + along, std::max(room.y, other.y) * kRoomSize};
    if (walls_[index(cell)] == Wall::Door || walls_[index(cell)] == Wall::None)
        return;
    if (plan.random.chance(3, 5)) {
        walls_[index(cell)] = Wall::Door;
        doors_.push_back({.cell = cell, .east_west = !beside});
        return;
    }
    // A wide opening.
    walls_[index(cell)] = Wall::None;
    const Cell wider = beside ? Cell{cell.x, cell.y + (along > 2 ? -1 : 1)}
                              : Cell{cell.x + (along > 2 ? -1 : 1), cell.y};
    if (walls_[index(wider)] != Wall::Door)
        walls_[index(wider)] = Wall::None;
}

void Level::join_rooms(Plan& plan) {
    // A walk in the depth joins every room once; some more joints make circles.
    std::vector<Cell> path{{0, 0}};
    plan.is_joined({0, 0}) = true;
    while (!path.empty()) {
        const Cell room = path.back();
        std::vector<Cell> fresh;
        for (const Cell step : kNeighbours) {
            const Cell other{room.x + step.x, room.y + step.y};
            if (is_room(other) && !plan.is_joined(other))
                fresh.push_back(other);
        }
        if (fresh.empty()) {
            path.pop_back();
            continue;
        }
        const Cell other =
            fresh[static_cast<std::size_t>(plan.random.below(static_cast<int>(fresh.size())))];
        join(plan, room, other);
        plan.is_joined(other) = true;
        path.push_back(other);
    }
    for (int i = 0; i < kRooms; ++i) {
        const Cell room{plan.random.below(kRooms - 1), plan.random.below(kRooms - 1)};
        join(
            plan,
            room,
            plan.random.chance(1, 2) ? Cell{room.x + 1, room.y} : Cell{room.x, room.y + 1});
    }
}

void Level::furnish(Plan& plan, Cell room) {
    const auto place = [&](int low, int high) {
        return Cell{
            room.x * kRoomSize + plan.random.between(low, high),
            room.y * kRoomSize + plan.random.between(low, high)};
    };
    const bool first = room == Cell{0, 0};
    // The middle third of a room is where pillars stand: nothing is ever walled in by one.
    const Cell middle{room.x * kRoomSize + kRoomSize / 2, room.y * kRoomSize + kRoomSize / 2};
    if (!first && plan.random.chance(1, 2))
        walls_[index(middle)] = Wall::Pillar;
    const auto empty = [&](Cell cell) { return walls_[index(cell)] == Wall::None; };
    for (int i = first ? 1 : 0; i < 2; ++i) {
        const Cell cell = place(1, kRoomSize - 1);
        if (!first && empty(cell))
            enemies_.push_back({.cell = cell, .kind = plan.random.below(kEnemyKinds)});
    }
    if (const Cell cell = place(1, kRoomSize - 1); empty(cell) && plan.random.chance(3, 4))
        pickups_.push_back({.cell = cell, .kind = plan.random.below(kPickupKinds)});
    if (const Cell cell = place(1, kRoomSize - 1);
        !first && empty(cell) && plan.random.chance(1, 4))
        vents_.push_back({.cell = cell, .kind = 0});
}

}  // namespace hindsight::arena
