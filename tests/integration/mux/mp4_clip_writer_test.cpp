#include "coded_footage.hpp"

#include <hindsight/mux/mp4_clip_writer.hpp>
#include <hindsight/ring/ring_writer.hpp>
#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/ring/snapshot.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <numeric>
#include <stop_token>
#include <thread>

namespace hindsight {
namespace {

using namespace testing;
using ::testing::DoubleNear;
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
public:
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

    Result<std::vector<WrittenFile>>
    write(const WriteRequest& request, const ProgressFn& progress = {}) {
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

/// What ffprobe says, as JSON.
nlohmann::json probe(const fs::path& clip, const std::string& what) {
    return nlohmann::json::parse(
        output_of("ffprobe -v error -of json " + what + " 'file:" + clip.string() + "'"));
}

TEST_F(ClipMuxer, HidesTheLeadInByAnEditList) {
    record(encode_footage({}));
    const WrittenFile clip = write_one(request(1.5, 4.0));
    const auto stream = probe(clip.path, "-select_streams v -show_streams")["streams"][0];
    EXPECT_EQ(stream["width"], 320);
    EXPECT_EQ(stream["nb_frames"], "90");  // fifteen of them before the start
    const auto frames =
        probe(clip.path, "-select_streams v -show_entries frame=pts_time")["frames"];
    ASSERT_EQ(frames.size(), 75u);
    EXPECT_NEAR(std::stod(frames[0]["pts_time"].get<std::string>()), 0.0, 1e-6);
    EXPECT_NEAR(std::stod(frames[74]["pts_time"].get<std::string>()), 74.0 / 30, 1e-4);
}

TEST_F(ClipMuxer, PutsTheIndexFirst) {
    record(encode_footage({}));
    const WrittenFile clip = write_one(request(0, 5));
    std::ifstream file{clip.path, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    const auto moov = bytes.find("moov");
    ASSERT_NE(moov, std::string::npos);
    EXPECT_LT(moov, bytes.find("mdat"));
}

TEST_F(ClipMuxer, CarriesTitlesTracksAndChapters) {
    record(encode_footage({.audio_tracks = 2}));
    WriteRequest wish = request(1, 4);
    wish.title = "Öl; = \"quoted\"";
    wish.game = "Freedoom";
    wish.comment = "a comment";
    wish.created_ms = 1'700'000'000'000;
    wish.chapters = {{at(0.5), "before"}, {at(3), "second"}, {at(1.5), "first"}, {at(9), "after"}};
    const WrittenFile clip = write_one(wish);
    const auto all = probe(clip.path, "-show_format -show_streams -show_chapters");
    const auto& tags = all["format"]["tags"];
    EXPECT_EQ(tags["title"], wish.title);
    EXPECT_EQ(tags["album"], "Freedoom");
    EXPECT_EQ(tags["comment"], "a comment");
    EXPECT_THAT(tags["creation_time"].get<std::string>(), HasSubstr("2023-11-14T22:13:20"));
    EXPECT_EQ(all["streams"][1]["tags"]["handler_name"], "Desktop");
    EXPECT_EQ(all["streams"][2]["tags"]["handler_name"], "Microphone");
    EXPECT_EQ(all["streams"][1]["disposition"]["default"], 1);
    EXPECT_EQ(all["streams"][2]["disposition"]["default"], 0);
    ASSERT_EQ(all["chapters"].size(), 3u);
    EXPECT_EQ(all["chapters"][0]["tags"]["title"], "Start");
    EXPECT_EQ(all["chapters"][1]["tags"]["title"], "first");
    EXPECT_EQ(all["chapters"][1]["start_time"], "0.500000");
    EXPECT_EQ(all["chapters"][2]["start_time"], "2.000000");
    EXPECT_EQ(shown_numbers(clip.path, 320, 180), count(30, 120));
}

TEST_F(ClipMuxer, SavesASegmentThatIsStillBeingWritten) {
    const auto footage = encode_footage({});
    record(footage, footage.packets.size() - 30);
    const auto wish = request(3.0, 60.0);
    const std::size_t shown = write_one(wish).frames.size();
    EXPECT_GT(shown, 30u);
    // The same pinned files have grown meanwhile; a later save shows more.
    append_footage(*ring_, footage, footage.packets.size() - 30);
    EXPECT_EQ(shown_numbers(write_one(wish).path, 320, 180), count(90, 150));
}

TEST_F(ClipMuxer, TwoOverlappingSavesAreBothWhole) {
    record(encode_footage({}));
    const auto first = request(0.5, 3.5, "same.mp4");
    const auto second = request(2.0, 4.5, "same.mp4");
    WrittenFile a;
    WrittenFile b;
    {
        std::jthread one{[&] { a = write_one(first); }};
        std::jthread two{[&] { b = write_one(second); }};
    }
    EXPECT_NE(a.path, b.path);
    EXPECT_EQ(shown_numbers(a.path, 320, 180), count(15, 105));
    EXPECT_EQ(shown_numbers(b.path, 320, 180), count(60, 135));
    EXPECT_THAT(files(), ElementsAre("same.mp4", "same_2.mp4"));
}

TEST_F(ClipMuxer, NeverOverwrites) {
    record(encode_footage({.frames = 60}));
    std::ofstream{clips() / "clip.mp4"} << "somebody's own";
    fs::create_symlink("/nowhere", clips() / "clip_2.mp4");
    const WrittenFile clip = write_one(request(0, 2));
    EXPECT_EQ(clip.path, clips() / "clip_3.mp4");
    EXPECT_EQ(fs::file_size(clips() / "clip.mp4"), 14u);
    EXPECT_TRUE(fs::is_symlink(clips() / "clip_2.mp4"));
}

TEST_F(ClipMuxer, ReplacesThePartFileOfACrash) {
    record(encode_footage({.frames = 60}));
    std::ofstream{clips() / "clip.mp4.part"} << std::string(5'000'000, 'x');
    write_one(request(0, 2));
    EXPECT_THAT(files(), ElementsAre("clip.mp4"));
}

TEST_F(ClipMuxer, JoinsEqualEpochsAndListsTheHole) {
    record(encode_footage({.frames = 45}));
    // The recorder was gone from 1.5 s to 2.5 s.
    record(encode_footage({.frames = 60, .first_number = 500, .start = at(2.5)}));
    const WrittenFile clip = write_one(request(0.5, 3.9));
    auto expected = count(15, 45);
    const auto rest = count(500, 542);
    expected.insert(expected.end(), rest.begin(), rest.end());
    EXPECT_EQ(shown_numbers(clip.path, 320, 180), expected);
    EXPECT_EQ(clip.duration, Duration::from_ms(3'400));
    ASSERT_EQ(clip.gaps.size(), 1u);
    EXPECT_EQ(clip.gaps[0], (ClipGap{Duration::from_ms(1'000), Duration::from_ms(1'000)}));
    EXPECT_EQ(clip.frames.size(), 72u);
    // Sound lies where it was heard: beeps at 1 s and 3 s; the one at 2 s fell into the hole.
    EXPECT_THAT(beep_times(clip.path), ElementsAre(DoubleNear(0.5, 0.025), DoubleNear(2.5, 0.025)));
    const auto frames = probe(
        clip.path, "-select_streams v -show_entries packet=pts_time,duration_time")["packets"];
    EXPECT_NEAR(std::stod(frames[44]["duration_time"].get<std::string>()), 1.0 + 1.0 / 30, 1e-3);
}

TEST_F(ClipMuxer, CountsTheShownFramesThatWereMissed) {
    CodedFootage footage = encode_footage({});
    int number = 0;
    for (CodedFootage::Coded& coded : footage.packets) {
        // Two in the lead-in that is hidden, five in the clip.
        if (coded.packet.stream == 0)
            coded.packet.missed = (number >= 40 && number < 42) || (number >= 60 && number < 65);
        number += coded.packet.stream == 0 ? 1 : 0;
    }
    record(footage);
    EXPECT_EQ(write_one(request(1.5, 4.0)).missed_frames, 5);
}

TEST_F(ClipMuxer, CountsTheShownFramesThatWereLeftOut) {
    CodedFootage footage = encode_footage({});
    int number = 0;
    std::erase_if(footage.packets, [&](const CodedFootage::Coded& coded) {
        // Three frames before the next keyframe at 90: nothing needs them.
        const int frame = coded.packet.stream == 0 ? number++ : 0;
        return frame >= 87 && frame < 90;
    });
    record(footage);
    const WrittenFile clip = write_one(request(1.5, 4.0));
    EXPECT_EQ(clip.missed_frames, 3);
    EXPECT_TRUE(clip.gaps.empty());
    EXPECT_EQ(clip.duration, Duration::from_ms(2'500));
}

TEST_F(ClipMuxer, DifferentEpochsBecomeParts) {
    record(encode_footage({.frames = 45}));
    record(encode_footage(
        {.width = 352, .height = 288, .frames = 60, .first_number = 500, .start = at(2.5)}));
    const auto written = write(request(0.5, 4.0));
    ASSERT_TRUE(written) << written.error().what;
    ASSERT_EQ(written->size(), 2u);
    EXPECT_THAT(files(), ElementsAre("clip_part1.mp4", "clip_part2.mp4"));
    EXPECT_EQ(shown_numbers((*written)[0].path, 320, 180), count(15, 45));
    EXPECT_EQ(shown_numbers((*written)[1].path, 352, 288), count(500, 545));
    EXPECT_EQ((*written)[1].first_frame, at(2.5));
    EXPECT_EQ((*written)[1].width, 352);
}

TEST_F(ClipMuxer, PresetsOfOneEncoderLieInOneTrack) {
    // As when the recorder steps down to a faster preset and back: other tools, other parameter
    // sets, the same size and rate.
    record(encode_footage({.frames = 45, .preset = "fast", .parameter_set = 4}));
    record(encode_footage({.frames = 45, .first_number = 100, .start = at(1.5)}));
    record(encode_footage(
        {.frames = 45,
         .first_number = 200,
         .start = at(3.0),
         .preset = "fast",
         .parameter_set = 4}));
    const WrittenFile clip = write_one(request(0.5, 4.5));
    auto expected = count(15, 45);
    for (const int first : {100, 200}) {
        const auto part = count(first, first + 45);
        expected.insert(expected.end(), part.begin(), part.end());
    }
    EXPECT_EQ(shown_numbers(clip.path, 320, 180), expected);
    EXPECT_TRUE(clip.gaps.empty());
}

TEST_F(ClipMuxer, PresetsThatShareANumberBecomeParts) {
    record(encode_footage({.frames = 45, .preset = "fast"}));
    record(encode_footage({.frames = 45, .first_number = 100, .start = at(1.5)}));
    const auto written = write(request(0, 3));
    ASSERT_TRUE(written) << written.error().what;
    ASSERT_EQ(written->size(), 2u);
    EXPECT_EQ(shown_numbers((*written)[0].path, 320, 180), count(0, 45));
    EXPECT_EQ(shown_numbers((*written)[1].path, 320, 180), count(100, 145));
}

TEST_F(ClipMuxer, HoldsHevcUnderTheNameThatPlayersKnow) {
    record(encode_footage({.encoder = "libx265"}));
    const WrittenFile clip = write_one(request(1.5, 4.0));
    EXPECT_EQ(shown_numbers(clip.path, 320, 180), count(45, 120));
    const auto stream =
        probe(clip.path, "-select_streams v -show_entries stream=codec_tag_string")["streams"][0];
    EXPECT_EQ(stream["codec_tag_string"], "hvc1");
}

TEST_F(ClipMuxer, HoldsAv1) {
    record(encode_footage({.crf = 40, .encoder = "libsvtav1", .preset = "12"}));
    // From a keyframe on: FFmpeg's AV1 decoder shows a lead-in that is to be hidden.
    const WrittenFile clip = write_one(request(1.0, 4.0));
    EXPECT_EQ(shown_numbers(clip.path, 320, 180), count(30, 120));
    const auto stream =
        probe(clip.path, "-select_streams v -show_entries stream=codec_tag_string")["streams"][0];
    EXPECT_EQ(stream["codec_tag_string"], "av01");
}

TEST_F(ClipMuxer, DamagedTailsArePassedOver) {
    record(encode_footage({}));
    ring_->seal();
    const auto segments = ring::list_segments(folder_ / "ring", "av");
    // A byte in the middle of the second of five segments.
    std::fstream file{segments.at(1), std::ios::in | std::ios::out | std::ios::binary};
    const auto middle =
        static_cast<std::streamoff>((*ring::SegmentReader::open(segments[1]))->info().bytes / 2);
    file.seekg(middle);
    const int byte = file.get();
    file.seekp(middle);
    file.put(static_cast<char>(byte ^ 0x10));
    file.close();
    const WrittenFile clip = write_one(request(0, 5));
    const auto numbers = shown_numbers(clip.path, 320, 180);
    EXPECT_GT(numbers.size(), 120u);
    EXPECT_LT(numbers.size(), 150u);
    EXPECT_EQ(numbers.back(), 149);
    EXPECT_EQ(clip.gaps.size(), 1u);
    EXPECT_EQ(clip.duration, Duration::from_ms(5'000));
}

TEST_F(ClipMuxer, ASoundThatEndsEarlyTakesNothingElseAlong) {
    record(without_sound(encode_footage({.audio_tracks = 2}), 0, at(2.2)));
    const WrittenFile clip = write_one(request(1.5, 4.5));
    EXPECT_EQ(shown_numbers(clip.path, 320, 180), count(45, 135));
    EXPECT_THAT(beep_times(clip.path, 0), ElementsAre(DoubleNear(0.5, 0.005)));
    EXPECT_EQ(beep_times(clip.path, 1).size(), 3u);
}

TEST_F(ClipMuxer, ASoundThatIsNotThereAtAllHasNoTrack) {
    record(without_sound(encode_footage({.audio_tracks = 2}), 0, at(1.0)));
    const WrittenFile clip = write_one(request(2.5, 4.5));
    EXPECT_EQ(shown_numbers(clip.path, 320, 180), count(75, 135));
    EXPECT_THAT(
        beep_times(clip.path, 0), ElementsAre(DoubleNear(0.5, 0.005), DoubleNear(1.5, 0.005)));
}

TEST_F(ClipMuxer, NothingInTheWindowIsNoFile) {
    record(encode_footage({.frames = 30}));
    const auto written = write(request(100, 110));
    ASSERT_TRUE(written) << written.error().what;
    EXPECT_TRUE(written->empty());
    WriteRequest none = request(0, 1);
    none.segments = {folder_ / "gone.hsseg"};
    const auto without = write(none);
    ASSERT_TRUE(without) << without.error().what;
    EXPECT_TRUE(without->empty());
    EXPECT_THAT(files(), ElementsAre());
}

TEST_F(ClipMuxer, MissingFolderIsNotFound) {
    record(encode_footage({.frames = 30}));
    WriteRequest wish = request(0, 1);
    wish.target = folder_ / "missing" / "clip.mp4";
    EXPECT_EQ(write(wish).error().code, Errc::NotFound);
}

TEST_F(ClipMuxer, FlippedByteOnDiskIsCaught) {
    record(encode_footage({}));
    const auto wish = request(0, 5);
    const auto written = write(wish, [&](double progress) {
        const fs::path part = clips() / "clip.mp4.part";
        if (progress < 0.75 || progress > 0.95 || !fs::exists(part))
            return;
        // Between writing and verifying: one bit in a packet in the middle of the file.
        std::fstream file{part, std::ios::in | std::ios::out | std::ios::binary};
        const auto middle = static_cast<std::streamoff>(fs::file_size(part) * 3 / 4);
        file.seekg(middle);
        const int byte = file.get();
        file.seekp(middle);
        file.put(static_cast<char>(byte ^ 1));
    });
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::Corrupt);
    EXPECT_THAT(files(), ElementsAre());
    EXPECT_TRUE(write(wish));
}

TEST_F(ClipMuxer, CancelLeavesNothing) {
    record(encode_footage({}));
    const auto wish = request(0, 5);
    std::stop_source stop;
    const auto written =
        make_mp4_clip_writer(Log{"mux"})->write(wish, stop.get_token(), [&](double progress) {
            if (progress > 0.5)
                stop.request_stop();
        });
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::Cancelled);
    EXPECT_THAT(files(), ElementsAre());
}

/// Runs `body` in a child with a mount namespace of its own; its exit status is the verdict.
/// `options` are those of the tmpfs that is mounted on `folder`.
void in_own_tmpfs(const fs::path& folder, const char* options, const std::function<bool()>& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        const bool mounted = ::unshare(CLONE_NEWNS) == 0 &&
                             ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                             ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options) == 0;
        ::_exit(!mounted ? 77 : body() ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_NE(WEXITSTATUS(status), 77) << "mounting a tmpfs needs CAP_SYS_ADMIN";
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

/// Verdicts of a child: says what is wrong on standard error.
bool expect(bool condition, const char* what) {
    if (!condition)
        std::fprintf(stderr, "in the child: %s\n", what);
    return condition;
}

TEST_F(ClipMuxer, FullDiskIsFoundBeforeWriting) {
    record(encode_footage({.crf = 18, .noise = true}));
    const auto wish = request(0, 5);
    in_own_tmpfs(clips(), "size=1m", [&] {
        const auto written = write(wish);
        return expect(!written && written.error().code == Errc::NoSpace, "not NoSpace") &&
               expect(files().empty(), "something is left");
    });
}

TEST_F(ClipMuxer, DiskThatFillsWhileWritingIsAnErrorAndLeavesNothing) {
    record(encode_footage({.crf = 18, .noise = true}));
    const auto wish = request(0, 5);
    in_own_tmpfs(clips(), "size=16m", [&] {
        // Somebody else takes all the space as soon as the check has passed.
        const fs::path hog = clips() / "hog";
        const auto written = write(wish, [&](double) {
            std::ofstream file{hog, std::ios::app};
            const std::string chunk(1 << 20, 'x');
            while (file.write(chunk.data(), static_cast<std::streamsize>(chunk.size())).flush()) {
            }
        });
        const bool refused =
            expect(!written && written.error().code == Errc::NoSpace, "not NoSpace") &&
            expect(files() == std::vector<std::string>{"hog"}, "something is left");
        fs::remove(hog);
        const auto again = write(wish);
        return refused && expect(again.has_value(), "the retry fails");
    });
}

TEST_F(ClipMuxer, ReadOnlyFolderIsPermissionDenied) {
    record(encode_footage({.frames = 30}));
    const auto wish = request(0, 1);
    in_own_tmpfs(clips(), "size=16m,ro", [&] {
        const auto written = write(wish);
        return expect(
            !written && written.error().code == Errc::PermissionDenied, "not PermissionDenied");
    });
}

}  // namespace
}  // namespace hindsight
