#include "ring_packets.hpp"

#include <hindsight/ring/snapshot.hpp>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace hindsight::ring {
namespace {

using namespace testing;

MonoTime seconds(double s) {
    return MonoTime::from_ns(0) + Duration::from_seconds(s);
}

class Snapshot : public ::testing::Test {
protected:
    Snapshot() {
        auto ring = RingWriter::create(
            {.folder = memory_.ring(), .limit = Duration::from_ms(5'000)}, Log{"ring"});
        EXPECT_TRUE(ring) << ring.error().what;
        ring_ = *std::move(ring);
        EXPECT_TRUE(ring_->begin_epoch(1, video_and_audio()));
    }

    std::vector<std::filesystem::path> pin(Window window) {
        const auto pinned = pin_segments(memory_.ring(), "av", window, pin_folder());
        EXPECT_TRUE(pinned) << pinned.error().what;
        return pinned.value_or(std::vector<std::filesystem::path>{});
    }

    [[nodiscard]] std::filesystem::path pin_folder() const { return memory_.path() / "pin"; }

    MemoryFolder memory_;
    std::unique_ptr<RingWriter> ring_;
    PacketFactory packets_{1000};
};

TEST_F(Snapshot, TakesTheSegmentsOfTheWindowOnly) {
    append_seconds(*ring_, packets_, 0, 5);
    EXPECT_EQ(pin({seconds(1.5), seconds(3.2)}).size(), 3u);
    EXPECT_TRUE(footage(pin_folder()).starts_with("v!1000 "));
    EXPECT_TRUE(footage(pin_folder()).ends_with("v3900 a3900 "));

    struct stat status {};

    ASSERT_EQ(::stat(pin_folder().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(Snapshot, IsUnchangedByLaterPushesAndEviction) {
    append_seconds(*ring_, packets_, 0, 4);
    ring_->seal();
    EXPECT_EQ(pin({}).size(), 4u);
    const std::string before = footage(pin_folder());
    append_seconds(*ring_, packets_, 4, 60);
    EXPECT_TRUE(eventually([&] { return footage(memory_.ring()).starts_with("v!58000 "); }));
    EXPECT_EQ(footage(pin_folder()), before);
    ring_->clear();
    ring_.reset();
    EXPECT_EQ(footage(pin_folder()), before);
}

TEST_F(Snapshot, IncludesThePressedMomentOfAnOpenSegment) {
    append_seconds(*ring_, packets_, 0, 1);
    EXPECT_EQ(pin({seconds(0.5), seconds(0.95)}).size(), 1u);
    EXPECT_TRUE(footage(pin_folder()).ends_with("v900 a900 "));
}

TEST_F(Snapshot, CanFollowTheRingFromOneSegmentOn) {
    append_seconds(*ring_, packets_, 0, 3);
    const auto oldest = list_segments(memory_.ring(), "av").front().filename().string();
    const auto after = parse_segment_file_name("av", oldest);
    ASSERT_TRUE(after);
    const auto first = pin_segments_after(memory_.ring(), "av", *after, pin_folder());
    ASSERT_TRUE(first) << first.error().what;
    EXPECT_TRUE(footage(pin_folder()).starts_with("v!1000 ")) << footage(pin_folder());
    append_seconds(*ring_, packets_, 3, 1);
    const auto more = pin_segments_after(memory_.ring(), "av", *first, pin_folder());
    ASSERT_TRUE(more) << more.error().what;
    EXPECT_GE(*more, *first);
    EXPECT_TRUE(footage(pin_folder()).starts_with("v!1000 ")) << footage(pin_folder());
    EXPECT_TRUE(footage(memory_.ring()).ends_with(footage(pin_folder())));
}

TEST_F(Snapshot, OfAnEmptyRingIsEmpty) {
    EXPECT_TRUE(pin({}).empty());
    EXPECT_TRUE(std::filesystem::is_directory(pin_folder()));
}

TEST_F(Snapshot, IsAnErrorWhereAnotherFileHasTheName) {
    append_seconds(*ring_, packets_, 0, 1);
    const auto name = list_segments(memory_.ring(), "av").at(0).filename();
    std::filesystem::create_directories(pin_folder());
    std::ofstream{pin_folder() / name} << "of an earlier ring";
    const auto pinned = pin_segments(memory_.ring(), "av", {}, pin_folder());
    ASSERT_FALSE(pinned);
    EXPECT_EQ(pinned.error().code, Errc::AlreadyExists);
}

TEST_F(Snapshot, CanBeTakenTwice) {
    append_seconds(*ring_, packets_, 0, 2);
    EXPECT_EQ(pin({}).size(), 2u);
    EXPECT_EQ(pin({}).size(), 2u);
}

TEST_F(Snapshot, BytesAreThoseOfItsFiles) {
    append_seconds(*ring_, packets_, 0, 2);
    ring_->seal();
    pin({});
    EXPECT_GT(folder_bytes(pin_folder()), 40'000u);
    EXPECT_EQ(folder_bytes(memory_.path() / "none"), 0u);
}

/// Each test has its own runtime folder.
class RingHome : public ::testing::Test {
public:
    RingHome() { ::setenv("XDG_RUNTIME_DIR", memory_.path().c_str(), 1); }

    ~RingHome() override { ::unsetenv("XDG_RUNTIME_DIR"); }

    MemoryFolder memory_;
};

TEST_F(RingHome, IsTheRuntimeFolderWhereThatIsMemory) {
    const auto home = ring_home(1u << 20);
    ASSERT_TRUE(home) << home.error().what;
    EXPECT_EQ(*home, memory_.path() / "hindsight");

    struct stat status {};

    ASSERT_EQ(::stat(home->c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(RingHome, IsSharedMemoryWhereTheRuntimeFolderIsADisk) {
    std::string disk = "/var/tmp/hindsight-home-test-XXXXXX";
    ASSERT_NE(::mkdtemp(disk.data()), nullptr);
    ::setenv("XDG_RUNTIME_DIR", disk.c_str(), 1);
    const auto home = ring_home(1u << 20);
    ASSERT_TRUE(home) << home.error().what;
    const auto shared =
        std::filesystem::path{"/dev/shm"} / ("hindsight-" + std::to_string(::geteuid()));
    EXPECT_EQ(home->parent_path(), shared);
    EXPECT_EQ(ring_home(1u << 20).value(), *home);
    std::filesystem::remove_all(*home);
    std::filesystem::remove_all(disk);
}

TEST_F(RingHome, StaysWhereFootageIs) {
    std::filesystem::create_directories(memory_.path() / "hindsight" / "ring");
    const auto home = ring_home(UINT64_MAX);
    ASSERT_TRUE(home) << home.error().what;
    EXPECT_EQ(*home, memory_.path() / "hindsight");
}

}  // namespace
}  // namespace hindsight::ring
