// The latency of a game from its pictures and the player's looking alone. The arena's engine and
// bot give both without a display; what is put on another frame than it was is the latency.

#include "engine/engine.hpp"
#include "play/bot.hpp"
#include "render/renderer.hpp"
#include "strip/strip.hpp"

#include <hindsight/actions/motion_latency.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace hindsight::actions {
namespace {

constexpr int kWidth = 320;
constexpr int kHeight = 180;
constexpr int kFrames = 900;

struct Footage {
    std::vector<std::optional<float>> motion;
    std::vector<float> look;  ///< on the frames that show it
};

const Footage& footage() {
    static const Footage kFootage = [] {
        Footage result;
        arena::Engine engine = arena::Engine::start({.seed = 5, .fps = 60});
        arena::Bot bot{{.seed = 5, .rate = 6, .fps = 60}};
        arena::Renderer renderer{kWidth};
        MotionMeter meter;
        std::vector<std::uint32_t> pixels(std::size_t{kWidth} * kHeight);
        std::vector<std::uint8_t> grey(pixels.size());
        for (int i = 0; i < kFrames; ++i) {
            const arena::Inputs inputs = bot.play(engine);
            engine.step(inputs);
            renderer.draw({pixels.data(), kWidth, kWidth, kHeight}, engine, {}, false);
            std::transform(pixels.begin(), pixels.end(), grey.begin(), [](std::uint32_t pixel) {
                return static_cast<std::uint8_t>(pixel >> 8);
            });
            result.motion.push_back(meter.add({grey.data(), kWidth, kWidth, kHeight}));
            result.look.push_back(static_cast<float>(inputs.look.x));
        }
        return result;
    }();
    return kFootage;
}

/// The looking on frames that lie `frames` before those that show it; a part of a frame is a share
/// of the counts on the frame next to it.
std::vector<float> looked_before(double frames) {
    const auto& look = footage().look;
    const auto whole = static_cast<std::ptrdiff_t>(std::floor(frames));
    const auto part = static_cast<float>(frames - static_cast<double>(whole));
    const auto at = [&](std::ptrdiff_t i) {
        return i < 0 || i >= static_cast<std::ptrdiff_t>(look.size())
                   ? 0.0F
                   : look[static_cast<std::size_t>(i)];
    };
    std::vector<float> result;
    for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(look.size()); ++i)
        result.push_back((1 - part) * at(i + whole) + part * at(i + whole + 1));
    return result;
}

class MotionLatencyOf : public testing::TestWithParam<double> {};

TEST_P(MotionLatencyOf, TheArenaIsFoundWithinAQuarterOfAFrame) {
    const auto latency = measure_latency(footage().motion, looked_before(GetParam()));
    ASSERT_TRUE(latency);
    EXPECT_NEAR(latency->frames, GetParam(), 0.25);
    EXPECT_LE(latency->residual, 0.5);
    EXPECT_GT(latency->explained, 0.9);
}

INSTANTIATE_TEST_SUITE_P(Delays, MotionLatencyOf, testing::Values(-1, 0, 0.25, 0.5, 1, 2, 3, 6.5));

TEST(MotionLatency, IsNotMadeUpWhenNobodyLooksAround) {
    std::vector<float> still(footage().motion.size());
    std::fill_n(still.begin() + 100, 30, 5.0F);
    EXPECT_FALSE(measure_latency(footage().motion, still));
}

TEST(MotionLatency, IsNotMadeUpFromPicturesThatDoNotFollow) {
    std::vector<float> backwards = footage().look;
    std::reverse(backwards.begin(), backwards.end());
    EXPECT_FALSE(measure_latency(footage().motion, backwards));
}

TEST(MotionMeter, FindsPartsOfAColumn) {
    // A wavy picture that moves by 2.5 of its 320 columns each time.
    std::vector<std::uint8_t> picture(std::size_t{640} * 16);
    MotionMeter meter;
    for (int frame = 0; frame < 5; ++frame) {
        for (std::size_t i = 0; i < picture.size(); ++i) {
            const double x = static_cast<double>(i % 640) - frame * 5.0;
            picture[i] = static_cast<std::uint8_t>(
                128 + 50 * std::sin(x / 5) + 40 * std::sin(x / 17) + 20 * std::sin(x / 3.1));
        }
        const auto moved = meter.add({picture.data(), 640, 640, 16});
        ASSERT_EQ(moved.has_value(), frame > 0);
        if (moved) {
            EXPECT_NEAR(*moved, 2.5, 0.1);
        }
    }
}

TEST(MotionMeter, SaysNothingOfPlainPicturesAndOfAChangedSize) {
    const std::vector<std::uint8_t> plain(std::size_t{640} * 16, 90);
    MotionMeter meter;
    EXPECT_FALSE(meter.add({plain.data(), 640, 640, 16}));
    EXPECT_FALSE(meter.add({plain.data(), 640, 640, 16}));
    EXPECT_FALSE(meter.add({plain.data(), 320, 320, 16}));
}

}  // namespace
}  // namespace hindsight::actions
