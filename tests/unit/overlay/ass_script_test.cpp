#include "ass_events.hpp"
#include "ass_script.hpp"
#include "log_builder.hpp"

#include <hindsight/overlay/overlay.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <regex>

namespace hindsight::overlay {
namespace {

using hindsight::testing::ass_events;
using hindsight::testing::AssEvent;
using hindsight::testing::LogBuilder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FrameRate : public ::testing::TestWithParam<Rational> {};

/// mpv rounds a frame's time to milliseconds, ffmpeg's filter and VLC cut it.
TEST_P(FrameRate, AStateShowsInItsFrameAndNotInTheOneBefore) {
    const Rational fps = GetParam();
    const Duration period = to_duration(1, {fps.den, fps.num});
    for (int k = 1; k < 20'000; ++k) {
        const Duration t = to_duration(k, {fps.den, fps.num});
        const Duration before = to_duration(k - 1, {fps.den, fps.num});
        const std::int64_t start_ms = start_of_frame(t, period) * 10;
        ASSERT_LE(start_ms, t.ns() / 1'000'000) << k;
        ASSERT_GT(start_ms, std::llround(static_cast<double>(before.ns()) / 1e6)) << k;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Common,
    FrameRate,
    ::testing::Values(
        Rational{24, 1},
        Rational{24'000, 1'001},
        Rational{25, 1},
        Rational{30, 1},
        Rational{30'000, 1'001},
        Rational{48, 1},
        Rational{50, 1},
        Rational{60, 1},
        Rational{60'000, 1'001},
        Rational{72, 1},
        Rational{75, 1},
        Rational{80, 1}));

TEST(StartOfFrame, IsNeverLateAboveEightyFrames) {
    for (const int fps : {90, 120, 144, 240}) {
        for (int k = 0; k < 5'000; ++k) {
            const Duration t = to_duration(k, {1, fps});
            const std::int64_t start = start_of_frame(t, to_duration(1, {1, fps})) * 10;
            ASSERT_LE(start, t.ns() / 1'000'000);
            ASSERT_GE(start, t.ns() / 1'000'000 - 12);
        }
    }
}

std::string script(const actions::ActionLog& log, const OverlayOptions& options = {}) {
    auto text = make_ass(log, options);
    EXPECT_TRUE(text) << text.error().what;
    return text ? *text : "";
}

/// Events of the press itself: neither what is left after it nor the ring round it.
std::vector<AssEvent> accents(const std::vector<AssEvent>& events, int from_layer = 6) {
    std::vector<AssEvent> found;
    std::copy_if(events.begin(), events.end(), std::back_inserter(found), [&](const AssEvent& e) {
        return e.layer >= from_layer && !e.animated();
    });
    return found;
}

std::int64_t frame_ms(int k, int fps = 60) {
    return k * 1000LL / fps;
}

TEST(AssScript, HasTheSizeOfThePictureAndNoColourMatrix) {
    const std::string text = script(LogBuilder{}.shooter().size(1920, 1080).press(3, "jump").log());
    EXPECT_THAT(text, HasSubstr("PlayResX: 1920\nPlayResY: 1080\n"));
    EXPECT_THAT(text, HasSubstr("YCbCr Matrix: None\n"));
    EXPECT_THAT(text, HasSubstr("ScriptType: v4.00+\n"));
}

TEST(AssScript, IsMadeOfDrawingsAlone) {
    const std::string text = script(LogBuilder{}
                                        .shooter()
                                        .hold(3, 60, "jump")
                                        .value(5, "look", 9, 9)
                                        .hold(70, 71, "fire")
                                        .log());
    const std::vector<AssEvent> events = ass_events(text);
    ASSERT_FALSE(events.empty());
    const std::regex drawing{R"(\{[^{}]*\\p4\}m [-0-9 mlb]+)"};
    for (const AssEvent& event : events)
        EXPECT_TRUE(std::regex_match(event.text, drawing)) << event.text.substr(0, 80);
}

TEST(AssScript, OfAClipWithoutInputIsEmpty) {
    EXPECT_THAT(ass_events(script(LogBuilder{}.shooter().state(0, {}).log())), IsEmpty());
    EXPECT_THAT(ass_events(script(LogBuilder{}.log())), IsEmpty());
}

TEST(AssScript, NeedsAPictureSizeAndAFont) {
    const auto no_size = make_ass(LogBuilder{}.size(0, 0).log(), {});
    ASSERT_FALSE(no_size);
    EXPECT_EQ(no_size.error().code, Errc::InvalidArgument);
    const auto no_font = make_ass(LogBuilder{}.log(), {.font = "/nowhere/font.otf"});
    ASSERT_FALSE(no_font);
    EXPECT_EQ(no_font.error().code, Errc::NotFound);
}

TEST(AssScript, APressShowsFromItsFirstFrameToItsLast) {
    for (const int fps : {30, 60}) {
        const auto events =
            accents(ass_events(script(LogBuilder{fps}.shooter().hold(33, 47, "jump").log())));
        ASSERT_EQ(events.size(), 2U);  // the cell and its label
        for (const AssEvent& event : events) {
            EXPECT_FALSE(event.shows_at(frame_ms(32, fps)));
            for (int k = 33; k < 47; ++k)
                EXPECT_TRUE(event.shows_at(frame_ms(k, fps))) << k;
            EXPECT_FALSE(event.shows_at(frame_ms(47, fps)));
        }
    }
}

TEST(AssScript, ATapIsFullForOneFrameAndLeftOverUntilAFadeHasPassed) {
    const auto events = ass_events(script(LogBuilder{}.shooter().hold(60, 61, "jump").log()));
    const auto tail =
        std::find_if(events.begin(), events.end(), [](const AssEvent& e) { return e.tail(); });
    ASSERT_NE(tail, events.end());
    EXPECT_FALSE(tail->shows_at(frame_ms(60)));
    EXPECT_TRUE(tail->shows_at(frame_ms(61)));
    // 120 ms from the press at 1000 ms, then 120 ms of fading.
    EXPECT_TRUE(tail->shows_at(frame_ms(73)));
    EXPECT_FALSE(tail->shows_at(frame_ms(75)));
    const std::string fade = "\\t(" + std::to_string(1120 - tail->start_ms) + "," +
                             std::to_string(1240 - tail->start_ms);
    EXPECT_THAT(tail->text, HasSubstr(fade));
}

TEST(AssScript, APulseBelongsToAPressAndNotToWhatWasHeld) {
    const auto pulses = [](const LogBuilder& builder) {
        const auto events = ass_events(script(builder.log()));
        return std::count_if(
            events.begin(), events.end(), [](const AssEvent& e) { return e.pulse(); });
    };
    EXPECT_EQ(pulses(LogBuilder{}.shooter().hold(10, 20, "jump").hold(40, 41, "jump")), 2);
    EXPECT_EQ(pulses(LogBuilder{}.shooter().state(0, {"jump"}).release(20, "jump")), 0);
}

TEST(AssScript, ReducedMotionHasNoPulseAndNoFade) {
    const auto text =
        script(LogBuilder{}.shooter().hold(10, 20, "jump").log(), {.reduced_motion = true});
    EXPECT_EQ(text.find("\\t("), std::string::npos);
    EXPECT_EQ(text.find("\\fad"), std::string::npos);
}

TEST(AssScript, ShowsAtOnceAndHidesThreeSecondsAfterTheLastInput) {
    const auto events = ass_events(script(LogBuilder{}.shooter().hold(60, 90, "jump").log()));
    const auto shown = [&](int frame) {
        return std::any_of(events.begin(), events.end(), [&](const AssEvent& e) {
            return e.shows_at(frame_ms(frame));
        });
    };
    EXPECT_FALSE(shown(59));
    EXPECT_TRUE(shown(60));
    EXPECT_TRUE(shown(90 + 179));
    EXPECT_FALSE(shown(90 + 180));
}

TEST(AssScript, StaysWhileAnythingIsHeld) {
    const auto events = ass_events(script(LogBuilder{}.shooter().hold(10, 590, "sprint").log()));
    const auto shown_all = [&](int layer) {
        return std::any_of(events.begin(), events.end(), [&](const AssEvent& e) {
            return e.layer == layer && e.shows_at(frame_ms(10)) && e.shows_at(frame_ms(599));
        });
    };
    EXPECT_TRUE(shown_all(0));
    EXPECT_TRUE(shown_all(1));
}

TEST(AssScript, TheTrailEndsSixFramesAfterTheLastMovement) {
    LogBuilder builder;
    builder.shooter();
    for (int k = 100; k < 110; ++k)
        builder.value(k, "look", 20, -5);
    const auto events = accents(ass_events(script(builder.log())), 8);
    const auto dots = [&](int frame) {
        return std::count_if(events.begin(), events.end(), [&](const AssEvent& e) {
            return e.shows_at(frame_ms(frame));
        });
    };
    EXPECT_EQ(dots(99), 0);
    for (int k = 100; k < 115; ++k)
        EXPECT_EQ(dots(k), 1) << k;
    EXPECT_EQ(dots(115), 0);
}

TEST(AssScript, StaysSmallWhilePlayingHard) {
    LogBuilder builder{60, 1800};
    builder.shooter();
    for (int k = 0; k < 1800; ++k)
        builder.value(k, "look", static_cast<float>(k % 37 - 18), static_cast<float>(k % 11 - 5));
    for (int k = 0; k < 1800; k += 20)
        builder.hold(k, k + 9, "fire").hold(k + 3, k + 14, "left");
    EXPECT_LT(script(builder.log()).size(), 4u << 20);
}

}  // namespace
}  // namespace hindsight::overlay
