// Sessions from their start to their clip, whoever is killed on the way.

#include "sessions_fixture.hpp"

#include <hindsight/ring/snapshot.hpp>

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

TEST_F(Sessions, AskTheDiskOnTheWorkerAndHoldWhatIsRecordedMeanwhile) {
    config_.clips.name = "{game}/{game}";
    recorder_->set_config(config_);
    ask();
    EXPECT_FALSE(answer_);
    EXPECT_TRUE(fs::is_empty(clips())) << "the disk was touched on the main loop";
    EXPECT_EQ(recorder_->status()["state"], "starting");
    EXPECT_EQ(recorder_->status()["active"], true);
    record(3);
    recorder_->tick();
    ring_->clear();  // memory forgets
    run();
    ASSERT_TRUE(answer_ && *answer_);
    EXPECT_EQ(recorder_->status()["state"], "recording");
    record(2);
    end(**answer_);
    ASSERT_EQ(store_.clips.size(), 1u);
    EXPECT_EQ(test::content_of(clips() / "Doom" / "Doom_session.mp4").size(), 5u);
}

TEST_F(Sessions, AreRefusedWhenTheDiskDoesNotAnswerOrHasNoFolder) {
    ask();
    clock_.advance(Duration::from_ms(9'999));
    recorder_->tick();
    EXPECT_FALSE(answer_);
    clock_.advance(Duration::from_ms(1));
    recorder_->tick();
    EXPECT_EQ(refusal(), Errc::Timeout);
    EXPECT_TRUE(no_session_is_there());
    run();  // it answers after all
    EXPECT_TRUE(no_session_is_there());

    fs::remove(clips());
    ask();
    run();
    EXPECT_EQ(refusal(), Errc::NotFound);
    EXPECT_TRUE(no_session_is_there());

    fs::create_directory(clips());
    const std::string id = begin();
    ask();
    EXPECT_EQ(refusal(), Errc::Busy);
    record(2);
    end(id);
    EXPECT_EQ(store_.clips.size(), 1u);
}

TEST_F(Sessions, ThatEndBeforeTheyBeganLeaveNothing) {
    ask();
    record(2);
    const auto stopped = recorder_->stop();
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, Errc::Cancelled);
    EXPECT_EQ(refusal(), Errc::Cancelled);
    EXPECT_TRUE(no_session_is_there());
    ask();
    const std::string other = "Quake";
    recorder_->subject_is(&other);
    EXPECT_EQ(refusal(), Errc::Cancelled);
    EXPECT_TRUE(no_session_is_there());
    ask();
    record(2);
    make();  // killed
    const std::string game = "Doom";
    recorder_->recover(&game);
    EXPECT_TRUE(no_session_is_there());
    EXPECT_EQ(files(), 0u);
}

TEST_F(Sessions, HoldEverySegmentOnce) {
    const std::string id = begin();
    record(3);
    follow();
    record(2);
    end(id);
    EXPECT_EQ(test::content_of(clips() / "Doom_session.mp4"), "01234");
    EXPECT_EQ(store_.clips.size(), 1U);
    EXPECT_EQ(files(), 1U) << "something stays beside the clip";
    EXPECT_TRUE(fs::is_empty(sessions()));
}

TEST_F(Sessions, ANoteThatFindsNoRoomEndsThemAndCostsNothingThatWasWritten) {
    const std::string id = begin();
    record(4);
    (void)fill_memory_at_third_note(id);
    follow();
    EXPECT_FALSE(recorder_->recording());
    EXPECT_EQ(problem_.find("disk"), std::string::npos) << problem_;
    EXPECT_NE(problem_.find("The recording ended because"), std::string::npos) << problem_;
    recorder_->reached(id);
    run();
    EXPECT_EQ(failure_, "");
    EXPECT_EQ(test::content_of(clips() / "Doom_session.mp4"), "0123");
    EXPECT_EQ(store_.clips.size(), 1U);
}

TEST_F(Sessions, AKillBehindANoteThatFoundNoRoomLosesNothing) {
    const std::string id = begin();
    record(4);
    const fs::path log = fill_memory_at_third_note(id);
    follow();
    fs::remove(log);
    fs::rename(log.string() + ".old", log);
    make();
    recorder_->recover(nullptr);
    clock_.advance(Duration::from_ms(3000));
    recorder_->tick();
    run();
    EXPECT_EQ(test::content_of(clips() / "Doom_session.mp4"), "0123");
}

TEST_F(Sessions, HoldNothingThatBeganAfterTheirEnd) {
    const std::string id = begin();
    record(2);
    ASSERT_TRUE(recorder_->stop());
    clock_.advance(Duration::from_ms(1));
    record(2, Duration::from_ms(500));  // perhaps of another game
    recorder_->reached(id);
    run();
    EXPECT_EQ(test::content_of(clips() / "Doom_session.mp4"), "01");
}

TEST_F(Sessions, HoldNothingThatBeganAfterTheirEndAlsoAfterARestart) {
    begin();
    record(2);
    ASSERT_TRUE(recorder_->stop());
    clock_.advance(Duration::from_ms(1));
    make();
    record(2, Duration::from_ms(500));
    const std::string game = "Doom";
    recorder_->recover(&game);
    clock_.advance(Duration::from_ms(3000));
    recorder_->tick();
    run();
    EXPECT_EQ(test::content_of(clips() / "Doom_session.mp4"), "01");
}

TEST_F(Sessions, OfAnotherGameAreNotGoneOnWithAfterARestart) {
    begin();
    record(2);
    make();
    const std::string game = "Quake";
    recorder_->recover(&game);
    EXPECT_FALSE(recorder_->recording());
    EXPECT_TRUE(recorder_->busy());
}

TEST_F(Sessions, LeaveNoFileWhereNothingWasRecorded) {
    const std::string id = begin();
    writer_.append_failure = Error{Errc::NoSpace, "full"};
    record(2);
    follow();
    writer_.append_failure.reset();
    // The ring is emptied, and so are the links.
    for (const auto& file : ring::list_segments(sessions() / id, "av"))
        fs::remove(file);
    ring_.reset();
    for (const auto& file : ring::list_segments(folder_.path() / "ring", "av"))
        fs::remove(file);
    recorder_->reached(id);
    run();
    EXPECT_EQ(failure_, "Nothing was recorded in this session.");
    EXPECT_EQ(files(), 0U);
    EXPECT_TRUE(recorder_->failed().empty());
    EXPECT_TRUE(fs::is_empty(sessions()));
}

TEST_F(Sessions, ThatCannotBeFinishedNowAreFinishedByARetry) {
    const std::string id = begin();
    record(3);
    follow();
    record(1);
    // The disk is unmounted.
    fs::rename(clips(), folder_.path() / "elsewhere");
    writer_.finish_failure = writer_.keep_failure = writer_.append_failure =
        Error{Errc::NotFound, "the disk is gone"};
    end(id);
    ASSERT_EQ(recorder_->failed().size(), 1U);
    EXPECT_EQ(recorder_->failed()[0].id, id);
    EXPECT_EQ(recorder_->failed()[0].code, "not_found");
    EXPECT_EQ(recorder_->failed()[0].text, failure_);
    EXPECT_GT(recorder_->failed()[0].duration, Duration::zero());
    EXPECT_FALSE(recorder_->busy());
    make();  // also a restart does not forget it
    recorder_->recover(nullptr);
    ASSERT_EQ(recorder_->failed().size(), 1U);
    EXPECT_EQ(recorder_->files(), std::vector{growing()});
    ASSERT_TRUE(recorder_->retry(id, {}));
    run();
    ASSERT_EQ(recorder_->failed().size(), 1U) << "the disk is still gone";
    fs::rename(folder_.path() / "elsewhere", clips());
    writer_.finish_failure = writer_.keep_failure = writer_.append_failure = std::nullopt;
    ASSERT_TRUE(recorder_->retry(id, {}));
    EXPECT_TRUE(recorder_->busy());
    run();
    EXPECT_TRUE(recorder_->failed().empty());
    EXPECT_EQ(test::content_of(clips() / "Doom_session.mp4"), "0123");
    EXPECT_EQ(store_.clips.size(), 1U);
    EXPECT_EQ(files(), 1U);
}

TEST_F(Sessions, RetriedWhileTheDiskIsBusyAreFinishedWhenItIsNot) {
    const std::string id = begin();
    record(2);
    writer_.finish_failure = writer_.keep_failure = Error{Errc::Io, "an error"};
    end(id);
    ASSERT_EQ(recorder_->failed().size(), 1U);
    writer_.finish_failure = writer_.keep_failure = std::nullopt;
    worker_.full = true;
    ASSERT_TRUE(recorder_->retry(id, {}));
    recorder_->tick();
    worker_.full = false;
    recorder_->tick();
    run();
    EXPECT_FALSE(recorder_->busy());
    EXPECT_EQ(test::content_of(clips() / "Doom_session.mp4"), "01");
}

TEST_F(Sessions, ThatFailedCanBeLetGoOfAndOthersBegun) {
    const std::string id = begin();
    record(2);
    writer_.finish_failure = writer_.keep_failure = Error{Errc::Io, "an error"};
    end(id);
    const std::string next = begin();
    EXPECT_FALSE(recorder_->retry(id, {})) << "one at a time";
    ASSERT_TRUE(recorder_->discard(id));
    EXPECT_FALSE(recorder_->discard(id));
    run();
    EXPECT_TRUE(recorder_->failed().empty());
    EXPECT_FALSE(fs::exists(sessions() / id));
    EXPECT_EQ(recorder_->stop().value_or(""), next);
}

TEST_F(Sessions, AreNamedAsTheyAreWhenTheServiceMustGo) {
    const std::string id = begin();
    record(2);
    ASSERT_TRUE(recorder_->stop());
    recorder_->reached(id);
    recorder_->hurry();
    run();
    EXPECT_EQ(writer_.finished, 0);
    EXPECT_EQ(writer_.kept, 1);
    EXPECT_EQ(test::content_of(clips() / "Doom_session.mp4"), "01");
    EXPECT_EQ(store_.clips.size(), 1U);
    EXPECT_EQ(files(), 1U);
}

TEST_F(Sessions, AreKeptAndItIsSaidWhenTheDiskHasDamagedThem) {
    const std::string id = begin();
    record(2);
    writer_.finish_failure = Error{Errc::Corrupt, "damaged"};
    end(id);
    EXPECT_EQ(writer_.kept, 1);
    EXPECT_EQ(store_.clips.size(), 1U);
    EXPECT_NE(problem_.find("damaged"), std::string::npos) << problem_;
}

TEST_F(Sessions, FilesThatAreNamedAreTakenOverAfterAKill) {
    const std::string id = begin();
    record(2);
    ASSERT_TRUE(recorder_->stop());
    recorder_->reached(id);
    while (worker_.run_one()) {
    }
    // Named, but nobody was told.
    ASSERT_TRUE(fs::exists(clips() / "Doom_session.mp4"));
    make();
    recorder_->recover(nullptr);
    clock_.advance(Duration::from_ms(3000));
    recorder_->tick();
    run();
    EXPECT_EQ(writer_.finished, 1) << "it was written twice";
    EXPECT_EQ(files(), 1U);
    EXPECT_EQ(store_.clips.size(), 1U);
}

TEST_F(Sessions, OnlyWhatWaitsBesideTheRingCountsAgainstTheirLimit) {
    const std::string id = begin();
    // A large file that does not wait for the disk.
    std::ofstream{sessions() / id / "act-large"} << std::string(80u << 20, 'x');
    record(11);
    follow();
    EXPECT_TRUE(recorder_->recording()) << problem_;
    EXPECT_EQ(recorder_->status()["memory_bytes"].get<std::uint64_t>() >> 20, 80U);
    std::ofstream{sessions() / id / "av-waits"} << std::string(80u << 20, 'x');
    follow();
    EXPECT_FALSE(recorder_->recording());
    EXPECT_NE(problem_.find("the disk is too slow"), std::string::npos) << problem_;
}

TEST_F(Sessions, TellWhichFileGrows) {
    EXPECT_EQ(recorder_->status()["path"], "");
    begin();
    EXPECT_EQ(recorder_->status()["path"], "") << "there is no file yet";
    record(2);
    follow();
    EXPECT_EQ(recorder_->status()["path"], growing().string());
}

TEST_F(Sessions, TheNoteOfTheirClipHoldsNoFrameTimes) {
    const std::string id = begin();
    record(3);
    ASSERT_TRUE(recorder_->stop());
    recorder_->reached(id);
    while (worker_.run_one()) {
    }
    while (control_.run_one()) {
    }
    const std::string note = test::content_of(folder_.path() / "pins" / id / "request.json");
    const auto request = save_request_from_json(ipc::Json::parse(note));
    ASSERT_TRUE(request) << note;
    EXPECT_TRUE(request->session);
    EXPECT_TRUE(request->files.front().file.frames.empty());
    const auto frames = frames_of(request->files.front(), folder_.path() / "pins" / id);
    ASSERT_TRUE(frames) << frames.error().what;
    EXPECT_EQ(frames->size(), 3U);
}

}  // namespace
}  // namespace hindsight::service
