#include "service_fakes.hpp"

#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/service/save_request.hpp>

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

SaveRequest example() {
    SaveRequest request;
    request.id = "r1";
    request.stage = SaveStage::Indexing;
    request.from = MonoTime::from_ns(10);
    request.to = MonoTime::from_ns(90);
    request.asked = Duration::from_ns(80);
    request.title = "Höhe";
    request.game = "Doom";
    SavedFile file;
    file.clip_id = "c1";
    file.events = {{Duration::from_ns(3), "marker", "x"}};
    file.file.path = "/clips/a.mp4";
    file.file.frames = {MonoTime::from_ns(10), MonoTime::from_ns(26), MonoTime::from_ns(43)};
    file.file.gaps = {{Duration::from_ns(1), Duration::from_ns(2)}};
    file.file.keyframes = {Duration::from_ns(-4), Duration::from_ns(12)};
    file.file.fps = {60, 1};
    request.files = {file};
    return request;
}

TEST(SaveJournal, ARequestSurvivesWithItsFrames) {
    const test::TemporaryFolder folder;
    const SaveJournal journal{folder.path() / "pins"};
    ASSERT_TRUE(journal.write(example()));
    const auto loaded = journal.load_all();
    ASSERT_EQ(loaded.size(), 1u);
    EXPECT_EQ(to_json(loaded[0]), to_json(example()));
    EXPECT_EQ(loaded[0].files[0].file.frames, example().files[0].file.frames);
    EXPECT_EQ(loaded[0].stage, SaveStage::Indexing);
}

TEST(SaveJournal, OldestFirst) {
    const test::TemporaryFolder folder;
    const SaveJournal journal{folder.path()};
    SaveRequest late = example();
    late.id = "late";
    late.to = MonoTime::from_ns(500);
    ASSERT_TRUE(journal.write(late));
    ASSERT_TRUE(journal.write(example()));
    const auto loaded = journal.load_all();
    ASSERT_EQ(loaded.size(), 2u);
    EXPECT_EQ(loaded[0].id, "r1");
}

TEST(SaveJournal, FoldersWithoutAReadableNoteAreRemoved) {
    const test::TemporaryFolder folder;
    const SaveJournal journal{folder.path()};
    fs::create_directories(folder.path() / "empty");
    fs::create_directories(folder.path() / "broken");
    std::ofstream{folder.path() / "broken/request.json"} << "{\"id\": 7";
    fs::create_directories(folder.path() / "lying");
    std::ofstream{folder.path() / "lying/request.json"} << to_json(example()).dump();
    EXPECT_TRUE(journal.load_all().empty());
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(SaveJournal, FootageWithoutAReadableNoteIsOfferedAgain) {
    const test::TemporaryFolder folder;
    const SaveJournal journal{folder.path()};
    const auto ring = test::make_picture_ring(folder.path() / "lost", Duration::from_ms(60'000));
    ASSERT_NE(ring, nullptr);
    test::append_picture(*ring, MonoTime::from_ns(5'000));
    test::append_picture(*ring, MonoTime::from_ns(9'000));
    ring->seal();
    std::ofstream{folder.path() / "lost/request.json"} << "{\"id\": 7";
    const auto loaded = journal.load_all();
    ASSERT_EQ(loaded.size(), 1u);
    EXPECT_EQ(loaded[0].id, "lost");
    EXPECT_EQ(loaded[0].stage, SaveStage::Failed);
    EXPECT_EQ(loaded[0].from, MonoTime::from_ns(5'000));
    EXPECT_EQ(loaded[0].to, MonoTime::from_ns(9'001));
    EXPECT_EQ(ring::list_segments(folder.path() / "lost", "av").size(), 2u);
}

TEST(SaveJournal, CountsALinkedSegmentOnceAndKnowsWhatOnlyPinsHold) {
    const test::TemporaryFolder folder;
    const SaveJournal journal{folder.path() / "pins"};
    fs::create_directories(folder.path() / "pins/a");
    fs::create_directories(folder.path() / "pins/b");
    const std::string block(8192, 'x');
    std::ofstream{folder.path() / "ring.hsseg"} << block;
    fs::create_hard_link(folder.path() / "ring.hsseg", folder.path() / "pins/a/1.hsseg");
    fs::create_hard_link(folder.path() / "ring.hsseg", folder.path() / "pins/b/1.hsseg");
    const std::uint64_t once = journal.pinned_bytes();
    EXPECT_GE(once, 8192u);
    EXPECT_LT(once, 2 * 8192u);
    EXPECT_EQ(journal.held_bytes(), 0u);
    fs::remove(folder.path() / "ring.hsseg");
    EXPECT_EQ(journal.held_bytes(), once);
}

}  // namespace
}  // namespace hindsight::service
