#include "coded_pictures.hpp"
#include "play/bot.hpp"
#include "render/renderer.hpp"
#include "strip/strip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace hindsight::arena {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 360;

/// A canvas with its memory.
struct Picture {
    explicit Picture(int width = kWidth, int height = kHeight)
        : pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)),
          canvas{pixels.data(), width, width, height} {}

    std::vector<std::uint32_t> pixels;
    Canvas canvas;
};

FrameMark full_mark() {
    return {
        .frame = 0xfedcba98,
        .held = kAllActions,
        .mode = Mode::Unfocused,
        .look = {-32767, 32767},
        .move = {-127, 127},
        .stick = {127, -1},
        .events = 0xff};
}

TEST(ArenaStrip, ReadsBackWhatWasDrawnAtEverySize) {
    for (const int width : {320, 640, 854, 1280, 1920}) {
        Picture picture{width, 240};
        for (const FrameMark& mark : {FrameMark{}, full_mark(), FrameMark{.frame = 1}}) {
            draw_strip(picture.canvas, mark);
            const std::vector<std::uint8_t> luma = luma_of(picture.canvas);
            const auto read = read_strip({luma.data(), width, width, 240});
            ASSERT_TRUE(read) << width;
            EXPECT_EQ(*read, mark) << width;
        }
    }
}

TEST(ArenaStrip, SeesThatACellIsWrong) {
    Picture picture;
    draw_strip(picture.canvas, full_mark());
    std::vector<std::uint8_t> luma = luma_of(picture.canvas);
    const test::Luma view{luma.data(), kWidth, kWidth, kHeight};
    const int cell = strip_cell(kWidth);
    for (int place = 0; place < kStripColumns * kStripRows; ++place) {
        const int left = place % kStripColumns * cell;
        const int top = place / kStripColumns * cell;
        std::vector<std::uint8_t> kept = luma;
        for (int y = top; y < top + cell; ++y)
            for (int x = left; x < left + cell; ++x) {
                std::uint8_t& pixel =
                    luma[static_cast<std::size_t>(y) * kWidth + static_cast<std::size_t>(x)];
                pixel = pixel > 128 ? 16 : 235;
            }
        EXPECT_FALSE(read_strip(view)) << "cell " << place;
        std::copy(kept.begin(), kept.end(), luma.begin());
    }
    EXPECT_TRUE(read_strip(view));
}

TEST(ArenaStrip, FindsNoneInAPictureWithoutOne) {
    Engine engine = Engine::start({.seed = 1});
    Renderer renderer{kWidth};
    Picture picture;
    renderer.draw(picture.canvas, engine, {}, false);
    const std::vector<std::uint8_t> luma = luma_of(picture.canvas);
    EXPECT_FALSE(read_strip({luma.data(), kWidth, kWidth, kHeight}));
    EXPECT_FALSE(read_strip({luma.data(), 40, 40, 40}));
}

TEST(ArenaStrip, SurvivesX264AtAMegabitASecond) {
    constexpr int kFrames = 300;
    Engine engine = Engine::start({.seed = 7});
    Bot bot{{.seed = 7}};
    Renderer renderer{kWidth};
    Picture picture;
    std::vector<FrameMark> drawn;
    std::vector<FrameMark> read;
    auto coder = CodedPictures::open(kWidth, kHeight, 60, 1'000'000);
    ASSERT_TRUE(coder) << coder.error().what;
    const auto take = [&](const test::Luma& luma) {
        read.push_back(read_strip(luma).value_or(FrameMark{}));
    };
    for (int i = 0; i < kFrames; ++i) {
        const Inputs inputs = bot.play(engine);
        const std::vector<Event> events = engine.step(inputs);
        drawn.push_back(mark_of(engine.state(), inputs, events));
        renderer.draw(picture.canvas, engine, {}, true);
        draw_strip(picture.canvas, drawn.back());
        const auto fed = coder->feed(&picture.canvas, take);
        ASSERT_TRUE(fed) << fed.error().what;
    }
    ASSERT_TRUE(coder->feed(nullptr, take));
    ASSERT_EQ(read.size(), drawn.size());
    for (std::size_t i = 0; i < read.size(); ++i)
        EXPECT_EQ(read[i], drawn[i]) << "frame " << i;
    // It was really that little, or the promise would be an easy one.
    EXPECT_LT(coder->bytes() * 8 * 60 / kFrames, 1'150'000u);
}

TEST(ArenaPicture, IsTheSameForTheSameState) {
    Engine engine = Engine::start({.seed = 5});
    Bot bot{{.seed = 5}};
    for (int i = 0; i < 600; ++i)
        engine.step(bot.play(engine));
    const auto restored = Engine::restore(engine.snapshot());
    ASSERT_TRUE(restored);
    Picture first;
    Picture second;
    Renderer{kWidth}.draw(first.canvas, engine, {}, true);
    Renderer{kWidth}.draw(second.canvas, *restored, {}, true);
    EXPECT_EQ(first.pixels, second.pixels);
}

TEST(ArenaPicture, ShowsEveryTurnOfTheHead) {
    Engine engine = Engine::start({.seed = 5});
    Picture before;
    Picture after;
    Renderer renderer{kWidth};
    renderer.draw(before.canvas, engine, {}, true);
    engine.step({.look = {3, 0}});
    renderer.draw(after.canvas, engine, {}, true);
    EXPECT_NE(before.pixels, after.pixels);
}

}  // namespace
}  // namespace hindsight::arena
