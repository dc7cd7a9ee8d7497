#include "ring_packets.hpp"

#include <hindsight/core/file.hpp>
#include <hindsight/ring/snapshot.hpp>
#include <hindsight/ring/spill_folder.hpp>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <optional>

namespace hindsight::ring {
namespace {

using namespace testing;
namespace fs = std::filesystem;

/// About twenty segments of append_seconds().
constexpr std::uint64_t kMemory = 512u << 10;

/// A folder on the disk where the tests were built, which is another file system than the ring's.
class DiskFolder {
public:
    DiskFolder() {
        std::string name = (fs::current_path() / "hindsight-spill-test-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }

    DiskFolder(const DiskFolder&) = delete;
    DiskFolder& operator=(const DiskFolder&) = delete;

    ~DiskFolder() {
        std::error_code error;
        fs::remove_all(path_, error);
    }

    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

class SpilledRing : public ::testing::Test {
protected:
    void SetUp() override {
        struct stat memory {};

        struct stat disk {};

        ASSERT_EQ(::stat(memory_.path().c_str(), &memory), 0);
        ASSERT_EQ(::stat(disk_.path().c_str(), &disk), 0);
        ASSERT_NE(memory.st_dev, disk.st_dev);
        make_ring();
        make_spill();
    }

    void make_ring() {
        ring_.reset();
        auto ring = RingWriter::create(
            {.folder = memory_.ring(),
             .limit_bytes = kMemory,
             .limit = Duration::from_ms(3'600'000),
             .segment_bytes = 32u << 10},
            Log{"ring"});
        ASSERT_TRUE(ring) << ring.error().what;
        ring_ = *std::move(ring);
        ASSERT_TRUE(ring_->begin_epoch(ring_->last_epoch() + 1, video_and_audio()));
    }

    /// Again: the process before was killed.
    void make_spill(const CopySegment& copy = copy_segment) {
        spill_.emplace(SpillPlaces{memory_.path(), disk_.path()}, Log{"spill"}, copy);
    }

    Result<> follow() {
        do {
            HINDSIGHT_TRY(spill_->follow(limits_));
        } while (spill_->state().more);
        return {};
    }

    /// Second by second, as the service does.
    void record(int seconds) {
        for (int i = 0; i < seconds; ++i) {
            append_seconds(*ring_, packets_, recorded_++, 1);
            const auto followed = follow();
            ASSERT_TRUE(followed) << followed.error().what;
        }
    }

    [[nodiscard]] fs::path root() const { return spill_->state().root; }

    [[nodiscard]] std::vector<fs::path> folders() const {
        return {memory_.ring(), root() / "ring"};
    }

    [[nodiscard]] std::uint64_t bytes_on_disk() const {
        std::uint64_t bytes = 0;
        std::error_code error;
        for (const auto& entry : fs::directory_iterator{root() / "ring", error})
            bytes += entry.file_size();
        return bytes;
    }

    /// Once the ring's helper leaves the files alone that were listed.
    [[nodiscard]] static std::string frames(const std::vector<fs::path>& places) {
        std::string text;
        (void)eventually([&] { return (text = frames_now(places)) != "unreadable"; });
        return text;
    }

    /// "0-59": the frames of the whole ring, without a hole and unharmed; else what is wrong.
    [[nodiscard]] static std::string frames_now(const std::vector<fs::path>& places) {
        std::int64_t first = -1;
        std::int64_t last = -1;
        for (const fs::path& file : segment_files(places, "av")) {
            const auto reader = SegmentReader::open(file);
            if (!reader)
                return "unreadable";
            while (const auto stored = (*reader)->next()) {
                if (!PacketFactory::is_intact(stored->packet))
                    return "wrong bytes";
                if (stored->packet.stream != 0)
                    continue;
                const std::int64_t frame = stored->packet.capture_time.ns() / 100'000'000;
                if (last >= 0 && frame != last + 1)
                    return "hole behind " + std::to_string(last);
                first = first < 0 ? frame : first;
                last = frame;
            }
            if ((*reader)->damaged())
                return "damaged";
        }
        return std::to_string(first) + "-" + std::to_string(last);
    }

    MemoryFolder memory_;
    DiskFolder disk_;
    PacketFactory packets_{1000};
    SpillLimits limits_{kMemory, 64u << 20, Duration::from_ms(3'600'000)};
    std::unique_ptr<RingWriter> ring_;
    std::optional<SpillFolder> spill_;
    int recorded_ = 0;
};

TEST_F(SpilledRing, ReachesFarBeyondMemoryWithoutAHole) {
    record(60);
    EXPECT_LE(ring_->status().buffered_bytes, kMemory);
    EXPECT_EQ(frames(folders()), "0-599");
    EXPECT_NE(frames({memory_.ring()}), "0-599");
    EXPECT_EQ(spill_->state().oldest, MonoTime::from_ns(0));
    EXPECT_EQ(spill_->state().lost, 0u);
    EXPECT_EQ(spill_->state().bytes, bytes_on_disk());
}

TEST_F(SpilledRing, LeavesTheDiskAloneWhileHalfOfMemoryIsEnough) {
    record(4);
    EXPECT_EQ(bytes_on_disk(), 0u);
    record(30);
    const auto on_disk = segment_names(root() / "ring", "av");
    const auto in_memory = segment_names(memory_.ring(), "av");
    ASSERT_FALSE(on_disk.empty());
    EXPECT_LT(on_disk.back(), in_memory[in_memory.size() - 5]);
}

TEST_F(SpilledRing, LosesNothingWhenMemoryIsHalved) {
    record(30);
    ring_->set_limits(kMemory / 2, Duration::from_ms(3'600'000));
    EXPECT_LE(ring_->status().buffered_bytes, kMemory / 2);
    EXPECT_EQ(frames(folders()), "0-299");
    limits_.memory_bytes = kMemory / 2;
    record(30);
    EXPECT_EQ(frames(folders()), "0-599");
}

TEST_F(SpilledRing, TakesNoMoreOfTheDiskThanAllowed) {
    limits_.disk_bytes = 200u << 10;
    for (int i = 0; i < 60; ++i) {
        record(1);
        ASSERT_LE(bytes_on_disk(), limits_.disk_bytes);
    }
    EXPECT_GT(bytes_on_disk(), limits_.disk_bytes / 2);
    const std::string kept = frames(folders());
    EXPECT_TRUE(kept.ends_with("-599")) << kept;
    limits_.disk_bytes = 100u << 10;
    record(1);
    EXPECT_LE(bytes_on_disk(), limits_.disk_bytes);
}

TEST_F(SpilledRing, ForgetsWhatIsOlderThanItsLength) {
    limits_.span = Duration::from_ms(20'000);
    record(60);
    const MonoTime oldest = spill_->state().oldest;
    EXPECT_GE(oldest, MonoTime::from_ns(0) + Duration::from_ms(38'000));
    EXPECT_LE(oldest, MonoTime::from_ns(0) + Duration::from_ms(39'000));
}

TEST_F(SpilledRing, ForgetsTheLastSecondsWithoutCallingThemLost) {
    record(60);
    const MonoTime from = MonoTime::from_ns(0) + Duration::from_ms(40'000);
    ring_->forget(from);
    spill_->forget(from);
    // Sound of the second before reaches into it.
    EXPECT_EQ(frames(folders()), "0-389");
    EXPECT_EQ(spill_->state().bytes, bytes_on_disk());
    record(30);
    EXPECT_EQ(spill_->state().lost, 0u);
    EXPECT_EQ(frames(folders()), "hole behind 389");
}

TEST_F(SpilledRing, GoesOnAfterItsProcessWasKilled) {
    record(30);
    std::ofstream{root() / "ring" / "av-half.hsseg.part"} << "a copy that was being made";
    const fs::path before = root();
    make_spill();
    make_ring();  // capture was killed, too
    record(30);
    EXPECT_EQ(root(), before);
    EXPECT_EQ(frames(folders()), "0-599");
    EXPECT_FALSE(fs::exists(root() / "ring" / "av-half.hsseg.part"));
}

TEST_F(SpilledRing, CountsWhatADiskWasTooSlowFor) {
    limits_.span = Duration::from_ms(3'600'000);
    record(10);
    EXPECT_EQ(spill_->state().lost, 0u);
    append_seconds(*ring_, packets_, 10, 60);  // nobody followed
    ASSERT_TRUE(follow());
    EXPECT_GT(spill_->state().lost, 0u);
    spill_->clear();
    EXPECT_EQ(spill_->state().lost, 0u);
}

TEST_F(SpilledRing, ADiskThatFailsIsAnErrorUntilItWorksAgain) {
    bool broken = true;
    make_spill([&](int from, int to, std::uint64_t bytes) -> Result<> {
        HINDSIGHT_TRY(copy_segment(from, to, bytes / (broken ? 2 : 1)));
        return broken ? fail_errno("writing to it", EIO) : Result<>{};
    });
    append_seconds(*ring_, packets_, 0, 16);
    const auto failed = follow();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Errc::Io);
    EXPECT_EQ(bytes_on_disk(), 0u) << "nothing half is left";
    broken = false;
    recorded_ = 16;
    record(14);
    EXPECT_EQ(frames(folders()), "0-299");
}

TEST_F(SpilledRing, AFolderThatIsGoneIsAnErrorUntilItIsThereAgain) {
    record(30);
    fs::remove_all(disk_.path());
    append_seconds(*ring_, packets_, recorded_++, 1);
    const auto gone = follow();
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, Errc::NotFound);
    EXPECT_FALSE(fs::exists(disk_.path())) << "it may be a disk that is not mounted";
    fs::create_directory(disk_.path());
    record(10);
    EXPECT_GT(bytes_on_disk(), 0u);
}

TEST_F(SpilledRing, IsClosedToOthersAndPassedOverByIndexers) {
    record(30);
    EXPECT_TRUE(root().parent_path().filename().string().starts_with("."));

    struct stat status {};

    for (const fs::path& folder : {root().parent_path(), root(), root() / "ring"}) {
        ASSERT_EQ(::stat(folder.c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0700u) << folder;
    }
    for (const auto& entry : fs::directory_iterator{root() / "ring"}) {
        ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0600u);
    }
}

TEST_F(SpilledRing, PinsHoldWhatMemoryDoesNotHave) {
    record(60);
    const Window window{MonoTime::from_ns(10'500'000'000), MonoTime::from_ns(59'000'000'000)};
    const fs::path pins = memory_.path() / "pins" / "save";
    fs::create_directories(memory_.path() / "pins");
    ASSERT_TRUE(pin_segments(memory_.ring(), "av", window, pins));
    const auto bytes = pin_spilled(root(), "save", window, pins);
    ASSERT_TRUE(bytes) << bytes.error().what;
    EXPECT_GT(*bytes, 0u);
    const std::vector<fs::path> places{pins, spilled_pins(root(), "save")};
    EXPECT_EQ(frames(places), "100-589");
    for (const SegmentName& name : segment_names(pins, "av"))
        EXPECT_FALSE(fs::exists(segment_path(places[1], "av", name))) << "held twice";

    ring_->clear();
    spill_->clear();
    EXPECT_EQ(bytes_on_disk(), 0u);
    EXPECT_EQ(frames(places), "100-589");
    record(1);
    EXPECT_EQ(spill_->state().held_bytes, *bytes);
    drop_spilled_pins(root(), "save");
    EXPECT_FALSE(fs::exists(places[1]));
    record(1);
    EXPECT_EQ(spill_->state().held_bytes, 0u);
}

TEST_F(SpilledRing, ACleanEndRemovesEverythingThatNoUnsavedClipNeeds) {
    record(30);
    const fs::path before = root();
    fs::create_directories(memory_.path() / "pins" / "save");
    ASSERT_TRUE(pin_spilled(before, "save", {}, memory_.path() / "pins" / "save"));
    spill_->retire();
    EXPECT_FALSE(fs::exists(before / "ring"));
    EXPECT_TRUE(frames({spilled_pins(before, "save")}).starts_with("0-"));
    drop_spilled_pins(before, "save");
    EXPECT_TRUE(fs::is_empty(disk_.path())) << "the last pin takes the rest along";

    record(10);
    spill_->retire();
    EXPECT_TRUE(fs::is_empty(disk_.path()));
    EXPECT_FALSE(fs::exists(memory_.path() / "disk"));
}

TEST_F(SpilledRing, WhatARebootLeftIsRemoved) {
    record(30);
    const fs::path dead = root();
    fs::remove(memory_.path() / "disk");  // memory is empty after a reboot
    const MemoryFolder other;             // another session that lives
    SpillFolder theirs{SpillPlaces{other.path(), disk_.path()}, Log{"spill"}};
    ASSERT_TRUE(theirs.follow(limits_));
    EXPECT_FALSE(fs::exists(dead));
    make_spill();
    record(10);
    EXPECT_NE(root(), dead);
    EXPECT_TRUE(fs::exists(theirs.state().root)) << "its home names it";
}

TEST_F(SpilledRing, AnotherFolderTakesOverAndTheOldOneIsEmptied) {
    record(30);
    const DiskFolder other;
    spill_.emplace(SpillPlaces{memory_.path(), other.path()}, Log{"spill"});
    record(10);
    EXPECT_TRUE(fs::is_empty(disk_.path()));
    EXPECT_GT(bytes_on_disk(), 0u);
    forget_spilled({memory_.path(), other.path()});
    EXPECT_TRUE(fs::is_empty(other.path()));
}

/// Runs `body` in a child that has a small disk of its own; its verdict is ours.
void on_own_disk(const fs::path& folder, const std::function<void()>& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        const bool mounted = ::unshare(CLONE_NEWNS) == 0 &&
                             ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                             ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=1m") == 0;
        if (mounted)
            body();
        ::_exit(!mounted ? 77 : ::testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
    if (WEXITSTATUS(status) == 77)
        GTEST_SKIP() << "mounting a disk needs CAP_SYS_ADMIN";
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

class SpilledRingOnASmallDisk : public SpilledRing {
protected:
    /// Threads do not come along into the child.
    void SetUp() override { ring_.reset(); }

    void begin() {
        make_ring();
        make_spill();
    }
};

TEST_F(SpilledRingOnASmallDisk, LeavesHalfOfItToOthersAndGivesWayToThem) {
    on_own_disk(disk_.path(), [&] {
        begin();
        record(60);
        EXPECT_LE(bytes_on_disk(), 512u << 10);
        EXPECT_GT(bytes_on_disk(), 256u << 10);
        const fs::path hog = disk_.path() / "hog";
        {
            std::ofstream file{hog};
            const std::string page(4096, 'x');
            while (file.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
            }
        }
        record(1);
        EXPECT_LE(bytes_on_disk(), 256u << 10) << "half of what is free for us";
        EXPECT_TRUE(frames(folders()).ends_with("-609"));
        fs::remove(hog);
        record(30);
        EXPECT_GT(bytes_on_disk(), 256u << 10);
        EXPECT_TRUE(frames(folders()).ends_with("-909"));
    });
}

TEST_F(SpilledRingOnASmallDisk, ThatIsFullStopsTheSpillAndNeverTheRing) {
    on_own_disk(disk_.path(), [&] {
        const fs::path hog = disk_.path() / "hog";
        {
            std::ofstream file{hog};
            const std::string page(4096, 'x');
            while (file.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
            }
        }
        begin();
        append_seconds(*ring_, packets_, 0, 60);
        const auto full = follow();
        ASSERT_FALSE(full);
        EXPECT_EQ(full.error().code, Errc::NoSpace);
        EXPECT_TRUE(frames({memory_.ring()}).ends_with("-599"));
        fs::remove(hog);
        recorded_ = 60;
        record(30);
        EXPECT_TRUE(frames(folders()).ends_with("-899"));
        EXPECT_GT(bytes_on_disk(), 0u);
    });
}

TEST_F(SpilledRingOnASmallDisk, ThatCannotBeWrittenToIsTriedAgain) {
    on_own_disk(disk_.path(), [&] {
        begin();
        record(30);
        const std::string before = frames({root() / "ring"});
        ASSERT_EQ(::mount("", disk_.path().c_str(), "", MS_REMOUNT | MS_RDONLY, ""), 0);
        append_seconds(*ring_, packets_, recorded_++, 1);
        const auto refused = follow();
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::PermissionDenied);
        EXPECT_EQ(frames({root() / "ring"}), before);
        ASSERT_EQ(::mount("", disk_.path().c_str(), "", MS_REMOUNT, "size=1m"), 0);
        record(2);
        EXPECT_TRUE(frames(folders()).ends_with("-329")) << frames(folders());
    });
}

TEST_F(SpilledRingOnASmallDisk, ThatIsUnmountedLeavesNothingInItsPlace) {
    on_own_disk(disk_.path(), [&] {
        begin();
        record(20);
        ASSERT_EQ(::umount2(disk_.path().c_str(), 0), 0) << "nothing holds the disk";
        append_seconds(*ring_, packets_, recorded_++, 1);
        const auto gone = follow();
        ASSERT_FALSE(gone);
        EXPECT_EQ(gone.error().code, Errc::NotFound);
        EXPECT_TRUE(fs::is_empty(disk_.path()));
    });
}

TEST_F(SpilledRing, ASegmentOnADiskThatFailsWhileItIsReadIsNoSignal) {
    record(30);
    const auto files = segment_files(std::vector{root() / "ring"}, "av");
    ASSERT_FALSE(files.empty());
    const auto reader = SegmentReader::open(files.front());
    ASSERT_TRUE(reader) << reader.error().what;
    const auto first = (*reader)->next();
    ASSERT_TRUE(first);
    (*reader)->unload();
    ASSERT_TRUE((*reader)->load());
    EXPECT_TRUE(PacketFactory::is_intact(first->packet)) << "payloads keep their place";
    // A mapping of it would end the program here.
    ASSERT_EQ(::truncate(files.front().c_str(), 100), 0);
    EXPECT_TRUE(PacketFactory::is_intact(first->packet));
    const auto again = (*reader)->load();
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::Io);
    fs::remove(files.front());
    EXPECT_EQ((*reader)->load().error().code, Errc::NotFound);
}

}  // namespace
}  // namespace hindsight::ring
