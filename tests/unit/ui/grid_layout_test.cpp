#include "clips/grid_layout.hpp"

#include <gtest/gtest.h>

namespace hindsight::ui {
namespace {

GridLayout grid(int width, std::vector<int> groups) {
    GridLayout layout;
    layout.arrange(GridLayout::Mode::Grid, width, 232, groups);
    return layout;
}

TEST(GridLayout, WideWindowsHaveMoreColumns) {
    EXPECT_EQ(grid(1056, {9}).columns(), 4);
    EXPECT_EQ(grid(736, {9}).columns(), 2);
    EXPECT_EQ(grid(2000, {9}).columns(), 8);
    EXPECT_EQ(grid(100, {9}).columns(), 1);
}

TEST(GridLayout, PicturesAreSixteenToNine) {
    const QRect picture = grid(1056, {4}).picture_rect(0);
    EXPECT_EQ(picture.size(), QSize(234, 131));
}

TEST(GridLayout, TilesStayInsideAndApart) {
    const GridLayout layout = grid(1056, {4, 5, 1});
    for (int i = 0; i < layout.count(); ++i) {
        const QRect tile = layout.tile_rect(i);
        EXPECT_GE(tile.left(), GridLayout::kSide);
        EXPECT_LE(tile.right(), 1056 - GridLayout::kSide);
        EXPECT_LE(tile.bottom(), layout.height());
        for (int k = i + 1; k < layout.count(); ++k)
            EXPECT_FALSE(tile.intersects(layout.tile_rect(k))) << i << " and " << k;
    }
}

TEST(GridLayout, APointInATileFindsIt) {
    const GridLayout layout = grid(1056, {4, 5, 1});
    for (int i = 0; i < layout.count(); ++i) {
        EXPECT_EQ(layout.item_at(layout.tile_rect(i).center()), i);
        EXPECT_EQ(layout.item_at(layout.tile_rect(i).topLeft()), i);
        EXPECT_EQ(layout.item_at(layout.tile_rect(i).bottomRight()), i);
    }
    EXPECT_EQ(layout.item_at(layout.header_rect(1).center()), -1);
    EXPECT_EQ(layout.item_at({3, 60}), -1);
}

TEST(GridLayout, EveryTileInSightIsNamed) {
    const GridLayout layout = grid(1056, {4, 5, 1, 40});
    for (int top = 0; top < layout.height() - 600; top += 37) {
        const auto [first, last] = layout.items_between(top, top + 600);
        const QRect sight{0, top, 1056, 600};
        for (int i = 0; i < layout.count(); ++i) {
            if (layout.tile_rect(i).intersects(sight)) {
                EXPECT_GE(i, first) << "at " << top;
                EXPECT_LT(i, last) << "at " << top;
            }
        }
    }
}

TEST(GridLayout, DownKeepsTheColumnAcrossGroups) {
    const GridLayout layout = grid(1056, {4, 6, 2});
    EXPECT_EQ(layout.vertical_neighbour(2, 1), 6);  // same column of the next group
    EXPECT_EQ(layout.vertical_neighbour(7, 1), 9);  // its last row is short: the last tile
    EXPECT_EQ(layout.vertical_neighbour(9, 1), 11);
    EXPECT_EQ(layout.vertical_neighbour(11, 1), 11);  // nothing below
    EXPECT_EQ(layout.vertical_neighbour(5, -1), 1);
    EXPECT_EQ(layout.vertical_neighbour(1, -1), 1);
}

TEST(GridLayout, AHundredThousandClipsAreArithmetic) {
    const GridLayout layout = grid(1056, std::vector<int>(1000, 100));
    EXPECT_EQ(layout.count(), 100'000);
    const int last = layout.count() - 1;
    EXPECT_EQ(layout.item_at(layout.tile_rect(last).center()), last);
}

TEST(GridLayout, TheListHasOneColumnAndNoGroupHeaders) {
    GridLayout layout;
    layout.arrange(GridLayout::Mode::List, 1056, 232, {2, 2});
    EXPECT_EQ(layout.columns(), 1);
    EXPECT_EQ(layout.tile_rect(2).top() - layout.tile_rect(1).top(), GridLayout::kRow);
}

}  // namespace
}  // namespace hindsight::ui
