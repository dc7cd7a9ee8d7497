// The arena as others meet it: a window that takes keys and mouse, tells what it did with them, and
// can be read back from a recording.

#include "capture_harness.hpp"
#include "play/arena_log.hpp"
#include "player/x_player.hpp"
#include "strip/strip.hpp"

#include <hindsight/core/time.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/input-event-codes.h>
#include <xcb/xcb.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>

namespace hindsight::arena {
namespace {

using test::CaptureHarness;
using test::DesktopSession;
using test::Process;
using test::wait_until;

struct FreeC {
    void operator()(void* memory) const { std::free(memory); }
};

/// What a window shows now.
class Screen {
public:
    explicit Screen(const std::string& display)
        : connection_{xcb_connect(display.c_str(), nullptr), xcb_disconnect} {}

    [[nodiscard]] std::optional<FrameMark> read(std::uint32_t window, int width) const {
        constexpr auto kZPixmap = XCB_IMAGE_FORMAT_Z_PIXMAP;
        const auto height = static_cast<std::uint16_t>(strip_height(width));
        const std::unique_ptr<xcb_get_image_reply_t, FreeC> reply{xcb_get_image_reply(
            connection_.get(),
            xcb_get_image(
                connection_.get(),
                kZPixmap,
                window,
                0,
                0,
                static_cast<std::uint16_t>(width),
                height,
                ~0u),
            nullptr)};
        if (!reply)
            return std::nullopt;
        // Black and white: any byte of a pixel is its luma.
        const std::uint8_t* bytes = xcb_get_image_data(reply.get());
        std::vector<std::uint8_t> luma(static_cast<std::size_t>(width) * height);
        for (std::size_t i = 0; i < luma.size(); ++i)
            luma[i] = bytes[4 * i];
        return read_strip({luma.data(), width, width, height});
    }

private:
    std::unique_ptr<xcb_connection_t, decltype(&xcb_disconnect)> connection_;
};

class ArenaProgram : public testing::Test {
protected:
    static constexpr int kWidth = 640;

    void SetUp() override {
        auto desktop = DesktopSession::start({.sound = false});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = *std::move(desktop);
        log_ = desktop_->root() / "arena.jsonl";
        player_ = std::make_unique<test::XPlayer>(desktop_->display());
        screen_ = std::make_unique<Screen>(desktop_->display());
    }

    void start(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--log", log_.string()});
        auto program = desktop_->spawn_program("hindsight-arena", arguments);
        ASSERT_TRUE(program) << program.error().what;
        program_ = *std::move(program);
        const auto window = desktop_->wait_for_window("hindsight-arena");
        ASSERT_TRUE(window) << window.error().what << program_.err();
        window_ = *window;
        ASSERT_TRUE(desktop_->focus(window_));
        ASSERT_TRUE(wait_for_strip(
            [](const FrameMark& mark) { return mark.frame > 10 && mark.mode == Mode::Gameplay; }));
    }

    [[nodiscard]] bool wait_for_strip(const std::function<bool(const FrameMark&)>& predicate) {
        return wait_until([&] {
            const auto mark = screen_->read(window_, kWidth);
            return mark && predicate(*mark);
        });
    }

    /// Ends the game; its whole log.
    ArenaLog finish() {
        EXPECT_TRUE(program_.stop().success()) << program_.err();
        auto log = ArenaLog::read(log_);
        EXPECT_TRUE(log) << log.error().what;
        return log.value_or(ArenaLog{});
    }

    /// What it printed at its end is what the log gives when it is played again.
    void expect_reproducible(const ArenaLog& log) {
        Script script{log};
        Engine again = Engine::start({.seed = log.header.seed, .fps = log.header.fps});
        while (again.state().frame < script.last_frame())
            again.step(script.at(again.state().frame + 1));
        char hash[17];
        std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(again.hash()));
        EXPECT_THAT(program_.out(), testing::HasSubstr(hash));
    }

