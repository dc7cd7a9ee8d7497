// Saves whose window reaches from the disk into memory.

#include "spilled_ring.hpp"

#include <hindsight/ring/spill_folder.hpp>

#include <gtest/gtest.h>

#include <optional>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

class SpilledSaves : public ::testing::Test {
protected:
    SpilledSaves() {
        config_.clips.folder = (ring_.base() / "clips").string();
        config_.clips.length_seconds = 30;
        fs::create_directories(config_.clips.folder);
        spill_.emplace(ring::SpillPlaces{ring_.home(), ring_.base()}, Log{"test"});
        for (int second = 0; second < 40; ++second) {
            ring_.add_picture(clock_.now());
            clock_.advance(Duration::from_ms(1'000));
            follow();
        }
        make();
    }

    void follow() {
        do {
            const auto followed = spill_->follow(
                {test::SpilledRing::kMemoryBytes, 64u << 20, Duration::from_ms(3'600'000)});
            ASSERT_TRUE(followed) << followed.error().what;
        } while (spill_->state().more);
    }

    /// Again: the process before was killed.
    void make() {
        for (test::QueuedExecutor* executor : {&control_, &worker_, &spiller_})
            executor->drop_all();
        SaveEvents events;
        events.failed = [this](const std::string&, const Error& error) { failure_ = error.what; };
        queue_ = std::make_unique<SaveQueue>(
            SaveDeps{
                clock_,
                writer_,
                store_,
                nullptr,
                control_,
                worker_,
                worker_,
                spiller_,
                capture_,
                input_,
                ring_.home() / "ring",
                ring_.home() / "pins",
                0},
            events,
            Log{"test"});
        queue_->set_config(config_);
        queue_->set_spilled({spill_->state().root, 64u << 20, spill_->state().held_bytes});
    }

    void run() {
        while (control_.run_one() || spiller_.run_one() || worker_.run_one()) {
        }
    }

    /// Up to there: the links that the writer was given go with the save.
    void run_until_written(std::size_t clips = 1) {
        while (writer_.requests.size() < clips &&
               (control_.run_one() || spiller_.run_one() || worker_.run_one())) {
        }
        ASSERT_EQ(writer_.requests.size(), clips);
    }

    std::string save() {
        Footage footage;
        footage.capturing = true;
        footage.newest = clock_.now();
        const auto id = queue_->request({}, clock_.now(), footage, {"Doom", ""});
        EXPECT_TRUE(id) << id.error().what;
        return id.value_or("");
    }

    /// Everything is dropped, as when the recording ends.
    void drop_ring() {
        ring_.memory().clear();
        spill_->clear();
    }

    /// Of the segments that the writer got, in its order: seconds before the press.
    [[nodiscard]] std::vector<std::int64_t> written(MonoTime press) const {
        std::vector<std::int64_t> seconds;
        for (const fs::path& file : writer_.requests.back().segments)
            if (const auto first = ring::SegmentReader::first_time(file))
                seconds.push_back((press - *first).ms() / 1000);
        return seconds;
    }

    /// The writer got what memory held, up to the press, and nothing of the disk's. (How far back
    /// that reaches depends on when the ring's helper frees memory.)
    void expect_written_from_memory_alone(MonoTime press) const {
        ASSERT_FALSE(written(press).empty());
        EXPECT_EQ(written(press).back(), 1);
        const std::string memory = (ring_.home() / "pins").string();
        for (const fs::path& file : writer_.requests.back().segments)
            EXPECT_TRUE(file.string().starts_with(memory)) << file;
    }

    static std::vector<std::int64_t> thirty_seconds() {
        std::vector<std::int64_t> seconds;
        for (std::int64_t second = 30; second >= 1; --second)
            seconds.push_back(second);
        return seconds;
    }

    [[nodiscard]] fs::path pins_on_disk(const std::string& id) const {
        return ring::spilled_pins(spill_->state().root, id);
    }

    test::ManualClock clock_;
    test::QueuedExecutor control_;
    test::QueuedExecutor worker_;
    test::QueuedExecutor spiller_;
    test::FakeWriter writer_;
    test::FakeStore store_;
    test::FakeLink capture_;
    test::FakeLink input_;
    test::SpilledRing ring_;
    std::optional<ring::SpillFolder> spill_;
    config::Config config_;
    std::string failure_;
    std::unique_ptr<SaveQueue> queue_;
};

TEST_F(SpilledSaves, AreOneSequenceFromTheDiskIntoMemory) {
    const MonoTime press = clock_.now();
    const std::string id = save();
    queue_->reached(id);
    run_until_written();
    EXPECT_EQ(written(press), thirty_seconds());
    run();
    EXPECT_EQ(store_.clips.size(), 1u);
    EXPECT_FALSE(fs::exists(pins_on_disk(id))) << "let go of with the save";
}

TEST_F(SpilledSaves, KeepTheirWindowWhateverIsForgottenMeanwhile) {
    const MonoTime press = clock_.now();
    const std::string id = save();
    while (spiller_.run_one()) {
    }
    drop_ring();
    queue_->reached(id);
    run_until_written();
    EXPECT_EQ(written(press), thirty_seconds());
}

TEST_F(SpilledSaves, ThatFailedHoldTheirPartOfTheDiskUntilTheyAreLetGo) {
    writer_.failure = Error{Errc::NoSpace, "no space"};
    const MonoTime press = clock_.now();
    const std::string id = save();
    queue_->reached(id);
    run();
    ASSERT_EQ(queue_->failed().size(), 1u) << failure_;
    drop_ring();
    EXPECT_TRUE(fs::exists(pins_on_disk(id)));
    writer_.failure.reset();
    EXPECT_TRUE(queue_->retry(id, {}));
    run_until_written(2);
    EXPECT_EQ(written(press), thirty_seconds());
    run();
    EXPECT_FALSE(fs::exists(pins_on_disk(id)));

    writer_.failure = Error{Errc::NoSpace, "no space"};
    ring_.add_picture(clock_.now());
    const std::string other = save();
    queue_->reached(other);
    run();
    EXPECT_TRUE(queue_->discard(other));
    run();
    EXPECT_FALSE(fs::exists(pins_on_disk(other)));
}

TEST_F(SpilledSaves, ThatFailedAreSaidToBeSafeWhereTheyAre) {
    writer_.failure = Error{Errc::NoSpace, "no space"};
    queue_->reached(save());
    run();
    EXPECT_NE(
        failure_.find(
            "Your 30 s are safe, in memory and in the buffer's folder on the disk. Free "),
        std::string::npos)
        << failure_;

    SaveOptions short_one;
    short_one.last = Duration::from_ms(1'000);
    Footage footage;
    footage.capturing = true;
    footage.newest = clock_.now();
    const auto in_memory = queue_->request(short_one, clock_.now(), footage, {"Doom", ""});
    ASSERT_TRUE(in_memory) << in_memory.error().what;
    queue_->reached(*in_memory);
    run();
    EXPECT_NE(failure_.find("Your 1 s are safe in memory. Free "), std::string::npos) << failure_;

    fs::remove_all(spill_->state().root);
    queue_->reached(save());
    run();
    EXPECT_NE(
        failure_.find("What memory holds of your 30 s is safe; the disk does not give the older "
                      "part now. Free "),
        std::string::npos)
        << failure_;
}

TEST_F(SpilledSaves, OfAKilledServiceAreCompletedByTheNext) {
    const MonoTime press = clock_.now();
    (void)save();
    make();  // before anything was linked on the disk
    capture_.up = false;
    queue_->recover();
    run_until_written();
    EXPECT_EQ(written(press), thirty_seconds());
}

TEST_F(SpilledSaves, TakeWhatMemoryHasWhenTheDiskIsGone) {
    const MonoTime press = clock_.now();
    fs::remove_all(spill_->state().root);
    const std::string id = save();
    queue_->reached(id);
    run_until_written();
    expect_written_from_memory_alone(press);
    run();
    EXPECT_EQ(store_.clips.size(), 1u);
}

TEST_F(SpilledSaves, DoNotWaitForADiskThatHangs) {
    const MonoTime press = clock_.now();
    const std::string id = save();
    queue_->reached(id);
    const auto run_all_but_the_disk = [&] {
        while (control_.run_one() || worker_.run_one()) {
        }
    };
    run_all_but_the_disk();
    EXPECT_TRUE(writer_.requests.empty());
    clock_.advance(Duration::from_ms(10'000));
    queue_->tick();
    ASSERT_TRUE(worker_.run_one());
    ASSERT_EQ(writer_.requests.size(), 1u);
    expect_written_from_memory_alone(press);
    run();  // the disk answers after all
    EXPECT_EQ(writer_.requests.size(), 1u);
    EXPECT_EQ(store_.clips.size(), 1u);
    EXPECT_FALSE(fs::exists(pins_on_disk(id)));
}

TEST_F(SpilledSaves, AreRefusedWhenUnsavedClipsHoldAllOfTheDisk) {
    queue_->set_spilled({spill_->state().root, 1u << 20, 1u << 20});
    Footage footage;
    footage.capturing = true;
    const auto refused = queue_->request({}, clock_.now(), footage, {"Doom", ""});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::NoSpace);
}

}  // namespace
}  // namespace hindsight::service
