#include "render/scene.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace hindsight::arena {

namespace {

constexpr std::int64_t kNever = std::int64_t{1} << 40;

/// Where the ray of one column ends.
struct Hit {
    Wall wall = Wall::Stone;
    Fixed depth = kOne;
    Fixed along = 0;  ///< 0 … kOne on the wall
    bool dark = false;
};

/// A walk from cell to cell (Amanatides and Woo), in whole numbers.
class Ray {
public:
    Ray(const Engine& engine, const Camera& camera, Fixed across)
        : engine_{engine},
          camera_{camera},
          x_{camera.ahead_x + multiply(camera.aside_x, across)},
          y_{camera.ahead_y + multiply(camera.aside_y, across)} {}

    Hit cast() {
        Cell cell{camera_.x >> 16, camera_.y >> 16};
        const std::int64_t step_x = per_cell(x_);
        const std::int64_t step_y = per_cell(y_);
        std::int64_t next_x = to_edge(x_, camera_.x) * step_x >> 16;
        std::int64_t next_y = to_edge(y_, camera_.y) * step_y >> 16;
        Hit hit;
        for (;;) {
            const bool sideways = next_x < next_y;
            const std::int64_t depth = sideways ? next_x : next_y;
            if (sideways) {
                next_x += step_x;
                cell.x += x_ < 0 ? -1 : 1;
            } else {
                next_y += step_y;
                cell.y += y_ < 0 ? -1 : 1;
            }
            hit.wall = engine_.level().wall(cell);
            if (hit.wall == Wall::None)
                continue;
            if (hit.wall == Wall::Door) {
                if (meets_door(cell, hit))
                    return hit;
                continue;
            }
            hit.depth = static_cast<Fixed>(std::clamp<std::int64_t>(depth, kOne / 32, 64 * kOne));
            hit.along = (sideways ? camera_.y + multiply(y_, hit.depth)
                                  : camera_.x + multiply(x_, hit.depth)) &
                        (kOne - 1);
            hit.dark = !sideways;
            return hit;
        }
    }

private:
    /// Depth between two edges of cells.
    static std::int64_t per_cell(Fixed direction) {
        return direction == 0 ? kNever : std::abs((std::int64_t{kOne} << 16) / direction);
    }

    /// Part of a cell up to the first edge.
    static std::int64_t to_edge(Fixed direction, Fixed at) {
        const Fixed part = at & (kOne - 1);
        return direction < 0 ? part : kOne - part;
    }

    /// Its leaf stands in the middle of the cell and slides to one side.
    bool meets_door(Cell cell, Hit& hit) const {
        const int number = engine_.level().door_at(cell);
        const bool along_x = engine_.level().doors()[static_cast<std::size_t>(number)].east_west;
        const Fixed open = engine_.state().doors[static_cast<std::size_t>(number)].open;
        const Fixed direction = along_x ? y_ : x_;
        if (direction == 0)
            return false;
        const std::int64_t depth =
            ((along_x ? centre_of_cell(cell.y) - camera_.y : centre_of_cell(cell.x) - camera_.x) *
             std::int64_t{kOne}) /
            direction;
        if (depth < kOne / 32 || depth > 64 * std::int64_t{kOne})
            return false;
        const auto far = static_cast<Fixed>(depth);
        const Fixed at = along_x ? camera_.x + multiply(x_, far) - cell.x * kOne
                                 : camera_.y + multiply(y_, far) - cell.y * kOne;
        if (at < open || at >= kOne)
            return false;
        hit.depth = far;
        hit.along = at - open;
        hit.dark = along_x;
        return true;
    }

