// Sessions with a ring that is real and a disk that does as it is told.

#include "service_fakes.hpp"
#include "session_journal.hpp"

#include <hindsight/ring/snapshot.hpp>
#include <hindsight/service/action_recorder.hpp>
#include <hindsight/service/session_recorder.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>

namespace hindsight::service {
namespace {

namespace fs = std::filesystem;

/// Writes the number of each segment as a byte.
class FakeSessionWriter final : public SessionWriter {
public:
    std::optional<Error> append_failure;
    std::optional<Error> finish_failure;
    std::optional<Error> keep_failure;
    std::function<void()> on_append;
    int finished = 0;
    int kept = 0;

    class File final : public SessionFile {
    public:
        File(FakeSessionWriter& writer, fs::path path, std::uint64_t bytes)
            : writer_{writer}, path_{std::move(path)}, bytes_{bytes} {}

        [[nodiscard]] const fs::path& path() const override { return path_; }

        Result<Appended> append(const fs::path& segment) override {
            if (writer_.append_failure)
                return tl::unexpected(*writer_.append_failure);
            if (writer_.on_append)
                writer_.on_append();
            const auto reader = ring::SegmentReader::open(segment);
            Appended appended{Outcome::Written, {}};
            SessionMark& mark = appended.mark;
            mark.epoch = (*reader)->info().epoch;
            mark.number = (*reader)->info().number;
            mark.origin = mark.epoch == 0 ? MonoTime::from_ns(0) : (*reader)->info().first;
            mark.frames = {(*reader)->info().first};
            std::ofstream{path_, std::ios::app} << static_cast<char>('0' + mark.number);
            mark.bytes = ++bytes_;
            return appended;
        }

    private:
        FakeSessionWriter& writer_;
        fs::path path_;
        std::uint64_t bytes_;
    };

    Result<std::unique_ptr<SessionFile>>
    create(const fs::path& target, const SessionLabels&) override {
        fs::path file = target;
        file.replace_extension(".session.mp4.part");
        if (fs::exists(file))
            return fail(Errc::AlreadyExists, "the name is taken");
        if (!fs::exists(file.parent_path()))
            return fail(Errc::NotFound, "the folder is gone");
        std::ofstream{file} << "";
        return std::make_unique<File>(*this, file, 0);
    }

    Result<std::unique_ptr<SessionFile>> open(
        const fs::path& file,
        const SessionLabels&,
        const std::optional<SessionMark>& last) override {
        const std::uint64_t bytes = last ? last->bytes : 0;
        if (!fs::exists(file))
            return fail(Errc::NotFound, "the file is gone");
        fs::resize_file(file, bytes);
        return std::make_unique<File>(*this, file, bytes);
    }

    Result<WrittenFile>
    finish(const SessionFinish& session, std::stop_token stop, const ProgressFn&) override {
        ++finished;
        if (stop.stop_requested())
            return fail(Errc::Cancelled, "saving was cancelled");
        if (finish_failure)
            return tl::unexpected(*finish_failure);
        fs::path part = session.target;
        part += ".part";
        fs::copy_file(session.file, part, fs::copy_options::overwrite_existing);
        return name(session, part);
    }

