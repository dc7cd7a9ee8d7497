// What becomes of a save in the ordinary course of things.

#include "saves_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

constexpr Duration kNight = Duration::from_ms(8 * 3'600'000);

TEST_F(Saves, GoFromThePressToTheFinishedClip) {
    const auto id = ask();
    ASSERT_TRUE(id) << id.error().what;
    run();
    EXPECT_TRUE(writer_.requests.empty()) << "the last packet has not come yet";
    let_it_end(*id);
    EXPECT_EQ(told_, (std::vector<std::string>{"verified", "finished", "overlay"}));
    ASSERT_EQ(writer_.requests.size(), 1u);
    EXPECT_EQ(writer_.requests[0].to - writer_.requests[0].from, Duration::from_ms(30'000));
    EXPECT_EQ(store_.clips.size(), 1u);
    EXPECT_EQ(finished_["overlay"]["state"], "pending");
    EXPECT_TRUE(fs::is_empty(folder_.path() / "pins"));
    EXPECT_FALSE(queue_->busy());
}

TEST_F(Saves, WaitForTheLastPacketIsBounded) {
    const auto id = ask();
    ASSERT_TRUE(id);
    run();
    clock_.advance(Duration::from_ms(2'001));
    queue_->tick();
    run();
    EXPECT_EQ(told_.front(), "verified");
}

TEST_F(Saves, ADeadCaptureIsNotWaitedFor) {
    capture_.up = false;
    ASSERT_TRUE(ask());
    run();
    EXPECT_EQ(told_.front(), "verified");
}

TEST_F(Saves, ACaptureThatStartsAgainIsAskedForTheEnd) {
    SaveOptions options;
    options.delay = Duration::from_ms(5'000);
    capture_.up = false;
    const auto id = ask(options);
    ASSERT_TRUE(id);
    capture_.up = true;
    queue_->capture_connected();
    ASSERT_EQ(capture_.sent.size(), 1u);
    const auto asked = capture_.sent[0].as<ipc::AwaitTime>();
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->request, *id);
    EXPECT_EQ(asked->t_ns, (clock_.now() + options.delay).ns());
    clock_.advance(options.delay);
    queue_->tick();
    run();
    EXPECT_TRUE(told_.empty()) << "it is connected, so it will tell";
    let_it_end(*id);
    EXPECT_EQ(told_.front(), "verified");
    queue_->capture_connected();
    EXPECT_EQ(capture_.sent.size(), 1u) << "nothing waits any more";
}

TEST_F(Saves, TheWindowStaysThatOfThePress) {
    SaveOptions options;
    options.delay = Duration::from_ms(5'000);
    const MonoTime press = clock_.now();
    const auto id = ask(options);
    clock_.advance(Duration::from_ms(5'000));
    let_it_end(*id);
    ASSERT_EQ(writer_.requests.size(), 1u);
    EXPECT_EQ(writer_.requests[0].from, press - Duration::from_ms(30'000));
    EXPECT_EQ(writer_.requests[0].to, press + Duration::from_ms(5'000));
}

TEST_F(Saves, ASleepOfTheMachineMovesNoWindowAndEndsNoWait) {
    SaveOptions options;
    options.delay = Duration::from_ms(5'000);
    const MonoTime press = clock_.now();
    const auto id = ask(options);
    run();
    clock_.advance(Duration::from_ms(1'000));
    clock_.suspend(kNight);
    queue_->tick();
    run();
    EXPECT_TRUE(told_.empty()) << "four seconds are still to come";
    clock_.advance(Duration::from_ms(4'000));
    let_it_end(*id);
    ASSERT_EQ(writer_.requests.size(), 1u);
    EXPECT_EQ(writer_.requests[0].from, press - Duration::from_ms(30'000));
    EXPECT_EQ(writer_.requests[0].to, press + options.delay);
    EXPECT_EQ(told_.front(), "verified");
}

TEST_F(Saves, AClipFromBeforeASleepHasTheTimeOfDayOfItsFirstFrame) {
    const auto unix_ms = [] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    };
    clock_.advance(Duration::from_ms(60'000));
    queue_->tick();
    clock_.suspend(kNight);
    clock_.advance(Duration::from_ms(10'000));
    const std::int64_t earliest = unix_ms();
    let_it_end(*ask());
    const std::int64_t latest = unix_ms();
    ASSERT_EQ(writer_.requests.size(), 1u);
    // 20 s before the night and 10 s after it.
    EXPECT_GE(writer_.requests[0].created_ms, earliest - 30'000 - kNight.ms());
    EXPECT_LE(writer_.requests[0].created_ms, latest - 30'000 - kNight.ms());
    // Half a minute later the night is out of reach.
    clock_.advance(Duration::from_ms(30'000));
    let_it_end(*ask());
    ASSERT_EQ(writer_.requests.size(), 2u);
    EXPECT_GE(writer_.requests[1].created_ms, latest - 30'000);
}

/// A ring that reaches back three seconds, filled while the save waits.
TEST_F(Saves, ALongDelayKeepsWhatTheRingForgetsMeanwhile) {
    fs::remove_all(folder_.path() / "ring");
    auto ring = test::make_picture_ring(folder_.path() / "ring", Duration::from_ms(3'000));
    ASSERT_NE(ring, nullptr);
    SaveOptions options;
    options.delay = Duration::from_ms(20'000);
    const MonoTime press = clock_.now();
    const auto id = ask(options);
    ASSERT_TRUE(id);
    run();
    for (int second = 0; second < 10; ++second) {
        test::append_picture(*ring, clock_.now());
        clock_.advance(Duration::from_ms(1'000));
        queue_->tick();
    }
    test::append_picture(*ring, clock_.now());
    queue_->ring_goes();  // the recording is stopped
    ring->clear();
    clock_.advance(Duration::from_ms(10'000));
    let_it_end(*id);
    ASSERT_EQ(writer_.requests.size(), 1u);
    EXPECT_EQ(writer_.requests[0].segments.size(), 11u);
    EXPECT_EQ(writer_.requests[0].to, press + Duration::from_ms(20'000));
}

TEST_F(Saves, NothingIsToldBeforeTheCallerKnowsTheId) {
    config_.clips.folder = (folder_.path() / "stick").string();
    queue_->set_config(config_);
    capture_.up = false;
    ASSERT_TRUE(ask());
    EXPECT_TRUE(told_.empty());
}

TEST_F(Saves, AClipWhoseFileIsGoneGivesItsPathToTheNewOne) {
    config_.clips.name = "same";
    queue_->set_config(config_);
    const auto first = ask();
    let_it_end(*first);
    const Clip old = store_.clips.begin()->second;
    fs::remove(old.path);  // by the file manager
    const auto second = ask();
    let_it_end(*second);
    ASSERT_EQ(store_.clips.size(), 1u);
    EXPECT_EQ(store_.clips.begin()->second.path, old.path);
    EXPECT_NE(store_.clips.begin()->first, old.id);
    EXPECT_EQ(removed_, std::vector<std::string>{old.id});
    EXPECT_EQ(verified_["id"], store_.clips.begin()->first);
}

TEST_F(Saves, SidecarsWaitForTheGuardWindowAndNotForever) {
    const auto id = ask();
    run();
    queue_->reached(*id);
    run();
    EXPECT_EQ(told_, std::vector<std::string>{"verified"});
    EXPECT_EQ(sidecars_.written, 0);
    clock_.advance(Duration::from_ms(3'001));
    queue_->tick();
    run();
    EXPECT_EQ(sidecars_.written, 1);
}

TEST_F(Saves, AClipDeletedBeforeItsActionsCameLeavesNone) {
    const auto id = ask();
    run();
    queue_->reached(*id);
    run();
    ASSERT_EQ(store_.clips.size(), 1u);
    const Clip clip = store_.clips.begin()->second;
    queue_->input_up_to(MonoTime::max());
    ASSERT_TRUE(exporter_.run_one());  // written, while the user deletes the clip
    ASSERT_TRUE(fs::exists(clip.path.string() + ".actions.jsonl"));
    fs::remove(clip.path);
    store_.clips.clear();
    run();
    EXPECT_TRUE(fs::is_empty(clip.path.parent_path()));
    EXPECT_TRUE(store_.clips.empty());
}

TEST_F(Saves, ActionsThatAreForgottenBeforeTheyCameAreNeverWritten) {
    const auto id = ask();
    run();
    queue_->reached(*id);
    run();
    ASSERT_EQ(store_.clips.size(), 1u);
    ASSERT_TRUE(queue_->forget_actions(store_.clips.begin()->first));
    queue_->input_up_to(MonoTime::max());
    run();
    EXPECT_EQ(sidecars_.written, 0);
    EXPECT_EQ(told_, (std::vector<std::string>{"verified", "finished"}));
}

TEST_F(Saves, ActionsThatAreBeingWrittenAreNotCalledForgotten) {
    const auto id = ask();
    run();
    queue_->reached(*id);
    run();
    ASSERT_EQ(store_.clips.size(), 1u);
    const std::string clip = store_.clips.begin()->first;
    queue_->input_up_to(MonoTime::max());  // the worker has them now
    const auto refused = queue_->forget_actions(clip);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::Busy);
    run();
    EXPECT_TRUE(queue_->forget_actions(clip));
}

TEST_F(Saves, WithoutConsentThereAreNoSidecars) {
    config_.actions.keep = false;
    queue_->set_config(config_);
    const auto id = ask();
    let_it_end(*id);
    EXPECT_EQ(told_, (std::vector<std::string>{"verified", "finished"}));
    EXPECT_EQ(sidecars_.written, 0);
}

TEST_F(Saves, OverlappingSavesAreTwoClips) {
    const auto first = ask();
    const auto second = ask();
    let_it_end(*first);
    let_it_end(*second);
    EXPECT_EQ(store_.clips.size(), 2u);
}

TEST_F(Saves, TwoSavesOfOneSecondNeverShareAName) {
    config_.clips.name = "same";  // also where the second is over before the second save
    queue_->set_config(config_);
    SaveOptions longer;
    longer.last = Duration::from_ms(40'000);
    const auto first = ask();
    const auto second = ask(longer);
    run();
    queue_->reached(*first);  // both exports are queued before either runs
    queue_->reached(*second);
    queue_->input_up_to(MonoTime::max());
    run();
    ASSERT_EQ(store_.clips.size(), 2u);
    std::set<fs::path> paths;
    for (const auto& [id, clip] : store_.clips) {
        paths.insert(clip.path);
        const MonoTime from = clock_.now() - clip.duration;
        EXPECT_EQ(test::content_of(clip.path), "clip from " + std::to_string(from.ns()));
    }
    EXPECT_EQ(paths.size(), 2u);
}

TEST_F(Saves, AFileOfSomebodyElseUnderTheWishedNameIsLeftAlone) {
    writer_.finds_names = true;
    const auto id = ask();
    run();
    queue_->reached(*id);
    writer_.failure = Error{Errc::Cancelled, "killed"};
    ASSERT_TRUE(exporter_.run_one());  // the name is chosen; the service dies while it writes
    writer_.failure.reset();
    const fs::path target = writer_.requests.at(0).target;
    std::ofstream{target} << "mine";
    make();
    queue_->recover();
    queue_->input_up_to(MonoTime::max());
    run();
    EXPECT_EQ(test::content_of(target), "mine");
    ASSERT_EQ(store_.clips.size(), 1u);
    EXPECT_NE(store_.clips.begin()->second.path, target);
}

TEST_F(Saves, NewOnlyTakesWhatNoClipHas) {
    const auto first = ask();
    let_it_end(*first);
    SaveOptions options;
    options.new_only = true;
    EXPECT_FALSE(ask(options)) << "nothing is new";
    clock_.advance(Duration::from_ms(4'000));
    const auto second = ask(options);
    ASSERT_TRUE(second);
    let_it_end(*second);
    EXPECT_EQ(writer_.requests.back().to - writer_.requests.back().from, Duration::from_ms(4'000));
    EXPECT_EQ(finished_["short"], true);
}

TEST_F(Saves, NothingRecordedIsSaid) {
    const auto id = queue_->request({}, clock_.now(), Footage{}, {"Screen", ""});
    ASSERT_FALSE(id);
    EXPECT_EQ(id.error().code, Errc::NotFound);
}

}  // namespace
}  // namespace hindsight::service