    const Engine& engine_;
    const Camera& camera_;
    Fixed x_;
    Fixed y_;
};

/// One column of a wall, ready to be painted downwards.
struct Column {
    const Pixel* strip = nullptr;
    const Colors* colors = nullptr;
    std::uint32_t at = 0;  ///< in the strip, 16.16
    std::uint32_t step = 0;
    int first = 0;
    int last = 0;  ///< row below it
};

Column column_of(const Scene& scene, int x, const Hit& hit) {
    const Camera& camera = scene.camera;
    const auto rows = [&](Fixed height) {
        return static_cast<int>(static_cast<std::int64_t>(camera.distance) * height / hit.depth);
    };
    const int top = camera.horizon - rows(kOne - camera.eye);
    const int bottom = std::max(top + 1, camera.horizon + rows(camera.eye));
    Column column;
    column.first = std::clamp(top, 0, scene.canvas.height);
    column.last = std::clamp(bottom, column.first, scene.canvas.height);
    const int place = (hit.along >> (16 - kTextureBits)) << kTextureBits;
    column.strip = &scene.textures.walls[static_cast<std::size_t>(hit.wall)]
                        .pixels[static_cast<std::size_t>(place)];
    column.colors = &scene.light(hit.depth, hit.dark ? 3 : 0);
    column.step = (std::uint32_t{kTextureSide} << 16) / static_cast<std::uint32_t>(bottom - top);
    column.at = static_cast<std::uint32_t>(column.first - top) * column.step;
    const auto index = static_cast<std::size_t>(x);
    scene.depth[index] = hit.depth;
    scene.top[index] = column.first;
    scene.bottom[index] = column.last;
    return column;
}

/// So many columns are painted side by side, row by row: their pixels are one line of the cache,
/// which is then fetched once and not once a column.
constexpr int kBeside = 16;

void paint_columns(
    const Scene& scene, int left, std::array<Column, kBeside>& columns, std::size_t count) {
    int first = scene.canvas.height;
    int last = 0;
    for (std::size_t i = 0; i < count; ++i) {
        first = std::min(first, columns[i].first);
        last = std::max(last, columns[i].last);
    }
    for (int y = first; y < last; ++y) {
        std::uint32_t* pixel =
            scene.canvas.pixels + static_cast<std::ptrdiff_t>(y) * scene.canvas.stride + left;
        for (std::size_t i = 0; i < count; ++i) {
            Column& column = columns[i];
            if (y < column.first || y >= column.last)
                continue;
            pixel[i] = (*column.colors)[column.strip[(column.at >> 16) & (kTextureSide - 1)]];
            column.at += column.step;
        }
    }
}

/// Floor or ceiling in one row: every step across is the same way in the level.
struct Row {
    std::uint32_t x, y;  ///< of the first pixel, 16.16
    std::uint32_t step_x, step_y;
};

Row row_of(const Camera& camera, int width, Fixed far) {
    const auto edge = [&](Fixed at, Fixed ahead, Fixed aside) {
        return static_cast<std::uint32_t>(at + multiply(ahead - aside, far));
    };
    const auto step = [&](Fixed aside) {
        return static_cast<std::uint32_t>(multiply(aside, far) * 2 / width);
    };
    return {
        edge(camera.x, camera.ahead_x, camera.aside_x),
        edge(camera.y, camera.ahead_y, camera.aside_y),
        step(camera.aside_x),
        step(camera.aside_y)};
}

constexpr std::uint32_t texel(std::uint32_t x, std::uint32_t y) {
    constexpr std::uint32_t kMask = kTextureSide - 1;
    return ((x >> (16 - kTextureBits) & kMask) << kTextureBits) |
           (y >> (16 - kTextureBits) & kMask);
}

}  // namespace

Camera::Camera(const Player& player, int width, int height)
    : x{player.x},
      y{player.y},
      eye{kOne / 2 + player.height / 2},
      ahead_x{cosine(player.angle)},
      ahead_y{sine(player.angle)},
      distance{width * 65 / 100},
      horizon{height / 2} {
    // Half the width over the distance: 75 degrees from edge to edge.
    constexpr Fixed kHalf = kOne * 100 / 130;
    aside_x = -multiply(ahead_y, kHalf);
    aside_y = multiply(ahead_x, kHalf);
    // One unit of an angle is 1/10430 of the distance.
    horizon += distance * player.pitch / 10430;
    if (player.dead > 0)
        eye = kOne / 5;
}

void draw_walls(const Scene& scene) {
    const int width = scene.canvas.width;
    std::array<Column, kBeside> columns;
    for (int left = 0; left < width; left += kBeside) {
        const int count = std::min(kBeside, width - left);
        for (int i = 0; i < count; ++i) {
            const Fixed across = divide(2 * (left + i) + 1 - width, width);
            columns[static_cast<std::size_t>(i)] =
                column_of(scene, left + i, Ray{scene.engine, scene.camera, across}.cast());
        }
        paint_columns(scene, left, columns, static_cast<std::size_t>(count));
    }
}

void draw_floors(const Scene& scene) {
    const Camera& camera = scene.camera;
    const int width = scene.canvas.width;
    const int highest = *std::min_element(scene.bottom.begin(), scene.bottom.end());
    const int lowest = *std::max_element(scene.top.begin(), scene.top.end());
    const Ground* grounds = scene.engine.level().grounds();
    const auto far_of = [&](Fixed height, int rows) {
        return static_cast<Fixed>(
            static_cast<std::int64_t>(camera.distance) * height * 2 / (2 * rows + 1));
    };
    for (int y = std::max(highest, camera.horizon + 1); y < scene.canvas.height; ++y) {
        const Fixed far = far_of(camera.eye, y - camera.horizon);
        Row row = row_of(camera, width, far);
        const Colors& colors = scene.light(far);
        std::uint32_t* pixel =
            scene.canvas.pixels + static_cast<std::ptrdiff_t>(y) * scene.canvas.stride;
        for (int x = 0; x < width; ++x, row.x += row.step_x, row.y += row.step_y) {
            if (y < scene.bottom[static_cast<std::size_t>(x)])
                continue;
            const std::uint32_t cell = ((row.y >> 16 & 31) << 5) | (row.x >> 16 & 31);
            pixel[x] = colors[scene.textures.floors[static_cast<std::size_t>(grounds[cell])]
                                  .pixels[texel(row.x, row.y)]];
        }
    }
    for (int y = 0; y < std::min(lowest, camera.horizon); ++y) {
        const Fixed far = far_of(kOne - camera.eye, camera.horizon - 1 - y);
        Row row = row_of(camera, width, far);
        const Colors& colors = scene.light(far);
        std::uint32_t* pixel =
            scene.canvas.pixels + static_cast<std::ptrdiff_t>(y) * scene.canvas.stride;
        for (int x = 0; x < width; ++x, row.x += row.step_x, row.y += row.step_y)
            if (y < scene.top[static_cast<std::size_t>(x)])
                pixel[x] = colors[scene.textures.ceiling.pixels[texel(row.x, row.y)]];
    }
}

}  // namespace hindsight::arena
