#include "clips/clip_model.hpp"
#include "fake_library.hpp"

#include <gtest/gtest.h>

#include <QFile>
#include <QTemporaryDir>

namespace hindsight::ui {
namespace {

using test::make_clip;

struct ClipModelTest : testing::Test {
    std::shared_ptr<test::Shelf> shelf = std::make_shared<test::Shelf>();
    ClipModel model{test::open_shelf(shelf), Log{"test"}};

    void fill() {
        shelf->clips = {
            make_clip("1", "Freedoom", 0),
            make_clip("2", "SuperTux", 0),
            make_clip("3", "Freedoom", 1),
            make_clip("4", "Freedoom", 40)};
        shelf->clips[1].favorite = true;
        shelf->clips[2].events = {{Duration::from_ms(5), "marker", "door"}};
        shelf->clips[3].actions_path = "/clips/4.actions.jsonl";
        model.refresh();
    }
};

TEST_F(ClipModelTest, GroupsByDayWithTheirSums) {
    fill();
    ASSERT_EQ(model.groups().size(), 3u);
    EXPECT_EQ(model.groups()[0].title, "Today");
    EXPECT_EQ(model.groups()[0].meta, "2 clips, 1 min, 140 MB");
    EXPECT_EQ(model.groups()[1].title, "Yesterday");
    EXPECT_EQ(model.groups()[1].meta, "1 clip, 30 s, 70 MB");
}

TEST_F(ClipModelTest, CountsWhatTheSidebarShows) {
    fill();
    EXPECT_EQ(model.counts().all, 4);
    EXPECT_EQ(model.counts().favorites, 1);
    ASSERT_EQ(model.counts().games.size(), 2);
    EXPECT_EQ(model.counts().games[0], (std::pair<QString, int>{"Freedoom", 3}));
    EXPECT_EQ(model.counts().event_types, std::set<std::string>{"marker"});
}

TEST_F(ClipModelTest, PlacesAndChipsNarrowTheSame) {
    fill();
    model.set_filter({.game = "Freedoom"});
    EXPECT_EQ(model.rowCount(), 3);
    model.set_filter({.game = "Freedoom", .chip = "marker"});
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(model.clip(0).id, "3");
    model.set_filter({.favorites = true});
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(model.clip(0).id, "2");
    model.set_filter({.chip = "actions"});
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(model.clip(0).id, "4");
    model.set_filter({.chip = "week"});
    EXPECT_EQ(model.row_of("4"), -1);
    EXPECT_EQ(model.counts().all, 4) << "the sidebar counts everything";
}

TEST_F(ClipModelTest, SearchAsksTheLibrary) {
    fill();
    model.set_filter({.search = "Clip 3 "});
    EXPECT_EQ(shelf->asked.back().search, "Clip 3");
    ASSERT_EQ(model.rowCount(), 1);
    EXPECT_EQ(model.clip(0).id, "3");
}

TEST_F(ClipModelTest, ALibraryThatIsNotThereYetIsEmpty) {
    ClipModel none{
        [] { return Result<std::unique_ptr<ClipReader>>{fail(Errc::NotFound, "nothing")}; },
        Log{"test"}};
    none.refresh();
    EXPECT_EQ(none.rowCount(), 0);
    EXPECT_EQ(none.counts().all, 0);
}

TEST_F(ClipModelTest, AnUnchangedLibraryKeepsSelectionAndPlace) {
    fill();
    int resets = 0;
    QObject::connect(&model, &ClipModel::modelReset, [&resets] { ++resets; });
    model.refresh();
    EXPECT_EQ(resets, 0);
    shelf->clips.pop_back();
    model.refresh();
    EXPECT_EQ(resets, 1);
}

TEST(ClipOfFile, FindsTheSidecarsBesideIt) {
    const QTemporaryDir folder;
    const QString stem = folder.filePath("Freedoom_2026-11-23_14-00-00");
    for (const char* ending : {".mp4", ".ass", ".actions.jsonl"}) {
        QFile file{stem + ending};
        ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    }
    const Clip clip = clip_of_file(stem + ".mp4");
    EXPECT_EQ(clip.ass_path, (stem + ".ass").toStdString());
    EXPECT_EQ(clip.actions_path, (stem + ".actions.jsonl").toStdString());
    EXPECT_EQ(clip.title, "Freedoom_2026-11-23_14-00-00");
}

}  // namespace
}  // namespace hindsight::ui
