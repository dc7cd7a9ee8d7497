#include "service_fakes.hpp"
#include "session_journal.hpp"

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

SessionRequest request() {
    SessionRequest request;
    request.id = "abc";
    request.started = MonoTime::from_ns(5);
    request.created_ms = 1'700'000'000'000;
    request.title = "Title \"with\" quotes";
    request.game = "Doom";
    request.after = {3, 7};
    request.target = "/clips/doom.mp4";
    return request;
}

SessionMark mark(std::uint64_t number) {
    SessionMark mark;
    mark.bytes = 1000 * number;
    mark.fragments = static_cast<std::uint32_t>(number);
    mark.epoch = 3;
    mark.number = number;
    mark.track_ends = {90'000, INT64_MIN};
    mark.track_packets = {2, 0};
    mark.track_crcs = {0xdeadbeef, 0};
    mark.track_steps = {512, 1024};
    mark.keyframes = {Duration::from_ms(7)};
    mark.gaps = {{Duration::from_ms(1), Duration::from_ms(2)}};
    mark.frames = {MonoTime::from_ns(100), MonoTime::from_ns(200)};
    return mark;
}

TEST(SessionJournal, TellsAfterACrashWhatWasAskedAndWritten) {
    const test::TemporaryFolder folder;
    const SessionJournal journal{folder.path() / "session"};
    ASSERT_TRUE(journal.write(request()));
    ASSERT_TRUE(journal.note_file(0, "/clips/doom.session.mp4.part"));
    ASSERT_TRUE(journal.note(0, mark(8)));
    ASSERT_TRUE(journal.note(0, mark(9)));
    ASSERT_TRUE(journal.note_file(1, "/clips/doom_part2_2.session.mp4.part"));
    ASSERT_TRUE(journal.note(1, mark(10)));
    const auto loaded = journal.load();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->title, request().title);
    EXPECT_EQ(loaded->after, (ring::SegmentName{3, 7}));
    const auto parts = journal.load_parts(*loaded);
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_EQ(parts[0].marks, (std::vector{mark(8), mark(9)}));
    EXPECT_EQ(parts[0].file, fs::path{"/clips/doom.session.mp4.part"});
    EXPECT_EQ(parts[1].file, fs::path{"/clips/doom_part2_2.session.mp4.part"});
    EXPECT_EQ(parts[1].target, fs::path{"/clips/doom_part2.mp4"});
}

TEST(SessionJournal, PassesOverALineThatACrashCut) {
    const test::TemporaryFolder folder;
    const SessionJournal journal{folder.path() / "session"};
    ASSERT_TRUE(journal.write(request()));
    ASSERT_TRUE(journal.note_file(0, "/clips/doom.session.mp4.part"));
    ASSERT_TRUE(journal.note(0, mark(8)));
    ASSERT_TRUE(journal.note(0, mark(9)));
    const fs::path log = journal.folder() / "log.jsonl";
    fs::resize_file(log, fs::file_size(log) - 20);
    EXPECT_EQ(journal.load_parts(request()).front().marks, std::vector{mark(8)});
    ASSERT_TRUE(journal.note(0, mark(9)));
    EXPECT_EQ(journal.load_parts(request()).front().marks, (std::vector{mark(8), mark(9)}));
}

TEST(SessionJournal, WhoseRequestIsDamagedIsAFailedOneOfWhatItsLogTells) {
    const test::TemporaryFolder folder;
    const SessionJournal journal{folder.path() / "abc"};
    ASSERT_TRUE(journal.write(request()));
    ASSERT_TRUE(journal.note_file(0, "/clips/doom_2.session.mp4.part"));
    ASSERT_TRUE(journal.note(0, mark(8)));
    std::ofstream{journal.folder() / "session.json"} << "{";
    const auto loaded = journal.load();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->id, "abc");
    EXPECT_EQ(loaded->stage, SessionStage::Failed);
    EXPECT_FALSE(loaded->failure.empty());
    EXPECT_FALSE(loaded->keep_actions);
    EXPECT_EQ(loaded->started, MonoTime::from_ns(100));
    EXPECT_EQ(loaded->target, fs::path{"/clips/doom_2.mp4"});
    EXPECT_EQ(journal.load_parts(*loaded).front().marks, std::vector{mark(8)});
}

TEST(SessionJournal, OfNoSessionIsEmpty) {
    const test::TemporaryFolder folder;
    const SessionJournal journal{folder.path() / "session"};
    EXPECT_FALSE(journal.load());
    ASSERT_TRUE(journal.write(request()));
    journal.remove();
    EXPECT_FALSE(journal.load());
}

}  // namespace
}  // namespace hindsight::service
