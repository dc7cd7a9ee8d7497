#include "service_fakes.hpp"

#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/service/action_recorder.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

constexpr Duration kNight = Duration::from_ms(8 * 3'600'000);

class FakeSidecars final : public SidecarWriter {
public:
    int written = 0;

    Result<SidecarResult> write(const SidecarRequest& request) override {
        ++written;
        SidecarResult result;
        result.actions_path = request.file.path.string() + ".actions.jsonl";
        std::ofstream{result.actions_path} << "actions";
        result.ass_path = request.file.path.string() + ".ass";
        return result;
    }

    Result<std::vector<ClipOnset>> read_onsets(const fs::path&) override {
        return std::vector<ClipOnset>{};
    }
};

class Saves : public ::testing::Test {
protected:
    Saves() {
        fs::create_directories(folder_.path() / "ring");
        fs::create_directories(folder_.path() / "clips");
        config_.clips.folder = (folder_.path() / "clips").string();
        make();
    }

    /// Again: the process before was killed.
    void make() {
        for (test::QueuedExecutor* executor : {&control_, &exporter_, &storer_, &spiller_})
            executor->drop_all();
        SaveDeps deps{
            clock_,
            writer_,
            store_,
            &sidecars_,
            control_,
            exporter_,
            storer_,
            spiller_,
            capture_,
            input_,
            folder_.path() / "ring",
            folder_.path() / "pins",
            0};
        SaveEvents events;
        events.verified = [this](const std::string&, const ipc::Json& json) {
            told_.push_back("verified");
            verified_ = json;
        };
        events.finished = [this](const std::string&, const ipc::Json& json) {
            told_.push_back("finished");
            finished_ = json;
        };
        events.failed = [this](const std::string&, const Error& error) {
            told_.push_back("failed");
            failure_ = error.what;
        };
        events.clip_removed = [this](const std::string& id) { removed_.push_back(id); };
        events.overlay_ready = [this](const Clip&) { told_.push_back("overlay"); };
        queue_ = std::make_unique<SaveQueue>(deps, events, Log{"test"});
        queue_->set_config(config_);
    }

    void run() {
        while (control_.run_one() || exporter_.run_one() || storer_.run_one() ||
               spiller_.run_one()) {
        }
    }