    std::unique_ptr<DesktopSession> desktop_;
    std::unique_ptr<test::XPlayer> player_;
    std::unique_ptr<Screen> screen_;
    std::filesystem::path log_;
    Process program_;
    std::uint32_t window_ = 0;
};

TEST_F(ArenaProgram, KeysAndMouseArriveOnTheStripAndInTheLog) {
    start({"--seed", "3"});
    player_->key(KEY_W, true);
    EXPECT_TRUE(
        wait_for_strip([](const FrameMark& mark) { return mark.held == bit(Action::Forward); }));
    player_->button(1, true);
    EXPECT_TRUE(wait_for_strip([](const FrameMark& mark) {
        return mark.held == (bit(Action::Forward) | bit(Action::Fire));
    }));
    player_->button(1, false);
    player_->key(KEY_W, false);
    EXPECT_TRUE(wait_for_strip([](const FrameMark& mark) { return mark.held == 0; }));
    // SDL takes two equal motions in one millisecond for one that arrived twice.
    for (int i = 0; i < 20; ++i)
        player_->move(7 + i, -2);
    player_->tap(KEY_SPACE);
    player_->button(4, true);
    player_->button(4, false);
    std::uint32_t frame = 0;
    EXPECT_TRUE(wait_for_strip([&](const FrameMark& mark) {
        frame = frame == 0 ? mark.frame : frame;
        return mark.frame > frame + 20;
    }));
    const ArenaLog log = finish();
    Actions down = 0;
    Pair look;
    for (const LoggedFrame& logged : log.frames) {
        down |= logged.inputs.down;
        look.x += logged.inputs.look.x;
        look.y += logged.inputs.look.y;
    }
    EXPECT_EQ(
        down,
        bit(Action::Forward) | bit(Action::Fire) | bit(Action::Jump) | bit(Action::NextWeapon));
    EXPECT_EQ(look, (Pair{330, -40})) << "every count, once";
    expect_reproducible(log);
}

TEST_F(ArenaProgram, WhatIsTypedIsNoActionAndIsNotLogged) {
    start({"--seed", "3"});
    player_->tap(KEY_T);
    ASSERT_TRUE(wait_for_strip([](const FrameMark& mark) { return mark.mode == Mode::TextEntry; }));
    for (const int key : {KEY_W, KEY_A, KEY_S, KEY_D, KEY_E, KEY_1})
        player_->tap(static_cast<std::uint8_t>(key));
    player_->tap(KEY_ENTER);
    ASSERT_TRUE(wait_for_strip([](const FrameMark& mark) { return mark.mode == Mode::Gameplay; }));
    player_->tap(KEY_ESC);
    ASSERT_TRUE(wait_for_strip([](const FrameMark& mark) { return mark.mode == Mode::Menu; }));
    player_->tap(KEY_ESC);
    ASSERT_TRUE(wait_for_strip([](const FrameMark& mark) { return mark.mode == Mode::Gameplay; }));
    const ArenaLog log = finish();
    for (const LoggedFrame& logged : log.frames)
        EXPECT_EQ(logged.inputs.down | logged.inputs.held, 0u) << "frame " << logged.frame;
    EXPECT_THAT(test::read_text(log_), testing::Not(testing::HasSubstr("wasde")));
    expect_reproducible(log);
}

TEST_F(ArenaProgram, TheBotPlaysThroughTheXServer) {
    start({"--seed", "5", "--bot=x11:5"});
    EXPECT_TRUE(wait_for_strip([](const FrameMark& mark) { return mark.frame > 600; }));
    const ArenaLog log = finish();
    int presses = 0;
    int looks = 0;
    for (const LoggedFrame& logged : log.frames) {
        presses += logged.inputs.down != 0 ? 1 : 0;
        looks += logged.inputs.look == Pair{} ? 0 : 1;
    }
    EXPECT_GT(presses, 20);
    EXPECT_GT(looks, 100);
    expect_reproducible(log);
}

TEST_F(ArenaProgram, DelayPutsThePictureSoManyFramesAfterItsStep) {
    constexpr int kDelay = 3;
    start({"--seed", "3", "--delay", "3"});
    EXPECT_TRUE(wait_for_strip([](const FrameMark& mark) { return mark.frame > 120; }));
    const ArenaLog log = finish();
    ASSERT_GT(log.frames.size(), 100u);
    EXPECT_EQ(log.header.delay, kDelay);
    std::size_t right = 0;
    for (std::size_t i = 0; i + kDelay < log.frames.size(); ++i) {
        // Its picture is with the server between the looks at the input of frames n+3 and n+4.
        const bool after = log.frames[i].shown_ns > log.frames[i + kDelay].polled_ns;
        const bool before = i + kDelay + 1 >= log.frames.size() ||
                            log.frames[i].shown_ns < log.frames[i + kDelay + 1].polled_ns;
        right += after && before ? 1u : 0u;
    }
    EXPECT_EQ(right, log.frames.size() - kDelay);
}

TEST_F(ArenaProgram, PlaysItsLogAgainFromTheStartAndFromASnapshot) {
    const auto result = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "--headless");
        const auto output = desktop_->run_program("hindsight-arena", arguments);
        EXPECT_TRUE(output && output->status.success());
        return output ? output->out : std::string{};
    };
    const std::string log = log_.string();
    const std::string played = result({"--bot=5", "--seed", "5", "--frames", "1800", "--log", log});
    EXPECT_THAT(played, testing::StartsWith("frame 1800 hash "));
    EXPECT_EQ(result({"--seed", "5", "--script", log}), played);
    EXPECT_EQ(result({"--script", log, "--state", log, "--start-at", "1000"}), played);
    EXPECT_NE(result({"--seed", "6", "--script", log}), played);
}

