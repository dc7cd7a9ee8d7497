// The disk fails at every single write of a clip and of a session, once with each error.

#include "coded_footage.hpp"
#include "disk_faults.hpp"

#include <hindsight/mux/mp4_clip_writer.hpp>
#include <hindsight/mux/mp4_session_writer.hpp>
#include <hindsight/ring/ring_writer.hpp>
#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/ring/snapshot.hpp>

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cerrno>

namespace hindsight {
namespace {

using namespace testing;
namespace fs = std::filesystem;

struct Fault {
    int error;
    Errc code;
    const char* name;
};

constexpr Fault kFaults[] = {
    {ENOSPC, Errc::NoSpace, "NoSpace"},
    {EIO, Errc::Io, "InputOutputError"},
};

void PrintTo(const Fault& fault, std::ostream* stream) {
    *stream << fault.name;
}

class DiskFaults : public ::testing::TestWithParam<Fault> {
public:
    DiskFaults() {
        std::string name = "/dev/shm/hindsight-faults-test-XXXXXX";
        folder_ = ::mkdtemp(name.data());
        fs::create_directory(clips());
        const CodedFootage footage =
            encode_footage({.width = 640, .height = 360, .frames = 90, .crf = 26, .noise = true});
        auto ring = ring::RingWriter::create({.folder = folder_ / "ring"}, Log{"ring"});
        EXPECT_TRUE(ring) << ring.error().what;
        ring_ = *std::move(ring);
        EXPECT_TRUE(ring_->begin_epoch(1, footage.streams));
        append_footage(*ring_, footage);
        ring_->seal();
        segments_ = ring::pin_segments(folder_ / "ring", "av", {}, folder_ / "pin")
                        .value_or(std::vector<fs::path>{});
    }

    ~DiskFaults() override {
        fail_call(0, 0);
        ring_.reset();
        std::error_code error;
        fs::remove_all(folder_, error);
    }

    [[nodiscard]] fs::path clips() const { return folder_ / "clips"; }

    [[nodiscard]] std::size_t files_in(const fs::path& folder) const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
    }

    Result<std::vector<WrittenFile>> write_clip() {
        WriteRequest request;
        request.segments = segments_;
        request.target = clips() / "clip.mp4";
        return make_mp4_clip_writer(Log{"mux"})->write(request, {}, {});
    }

    fs::path folder_;
    std::unique_ptr<ring::RingWriter> ring_;
    std::vector<fs::path> segments_;
};

TEST_P(DiskFaults, AtAnyWriteOfAClipLeaveNoHalfFileAndARetryWorks) {
    ASSERT_EQ(segments_.size(), 3U);
    fail_call(0, 0);
    ASSERT_TRUE(write_clip());
    const std::size_t all = calls();
    ASSERT_GT(all, 5U) << "the clip is too small to fail in many places";
    fs::remove(clips() / "clip.mp4");
    for (std::size_t nth = 1; nth <= all; ++nth) {
        fail_call(nth, GetParam().error);
        const auto written = write_clip();
        fail_call(0, 0);
        ASSERT_FALSE(written) << "call " << nth;
        EXPECT_EQ(written.error().code, GetParam().code)
            << "call " << nth << ": " << written.error().what;
        EXPECT_EQ(files_in(clips()), 0U) << "call " << nth;
        EXPECT_EQ(files_in(folder_ / "pin"), 3U);
        const auto again = write_clip();
        ASSERT_TRUE(again) << "call " << nth << ": " << again.error().what;
        EXPECT_EQ(again->front().frames.size(), 90U);
        fs::remove(again->front().path);
    }
}

/// A session of the segments, as far as the disk takes it.
struct FaultySession {
    std::unique_ptr<SessionWriter> writer = make_mp4_session_writer(Log{"mux"});
    std::vector<SessionMark> marks;
    SessionFinish request;

    explicit FaultySession(const fs::path& folder) {
        request.target = folder / "game.mp4";
        request.file = folder / "game.session.mp4.part";
    }

    Result<> write(const std::vector<fs::path>& segments) {
        std::error_code error;
        fs::remove(request.file, error);
        marks.clear();
        HINDSIGHT_ASSIGN(const auto file, writer->create(request.target, {}));
        Result<> result;
        for (const fs::path& segment : segments) {
            const auto appended = file->append(segment);
            if (!appended) {
                result = tl::unexpected(appended.error());
                EXPECT_FALSE(file->append(segment)) << "a broken file is written on";
                break;
            }
            marks.push_back(appended->mark);
        }
        request.marks = marks;
        return result;
    }
};

TEST_P(DiskFaults, AtAnyWriteOfASessionLeaveWhatWasWrittenBefore) {
    FaultySession session{clips()};
    fail_call(0, 0);
    ASSERT_TRUE(session.write(segments_));
    const std::size_t all = calls();
    ASSERT_GT(all, 5U);
    for (std::size_t nth = 1; nth <= all; ++nth) {
        fail_call(nth, GetParam().error);
        const auto written = session.write(segments_);
        fail_call(0, 0);
        ASSERT_FALSE(written) << "call " << nth;
        EXPECT_EQ(written.error().code, GetParam().code) << "call " << nth;
        if (session.marks.empty())
            continue;
        // Also where the disk did not even let the torn end be cut off.
        const auto finished = session.writer->finish(session.request, {}, {});
        ASSERT_TRUE(finished) << "call " << nth << ": " << finished.error().what;
        EXPECT_EQ(finished->frames.size(), 30 * session.marks.size());
        fs::remove(finished->path);
    }
}

TEST_P(DiskFaults, AtAnyCallOfFinishingASessionLeaveTheGrownFile) {
    FaultySession session{clips()};
    fail_call(0, 0);
    ASSERT_TRUE(session.write(segments_));
    fail_call(0, 0);
    fail_reads_too();
    ASSERT_TRUE(session.writer->finish(session.request, {}, {}));
    const std::size_t all = calls();
    ASSERT_GT(all, 8U);
    fs::remove(clips() / "game.mp4");
    for (std::size_t nth = 1; nth <= all; ++nth) {
        fail_call(nth, GetParam().error);
        fail_reads_too();
        const auto finished = session.writer->finish(session.request, {}, {});
        fail_call(0, 0);
        ASSERT_FALSE(finished) << "call " << nth;
        EXPECT_EQ(files_in(clips()), 1U) << "call " << nth;
        EXPECT_EQ(fs::file_size(session.request.file), session.marks.back().bytes);
    }
    fail_call(1, GetParam().error);
    EXPECT_FALSE(session.writer->keep(session.request)) << "it was not brought to the disk";
    fail_call(0, 0);
    const auto kept = session.writer->keep(session.request);
    ASSERT_TRUE(kept) << kept.error().what;
    EXPECT_EQ(kept->frames.size(), 90U);
}

INSTANTIATE_TEST_SUITE_P(Error, DiskFaults, ::testing::ValuesIn(kFaults), [](const auto& fault) {
    return std::string{fault.param.name};
});

}  // namespace
}  // namespace hindsight
