// Saves that fail, and services that are killed on the way: nothing is lost, and it is said.

#include "saves_fixture.hpp"

#include <hindsight/ring/snapshot.hpp>
#include <hindsight/service/action_recorder.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

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
    for (const auto& record : read_actions({pinned}, press - Duration::from_ms(30'000), press))
        if (record.kind == actions::ActionRecord::Kind::Event)
            labels.push_back(record.label);
    EXPECT_EQ(labels, (std::vector<std::string>{"early", "late"}));
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
}  // namespace
}  // namespace hindsight::service
