#include "library_fixture.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <set>

namespace hindsight::library {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(LibraryTest, ReturnsAClipAsItWasStored) {
    const OpenedStore library = open();
    Clip stored = clip("Three kills", 1'700'000'000'123);
    stored.favorite = true;
    stored.keep_actions = false;
    stored.train = true;
    stored.tags = {"best", "äöü"};
    stored.events = {
        {Duration::from_ns(1'500'000'001), "kill", "Imp"},
        {Duration::from_ms(2'000), "marker", ""}};
    stored.gaps = {{Duration::from_ms(10), Duration::from_ms(20)}};
    stored.actions_path = "/videos/a.actions.jsonl";
    stored.ass_path = "/videos/a.ass";
    stored.overlay_path = "/videos/a.overlay.mp4";
    stored.thumbnail_path = "/cache/a.jpg";
    ASSERT_TRUE(library.store->insert(stored, {{"jump", Duration::from_ms(5)}}));

    const auto found = library.store->find(stored.id);
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_EQ(*found, stored);
    EXPECT_EQ(library.store->find_by_path(stored.path)->value(), stored);
    EXPECT_EQ(library.store->find_by_path("/elsewhere")->has_value(), false);
}

TEST_F(LibraryTest, KeepsPathsThatAreNoText) {
    const OpenedStore library = open();
    Clip stored = clip("bytes", 1);
    stored.path = std::string{"/videos/\xff\xfe.mp4"};
    ASSERT_TRUE(library.store->insert(stored, {}));
    EXPECT_EQ(library.store->find(stored.id)->path, stored.path);
}

TEST_F(LibraryTest, FindsByAUniqueBeginningOfTheId) {
    const OpenedStore library = open();
    Clip one = clip("one", 1);
    one.id = "abcd1111-0000";
    Clip two = clip("two", 2);
    two.id = "abcd2222-0000";
    ASSERT_TRUE(library.store->insert(one, {}));
    ASSERT_TRUE(library.store->insert(two, {}));
    EXPECT_EQ(library.store->find("abcd2")->title, "two");
    EXPECT_EQ(library.store->find("abcd").error().code, Errc::NotFound);
    EXPECT_EQ(library.store->find("abc").error().code, Errc::NotFound);
    EXPECT_EQ(library.store->find("%").error().code, Errc::NotFound);
    EXPECT_EQ(library.store->find("").error().code, Errc::NotFound);
}

TEST_F(LibraryTest, RefusesASecondClipForTheSameFile) {
    const OpenedStore library = open();
    Clip one = clip("one", 1);
    ASSERT_TRUE(library.store->insert(one, {}));
    one.id = random_id();
    const auto again = library.store->insert(one, {});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::AlreadyExists);
    EXPECT_EQ(library.store->list({})->size(), 1U);
}

TEST_F(LibraryTest, ListsNewestFirstAndInPages) {
    const OpenedStore library = open();
    ASSERT_TRUE(library.store->insert(clip("b", 2'000), {}));
    ASSERT_TRUE(library.store->insert(clip("c", 3'000), {}));
    ASSERT_TRUE(library.store->insert(clip("a", 1'000), {}));
    ASSERT_TRUE(library.store->insert(clip("c2", 3'000), {}));
    EXPECT_THAT(titles(*library.store, {}), ElementsAre("c2", "c", "b", "a"));
    EXPECT_THAT(titles(*library.store, {.limit = 2, .offset = 1}), ElementsAre("c", "b"));
    EXPECT_THAT(titles(*library.store, {.since_ms = 2'000}), ElementsAre("c2", "c", "b"));
}

TEST_F(LibraryTest, FiltersByGameAndFavorite) {
    const OpenedStore library = open();
    Clip tux = clip("tux", 1);
    tux.game = "SuperTux";
    tux.favorite = true;
    ASSERT_TRUE(library.store->insert(tux, {}));
    ASSERT_TRUE(library.store->insert(clip("doom", 2), {}));
    EXPECT_THAT(titles(*library.store, {.game = "SuperTux"}), ElementsAre("tux"));
    EXPECT_THAT(titles(*library.store, {.favorites_only = true}), ElementsAre("tux"));
    EXPECT_THAT(titles(*library.store, {.game = "super"}), IsEmpty());
    const auto games = library.store->games();
    ASSERT_TRUE(games);
    ASSERT_EQ(games->size(), 2U);
    EXPECT_EQ((*games)[0].game, "Freedoom");
    EXPECT_EQ((*games)[0].clips, 1);
}

TEST_F(LibraryTest, SearchesTitleGameTagsAndEventsByPrefixWhileTyping) {
    const OpenedStore library = open();
    Clip stored = clip("Lucky shot", 1);
    stored.game = "Half-Life";
    stored.tags = {"Trickshot", "Überflug"};
    stored.events = {{Duration::zero(), "kill", "Cacodemon"}};
    ASSERT_TRUE(library.store->insert(stored, {}));
    ASSERT_TRUE(library.store->insert(clip("other", 2), {}));
    for (const char* typed :
         {"l",
          "lu",
          "LUCK",
          "shot luc",
          "half",
          "half-l",
          "life",
          "trick",
          "uber",
          "über",
          "kill",
          "caco",
          "kill demon caco"}) {
        SCOPED_TRACE(typed);
        if (std::string{typed} == "kill demon caco")
            EXPECT_THAT(titles(*library.store, {.search = typed}), IsEmpty());
        else
            EXPECT_THAT(titles(*library.store, {.search = typed}), ElementsAre("Lucky shot"));
    }
    EXPECT_THAT(titles(*library.store, {.search = "  "}), ElementsAre("other", "Lucky shot"));
}

TEST_F(LibraryTest, TakesAnythingTypedIntoTheSearch) {
    const OpenedStore library = open();
    ASSERT_TRUE(library.store->insert(clip("near and or not", 1), {}));
    const std::vector<std::string> hostile{
        "\"",
        "\"\"",
        "'; DROP TABLE clip; --",
        "a OR b",
        "NEAR(a b",
        "title:",
        "title: x",
        "^",
        "*",
        "a*b",
        "(",
        ")",
        "{title}: x",
        "-",
        "--",
        "\\",
        "%",
        "_",
        "+a",
        "a + b",
        "AND",
        "NOT",
        std::string{"a\0b", 3},
        "\xff\xfe",
        "\xe2\x80\x94",
        "\xe2\x80\x94 near",
        std::string(100'000, 'x'),
        std::string(50'000, '"'),
        "ä\xcc\x88\xcc\x88"};
    for (const std::string& typed : hostile) {
        const auto found = library.store->list({.search = typed});
        EXPECT_TRUE(found) << typed.substr(0, 40) << ": " << found.error().what;
    }
    EXPECT_THAT(titles(*library.store, {.search = "AND NOT near"}), ElementsAre("near and or not"));
    EXPECT_EQ(library.store->list({})->size(), 1U);
}

TEST_F(LibraryTest, ChangesAreSearchableAtOnceAndRemovedClipsAreNot) {
    const OpenedStore library = open();
    Clip stored = clip("before", 5'000);
    ASSERT_TRUE(library.store->insert(stored, {{"jump", Duration::from_ms(5)}}));
    stored.title = "after";
    stored.tags = {"new"};
    stored.created_ms = 9'000;
    ASSERT_TRUE(library.store->insert(clip("middle", 7'000), {}));
    ASSERT_TRUE(library.store->update(stored));
    EXPECT_EQ(*library.store->find(stored.id), stored);
    EXPECT_THAT(titles(*library.store, {}), ElementsAre("after", "middle"));
    EXPECT_THAT(titles(*library.store, {.search = "before"}), IsEmpty());
    EXPECT_THAT(titles(*library.store, {.search = "new"}), ElementsAre("after"));

    ASSERT_TRUE(library.store->set_onsets(stored.id, {{"crouch", Duration::from_ms(7)}}));
    ASSERT_TRUE(library.store->remove(stored.id));
    EXPECT_THAT(titles(*library.store, {.search = "after"}), IsEmpty());
    EXPECT_EQ(library.store->remove(stored.id).error().code, Errc::NotFound);
    EXPECT_EQ(library.store->update(stored).error().code, Errc::NotFound);
    EXPECT_EQ(library.store->set_onsets(stored.id, {}).error().code, Errc::NotFound);
}

TEST_F(LibraryTest, ReaderSeesWhatTheWriterCommits) {
    EXPECT_EQ(open_reader(file_).error().code, Errc::NotFound);
    const OpenedStore library = open();
    const auto reader = open_reader(file_);
    ASSERT_TRUE(reader) << reader.error().what;
    EXPECT_THAT(titles(**reader, {}), IsEmpty());
    ASSERT_TRUE(library.store->insert(clip("one", 1), {}));
    EXPECT_THAT(titles(**reader, {}), ElementsAre("one"));
}

TEST_F(LibraryTest, SurvivesBeingClosedAndOpenedAgain) {
    ASSERT_TRUE(open().store->insert(clip("one", 1), {}));
    const OpenedStore again = open();
    EXPECT_TRUE(again.damaged_file.empty());
    EXPECT_THAT(titles(*again.store, {.search = "one"}), ElementsAre("one"));
}

TEST(RandomId, IsAVersion4UuidAndNeverTheSame) {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) {
        const std::string id = random_id();
        EXPECT_THAT(
            id,
            testing::MatchesRegex(
                "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
        EXPECT_TRUE(seen.insert(id).second);
    }
}

/// Is `text` anywhere in the library's files?
bool lies_in_files(const std::filesystem::path& file, const std::string& text) {
    for (const char* companion : {"", "-wal"}) {
        std::ifstream in{file.string() + companion, std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
        if (bytes.find(text) != std::string::npos)
            return true;
    }
    return false;
}

TEST_F(LibraryTest, ForgottenActionsLeaveNoTraceInTheFiles) {
    const OpenedStore library = open();
    const std::string action = "act" + random_id();
    Clip stored = clip("forgotten", 1'000);
    stored.actions_path = "/videos/" + random_id() + ".actions.jsonl";
    stored.train = true;
    ASSERT_TRUE(library.store->insert(stored, {{action, Duration::from_ms(7)}}));
    Clip other = clip("other", 2'000);
    ASSERT_TRUE(library.store->insert(other, {{"jump", Duration::from_ms(9)}}));
    ASSERT_TRUE(lies_in_files(file_, action)) << "or the search below would prove nothing";
    ASSERT_TRUE(lies_in_files(file_, stored.actions_path.string()));

    ASSERT_TRUE(library.store->forget_actions(stored.id));
    EXPECT_FALSE(lies_in_files(file_, action));
    EXPECT_FALSE(lies_in_files(file_, stored.actions_path.string()));
    const auto found = library.store->find(stored.id);
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->keep_actions);
    EXPECT_FALSE(found->train);
    EXPECT_EQ(found->path, stored.path);
    EXPECT_EQ(library.store->find(other.id)->keep_actions, true);
    EXPECT_EQ(library.store->forget_actions("nobody").error().code, Errc::NotFound);
}

}  // namespace
}  // namespace hindsight::library
