#pragma once

// The map of a level, made from a seed: four by four rooms, joined by openings and doors so that
// each can be reached, with pillars to hide behind.

#include "engine/fixed.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace hindsight::arena {

enum class Wall : std::uint8_t { None, Brick, Stone, Metal, Wood, Pillar, Door, Count };
enum class Ground : std::uint8_t { Tiles, Planks, Plates, Count };

struct Cell {
    int x = 0;
    int y = 0;

    friend bool operator==(const Cell&, const Cell&) = default;
};

struct Place {
    Cell cell;
    int kind = 0;
};

struct DoorPlace {
    Cell cell;
    bool east_west = false;  ///< its leaf lies along the x axis
};

class Level {
public:
    static constexpr int kRooms = 4;
    static constexpr int kRoomSize = 6;  ///< with one wall
    static constexpr int kSide = kRooms * kRoomSize + 1;
    static constexpr int kStride = 32;  ///< cells from one row to the next, a power of two

    static constexpr int kEnemyKinds = 2;
    static constexpr int kPickupKinds = 2;  ///< health, ammunition

    /// Level `number` (from 0) of the game with that seed.
    Level(std::uint64_t seed, std::uint32_t number);

    [[nodiscard]] Wall wall(Cell cell) const {
        return inside(cell) ? walls_[index(cell)] : Wall::Stone;
    }

    [[nodiscard]] Ground ground(Cell cell) const {
        return inside(cell) ? grounds_[index(cell)] : Ground::Tiles;
    }

    /// kStride rows of kStride, for renderers that look up millions.
    [[nodiscard]] const Ground* grounds() const { return grounds_.data(); }

    [[nodiscard]] const std::vector<DoorPlace>& doors() const { return doors_; }

    /// -1: none.
    [[nodiscard]] int door_at(Cell cell) const;

    [[nodiscard]] const std::vector<Place>& enemies() const { return enemies_; }

    [[nodiscard]] const std::vector<Place>& pickups() const { return pickups_; }

    [[nodiscard]] const std::vector<Place>& vents() const { return vents_; }

    [[nodiscard]] Cell start() const { return start_; }

    static bool inside(Cell cell) {
        return cell.x >= 0 && cell.y >= 0 && cell.x < kSide && cell.y < kSide;
    }

private:
    struct Plan;

    static std::size_t index(Cell cell) {
        return static_cast<std::size_t>(cell.y) * kStride + static_cast<std::size_t>(cell.x);
    }

    void build_rooms(Plan& plan);
    void join_rooms(Plan& plan);
    void join(Plan& plan, Cell room, Cell other);
    void furnish(Plan& plan, Cell room);

    std::array<Wall, std::size_t{kStride} * kStride> walls_{};
    std::array<Ground, std::size_t{kStride} * kStride> grounds_{};
    std::vector<DoorPlace> doors_;
    std::vector<Place> enemies_;
    std::vector<Place> pickups_;
    std::vector<Place> vents_;
    Cell start_;
};

}  // namespace hindsight::arena