TEST_F(ArenaProgram, RefusesWhatItDoesNotUnderstandInASentence) {
    for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
             {"--fps", "50"},
             {"--size", "10x10"},
             {"--size", "640"},
             {"--bot=xyz"},
             {"--headless"},
             {"--headless", "--bot"},
             {"--seed"},
             {"--whatever"},
             {"--script", "x", "--bot"},
             {"--script", "/nowhere", "--headless"},
             {"--state", "/nowhere", "--headless", "--bot", "--frames", "1"},
             {"--log", "/nowhere/log", "--headless", "--bot", "--frames", "1"}}) {
        const auto output = desktop_->run_program("hindsight-arena", arguments);
        ASSERT_TRUE(output) << output.error().what;
        EXPECT_NE(output->status.code, 0) << arguments[0];
        EXPECT_EQ(output->status.signal, 0) << arguments[0];
        EXPECT_EQ(std::count(output->err.begin(), output->err.end(), '\n'), 1) << output->err;
    }
}

class ArenaRecording : public testing::Test {
protected:
    struct Seen {
        double time_s = 0;
        std::optional<FrameMark> mark;
    };

    void SetUp() override {
        auto harness = CaptureHarness::start({.sound = false});
        ASSERT_TRUE(harness) << harness.error().what;
        harness_ = *std::move(harness);
    }

    /// A few seconds of the bot's game, as hindsight-capture recorded it.
    void record(const std::filesystem::path& log, std::vector<Seen>& frames) {
        auto arena = harness_->desktop().spawn_program(
            "hindsight-arena", {"--bot=3", "--seed", "9", "--log", log.string()});
        ASSERT_TRUE(arena) << arena.error().what;
        const auto window = harness_->desktop().wait_for_window("hindsight-arena");
        ASSERT_TRUE(window) << window.error().what;
        ASSERT_TRUE(harness_->spawn_capture());
        const auto capture = harness_->start_capture(harness_->request(*window, 60));
        ASSERT_TRUE(capture) << capture.error().what;
        ASSERT_TRUE(harness_->record(6.0));
        ASSERT_TRUE(harness_->stop_capture());
        harness_->close_channel();
        EXPECT_TRUE(harness_->capture().wait());
        EXPECT_TRUE(arena->stop().success());
        const auto reading = test::read_segments(
            test::newest_epoch(harness_->ring_folder()),
            {},
            [&](const test::Luma& luma, double time_s) {
                frames.push_back({time_s, read_strip(luma)});
            });
        ASSERT_TRUE(reading) << reading.error().what;
        ASSERT_GT(frames.size(), 300u);
        // The first second was taken while libobs and its encoder were starting.
        std::erase_if(frames, [first = frames.front().time_s](const Seen& frame) {
            return frame.time_s < first + 1.0;
        });
    }

    /// Each frame can be read and says what the log says. Returns where frames are missing.
    static std::string compare(const std::vector<Seen>& frames, const ArenaLog& log) {
        std::string gaps;
        std::uint32_t before = 0;
        for (const Seen& frame : frames) {
            EXPECT_TRUE(frame.mark) << "at " << frame.time_s;
            const LoggedFrame* logged = frame.mark ? log.frame(frame.mark->frame) : nullptr;
            EXPECT_NE(logged, nullptr);
            if (logged == nullptr)
                continue;
            EXPECT_EQ(frame.mark->held, logged->inputs.held | logged->inputs.down);
            EXPECT_EQ(frame.mark->look, logged->inputs.look);
            const std::uint32_t now = frame.mark->frame;
            if (before != 0 && now != before + 1)
                gaps += std::to_string(now) + " follows " + std::to_string(before) + ", ";
            before = now;
        }
        return gaps;
    }

    std::unique_ptr<CaptureHarness> harness_;
};

TEST_F(ArenaRecording, EveryFrameOfTheRingDecodesAndNoneIsMissing) {
    constexpr int kTakes = 3;
    std::string gaps = "nothing recorded";
    for (int take = 0; take < kTakes && !gaps.empty(); ++take) {
        const auto log_file =
            harness_->desktop().root() / ("arena-" + std::to_string(take) + ".jsonl");
        std::vector<Seen> frames;
        ASSERT_NO_FATAL_FAILURE(record(log_file, frames));
        const auto log = ArenaLog::read(log_file);
        ASSERT_TRUE(log) << log.error().what;
        gaps = compare(frames, *log);
        // A machine that is busy with something else gets another take.
        if (!gaps.empty())
            std::cerr << "take " << take << ": " << gaps << "\n";
    }
    EXPECT_EQ(gaps, "");
}

}  // namespace
}  // namespace hindsight::arena
