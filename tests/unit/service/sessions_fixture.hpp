#pragma once

// A session recorder between fakes, with a ring that is real and a disk that does as it is told.

#include "service_fakes.hpp"
#include "session_journal.hpp"

#include <hindsight/actions/action.hpp>
#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/service/session_recorder.hpp>
#include <hindsight/service/sidecar_writer.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::service {

/// Of the picture that was recorded in this second after the start of the test.
inline char digit_of(MonoTime t) {
    return static_cast<char>('0' + (t - test::ManualClock{}.now()).ms() / 1000);
}

/// Writes a digit for each segment.
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
        File(FakeSessionWriter& writer, std::filesystem::path path, std::uint64_t bytes)
            : writer_{writer}, path_{std::move(path)}, bytes_{bytes} {}

        [[nodiscard]] const std::filesystem::path& path() const override { return path_; }

        Result<Appended> append(const std::filesystem::path& segment) override {
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
            std::ofstream{path_, std::ios::app} << digit_of(mark.frames.front());
            mark.bytes = ++bytes_;
            return appended;
        }

    private:
        FakeSessionWriter& writer_;
        std::filesystem::path path_;
        std::uint64_t bytes_;
    };

    Result<std::unique_ptr<SessionFile>>
    create(const std::filesystem::path& target, const SessionLabels&) override {
        std::filesystem::path file = target;
        file.replace_extension(kSessionEnding);
        if (std::filesystem::exists(file))
            return fail(Errc::AlreadyExists, "the name is taken");
        if (!std::filesystem::exists(file.parent_path()))
            return fail(Errc::NotFound, "the folder is gone");
        std::ofstream{file} << "";
        return std::make_unique<File>(*this, file, 0);
    }

    Result<std::unique_ptr<SessionFile>> open(
        const std::filesystem::path& file,
        const SessionLabels&,
        const std::optional<SessionMark>& last) override {
        const std::uint64_t bytes = last ? last->bytes : 0;
        if (!std::filesystem::exists(file))
            return fail(Errc::NotFound, "the file is gone");
        std::filesystem::resize_file(file, bytes);
        return std::make_unique<File>(*this, file, bytes);
    }

    Result<WrittenFile>
    finish(const SessionFinish& session, std::stop_token stop, const ProgressFn&) override {
        ++finished;
        if (stop.stop_requested())
            return fail(Errc::Cancelled, "saving was cancelled");
        if (finish_failure)
            return tl::unexpected(*finish_failure);
        std::filesystem::path part = session.target;
        part += ".part";
        std::filesystem::copy_file(
            session.file, part, std::filesystem::copy_options::overwrite_existing);
        return name(session, part);
    }

    Result<WrittenFile> keep(const SessionFinish& session) override {
        ++kept;
        if (keep_failure)
            return tl::unexpected(*keep_failure);
        return name(session, session.file);
    }

private:
    static Result<WrittenFile>
    name(const SessionFinish& session, const std::filesystem::path& part) {
        std::filesystem::resize_file(part, session.marks.back().bytes);
        WrittenFile file;
        file.path = part;
        file.fps = {60, 1};
        for (const SessionMark& mark : session.marks)
            file.frames.insert(file.frames.end(), mark.frames.begin(), mark.frames.end());
        file.first_frame = file.frames.front();
        file.duration = file.frames.back() - file.frames.front();
        HINDSIGHT_TRY(session.before_naming(file));
        std::filesystem::rename(part, session.target);
        file.path = session.target;
        return file;
    }
};

/// Remembers what was to be written beside clips.
class ListeningSidecars final : public SidecarWriter {
public:
    std::vector<std::vector<actions::ActionRecord>> written;

    Result<SidecarResult> write(const SidecarRequest& request) override {
        written.push_back(request.records);
        return SidecarResult{};
    }

    Result<> set_train(const std::filesystem::path&, bool) override { return {}; }

    Result<std::vector<ClipOnset>> read_onsets(const std::filesystem::path&) override {
        return std::vector<ClipOnset>{};
    }
};

class Sessions : public ::testing::Test {
protected:
    Sessions() {
        std::filesystem::create_directories(folder_.path() / "ring");
        std::filesystem::create_directories(clips());
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
                &sidecars_,
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
        queue_->input_up_to(MonoTime::max());
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

    [[nodiscard]] std::filesystem::path clips() const { return folder_.path() / "clips"; }

    [[nodiscard]] std::filesystem::path sessions() const { return folder_.path() / "sessions"; }

    [[nodiscard]] std::filesystem::path growing() const {
        return clips() / "Doom_session.session.mp4.part";
    }

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
        return recorder_->status()["state"] == "none" && std::filesystem::is_empty(sessions());
    }

    /// From the third segment on the session's log takes no more: it lies aside as `.old`.
    std::filesystem::path fill_memory_at_third_note(const std::string& id) {
        std::filesystem::path log = sessions() / id / "log.jsonl";
        writer_.on_append = [log, appended = 0]() mutable {
            if (++appended == 3) {
                std::filesystem::rename(log, log.string() + ".old");
                std::filesystem::create_directory(log);
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
        return static_cast<std::size_t>(std::distance(
            std::filesystem::directory_iterator{clips()}, std::filesystem::directory_iterator{}));
    }

    test::ManualClock clock_;
    test::TemporaryFolder folder_;
    FakeSessionWriter writer_;
    test::FakeWriter clip_writer_;
    test::FakeStore store_;
    ListeningSidecars sidecars_;
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

}  // namespace hindsight::service