    Result<std::string> ask(const SaveOptions& options = {}) {
        Footage footage;
        footage.capturing = true;
        footage.oldest = clock_.now() - Duration::from_ms(60'000);
        footage.newest = clock_.now();
        return queue_->request(options, clock_.now(), footage, {"Doom", "doom"});
    }

    /// The last packet and the last action are there.
    void let_it_end(const std::string& id) {
        queue_->reached(id);
        queue_->input_up_to(MonoTime::max());
        run();
    }

    static std::ptrdiff_t count_clips(const fs::path& folder) {
        return std::count_if(
            fs::directory_iterator{folder}, fs::directory_iterator{}, [](const auto& entry) {
                return entry.path().extension() == ".mp4";
            });
    }

    test::ManualClock clock_;
    test::FakeWriter writer_;
    test::FakeStore store_;
    FakeSidecars sidecars_;
    test::QueuedExecutor control_;
    test::QueuedExecutor exporter_;
    test::QueuedExecutor storer_;
    test::QueuedExecutor spiller_;
    test::FakeLink capture_;
    test::FakeLink input_;
    test::TemporaryFolder folder_;
    config::Config config_;
    std::vector<std::string> told_;
    std::vector<std::string> removed_;
    ipc::Json verified_;
    ipc::Json finished_;
    std::string failure_;
    std::unique_ptr<SaveQueue> queue_;
};

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

TEST_F(Saves, AFullDiskKeepsTheMomentForARetryElsewhere) {
    writer_.failure = Error{Errc::NoSpace, "no space"};
    const auto id = ask();
    let_it_end(*id);
    EXPECT_EQ(told_, std::vector<std::string>{"failed"});
    EXPECT_TRUE(failure_.starts_with(
        "Clip not saved: the disk is full. Your 30 s are safe in memory. Free "))
        << failure_;
    EXPECT_TRUE(fs::exists(folder_.path() / "pins" / *id / "request.json"));
    ASSERT_EQ(queue_->failed().size(), 1u);

    writer_.failure.reset();
    ASSERT_TRUE(queue_->retry(*id, folder_.path() / "elsewhere"));
    run();
    EXPECT_EQ(told_.back(), "overlay");
    EXPECT_EQ(
        writer_.requests.back().target.parent_path().parent_path(), folder_.path() / "elsewhere");
    EXPECT_TRUE(queue_->failed().empty());
}

TEST_F(Saves, AFailedSaveKeepsItsActions) {
    auto recorder =
        ActionRecorder::create(folder_.path() / "ring", Duration::from_ms(60'000), Log{"test"});
    ASSERT_TRUE(recorder) << recorder.error().what;
    const MonoTime press = clock_.now();
    (*recorder)->add_event(press - Duration::from_ms(20'000), "marker", "early");
    writer_.failure = Error{Errc::NoSpace, "no space"};
    const auto id = ask();
    run();
    queue_->reached(*id);
    run();
    ASSERT_EQ(told_, std::vector<std::string>{"failed"});
    // Told late, as the guard window holds them back.
    (*recorder)->add_event(press - Duration::from_ms(1'000), "marker", "late");
    queue_->input_up_to(press);
    (*recorder)->clear();
    const auto pinned = ring::list_segments(folder_.path() / "pins" / *id, "act");
    std::vector<std::string> labels;
    for (const auto& record : read_actions(pinned, press - Duration::from_ms(30'000), press))
        if (record.kind == actions::ActionRecord::Kind::Event)
            labels.push_back(record.label);
    EXPECT_EQ(labels, (std::vector<std::string>{"early", "late"}));
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

TEST_F(Saves, FootageThatCannotBeKeptIsAFailedSave) {
    const auto id = ask();
    run();
    // No segment can be linked into what is no folder of ours any more.
    const fs::path pins = folder_.path() / "pins" / *id;
    fs::rename(pins, folder_.path() / "aside");
    std::ofstream{pins} << "in the way";
    queue_->reached(*id);
    run();
    EXPECT_EQ(told_, std::vector<std::string>{"failed"});
    EXPECT_TRUE(writer_.requests.empty());
}

TEST_F(Saves, WhatHasNoPictureIsNotKeptForARetryThatCannotHelp) {
    writer_.parts = 0;
    const auto id = ask();
    let_it_end(*id);
    EXPECT_EQ(told_, std::vector<std::string>{"failed"});
    EXPECT_EQ(failure_, "Clip not saved: there is no picture of these seconds.");
    EXPECT_TRUE(queue_->failed().empty());
    EXPECT_TRUE(fs::is_empty(folder_.path() / "pins"));
    EXPECT_FALSE(queue_->busy());
}

TEST_F(Saves, WhenOnlyTheLibraryFailsTheFileIsSaidToBeThere) {
    store_.failure = Error{Errc::Busy, "another program holds the library"};
    const auto id = ask();
    let_it_end(*id);
    ASSERT_EQ(count_clips(folder_.path() / "clips" / "Doom"), 1);
    const std::vector<SaveRequest> failed = queue_->failed();
    ASSERT_EQ(failed.size(), 1u);
    ASSERT_EQ(failed[0].files.size(), 1u);
    const fs::path file = failed[0].files[0].file.path;
    EXPECT_EQ(
        failure_,
        "The clip is written and whole (" + file.filename().string() +
            "), but the library could not take it: another program holds the library. Try again.");

    const auto elsewhere = queue_->retry(*id, folder_.path() / "elsewhere");
    ASSERT_FALSE(elsewhere) << "it would lie where it lies, and nobody would say so";
    EXPECT_EQ(elsewhere.error().code, Errc::AlreadyExists);
    EXPECT_NE(elsewhere.error().what.find(file.string()), std::string::npos);
    store_.failure.reset();
    ASSERT_TRUE(queue_->retry(*id, {}));
    run();
    EXPECT_TRUE(queue_->failed().empty());
    EXPECT_EQ(store_.clips.size(), 1u);
    EXPECT_EQ(writer_.requests.size(), 1u) << "nothing is written twice";
}

TEST_F(Saves, AMissingFolderIsOneSentence) {
    config_.clips.folder = (folder_.path() / "stick").string();
    queue_->set_config(config_);
    const auto id = ask();
    let_it_end(*id);
    EXPECT_EQ(
        failure_,
        "Clip not saved: the clip folder does not exist. Your 30 s are safe in memory. Use another "
        "folder or try again.");
}

TEST_F(Saves, TheFallbackFolderIsTriedWhenThereIsOne) {
    fs::create_directories(folder_.path() / "spare");
    config_.clips.folder = (folder_.path() / "stick").string();
    config_.clips.fallback_folder = (folder_.path() / "spare").string();
    queue_->set_config(config_);
    const auto id = ask();
    let_it_end(*id);
    EXPECT_EQ(told_.front(), "verified");
    EXPECT_EQ(writer_.requests.back().target.parent_path().parent_path(), folder_.path() / "spare");
}

TEST_F(Saves, NothingIsToldBeforeTheCallerKnowsTheId) {
    config_.clips.folder = (folder_.path() / "stick").string();
    queue_->set_config(config_);
    capture_.up = false;
    ASSERT_TRUE(ask());
    EXPECT_TRUE(told_.empty());
}

TEST_F(Saves, AFailedRequestSurvivesTheService) {
    writer_.failure = Error{Errc::NoSpace, "no space"};
    const auto id = ask();
    let_it_end(*id);
    make();
    queue_->recover();
    run();
    ASSERT_EQ(queue_->failed().size(), 1u);
    writer_.failure.reset();
    ASSERT_TRUE(queue_->retry(*id, {}));
    run();
    EXPECT_EQ(store_.clips.size(), 1u);
}

TEST_F(Saves, AFailedRequestCanBeLetGoOfAndNoOther) {
    const auto running = ask();
    ASSERT_FALSE(queue_->discard(*running));
    EXPECT_EQ(queue_->discard(*running).error().code, Errc::Busy);
    EXPECT_EQ(queue_->discard("unknown").error().code, Errc::NotFound);
    let_it_end(*running);
    EXPECT_EQ(queue_->discard(*running).error().code, Errc::NotFound) << "it is a clip now";
    writer_.failure = Error{Errc::NoSpace, "no space"};
    const auto first = ask();
    const auto second = ask();
    let_it_end(*first);
    let_it_end(*second);
    ASSERT_EQ(queue_->failed().size(), 2u);
    ASSERT_TRUE(queue_->discard(*first));
    EXPECT_FALSE(fs::exists(folder_.path() / "pins" / *first)) << "its memory is free";
    ASSERT_EQ(queue_->failed().size(), 1u);
    EXPECT_EQ(queue_->failed().front().id, *second);
    make();
    queue_->recover();
    EXPECT_EQ(queue_->failed().size(), 1u) << "it does not come back";
}

TEST_F(Saves, AServiceKilledDuringTheExportCompletesIt) {
    const auto id = ask();
    run();
    queue_->reached(*id);  // the export is queued and never runs
    make();
    queue_->recover();
    queue_->input_up_to(MonoTime::max());
    run();
    EXPECT_EQ(told_.front(), "verified");
    EXPECT_EQ(store_.clips.size(), 1u);
}

TEST_F(Saves, CrashBetweenRenameAndIndexLeavesOneFileAndOneClip) {
    const auto id = ask();
    run();
    queue_->reached(*id);
    ASSERT_TRUE(exporter_.run_one());  // written and renamed; the service dies before it knows
    const fs::path target = writer_.requests.at(0).target;
    ASSERT_TRUE(fs::exists(target));
    make();
    queue_->recover();
    queue_->input_up_to(MonoTime::max());
    run();
    ASSERT_EQ(store_.clips.size(), 1u);
    EXPECT_EQ(store_.clips.begin()->second.path, target);
    EXPECT_EQ(count_clips(target.parent_path()), 1);
}

TEST_F(Saves, CrashBetweenInsertAndNoteInsertsOnce) {
    const auto id = ask();
    run();
    queue_->reached(*id);
    ASSERT_TRUE(exporter_.run_one());
    ASSERT_TRUE(control_.run_one());
    ASSERT_TRUE(storer_.run_one());  // inserted; the service dies before it notes that
    ASSERT_EQ(store_.clips.size(), 1u);
    make();
    queue_->recover();
    queue_->input_up_to(MonoTime::max());
    run();
    EXPECT_EQ(store_.clips.size(), 1u);
    EXPECT_EQ(told_.back(), "overlay");
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

TEST_F(Saves, ASetOfFilesOfWhichSomeWereNamedIsWrittenAnewAndWhole) {
    writer_.parts = 2;
    writer_.names_left = 1;
    const auto id = ask();
    let_it_end(*id);
    ASSERT_EQ(told_, std::vector<std::string>{"failed"});
    writer_.names_left.reset();
    ASSERT_TRUE(queue_->retry(*id, {}));
    run();
    ASSERT_EQ(store_.clips.size(), 2u);
    const fs::path folder = store_.clips.begin()->second.path.parent_path();
    EXPECT_EQ(count_clips(folder), 2);
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

/// Writes until it is asked to stop.
class EndlessWriter final : public ClipWriter {
public:
    std::atomic<bool> writing = false;

    Result<std::vector<WrittenFile>>
    write(const WriteRequest&, std::stop_token stop, const ProgressFn&) override {
        writing = true;
        writing.notify_all();
        while (!stop.stop_requested())
            std::this_thread::yield();
        return fail(Errc::Cancelled, "saving was cancelled");
    }
};

TEST_F(Saves, AnExportEndsWithItsWorkerAndIsCompletedByTheNextService) {
    EndlessWriter endless;
    auto worker = std::make_unique<Worker>("export", 4, Log{"test"});
    SaveDeps deps{
        clock_,
        endless,
        store_,
        &sidecars_,
        control_,
        *worker,
        storer_,
        spiller_,
        capture_,
        input_,
        folder_.path() / "ring",
        folder_.path() / "pins",
        0,
        worker->stop_token()};
    queue_ = std::make_unique<SaveQueue>(deps, SaveEvents{}, Log{"test"});
    queue_->set_config(config_);
    const auto id = ask();
    queue_->reached(*id);
    endless.writing.wait(false);
    worker.reset();  // returns although nobody else ends the writer
    make();
    queue_->recover();
    queue_->input_up_to(MonoTime::max());
    run();
    EXPECT_EQ(store_.clips.size(), 1u);
}

TEST_F(Saves, NothingRecordedIsSaid) {
    const auto id = queue_->request({}, clock_.now(), Footage{}, {"Screen", ""});
    ASSERT_FALSE(id);
    EXPECT_EQ(id.error().code, Errc::NotFound);
}

}  // namespace
}  // namespace hindsight::service
