#include "burned_clip.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stop_token>

namespace hindsight {
namespace {

namespace fs = std::filesystem;
using testing::LogBuilder;
using testing::output_of;
using testing::Pictures;

class BurnIn : public testing::BurnedClip {
protected:
    BurnIn() {
        LogBuilder log{60, 60};
        log.shooter().size(kWidth, kHeight).hold(5, 50, "forward");
        (void)make_script(log);
    }

    [[nodiscard]] std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const fs::directory_entry& entry : fs::directory_iterator{folder_})
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    static std::string content(const fs::path& file) {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

    static nlohmann::json probe(const fs::path& clip) {
        return nlohmann::json::parse(output_of(
            "ffprobe -v error -count_frames -show_streams -show_format -show_chapters -of json "
            "'file:" +
            clip.string() + "'"));
    }
};

TEST_F(BurnIn, LeavesTheClipAsItIs) {
    const auto clip = make_clip("testsrc2", 60, 1);
    const std::string before = content(clip);
    ASSERT_TRUE(burn(request(clip)));
    EXPECT_EQ(content(clip), before);
    EXPECT_THAT(files(), ::testing::ElementsAre("clip.ass", "clip.mp4", "clip.overlay.mp4"));
}

TEST_F(BurnIn, BeginsWithTheFirstShownFrameOfAClipWithAHiddenStart) {
    const auto whole = make_clip("testsrc2", 60, 3, "whole.mp4");
    const auto clip = folder_ / "clip.mp4";
    // Cut between keyframes: the edit list hides what lies before.
    (void)output_of(
        "ffmpeg -v error -ss 0.75 -t 1.5 -i '" + whole.string() + "' -c copy '" + clip.string() +
        "'");
    const Pictures clean = decode(clip);
    const auto burned = burn(request(clip));
    ASSERT_TRUE(burned) << burned.error().what;
    EXPECT_EQ(burned->frames, clean.count());
    const Pictures drawn = decode(burned->path);
    ASSERT_EQ(drawn.count(), clean.count());
    for (const int k : {0, 1, clean.count() - 1}) {
        // The counter that the test picture shows in its top left corner.
        double sum = 0;
        for (int y = 0; y < 40; ++y) {
            for (int x = 0; x < 100; ++x)
                sum +=
                    std::abs(drawn.picture(k)[y * kWidth + x] - clean.picture(k)[y * kWidth + x]);
        }
        EXPECT_LT(sum / 4000, 4) << k;
    }
    const auto streams = probe(burned->path).at("streams");
    EXPECT_EQ(streams.at(0).at("start_time"), "0.000000");
}

TEST_F(BurnIn, CopiesSoundTitlesAndChapters) {
    const auto first = make_clip("testsrc2", 60, 1, "first.mp4");
    std::ofstream{folder_ / "meta.txt"}
        << ";FFMETADATA1\ntitle=Two kills\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\n"
           "title=Start\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=400\nEND=1000\ntitle=Kill\n";
    const auto clip = folder_ / "clip.mp4";
    (void)output_of(
        "ffmpeg -v error -i '" + first.string() + "' -i '" + (folder_ / "meta.txt").string() +
        "' -f lavfi -t 1 -i sine=880 -map 0:v -map 0:a -map 2:a -map_metadata 1 -c:v copy -c:a aac "
        "-metadata:s:a:1 handler_name=Microphone '" +
        clip.string() + "'");
    const auto burned = burn(request(clip));
    ASSERT_TRUE(burned) << burned.error().what;
    const auto was = probe(clip);
    const auto is = probe(burned->path);
    EXPECT_EQ(is.at("format").at("tags").at("title"), "Two kills");
    ASSERT_EQ(is.at("chapters").size(), 2U);
    EXPECT_EQ(is.at("chapters").at(1).at("tags").at("title"), "Kill");
    EXPECT_EQ(is.at("chapters").at(1).at("start_time"), was.at("chapters").at(1).at("start_time"));
    std::vector<std::string> tracks;
    for (const auto& stream : is.at("streams")) {
        if (stream.at("codec_type") == "audio")
            tracks.push_back(stream.at("tags").at("handler_name"));
    }
    ASSERT_EQ(tracks.size(), 2U);
    EXPECT_EQ(tracks.at(1), "Microphone");
    const auto sound = [&](const fs::path& file) {
        return output_of(
            "ffmpeg -v error -i 'file:" + file.string() +
            "' -map 0:a -c copy -f framemd5 - | grep "
            "-v '^#'");
    };
    EXPECT_EQ(sound(burned->path), sound(clip));
}

TEST_F(BurnIn, KeepsUnevenFrameTimes) {
    const auto even = make_clip("testsrc2", 60, 1, "even.mp4");
    const auto clip = folder_ / "clip.mp4";
    // A hole: frames 20 to 39 are missing.
    (void)output_of(
        "ffmpeg -v error -i '" + even.string() +
        "' -vf \"select='lt(n,20)+gte(n,40)'\" -fps_mode passthrough -c:v libx264 -preset "
        "ultrafast "
        "-bf 0 -c:a copy '" +
        clip.string() + "'");
    const auto burned = burn(request(clip));
    ASSERT_TRUE(burned) << burned.error().what;
    const auto times = [](const fs::path& file) {
        return output_of(
            "ffprobe -v error -select_streams v -show_entries frame=best_effort_timestamp_time -of "
            "csv=p=0 'file:" +
            file.string() + "'");
    };
    EXPECT_EQ(times(burned->path), times(clip));
    EXPECT_EQ(burned->frames, 40);
}

TEST_F(BurnIn, RefusesAnExistingFileUnlessItIsToBeReplaced) {
    const auto clip = make_clip("testsrc2", 60, 1);
    auto wish = request(clip);
    std::ofstream{wish.target} << "mine";
    const auto refused = burn(wish);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::AlreadyExists);
    EXPECT_EQ(content(wish.target), "mine");
    wish.existing = render::Existing::Replace;
    const auto replaced = burn(wish);
    ASSERT_TRUE(replaced) << replaced.error().what;
    EXPECT_EQ(replaced->path, wish.target);
    EXPECT_GT(fs::file_size(wish.target), 1000U);
}

TEST_F(BurnIn, CancelLeavesNothing) {
    const auto clip = make_clip("testsrc2", 60, 1);
    std::stop_source stop;
    double last = 0;
    const auto cancelled = render::burn_in(
        request(clip),
        stop.get_token(),
        [&](double progress) {
            last = progress;
            stop.request_stop();
        },
        Log{"test"});
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, Errc::Cancelled);
    EXPECT_LT(last, 1);
    EXPECT_THAT(files(), ::testing::ElementsAre("clip.ass", "clip.mp4"));
}