    Result<WrittenFile> keep(const SessionFinish& session) override {
        ++kept;
        if (keep_failure)
            return tl::unexpected(*keep_failure);
        return name(session, session.file);
    }

private:
    static Result<WrittenFile> name(const SessionFinish& session, const fs::path& part) {
        fs::resize_file(part, session.marks.back().bytes);
        WrittenFile file;
        file.path = part;
        file.fps = {60, 1};
        for (const SessionMark& mark : session.marks)
            file.frames.insert(file.frames.end(), mark.frames.begin(), mark.frames.end());
        file.first_frame = file.frames.front();
        file.duration = file.frames.back() - file.frames.front();
        HINDSIGHT_TRY(session.before_naming(file));
        fs::rename(part, session.target);
        file.path = session.target;
        return file;
    }
};

class Sessions : public ::testing::Test {
protected:
    Sessions() {
        fs::create_directories(folder_.path() / "ring");
        fs::create_directories(clips());
        config_.clips.folder = clips().string();
        config_.clips.name = "{game}";
        ring_ = test::make_picture_ring(folder_.path() / "ring", Duration::from_ms(600'000));
        make();
    }

    /// Again: the process before was killed.
    void make() {
        for (test::QueuedExecutor* executor : {&control_, &worker_, &storer_})
            executor->drop_all();
        recorder_.reset();
        queue_ = std::make_unique<SaveQueue>(
            SaveDeps{
                clock_,
                clip_writer_,
                store_,
                nullptr,
                control_,
                storer_,
                storer_,
                storer_,
                capture_,
                input_,
                folder_.path() / "ring",
                folder_.path() / "pins",
                0},
            SaveEvents{},
            Log{"test"});
        SessionEvents events;
        events.failed = [this](const std::string&, const Error& error) { failure_ = error.what; };
        events.problem = [this](const std::string& sentence) { problem_ = sentence; };
        recorder_ = std::make_unique<SessionRecorder>(
            SessionDeps{
                clock_,
                writer_,
                *queue_,
                control_,
                worker_,
                capture_,
                folder_.path() / "ring",
                sessions(),
                1},
            events,
            Log{"test"});
        recorder_->set_config(config_);
    }

    [[nodiscard]] fs::path clips() const { return folder_.path() / "clips"; }

    [[nodiscard]] fs::path sessions() const { return folder_.path() / "sessions"; }

    [[nodiscard]] fs::path growing() const { return clips() / "Doom_session.session.mp4.part"; }

    void run() {
        while (control_.run_one() || worker_.run_one() || storer_.run_one()) {
        }
    }

    void record(int pictures, Duration apart = Duration::from_ms(1000)) {
        for (int i = 0; i < pictures; ++i) {
            test::append_picture(*ring_, clock_.now());
            clock_.advance(apart);
        }
    }

    void ask() {
        answer_.reset();
        recorder_->start("", {"Doom", "doom"}, clock_.now(), [this](const auto& answer) {
            EXPECT_FALSE(answer_) << "answered twice";
            answer_ = answer;
        });
    }

    std::string begin() {
        ask();
        EXPECT_TRUE(worker_.run_one() && control_.run_one());
        EXPECT_TRUE(answer_ && *answer_);
        return answer_ && *answer_ ? **answer_ : "";
    }

    [[nodiscard]] Errc refusal() const {
        return answer_ && !*answer_ ? answer_->error().code : Errc{};
    }

    [[nodiscard]] bool no_session_is_there() const {
        return recorder_->status()["state"] == "none" && fs::is_empty(sessions());
    }

    /// From the third segment on the session's log takes no more: it lies aside as `.old`.
    fs::path fill_memory_at_third_note(const std::string& id) {
        const fs::path log = sessions() / id / "log.jsonl";
        writer_.on_append = [log, appended = 0]() mutable {
            if (++appended == 3) {
                fs::rename(log, log.string() + ".old");
                fs::create_directory(log);
            }
        };
        return log;
    }

    /// Everything that is sealed is written.
    void follow() {
        recorder_->tick();
        run();
    }

    void end(const std::string& id) {
        EXPECT_TRUE(recorder_->stop());
        recorder_->reached(id);
        run();
    }

    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator{clips()}, fs::directory_iterator{}));
    }

    test::ManualClock clock_;
    test::TemporaryFolder folder_;
    FakeSessionWriter writer_;
    test::FakeWriter clip_writer_;
    test::FakeStore store_;
    test::QueuedExecutor control_;
    test::QueuedExecutor worker_;
    test::QueuedExecutor storer_;
    test::FakeLink capture_;
    test::FakeLink input_;
    config::Config config_;
    std::optional<Result<std::string>> answer_;
    std::string failure_;
    std::string problem_;
    std::unique_ptr<ring::RingWriter> ring_;
    std::unique_ptr<SaveQueue> queue_;
    std::unique_ptr<SessionRecorder> recorder_;
};

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
