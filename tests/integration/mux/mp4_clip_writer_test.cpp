#include "coded_footage.hpp"

#include <hindsight/mux/mp4_clip_writer.hpp>
#include <hindsight/ring/ring_writer.hpp>
#include <hindsight/ring/snapshot.hpp>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <numeric>
#include <thread>

namespace hindsight {
namespace {

using namespace testing;
using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr MonoTime kStart = MonoTime::from_ns(10'000'000'000);

MonoTime at(double seconds) {
    return kStart + Duration::from_seconds(seconds);
}

std::vector<int> count(int from, int to) {
    std::vector<int> numbers(static_cast<std::size_t>(to - from));
    std::iota(numbers.begin(), numbers.end(), from);
    return numbers;
}

/// A ring with footage, a folder for clips, and a writer.
class ClipMuxer : public ::testing::Test {
protected:
    ClipMuxer() {
        std::string name = "/dev/shm/hindsight-mux-test-XXXXXX";
        folder_ = ::mkdtemp(name.data());
        fs::create_directory(clips());
    }

    ~ClipMuxer() override {
        ring_.reset();
        std::error_code error;
        fs::remove_all(folder_, error);
    }

    [[nodiscard]] fs::path clips() const { return folder_ / "clips"; }

    void record(const CodedFootage& footage, std::size_t packets = SIZE_MAX) {
        if (ring_ == nullptr) {
            auto ring = ring::RingWriter::create({.folder = folder_ / "ring"}, Log{"ring"});
            ASSERT_TRUE(ring) << ring.error().what;
            ring_ = *std::move(ring);
        }
        const auto begun = ring_->begin_epoch(ring_->last_epoch() + 1, footage.streams);
        ASSERT_TRUE(begun) << begun.error().what;
        append_footage(*ring_, footage, 0, packets);
    }

    WriteRequest request(double from, double to, const char* name = "clip.mp4") {
        WriteRequest request;
        request.from = at(from);
        request.to = at(to);
        const auto pinned = ring::pin_segments(
            folder_ / "ring",
            "av",
            {request.from, request.to},
            folder_ / ("pin" + std::to_string(++pins_)));
        EXPECT_TRUE(pinned);
        request.segments = pinned.value_or(std::vector<fs::path>{});
        request.target = clips() / name;
        return request;
    }

    Result<std::vector<WrittenFile>> write(const WriteRequest& request, ProgressFn progress = {}) {
        return make_mp4_clip_writer(Log{"mux"})->write(request, {}, progress);
    }

    WrittenFile write_one(const WriteRequest& request) {
        const auto written = write(request);
        EXPECT_TRUE(written) << written.error().what;
        EXPECT_TRUE(!written || written->size() == 1);
        return written && !written->empty() ? written->front() : WrittenFile{};
    }

    [[nodiscard]] std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator{clips()})
            names.push_back(entry.path().filename());
        std::sort(names.begin(), names.end());
        return names;
    }

    fs::path folder_;
    std::unique_ptr<ring::RingWriter> ring_;
    int pins_ = 0;
};

TEST_F(ClipMuxer, WritesExactlyTheAskedFrames) {
    record(encode_footage({}));
    const WrittenFile clip = write_one(request(1.5, 4.0));
    EXPECT_EQ(shown_numbers(clip.path, 320, 180), count(45, 120));
    EXPECT_EQ(clip.first_frame, at(1.5));
    EXPECT_EQ(clip.duration, Duration::from_ms(2'500));
    ASSERT_EQ(clip.frames.size(), 75u);
    EXPECT_EQ(clip.frames.front(), at(1.5));
    EXPECT_LT(clip.frames.back(), at(4.0));
    EXPECT_THAT(
        clip.keyframes,
        ElementsAre(Duration::from_ms(-500), Duration::from_ms(500), Duration::from_ms(1'500)));
    EXPECT_THAT(files(), ElementsAre("clip.mp4"));
    EXPECT_EQ(clip.size_bytes, fs::file_size(clip.path));
}

TEST_F(ClipMuxer, AllStreamsShareOneOrigin) {
    record(encode_footage({.audio_tracks = 2}));
    const WrittenFile clip = write_one(request(1.5, 4.5));
    // Beeps lie on full seconds of the clock: half a second into the clip, and each second.
    for (const int track : {0, 1}) {
        EXPECT_THAT(
            beep_times(clip.path, track),
            ElementsAre(DoubleNear(0.5, 0.005), DoubleNear(1.5, 0.005), DoubleNear(2.5, 0.005)));
    }
}

}  // namespace
}  // namespace hindsight
