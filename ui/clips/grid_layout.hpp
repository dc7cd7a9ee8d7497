#pragma once

// Where the tiles of the library lie: arithmetic on the number of clips per group, never on the
// clips themselves, so that a hundred thousand of them cost nothing. Coordinates are content
// coordinates (before scrolling).

#include <QRect>
#include <QSize>
#include <vector>

namespace hindsight::ui {

class GridLayout {
public:
    enum class Mode { Grid, List };

    static constexpr int kHeader = 44;
    static constexpr int kGap = 8;
    static constexpr int kSide = 16;       ///< left and right of the tiles
    static constexpr int kPadding = 8;     ///< inside a tile
    static constexpr int kTextBlock = 46;  ///< 8 + title 20 + 2 + meta 16
    static constexpr int kRow = 56;        ///< of the list
    static constexpr int kListHeader = 36;
    static constexpr int kBottom = 24;

    /// `minimum` is the smallest width of a tile's picture.
    void arrange(Mode mode, int width, int minimum, const std::vector<int>& group_sizes);

    [[nodiscard]] int columns() const { return columns_; }

    [[nodiscard]] int height() const { return height_; }

    [[nodiscard]] int count() const { return count_; }

    [[nodiscard]] int groups() const { return static_cast<int>(groups_.size()); }

    [[nodiscard]] QRect header_rect(int group) const;
    [[nodiscard]] QRect tile_rect(int item) const;
    [[nodiscard]] QRect picture_rect(int item) const;
    [[nodiscard]] int group_of(int item) const;

    [[nodiscard]] int first_of(int group) const { return groups_[size_t(group)].first; }

    /// Item whose tile holds `point`, -1 where there is none.
    [[nodiscard]] int item_at(QPoint point) const;

    /// Group whose band (header and tiles) holds `y`, -1 when there are none.
    [[nodiscard]] int group_at(int y) const;

    /// Items whose tiles may touch the band from `top` to `bottom`: [first, last).
    [[nodiscard]] std::pair<int, int> items_between(int top, int bottom) const;

    /// The item one row up or down in the same column, across groups; `item` itself at the edge.
    [[nodiscard]] int vertical_neighbour(int item, int rows) const;

private:
    struct Group {
        int first = 0;
        int count = 0;
        int top = 0;     ///< of its header
        int bottom = 0;  ///< of its last row
    };

    [[nodiscard]] int row_top(const Group& group, int row) const;

    Mode mode_ = Mode::Grid;
    int width_ = 0;
    int columns_ = 1;
    int tile_width_ = 0;
    int tile_height_ = 0;
    int count_ = 0;
    int height_ = 0;
    std::vector<Group> groups_;
};

}  // namespace hindsight::ui
