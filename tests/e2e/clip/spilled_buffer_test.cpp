// A buffer that is longer than its memory: the older part lies on the disk, a save takes both as
// one, and a service that is killed in between finds it again.

#include "noise_screen.hpp"
#include "pattern/clip_reading.hpp"
#include "pattern_source.hpp"
#include "recorder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace hindsight::test {
namespace {

namespace fs = std::filesystem;

constexpr int kTakes = 3;
constexpr std::uint64_t kMemoryBytes = 32u << 20;
/// With this much on the disk, the ring holds more than its memory could.
constexpr std::uint64_t kOnDisk = kMemoryBytes * 3 / 4;

constexpr const char* kConfig =
    "[recording]\nstart = \"manual\"\npreset = \"ultrafast\"\nfps = 15\npicture = \"direct\"\n"
    "quality = 8\nadapt = false\nmemory_mb = 32\ndisk_mb = 4096\nbuffer_seconds = 3600\n"
    "[overlay]\non_save = \"off\"\n";

/// Keeps the lower part of the screen busy, so that a second takes megabytes.
class BusyScreen {
public:
    explicit BusyScreen(const std::string& display)
        : screen_{display.c_str()}, painter_{[this](const std::stop_token& stop) {
              for (int i = 0; !stop.stop_requested(); ++i) {
                  screen_.paint(static_cast<std::int16_t>(360 + 40 * (i % 6)));
                  std::this_thread::sleep_for(std::chrono::milliseconds{10});
              }
          }} {}

private:
    NoiseScreen screen_;
    std::jthread painter_;
};

class SpilledBuffer : public ::testing::Test {
protected:
    void SetUp() override {
        auto desktop = DesktopSession::start({.width = 800, .height = 600, .sound = false});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = *std::move(desktop);
        auto pattern = PatternSource::start(*desktop_, 640, 360, 15);
        ASSERT_TRUE(pattern) << pattern.error().what;
        pattern_ = *std::move(pattern);
        find_pattern();
        noise_ = std::make_unique<BusyScreen>(desktop_->display());
        auto recorder = Recorder::start(*desktop_, kConfig);
        ASSERT_TRUE(recorder) << recorder.error().what;
        recorder_ = *std::move(recorder);
        const auto started = recorder_->ctl({"start", "screen"});
        ASSERT_TRUE(started) << started.error().what << recorder_->logs();
    }

    /// Where the window manager has put it.
    void find_pattern() {
        const auto place = desktop_->run(
            {"xwininfo", "-id", std::to_string(pattern_.window)}, kPatience, {}, "x11-utils");
        ASSERT_TRUE(place) << place.error().what;
        const auto number = [&](const std::string& axis) {
            const std::string label = "Absolute upper-left " + axis + ":";
            const std::size_t at = place->out.find(label);
            return at == std::string::npos ? -1 : std::atoi(place->out.c_str() + at + label.size());
        };
        layout_ = {.x = 1.0 * number("X"), .y = 1.0 * number("Y"), .width = 640, .height = 360};
    }

    Json ring() {
        const auto status = recorder_->ctl({"status"});
        return status ? (*status)["ring"] : Json::object();
    }

    void wait_for_disk(std::uint64_t bytes) {
        ASSERT_TRUE(wait_until(
            [&] { return ring().value("disk_bytes", std::uint64_t{0}) >= bytes; },
            milliseconds{120'000}))
            << ring().dump() << recorder_->logs();
    }

    /// Everything that is within reach.
    Json save() {
        const auto clip =
            recorder_->ctl({"save", "--last", "3600s", "--wait=video"}, milliseconds{120'000});
        EXPECT_TRUE(clip) << clip.error().what << recorder_->logs();
        return clip.value_or(Json::object());
    }

    [[nodiscard]] fs::path folder_on_disk() const {
        for (const auto& entry : fs::recursive_directory_iterator{desktop_->home()})
            if (entry.path().filename() == ".hindsight-buffer")
                return entry.path();
        return {};
    }

    std::unique_ptr<DesktopSession> desktop_;
    PatternSource pattern_;
    MarkLayout layout_;
    std::unique_ptr<BusyScreen> noise_;
    std::unique_ptr<Recorder> recorder_;
};

TEST_F(SpilledBuffer, IsSavedWithoutAHoleAndSurvivesAKilledService) {
    std::string fault = "nothing saved";
    double longest = 0;
    for (int take = 0; take < kTakes && !fault.empty(); ++take) {
        wait_for_disk(kOnDisk);
        const Json before = ring();
        EXPECT_LE(before["buffered_bytes"].get<std::uint64_t>(), kMemoryBytes);
        const Json clip = save();
        ASSERT_TRUE(clip.contains("path"));
        EXPECT_GT(clip["size_bytes"].get<std::uint64_t>(), kMemoryBytes) << clip.dump();
        longest = clip["duration_s"].get<double>();
        EXPECT_GE(longest, before["buffered_s"].get<double>() - 0.5) << clip.dump();
        EXPECT_TRUE(clip["gaps"].empty()) << clip.dump();
        auto reading = read_clip(clip["path"].get<std::string>(), layout_);
        ASSERT_TRUE(reading) << reading.error().what;
        reading->drop_before(1);  // the very first pictures of a recording may come twice
        fault = reading->counter_fault();
        if (fault.empty())
            break;
        // A machine that is busy with something else gets another take.
        std::cerr << "take " << take << ": " << fault << "\n";
        ASSERT_TRUE(recorder_->ctl({"stop"}));
        ASSERT_TRUE(recorder_->ctl({"start", "screen"}));
    }
    EXPECT_EQ(fault, "");

    recorder_->service().kill(SIGKILL);
    ASSERT_TRUE(recorder_->service().wait());
    ASSERT_TRUE(recorder_->restart());
    ASSERT_TRUE(recorder_->wait_for_state("buffering")) << recorder_->logs();
    ASSERT_TRUE(wait_until([&] { return ring().value("buffered_s", 0.0) >= longest; }))
        << ring().dump() << recorder_->logs();
    const Json clip = save();
    EXPECT_GE(clip.value("duration_s", 0.0), longest) << clip.dump();
    EXPECT_LE(clip["gaps"].size(), 1U) << "the moment of the kill: " << clip.dump();

    ASSERT_FALSE(folder_on_disk().empty());
    ASSERT_TRUE(recorder_->ctl({"stop"}));
    recorder_->service().kill(SIGTERM);
    ASSERT_TRUE(recorder_->service().wait(milliseconds{60'000}));
    EXPECT_TRUE(folder_on_disk().empty()) << "a clean end leaves nothing";
}

}  // namespace
}  // namespace hindsight::test
