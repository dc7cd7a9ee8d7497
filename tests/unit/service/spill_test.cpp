#include "spill.hpp"
#include "spilled_ring.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

class SpillToDisk : public ::testing::Test {
protected:
    SpillToDisk() {
        config_.recording.disk_mb = 256;
        config_.recording.disk_folder = ring_.base().string();
        make();
    }

    /// Again: the process before was killed.
    void make() {
        spill_ = std::make_unique<Spill>(
            SpillDeps{
                clock_,
                control_,
                worker_,
                ring_.home(),
                [this] { ++changes_; },
                [this](int from, int to, std::uint64_t bytes) -> Result<> {
                    ++copies_;
                    if (broken_)
                        return fail_errno("writing to it", EIO);
                    return ring::copy_segment(from, to, bytes);
                }},
            Log{"test"});
        spill_->set_memory(test::SpilledRing::kMemoryBytes);
        spill_->set_config(config_);
        run();
    }

    void run() {
        while (worker_.run_one() || control_.run_one()) {
        }
    }

    /// One picture a second; the service looks after each.
    void record(int seconds) {
        for (int i = 0; i < seconds; ++i) {
            ring_.add_picture(clock_.now());
            clock_.advance(Duration::from_ms(1'000));
            spill_->tick(true);
            run();
        }
    }

    test::ManualClock clock_;
    test::QueuedExecutor control_;
    test::QueuedExecutor worker_;
    test::SpilledRing ring_;
    config::Config config_;
    bool broken_ = false;
    int copies_ = 0;
    int changes_ = 0;
    std::unique_ptr<Spill> spill_;
};

TEST_F(SpillToDisk, FollowsTheRingAndTellsHowFarBackItReaches) {
    const MonoTime begin = clock_.now();
    record(40);
    EXPECT_EQ(spill_->state().oldest, begin);
    EXPECT_GT(spill_->state().bytes, 0u);
    EXPECT_EQ(spill_->state().limit_bytes, 256u << 20);
    EXPECT_TRUE(spill_->problem().empty()) << spill_->problem();
    EXPECT_GT(changes_, 0);
}

TEST_F(SpillToDisk, WaitsForNobodyOnTheControlThread) {
    ring_.add_picture(clock_.now());
    for (int i = 0; i < 100; ++i) {
        clock_.advance(Duration::from_ms(1'000));
        spill_->tick(true);
    }
    EXPECT_EQ(worker_.waiting(), 1u) << "one look at a time, however slow the disk is";
}

TEST_F(SpillToDisk, ADiskThatFailsIsSaidAndTriedAgainLater) {
    // Longer than it takes until the disk is tried again.
    ring_.set_limit(Duration::from_ms(30'000));
    record(20);
    broken_ = true;
    record(1);
    EXPECT_EQ(
        spill_->problem(),
        "The older part of the buffer cannot be kept on the disk: writing to it: Input/output "
        "error. The buffer reaches back as far as memory does.");
    const int before = copies_;
    record(5);
    EXPECT_EQ(copies_, before) << "not every second";
    broken_ = false;
    record(10);
    EXPECT_GT(copies_, before);
    EXPECT_EQ(spill_->problem(), "") << "nothing was lost meanwhile";
}

TEST_F(SpillToDisk, SaysWhatIsMissingWhenTheDiskWasTooSlow) {
    record(20);
    broken_ = true;
    record(30);
    broken_ = false;
    record(12);
    EXPECT_EQ(
        spill_->problem(),
        "The disk was too slow for the older part of the buffer: pieces of it are missing.");
    spill_->clear();
    run();
    EXPECT_TRUE(spill_->problem().empty());
}

TEST_F(SpillToDisk, AMissingFolderIsSaid) {
    config_.recording.disk_folder = (ring_.base() / "stick").string();
    spill_->set_config(config_);
    record(1);
    EXPECT_EQ(
        spill_->problem(),
        "The folder for the older part of the buffer is gone. The buffer reaches back as far as "
        "memory does.");
}

TEST_F(SpillToDisk, IsEmptyWhenTheRingWasDropped) {
    record(40);
    ring_.memory().clear();
    spill_->clear();
    EXPECT_EQ(spill_->state().oldest, MonoTime::max()) << "at once";
    run();
    EXPECT_EQ(spill_->state().bytes, 0u);
    EXPECT_TRUE(fs::is_empty(spill_->state().root / "ring"));
}

TEST_F(SpillToDisk, ThatIsSwitchedOffLeavesNothing) {
    record(40);
    config_.recording.disk_mb = 0;
    spill_->set_config(config_);
    run();
    EXPECT_FALSE(spill_->on());
    EXPECT_EQ(spill_->state().bytes, 0u);
    EXPECT_TRUE(fs::is_empty(ring_.base()));
    record(5);
    EXPECT_TRUE(fs::is_empty(ring_.base()));
}

TEST_F(SpillToDisk, ThatWasSwitchedOffWhileNoServiceRanLeavesNothing) {
    record(40);
    config_.recording.disk_mb = 0;
    make();
    EXPECT_TRUE(fs::is_empty(ring_.base()));
}

TEST_F(SpillToDisk, OfAKilledServiceIsTakenUpBeforeAnythingIsRecorded) {
    const MonoTime begin = clock_.now();
    record(40);
    make();
    spill_->tick(false);
    run();
    EXPECT_EQ(spill_->state().oldest, begin);
}

TEST_F(SpillToDisk, EndsWithNothingLeftAndTellsWhen) {
    record(40);
    bool done = false;
    spill_->retire([&] { done = true; });
    EXPECT_FALSE(done);
    run();
    EXPECT_TRUE(done);
    EXPECT_TRUE(fs::is_empty(ring_.base()));
}

}  // namespace
}  // namespace hindsight::service
