// What happens to the library when the file is not as it should be.
#include "library_fixture.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <fstream>
#include <memory>

namespace hindsight::library {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

using Handle = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

Handle raw_open(const fs::path& file) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    return {database, &sqlite3_close};
}

void raw(sqlite3* database, const char* sql) {
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
}

std::string bytes_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

TEST_F(LibraryTest, ALockedLibraryIsBusyAndLosesNothing) {
    const Duration limit = Duration::from_ms(50);
    auto opened = open_store(file_, log_, limit);
    ASSERT_TRUE(opened);
    const Handle other = raw_open(file_);
    raw(other.get(), "BEGIN IMMEDIATE");
    const auto refused = opened->store->insert(clip("one", 1), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::Busy);
    EXPECT_TRUE(opened->store->list({})) << "readers do not wait for a writer";
    raw(other.get(), "ROLLBACK");
    EXPECT_TRUE(opened->store->insert(clip("one", 1), {}));
}

TEST_F(LibraryTest, AFileThatIsNoLibraryIsKeptAsideByteForByte) {
    fs::create_directories(file_.parent_path());
    const std::string garbage(20'000, '#');
    std::ofstream{file_} << garbage;
    EXPECT_EQ(open_reader(file_).error().code, Errc::Corrupt);

    const OpenedStore library = open();
    ASSERT_FALSE(library.damaged_file.empty());
    EXPECT_EQ(bytes_of(library.damaged_file), garbage);
    EXPECT_EQ(library.rescued_clips, 0U);
    EXPECT_TRUE(library.store->insert(clip("one", 1), {}));
}

TEST_F(LibraryTest, ADamagedLibraryIsKeptAsideAndWhatCanBeReadIsRescued) {
    constexpr int kClips = 300;
    {
        const OpenedStore library = open();
        for (int i = 0; i < kClips; ++i)
            ASSERT_TRUE(library.store->insert(
                clip("clip " + std::to_string(i), i), {{"jump", Duration::from_ms(i)}}));
    }
    // Overwrite one leaf page of the clip table in the middle of the file.
    std::int64_t root = 0;
    std::int64_t page_size = 0;
    std::string page;
    {
        const Handle database = raw_open(file_);
        raw(database.get(), "PRAGMA wal_checkpoint(TRUNCATE)");
        sqlite3_stmt* statement = nullptr;
        ASSERT_EQ(
            sqlite3_prepare_v2(
                database.get(),
                "SELECT rootpage FROM sqlite_master WHERE name = 'clip'",
                -1,
                &statement,
                nullptr),
            SQLITE_OK);
        ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
        root = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        ASSERT_EQ(
            sqlite3_prepare_v2(database.get(), "PRAGMA page_size", -1, &statement, nullptr),
            SQLITE_OK);
        ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
        page_size = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
    }
    {
        // The first child of the root (an interior page): big-endian in its first cell.
        std::fstream file{file_, std::ios::in | std::ios::out | std::ios::binary};
        page.resize(static_cast<std::size_t>(page_size));
        file.seekg((root - 1) * page_size);
        file.read(page.data(), page_size);
        ASSERT_EQ(page[0], 5) << "the table has grown beyond one page";
        const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(page[at]); };
        const std::size_t cell = byte(12) * 256U + byte(13);
        const std::int64_t child =
            byte(cell) << 24 | byte(cell + 1) << 16 | byte(cell + 2) << 8 | byte(cell + 3);
        const std::string noise(static_cast<std::size_t>(page_size), '\xa5');
        file.seekp((child - 1) * page_size);
        file.write(noise.data(), page_size);
    }
    const std::string before = bytes_of(file_);

    const OpenedStore library = open();
    ASSERT_FALSE(library.damaged_file.empty());
    EXPECT_EQ(bytes_of(library.damaged_file), before) << "the damaged file is evidence, untouched";
    EXPECT_LT(library.rescued_clips, static_cast<std::size_t>(kClips));
    EXPECT_GT(library.rescued_clips, static_cast<std::size_t>(kClips / 2));
    EXPECT_EQ(library.store->list({})->size(), library.rescued_clips);
}

TEST_F(LibraryTest, ALibraryOfANewerVersionIsLeftAlone) {
    { const OpenedStore library = open(); }
    raw(raw_open(file_).get(), "PRAGMA user_version = 999");
    const auto writer = open_store(file_, log_);
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().code, Errc::Unsupported);
    EXPECT_EQ(open_reader(file_).error().code, Errc::Unsupported);
    raw(raw_open(file_).get(), "PRAGMA user_version = 2");
    EXPECT_TRUE(open().damaged_file.empty());
}

TEST_F(LibraryTest, ALibraryOfTheFirstVersionKeepsItsClips) {
    const Clip kept = clip("one", 1'000);
    {
        const OpenedStore library = open();
        ASSERT_TRUE(library.store->insert(kept, {}));
    }
    raw(raw_open(file_).get(), "ALTER TABLE clip DROP COLUMN missed_frames");
    raw(raw_open(file_).get(), "PRAGMA user_version = 1");
    const OpenedStore library = open();
    EXPECT_TRUE(library.damaged_file.empty());
    EXPECT_EQ(library.store->list({})->at(0), kept);
}

TEST_F(LibraryTest, AnEmptyFileBecomesALibrary) {
    fs::create_directories(file_.parent_path());
    { std::ofstream empty{file_}; }
    EXPECT_EQ(open_reader(file_).error().code, Errc::Busy) << "no layout yet";
    const OpenedStore library = open();
    EXPECT_TRUE(library.damaged_file.empty());
    EXPECT_TRUE(library.store->insert(clip("one", 1), {}));
}

TEST_F(LibraryTest, AFailedInsertLeavesNothingBehind) {
    const OpenedStore library = open();
    const Clip stored = clip("one", 1);
    ASSERT_TRUE(library.store->insert(stored, {}));
    Clip second = clip("two", 2);
    second.path = stored.path;
    second.tags = {"ghost"};
    ASSERT_FALSE(library.store->insert(second, {{"jump", Duration::zero()}}));
    EXPECT_THAT(titles(*library.store, {.search = "ghost"}), IsEmpty());
    EXPECT_THAT(titles(*library.store, {}), ElementsAre("one"));
}

}  // namespace
}  // namespace hindsight::library
