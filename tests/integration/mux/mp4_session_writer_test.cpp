// A session while it grows, after it was interrupted, and when it is finished.

#include "coded_footage.hpp"

#include <hindsight/mux/mp4_session_writer.hpp>
#include <hindsight/ring/ring_writer.hpp>
#include <hindsight/ring/segment_reader.hpp>

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <fstream>
#include <numeric>

namespace hindsight {
namespace {

using namespace testing;
namespace fs = std::filesystem;

constexpr MonoTime kStart = MonoTime::from_ns(10'000'000'000);
const SessionLabels kLabels{"A title", "Doom", "Recorded", 1'700'000'000'000};

std::vector<int> count(int from, int to) {
    std::vector<int> numbers(static_cast<std::size_t>(to - from));
    std::iota(numbers.begin(), numbers.end(), from);
    return numbers;
}

class SessionMuxer : public ::testing::Test {
public:
    SessionMuxer() {
        std::string name = "/dev/shm/hindsight-session-test-XXXXXX";
        folder_ = ::mkdtemp(name.data());
        fs::create_directory(folder_ / "clips");
    }

    ~SessionMuxer() override {
        ring_.reset();
        std::error_code error;
        fs::remove_all(folder_, error);
    }

    [[nodiscard]] fs::path growing() const { return folder_ / "clips/game.session.mp4.part"; }

    void record(const FootageOptions& options) { record(encode_footage(options)); }

    void record(const CodedFootage& footage) {
        if (ring_ == nullptr)
            ring_ = *ring::RingWriter::create({.folder = folder_ / "ring"}, Log{"ring"});
        ASSERT_TRUE(ring_->begin_epoch(ring_->last_epoch() + 1, footage.streams));
        append_footage(*ring_, footage);
        ring_->seal();
    }

    [[nodiscard]] std::vector<fs::path> segments() const {
        return ring::list_segments(folder_ / "ring", "av");
    }

    void open(const std::optional<SessionMark>& last = {}) {
        file_.reset();
        auto file = last ? writer_->open(growing(), kLabels, last)
                         : writer_->create(folder_ / "clips/game.mp4", kLabels);
        ASSERT_TRUE(file) << file.error().what;
        file_ = *std::move(file);
        EXPECT_EQ(file_->path(), growing());
    }

    /// Appends segments [from, to) and keeps their marks.
    void append(std::size_t from, std::size_t to) {
        const auto all = segments();
        for (std::size_t i = from; i < std::min(to, all.size()); ++i) {
            const auto appended = file_->append(all[i]);
            ASSERT_TRUE(appended) << appended.error().what;
            ASSERT_EQ(appended->outcome, SessionFile::Outcome::Written);
            marks_.push_back(appended->mark);
        }
    }

    [[nodiscard]] SessionFinish finish_request() const {
        SessionFinish request;
        request.file = growing();
        request.marks = marks_;
        request.target = folder_ / "clips/game.mp4";
        request.labels = kLabels;
        request.chapters = {{kStart + Duration::from_ms(1500), "Marker"}};
        return request;
    }

    /// Bytes of the growing file become zeros.
    void spoil(std::uint64_t at, std::uint64_t bytes) const {
        std::fstream file{growing(), std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(static_cast<std::streamoff>(at));
        file << std::string(static_cast<std::size_t>(bytes), '\0');
    }

    WrittenFile finish() {
        const auto written = writer_->finish(finish_request(), {}, {});
        EXPECT_TRUE(written) << written.error().what;
        return written.value_or(WrittenFile{});
    }

    std::unique_ptr<SessionWriter> writer_ = make_mp4_session_writer(Log{"mux"});
    fs::path folder_;
    std::unique_ptr<ring::RingWriter> ring_;
    std::unique_ptr<SessionFile> file_;
    std::vector<SessionMark> marks_;
};

TEST_F(SessionMuxer, ShowsEveryFrameOfTheRingOnceWhenItIsFinished) {
    record({.frames = 150});
    open();
    append(0, SIZE_MAX);
    const WrittenFile written = finish();
    EXPECT_EQ(written.path, folder_ / "clips/game.mp4");
    EXPECT_EQ(shown_numbers(written.path, 320, 180), count(0, 150));
    EXPECT_EQ(written.duration, Duration::from_ms(5000));
    EXPECT_EQ(written.first_frame, kStart);
    EXPECT_EQ(written.frames.size(), 150U);
    EXPECT_EQ(written.fps, (Rational{30, 1}));
    EXPECT_TRUE(written.gaps.empty());
    const std::string chapters =
        output_of("ffprobe -v error -show_chapters -of csv=p=0 " + written.path.string());
    EXPECT_NE(chapters.find("Marker"), std::string::npos) << chapters;
}

/// So many fragments that FFmpeg is not shown all of them at once.
TEST_F(SessionMuxer, IsReadInPiecesAndFinishedWhole) {
    record({.gop = 1, .frames = 630});
    open();
    append(0, SIZE_MAX);
    ASSERT_EQ(marks_.size(), 630U);
    const WrittenFile written = finish();
    EXPECT_EQ(shown_numbers(written.path, 320, 180), count(0, 630));
    const auto beeps = beep_times(written.path);
    ASSERT_GE(beeps.size(), 20U);
    for (const double t : beeps)
        EXPECT_NEAR(t, std::round(t), 0.03);

    fs::remove(written.path);
    spoil(marks_[610].bytes - 50, 20);
    const auto refused = writer_->finish(finish_request(), {}, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::Corrupt);
}

TEST_F(SessionMuxer, SoundStaysInStepWithThePicture) {
    record({.frames = 150});
    open();
    append(0, SIZE_MAX);
    const auto beeps = beep_times(finish().path);
    ASSERT_GE(beeps.size(), 4U);
    for (const double t : beeps)
        EXPECT_NEAR(t, std::round(t), 0.03);
}

TEST_F(SessionMuxer, ASoundThatNeverCameHasNoTrackInTheFinishedFile) {
    record(without_sound(encode_footage({.audio_tracks = 2}), 0, MonoTime::min()));
    open();
    append(0, SIZE_MAX);
    const WrittenFile written = finish();
    EXPECT_EQ(shown_numbers(written.path, 320, 180), count(0, 150));
    EXPECT_GE(beep_times(written.path).size(), 4U);
}

TEST_F(SessionMuxer, CanBePlayedWhileItGrows) {
    record({.frames = 150});
    open();
    append(0, 2);
    EXPECT_EQ(shown_numbers(growing(), 320, 180), count(0, 60));
    append(2, 3);
    EXPECT_EQ(shown_numbers(growing(), 320, 180), count(0, 90));
}

TEST_F(SessionMuxer, GoesOnWhereAKilledWriterHadNotedItsEnd) {
    record({.frames = 150});
    open();
    append(0, 2);
    // Half a fragment that nobody noted, as a kill leaves it.
    file_.reset();
    std::ofstream{growing(), std::ios::app | std::ios::binary} << std::string(5'000, 'x');
    open(marks_.back());
    append(2, SIZE_MAX);
    const WrittenFile written = finish();
    EXPECT_EQ(shown_numbers(written.path, 320, 180), count(0, 150));
    EXPECT_TRUE(written.gaps.empty());
}

TEST_F(SessionMuxer, HoldsTheTimeBetweenTwoEpochsAsAGap) {
    record({.frames = 60});
    record({.frames = 60, .first_number = 60, .start = kStart + Duration::from_ms(4000)});
    open();
    append(0, SIZE_MAX);
    const WrittenFile written = finish();
    EXPECT_EQ(shown_numbers(written.path, 320, 180).size(), 120U);
    EXPECT_EQ(written.duration, Duration::from_ms(6000));
    ASSERT_EQ(written.gaps.size(), 1U);
    EXPECT_EQ(written.gaps.front().t, Duration::from_ms(2000));
    EXPECT_EQ(written.gaps.front().length, Duration::from_ms(2000));
}

TEST_F(SessionMuxer, LeavesFootageOfAnotherSizeToTheNextFile) {
    record({.frames = 60});
    record({.width = 640, .height = 360, .frames = 30, .start = kStart + Duration::from_ms(2000)});
    open();
    append(0, 2);
    const auto before = fs::file_size(growing());
    auto other = file_->append(segments().back());
    ASSERT_TRUE(other) << other.error().what;
    EXPECT_EQ(other->outcome, SessionFile::Outcome::OtherStreams);
    open(marks_.back());
    other = file_->append(segments().back());
    ASSERT_TRUE(other) << other.error().what;
    EXPECT_EQ(other->outcome, SessionFile::Outcome::OtherStreams);
    EXPECT_EQ(fs::file_size(growing()), before);
    EXPECT_EQ(finish().duration, Duration::from_ms(2000));
}

TEST_F(SessionMuxer, AByteThatChangedOnTheDiskIsFoundBeforeTheFileIsReplaced) {
    record({.frames = 150});
    open();
    append(0, SIZE_MAX);
    std::fstream file{growing(), std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(static_cast<std::streamoff>(marks_.back().bytes - 2'000));
    file.put('\x55').put('\x66');
    file.close();
    const auto written = writer_->finish(finish_request(), {}, {});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::Corrupt) << written.error().what;
    EXPECT_FALSE(fs::exists(folder_ / "clips/game.mp4"));
    EXPECT_TRUE(fs::exists(growing()));
}

TEST_F(SessionMuxer, IsKeptAsItIsWhereASecondCopyHasNoRoom) {
    record({.frames = 90});
    open();
    append(0, SIZE_MAX);
    std::ofstream{folder_ / "clips/game.mp4"} << "taken";
    file_.reset();
    const auto kept = writer_->keep(finish_request());
    ASSERT_TRUE(kept) << kept.error().what;
    EXPECT_EQ(kept->path, folder_ / "clips/game_2.mp4");
    EXPECT_FALSE(fs::exists(growing()));
    EXPECT_EQ(shown_numbers(kept->path, 320, 180), count(0, 90));
}

TEST_F(SessionMuxer, BeginsBesideTheFileOfAnEarlierOneOfTheSameName) {
    const std::string before = "the only copy of an earlier evening";
    std::ofstream{growing()} << before;
    record({.frames = 30});
    auto file = writer_->create(folder_ / "clips/game.mp4", kLabels);
    ASSERT_TRUE(file) << file.error().what;
    EXPECT_EQ((*file)->path(), folder_ / "clips/game_2.session.mp4.part");
    ASSERT_TRUE((*file)->append(segments().front()));
    EXPECT_EQ(fs::file_size(growing()), before.size());
}

TEST_F(SessionMuxer, AFileThatSomebodyWritesIsNotCutByWhoComesSecond) {
    record({.frames = 30});
    open();
    append(0, 1);
    const auto bytes = fs::file_size(growing());
    EXPECT_FALSE(writer_->open(growing(), kLabels, std::nullopt));
    EXPECT_EQ(fs::file_size(growing()), bytes);
}

TEST_F(SessionMuxer, EndsBehindItsLastMarkWhateverLiesThere) {
    record({.frames = 90});
    open();
    append(0, SIZE_MAX);
    file_.reset();
    // The last fragment was written, and nobody could note it.
    marks_.pop_back();
    EXPECT_EQ(shown_numbers(finish().path, 320, 180), count(0, 60));
    const auto kept = writer_->keep(finish_request());
    ASSERT_TRUE(kept) << kept.error().what;
    EXPECT_EQ(fs::file_size(kept->path), marks_.back().bytes);
    EXPECT_EQ(shown_numbers(kept->path, 320, 180), count(0, 60));
}

TEST_F(SessionMuxer, BeginsOneRunAfterARestart) {
    record({.frames = 60});
    record({.frames = 90, .first_number = 60, .start = kStart + Duration::from_ms(4000)});
    open();
    append(0, 2);
    open(marks_.back());
    // The machine was too slow for all of the second after the first one.
    append(2, 3);
    append(4, 5);
    EXPECT_EQ(marks_[2].missed_frames, 0);
    EXPECT_EQ(marks_[3].missed_frames, 30);
}

TEST_F(SessionMuxer, TellsOfItsKeptFileWhatItTellsOfTheFinishedOne) {
    record({.frames = 60});
    record({.frames = 60, .first_number = 60, .start = kStart + Duration::from_ms(4000)});
    open();
    append(0, SIZE_MAX);
    file_.reset();
    const WrittenFile finished = finish();
    const auto kept = writer_->keep(finish_request());
    ASSERT_TRUE(kept) << kept.error().what;
    EXPECT_EQ(kept->duration, finished.duration);
    EXPECT_EQ(kept->frames, finished.frames);
    EXPECT_EQ(kept->keyframes, finished.keyframes);
    EXPECT_EQ(kept->gaps, finished.gaps);
    EXPECT_EQ(kept->fps, (Rational{30, 1}));
    EXPECT_EQ(kept->width, 320);
}

TEST_F(SessionMuxer, IsNotKeptWhenItsLastKeyframeCannotBeDecoded) {
    record({.frames = 90});
    open();
    append(0, SIZE_MAX);
    file_.reset();
    spoil(marks_[1].bytes + 600, 400);
    const auto kept = writer_->keep(finish_request());
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().code, Errc::Corrupt) << kept.error().what;
    EXPECT_TRUE(fs::exists(growing()));
}

TEST_F(SessionMuxer, ThatAPowerCutLeftBecomesAClipUpToItsLastWholeFragment) {
    record({.frames = 150});
    open();
    append(0, SIZE_MAX);
    file_.reset();
    // The last fragment is torn, and of the one before only zeros have reached the disk.
    fs::resize_file(growing(), marks_.back().bytes - 100);
    spoil(marks_[2].bytes + 400, marks_[3].bytes - marks_[2].bytes - 400);
    std::ofstream{folder_ / "clips/game.mp4"} << "taken";
    const auto clip = rescue_session(growing());
    ASSERT_TRUE(clip) << clip.error().what;
    EXPECT_EQ(*clip, folder_ / "clips/game_2.mp4");
    EXPECT_FALSE(fs::exists(growing()));
    EXPECT_EQ(shown_numbers(*clip, 320, 180), count(0, 90));
    const std::string tags = output_of(
        "ffprobe -v error -show_entries format_tags=title,album -of csv=p=0 " + clip->string());
    EXPECT_NE(tags.find("A title"), std::string::npos) << tags;
    EXPECT_NE(tags.find("Doom"), std::string::npos) << tags;
}

TEST_F(SessionMuxer, ThatWasRescuedTellsWhenItsPicturesWere) {
    record({.frames = 150});
    open();
    append(0, SIZE_MAX);
    file_.reset();
    const auto clip = rescue_session(growing());
    ASSERT_TRUE(clip) << clip.error().what;
    const auto times = session_frame_times(*clip);
    ASSERT_TRUE(times) << times.error().what;
    std::vector<MonoTime> frames;
    for (const SessionMark& mark : marks_)
        frames.insert(frames.end(), mark.frames.begin(), mark.frames.end());
    ASSERT_EQ(times->size(), frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i)
        EXPECT_LT(std::abs((marks_.front().origin + (*times)[i] - frames[i]).ns()), 100'000) << i;
}

TEST_F(SessionMuxer, IsNotRescuedWhileItIsWrittenAndWithoutFootageItGoes) {
    record({.frames = 30});
    open();
    const auto written = rescue_session(growing());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::Busy);
    file_.reset();
    const auto empty = rescue_session(growing());
    ASSERT_TRUE(empty) << empty.error().what;
    EXPECT_TRUE(empty->empty());
    EXPECT_FALSE(fs::exists(growing()));
    std::ofstream{growing()} << std::string(2u << 20, 'x');
    EXPECT_FALSE(rescue_session(growing())) << "it is not one of ours";
    EXPECT_TRUE(fs::exists(growing()));
}

TEST_F(SessionMuxer, TellsItsProgressSeldomEnoughForWhoListens) {
    record({.frames = 900});
    open();
    append(0, SIZE_MAX);
    std::vector<double> told;
    const auto begun = std::chrono::steady_clock::now();
    const auto written =
        writer_->finish(finish_request(), {}, [&](double value) { told.push_back(value); });
    const auto taken = std::chrono::steady_clock::now() - begun;
    ASSERT_TRUE(written) << written.error().what;
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back(), 1.0);
    EXPECT_LE(told.size(), 4U + static_cast<std::size_t>(taken / std::chrono::milliseconds{150}));
}

TEST_F(SessionMuxer, TwoWritersNeverShareAFile) {
    record({.frames = 30});
    open();
    append(0, 1);
    const auto second = writer_->open(growing(), kLabels, marks_.back());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Busy);
}

}  // namespace
}  // namespace hindsight