TEST_F(BurnIn, ProgressRisesToOne) {
    const auto clip = make_clip("testsrc2", 60, 1);
    std::vector<double> told;
    ASSERT_TRUE(render::burn_in(
        request(clip), {}, [&](double p) { told.push_back(p); }, Log{"test"}));
    EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
    EXPECT_EQ(told.back(), 1);
}

TEST_F(BurnIn, WhatCannotBeReadIsASentence) {
    auto wish = request(folder_ / "gone.mp4");
    const auto gone = burn(wish);
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, Errc::NotFound);
    std::ofstream{folder_ / "broken.mp4"} << std::string(5000, 'x');
    wish.clip = folder_ / "broken.mp4";
    const auto broken = burn(wish);
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code, Errc::Corrupt);
    EXPECT_THAT(files(), ::testing::ElementsAre("broken.mp4", "clip.ass"));
}

TEST_F(BurnIn, AFullDiskIsSaidAndLeavesNothing) {
    const auto clip = make_clip("testsrc2", 60, 2);
    auto wish = request(clip);
    const fs::path small = folder_ / "small";
    fs::create_directory(small);
    wish.target = small / "clip.overlay.mp4";
    const pid_t child = ::fork();
    if (child == 0) {
        const bool mounted = ::unshare(CLONE_NEWNS) == 0 &&
                             ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                             ::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=64k") == 0;
        if (!mounted)
            ::_exit(77);
        const auto full = burn(wish);
        if (full || full.error().code != Errc::NoSpace) {
            std::fprintf(stderr, "%s\n", full ? "it was written" : full.error().what.c_str());
            ::_exit(1);
        }
        ::_exit(fs::is_empty(small) ? 0 : 2);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_NE(WEXITSTATUS(status), 77) << "mounting a tmpfs needs CAP_SYS_ADMIN";
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace hindsight
