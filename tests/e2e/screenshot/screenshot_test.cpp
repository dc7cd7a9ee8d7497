// A picture of what is recorded, taken by the shell and by the key, read back by its frame counter.

#include "pattern/clip_reading.hpp"
#include "pattern_source.hpp"
#include "recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = R"(
[recording]
start = "manual"
fps = 30
preset = "ultrafast"
[clips]
name = "{game}"
[hotkeys]
screenshot = "Alt+F12"
[overlay]
on_save = "off"
)";

class Screenshot : public testing::Test {
protected:
    void SetUp() override {
        auto desktop = DesktopSession::start({});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = std::move(*desktop);
        auto pattern = PatternSource::start(*desktop_, 640, 360, 30);
        ASSERT_TRUE(pattern) << pattern.error().what;
        pattern_.emplace(std::move(*pattern));
        auto recorder = Recorder::start(*desktop_, kConfig);
        ASSERT_TRUE(recorder) << recorder.error().what;
        recorder_ = std::move(*recorder);
    }

    void TearDown() override {
        if (HasFailure() && recorder_)
            std::cerr << recorder_->logs();
    }

    /// The pattern's counter in a picture of 640x360.
    std::optional<std::uint32_t> counter_of(const fs::path& picture) {
        const fs::path video = desktop_->root() / "picture.mkv";
        const auto converted = desktop_->run(
            {"ffmpeg",
             "-y",
             "-v",
             "error",
             "-i",
             picture.string(),
             "-pix_fmt",
             "yuv420p",
             "-c:v",
             "rawvideo",
             video.string()},
            kPatience,
            {},
            "ffmpeg");
        if (!converted || !converted->status.success())
            return std::nullopt;
        const auto reading = read_clip(video);
        if (!reading || reading->frames.size() != 1)
            return std::nullopt;
        EXPECT_EQ(reading->width, 640);
        EXPECT_EQ(reading->height, 360);
        return reading->frames.front().counter;
    }

    /// What is shown now, or a little earlier.
    std::uint32_t newest_counter() {
        const auto saved = recorder_->ctl({"save", "--last", "1s", "--wait=video"});
        const auto reading = saved ? read_clip(saved->value("path", "")) : read_clip("");
        EXPECT_TRUE(reading && !reading->frames.empty());
        return reading && !reading->frames.empty() ? reading->frames.back().counter.value_or(0) : 0;
    }

    std::unique_ptr<DesktopSession> desktop_;
    std::optional<PatternSource> pattern_;
    std::unique_ptr<Recorder> recorder_;
};

TEST_F(Screenshot, IsTheFrameOfItsMomentInAFileOfItsOwnByShellAndByKey) {
    const auto nothing = recorder_->ctl({"screenshot"});
    ASSERT_FALSE(nothing);
    EXPECT_THAT(nothing.error().what, testing::HasSubstr("Nothing is being recorded"));

    const auto started = recorder_->ctl({"start", "window:" + std::to_string(pattern_->window)});
    ASSERT_TRUE(started) << started.error().what;
    ASSERT_TRUE(recorder_->wait_for_footage(2));
    const std::uint32_t before = newest_counter();
    const auto taken = recorder_->ctl({"screenshot"});
    ASSERT_TRUE(taken) << taken.error().what;
    const std::uint32_t after = newest_counter();
    const fs::path first = taken->value("path", "");
    EXPECT_EQ(first.extension(), ".png");
    EXPECT_EQ(first.parent_path(), desktop_->videos() / "Hindsight");
    const auto shown = counter_of(first);
    ASSERT_TRUE(shown) << first;
    EXPECT_GT(*shown, before);
    EXPECT_LE(*shown, after);

    // The name is taken now: the key's picture gets another one, and the first stays.
    const std::string bytes = read_text(first);
    ASSERT_TRUE(desktop_->xdotool({"key", "alt+F12"}));
    const fs::path second = first.parent_path() / (first.stem().string() + "_2.png");
    ASSERT_TRUE(wait_until([&] { return fs::exists(second); })) << second;
    const auto later = counter_of(second);
    ASSERT_TRUE(later);
    EXPECT_GT(*later, after);
    EXPECT_EQ(read_text(first), bytes);
    EXPECT_THAT(read_text(second), testing::StartsWith("\x89PNG"));
}

}  // namespace
}  // namespace hindsight::test
