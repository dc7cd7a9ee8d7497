#include "coded_footage.hpp"

#include <hindsight/mux/mp4_clip_writer.hpp>
#include <hindsight/ring/ring_writer.hpp>
#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/thumbnail/thumbnail.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace hindsight {
namespace {

namespace fs = std::filesystem;
using testing::encode_footage;
using testing::shown_numbers;

/// One real clip: frames 45 to 119 of five seconds, with a hidden lead-in from 30.
class Thumbnail : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        std::string name = "/dev/shm/hindsight-thumbnail-test-XXXXXX";
        folder = ::mkdtemp(name.data());
        const auto footage = encode_footage({.audio_tracks = 2});
        auto ring = *ring::RingWriter::create({.folder = folder / "ring"}, Log{"ring"});
        ASSERT_TRUE(ring->begin_epoch(1, footage.streams));
        append_footage(*ring, footage);
        WriteRequest request;
        request.segments = ring::list_segments(folder / "ring", "av");
        request.from = MonoTime::from_ns(11'500'000'000);
        request.to = MonoTime::from_ns(14'000'000'000);
        request.target = clip();
        request.title = "A title";
        request.game = "A game";
        const auto written = make_mp4_clip_writer(Log{"mux"})->write(request, {}, {});
        ASSERT_TRUE(written) << written.error().what;
    }

    static void TearDownTestSuite() { fs::remove_all(folder); }

    static fs::path clip() { return folder / "a clip: 100% odd.mp4"; }

    static inline fs::path folder;
};

TEST_F(Thumbnail, ProbeTellsWhatTheClipHolds) {
    const auto probed = probe_clip(clip());
    ASSERT_TRUE(probed) << probed.error().what;
    EXPECT_EQ(probed->duration, Duration::from_ms(2'500));
    EXPECT_EQ(probed->width, 320);
    EXPECT_EQ(probed->height, 180);
    EXPECT_EQ(probed->fps, (Rational{30, 1}));
    EXPECT_EQ(probed->title, "A title");
    EXPECT_EQ(probed->game, "A game");
    ASSERT_EQ(probed->tracks.size(), 3u);
    EXPECT_EQ(probed->tracks[0].codec, "h264");
    EXPECT_EQ(probed->tracks[1].title, "Desktop");
    EXPECT_EQ(probed->tracks[2].title, "Microphone");
}

TEST_F(Thumbnail, ShowsTheFirstVisibleFrameAndNotTheLeadIn) {
    for (const char* name : {"first.png", "first.jpg"}) {
        const auto written = write_thumbnail(clip(), Duration::zero(), 320, folder / name);
        ASSERT_TRUE(written) << written.error().what;
        EXPECT_EQ(shown_numbers(folder / name, 320, 180), std::vector<int>{45}) << name;
    }
}

TEST_F(Thumbnail, ShowsTheKeyframeBeforeTheAskedTime) {
    // 1.7 s into the clip is frame 96; its keyframe is 90.
    const auto target = folder / "deep" / "folder" / "later.png";
    ASSERT_TRUE(write_thumbnail(clip(), Duration::from_ms(1'700), 320, target));
    EXPECT_EQ(shown_numbers(target, 320, 180), std::vector<int>{90});
    ASSERT_TRUE(write_thumbnail(clip(), Duration::from_ms(900'000), 320, target));
    EXPECT_EQ(shown_numbers(target, 320, 180), std::vector<int>{90});
}

TEST_F(Thumbnail, IsScaledAndReplacesAnOlderOne) {
    const auto target = folder / "small.png";
    std::ofstream{target} << "old";
    ASSERT_TRUE(write_thumbnail(clip(), Duration::zero(), 160, target));
    const auto probed = probe_clip(target);
    ASSERT_TRUE(probed) << probed.error().what;
    EXPECT_EQ(probed->width, 160);
    EXPECT_EQ(probed->height, 90);
    EXPECT_FALSE(fs::exists(folder / "small.png.part"));
}

TEST_F(Thumbnail, DamagedAndForeignFilesAreErrors) {
    const auto junk = folder / "junk.mp4";
    std::ofstream{junk} << std::string(10'000, 'x');
    EXPECT_FALSE(probe_clip(junk));
    EXPECT_FALSE(write_thumbnail(junk, Duration::zero(), 160, folder / "junk.png"));
    EXPECT_EQ(probe_clip(folder / "none.mp4").error().code, Errc::NotFound);
    EXPECT_EQ(
        write_thumbnail(clip(), Duration::zero(), 160, folder / "a.gif").error().code,
        Errc::InvalidArgument);
    fs::copy_file(clip(), folder / "cut.mp4");
    fs::resize_file(folder / "cut.mp4", 5'000);
    static_cast<void>(
        write_thumbnail(folder / "cut.mp4", Duration::from_ms(2'000), 160, folder / "cut.png"));
}

}  // namespace
}  // namespace hindsight
