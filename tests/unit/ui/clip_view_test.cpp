#include "clips/clip_view.hpp"
#include "fake_library.hpp"

#include <gtest/gtest.h>

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>

namespace hindsight::ui {
namespace {

struct ClipViewTest : testing::Test {
    std::shared_ptr<test::Shelf> shelf = std::make_shared<test::Shelf>();
    Theme theme;
    ClipModel model{test::open_shelf(shelf), Log{"test"}};
    ClipView view{theme, model};
    QList<int> played;

    ClipViewTest() {
        for (int i = 0; i < 10; ++i)
            shelf->clips.push_back(test::make_clip(
                std::to_string(i),
                "Freedoom",
                i < 4   ? 0
                : i < 8 ? 1
                        : 2));
        model.refresh();
        view.resize(1056, 600);
        view.show();
        QObject::connect(&view, &ClipView::play, [this](int row) { played << row; });
        view.make_current(0);
    }

    void key(Qt::Key code, Qt::KeyboardModifiers modifiers = {}) {
        QKeyEvent press{QEvent::KeyPress, code, modifiers};
        QApplication::sendEvent(&view, &press);
    }

    void click(QPoint at, Qt::KeyboardModifiers modifiers = {}) {
        QMouseEvent press{
            QEvent::MouseButtonPress, at, at, Qt::LeftButton, Qt::LeftButton, modifiers};
        QApplication::sendEvent(view.viewport(), &press);
        QMouseEvent release{
            QEvent::MouseButtonRelease, at, at, Qt::LeftButton, Qt::NoButton, modifiers};
        QApplication::sendEvent(view.viewport(), &release);
    }

    [[nodiscard]] int current() const { return view.currentIndex().row(); }

    [[nodiscard]] QRect tile(int row) const { return view.visualRect(model.index(row)); }
};

TEST_F(ClipViewTest, ArrowsWalkThroughTheGroups) {
    key(Qt::Key_Right);
    EXPECT_EQ(current(), 1);
    key(Qt::Key_Down);
    EXPECT_EQ(current(), 5);
    key(Qt::Key_Left);
    EXPECT_EQ(current(), 4);
    key(Qt::Key_Up);
    EXPECT_EQ(current(), 0);
    key(Qt::Key_End);
    EXPECT_EQ(current(), 9);
    key(Qt::Key_Right);
    EXPECT_EQ(current(), 9) << "nothing behind the last one";
    key(Qt::Key_Home);
    EXPECT_EQ(current(), 0);
}

TEST_F(ClipViewTest, TheCurrentTileComesIntoSight) {
    key(Qt::Key_End);
    EXPECT_TRUE(view.viewport()->rect().contains(tile(9)));
    key(Qt::Key_Home);
    EXPECT_TRUE(view.viewport()->rect().contains(tile(0)));
}

TEST_F(ClipViewTest, EnterPlaysAndSpaceSelects) {
    key(Qt::Key_Right);
    key(Qt::Key_Return);
    EXPECT_EQ(played, QList<int>{1});
    key(Qt::Key_Space);
    key(Qt::Key_Right, Qt::ShiftModifier);
    EXPECT_EQ(view.chosen_rows(), (QList<int>{1, 2}));
    key(Qt::Key_Escape);
    EXPECT_FALSE(view.selectionModel()->hasSelection());
}

TEST_F(ClipViewTest, AClickPlaysWhileNothingIsSelected) {
    click(tile(2).center());
    EXPECT_EQ(played, QList<int>{2});
    click(tile(3).center(), Qt::ControlModifier);
    click(tile(1).center());
    EXPECT_EQ(played.size(), 1) << "with a selection, clicks select";
    EXPECT_EQ(view.chosen_rows(), (QList<int>{1, 3}));
}

TEST_F(ClipViewTest, ANewClipLeavesPlaceAndSelectionOnTheirClips) {
    view.make_current(3);
    key(Qt::Key_Space);
    view.make_current(5);
    key(Qt::Key_Space);
    shelf->clips.insert(shelf->clips.begin(), test::make_clip("new", "Freedoom", 0));
    model.refresh();
    EXPECT_EQ(view.chosen_rows(), (QList<int>{4, 6}));
    EXPECT_EQ(current(), 6);
    // The selected and current one goes away: the next takes its place.
    std::erase_if(shelf->clips, [](const Clip& clip) { return clip.id == "5"; });
    model.refresh();
    EXPECT_EQ(view.chosen_rows(), QList<int>{4});
    EXPECT_EQ(current(), 6);
    shelf->clips.clear();
    model.refresh();
    EXPECT_EQ(current(), -1);
}

TEST_F(ClipViewTest, PlatesOnThePictureHaveTheirOwnMeaning) {
    QList<int> starred;
    QObject::connect(
        &view, &ClipView::toggle_favorite, [&starred](const QList<int>& rows) { starred = rows; });
    const QRect picture = view.layout().picture_rect(0);
    click({picture.right() - 60, picture.top() + 20});
    EXPECT_EQ(starred, QList<int>{0});
    click({picture.left() + 20, picture.top() + 20});
    EXPECT_EQ(view.chosen_rows(), QList<int>{0});
    EXPECT_TRUE(played.isEmpty());
}

TEST_F(ClipViewTest, TilesHaveSpokenNames) {
    EXPECT_EQ(
        model.index(0).data(Qt::AccessibleTextRole).toString(), "Clip 0, 30 seconds, Today 12:00");
}

TEST_F(ClipViewTest, PaintsInBothModes) {
    const QImage grid = view.grab().toImage();
    view.set_mode(GridLayout::Mode::List);
    EXPECT_NE(view.grab().toImage(), grid);
}

}  // namespace
}  // namespace hindsight::ui
