#include "grid_layout.hpp"

#include <algorithm>

namespace hindsight::ui {

void GridLayout::arrange(Mode mode, int width, int minimum, const std::vector<int>& group_sizes) {
    mode_ = mode;
    width_ = std::max(width, 200);
    const bool list = mode == Mode::List;
    columns_ = list ? 1 : std::max(1, (width_ - 24) / (minimum + kGap));
    tile_width_ = (width_ - 2 * kSide - (columns_ - 1) * kGap) / columns_;
    tile_height_ = list ? kRow : (tile_width_ - 2 * kPadding) * 9 / 16 + 2 * kPadding + kTextBlock;
    groups_.clear();
    count_ = 0;
    int y = list ? kListHeader + 4 : 0;
    for (const int size : group_sizes) {
        Group group;
        group.first = count_;
        group.count = size;
        group.top = y;
        const int rows = (size + columns_ - 1) / columns_;
        y += (list ? 0 : kHeader) + rows * tile_height_ + (list ? 0 : (rows - 1) * kGap);
        group.bottom = y;
        count_ += size;
        groups_.push_back(group);
    }
    height_ = y + kBottom;
}

int GridLayout::row_top(const Group& group, int row) const {
    const bool list = mode_ == Mode::List;
    return group.top + (list ? 0 : kHeader) + row * (tile_height_ + (list ? 0 : kGap));
}

QRect GridLayout::header_rect(int group) const {
    return {0, groups_[size_t(group)].top, width_, kHeader};
}

int GridLayout::group_of(int item) const {
    const auto next = std::upper_bound(
        groups_.begin(), groups_.end(), item, [](int i, const Group& g) { return i < g.first; });
    return static_cast<int>(next - groups_.begin()) - 1;
}

QRect GridLayout::tile_rect(int item) const {
    if (item < 0 || item >= count_)
        return {};
    const Group& group = groups_[size_t(group_of(item))];
    const int place = item - group.first;
    const int column = place % columns_;
    return {
        kSide + column * (tile_width_ + kGap),
        row_top(group, place / columns_),
        tile_width_,
        tile_height_};
}

QRect GridLayout::picture_rect(int item) const {
    const QRect tile = tile_rect(item);
    if (mode_ == Mode::List)
        return {tile.left() + 8, tile.top() + 8, 72, 40};
    const int wide = tile.width() - 2 * kPadding;
    return {tile.left() + kPadding, tile.top() + kPadding, wide, wide * 9 / 16};
}

int GridLayout::group_at(int y) const {
    if (groups_.empty())
        return -1;
    const auto next = std::upper_bound(
        groups_.begin(), groups_.end(), y, [](int at, const Group& g) { return at < g.top; });
    return std::max(0, static_cast<int>(next - groups_.begin()) - 1);
}

int GridLayout::item_at(QPoint point) const {
    const int index = group_at(point.y());
    if (index < 0)
        return -1;
    const Group& group = groups_[size_t(index)];
    const int top = row_top(group, 0);
    const int pitch_y = tile_height_ + (mode_ == Mode::List ? 0 : kGap);
    const int pitch_x = tile_width_ + kGap;
    const int x = point.x() - kSide;
    const int y = point.y() - top;
    if (x < 0 || y < 0)
        return -1;
    const int column = x / pitch_x;
    const int row = y / pitch_y;
    if (column >= columns_ || x % pitch_x >= tile_width_ || y % pitch_y >= tile_height_)
        return -1;
    const int place = row * columns_ + column;
    return place < group.count ? group.first + place : -1;
}

std::pair<int, int> GridLayout::items_between(int top, int bottom) const {
    if (groups_.empty())
        return {0, 0};
    const Group& from = groups_[size_t(group_at(top))];
    const Group& to = groups_[size_t(group_at(bottom))];
    const int pitch = tile_height_ + (mode_ == Mode::List ? 0 : kGap);
    const int first_row = std::max(0, (top - row_top(from, 0)) / pitch);
    const int last_row = std::max(0, (bottom - row_top(to, 0)) / pitch + 1);
    return {
        std::min(from.first + first_row * columns_, from.first + from.count),
        std::min(to.first + last_row * columns_, to.first + to.count)};
}

int GridLayout::vertical_neighbour(int item, int rows) const {
    const int step = rows < 0 ? -1 : 1;
    for (int left = std::abs(rows); left > 0; --left) {
        int at = group_of(item);
        const Group& group = groups_[size_t(at)];
        const int place = item - group.first;
        const int column = place % columns_;
        const int target = place + step * columns_;
        if (target >= 0 && target < group.count) {
            item = group.first + target;
            continue;
        }
        const int last_row = (group.count - 1) / columns_;
        if (step > 0 && place / columns_ < last_row) {
            item = group.first + group.count - 1;  // the last row is short
            continue;
        }
        at += step;
        if (at < 0 || at >= groups())
            return item;
        const Group& next = groups_[size_t(at)];
        const int row = step > 0 ? 0 : (next.count - 1) / columns_;
        item = next.first + std::min(next.count - 1, row * columns_ + column);
    }
    return item;
}

}  // namespace hindsight::ui
