// What the overlay shows, measured in pictures.

#include "burned_clip.hpp"
#include "clip_source.hpp"
#include "overlay_picture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

namespace hindsight {
namespace {

using testing::BurnedClip;
using testing::Colour;
using testing::LogBuilder;
using testing::Pictures;

constexpr double kSize = 2;
constexpr double kScale = kSize * 360 / 1080;

/// Pixels of a point of the keyboard layout in the bottom left corner.
struct Spot {
    double x, y;

    static Spot at(double x, double y) {
        const double margin = 48.0 * 360 / 1080;
        return {
            std::round(margin) + x * kScale, std::round(360 - 180 * kScale - margin) + y * kScale};
    }
};

const Spot kKeyW = Spot::at(144 + 12, 12);
const Spot kKeyA = Spot::at(82 + 12, 62 + 12);
const Spot kKeyD = Spot::at(206 + 12, 62 + 12);
const Spot kSpace = Spot::at(82 + 20, 124 + 28);
const Spot kLeftButton = Spot::at(348 + 25, 45);
const Spot kRightOfCentre = Spot::at(348 + 56 + 28, 124);

/// #4DE6CA by BT.601, which players assume for 360 lines.
Colour accent() {
    const double r = 0x4D / 255.0;
    const double g = 0xE6 / 255.0;
    const double b = 0xCA / 255.0;
    const double y = .299 * r + .587 * g + .114 * b;
    return {16 + 219 * y, 128 + 224 * (b - y) / 1.772, 128 + 224 * (r - y) / 1.402};
}

bool is_accent(const Colour& c) {
    const Colour a = accent();
    return std::abs(c.y - a.y) < 9 && std::abs(c.u - a.u) < 9 && std::abs(c.v - a.v) < 9;
}

class OverlayPixels : public BurnedClip {};

TEST_F(OverlayPixels, EveryFrameShowsTheStateOfTheLog) {
    constexpr int kFrames = 240;
    const auto clip = make_clip("color=c=0x66788a", 60, kFrames / 60.0);
    LogBuilder log{60, kFrames};
    log.shooter().size(kWidth, kHeight);
    log.state(0, {"right"}).release(7, "right");
    log.hold(1, 2, "forward").hold(4, 5, "forward").hold(7, 10, "forward");
    for (int k = 30; k < 90; k += 3)
        log.hold(k, k + 1, "fire");
    log.hold(20, 130, "jump").hold(100, 101, "left").press(110, "left").release(110, "left");
    for (int k = 140; k < 155; ++k)
        log.value(k, "look", 200, 0);
    log.hold(200, 239, "forward");
    (void)make_script(log, {.scale = kSize});
    const auto burned = burn(request(clip));
    ASSERT_TRUE(burned) << burned.error().what;
    ASSERT_EQ(burned->frames, kFrames);

    const Pictures shown = decode(burned->path);
    ASSERT_EQ(shown.count(), kFrames);
    const auto in = [](int k, int from, int to) { return from <= k && k < to; };
    for (int k = 0; k < kFrames; ++k) {
        const auto lit = [&](const Spot& spot) { return is_accent(shown.at(k, spot.x, spot.y)); };
        EXPECT_EQ(lit(kKeyD), k < 7) << k;
        EXPECT_EQ(lit(kKeyW), k == 1 || k == 4 || in(k, 7, 10) || in(k, 200, 239)) << k;
        EXPECT_EQ(lit(kLeftButton), in(k, 30, 90) && k % 3 == 0) << k;
        EXPECT_EQ(lit(kSpace), in(k, 20, 130)) << k;
        EXPECT_EQ(lit(kKeyA), k == 100 || k == 110) << k;
        EXPECT_EQ(lit(kRightOfCentre), in(k, 140, 160)) << k;
    }
}

TEST_F(OverlayPixels, StatesAreExactAtThirtyFramesAsWell) {
    constexpr int kFrames = 90;
    const auto clip = make_clip("color=c=0xE0E4E8", 30, kFrames / 30.0);
    LogBuilder log{30, kFrames};
    log.shooter().size(kWidth, kHeight);
    for (int k = 1; k < kFrames; k += 4)
        log.hold(k, k + 1, "forward");
    (void)make_script(log, {.scale = kSize});
    const auto burned = burn(request(clip));
    ASSERT_TRUE(burned) << burned.error().what;
    const Pictures shown = decode(burned->path);
    ASSERT_EQ(shown.count(), kFrames);
    for (int k = 0; k < kFrames; ++k)
        EXPECT_EQ(is_accent(shown.at(k, kKeyW.x, kKeyW.y)), k % 4 == 1) << k;
}

/// Mean difference of the luma inside the overlay's rectangle.
double difference(const std::uint8_t* a, const std::uint8_t* b, int width, int height) {
    const Spot top = Spot::at(-2, -2);
    const Spot bottom = Spot::at(462, 182);
    double sum = 0;
    int count = 0;
    for (int y = static_cast<int>(top.y); y < std::min<int>(height, static_cast<int>(bottom.y));
         ++y) {
        for (int x = static_cast<int>(top.x); x < std::min<int>(width, static_cast<int>(bottom.x));
             ++x, ++count)
            sum += std::abs(a[y * width + x] - b[y * width + x]);
    }
    return sum / count;
}

TEST_F(OverlayPixels, OurDrawingEqualsThatOfFfmpegsFilter) {
    constexpr int kFrames = 60;
    const auto clip = make_clip("testsrc2", 60, 1);
    LogBuilder log{60, kFrames};
    log.shooter().size(kWidth, kHeight);
    log.hold(5, 40, "forward").hold(10, 11, "jump").hold(20, 60, "fire");
    for (int k = 15; k < 35; ++k)
        log.value(k, "look", 30, -12);
    const auto script = make_script(log, {.scale = kSize});
    const Pictures theirs = decode(clip, "ass=" + script.string());
    ASSERT_EQ(theirs.count(), kFrames);
    const Pictures plain = decode(clip);

    std::ifstream in{script};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    auto source = render::ClipSource::open(clip, 1);
    ASSERT_TRUE(source) << source.error().what;
    auto ours = render::OverlayPicture::create(
        text, kWidth, kHeight, render::ColourSpace::of(source->decoder()), Log{"test"});
    ASSERT_TRUE(ours) << ours.error().what;
    const FrameHandle frame{av_frame_alloc()};
    const PacketHandle packet{av_packet_alloc()};
    double most_drawn = 0;
    for (int k = 0; k < kFrames;) {
        const auto kind = source->next(frame.get(), packet.get());
        ASSERT_TRUE(kind);
        if (*kind != render::ClipSource::Kind::Picture)
            continue;
        ASSERT_EQ(av_frame_make_writable(frame.get()), 0);
        if (ours->prepare(k * 1000 / 60))
            ours->draw(frame.get());
        std::vector<std::uint8_t> packed(static_cast<std::size_t>(kWidth) * kHeight);
        for (int y = 0; y < kHeight; ++y)
            std::copy_n(
                frame->data[0] + y * frame->linesize[0],
                kWidth,
                packed.data() + static_cast<std::ptrdiff_t>(y) * kWidth);
        EXPECT_LT(difference(packed.data(), theirs.picture(k), kWidth, kHeight), 2) << k;
        most_drawn =
            std::max(most_drawn, difference(packed.data(), plain.picture(k), kWidth, kHeight));
        ++k;
    }
    EXPECT_GT(most_drawn, 20);  // something was drawn at all
}

/// Mean squared difference of the luma right of and above the overlay.
double error_outside(const std::uint8_t* a, const std::uint8_t* b, int width, int height) {
    const int right = static_cast<int>(Spot::at(475, 0).x) + 16;
    const int top = static_cast<int>(Spot::at(0, -15).y) - 16;
    double sum = 0;
    int count = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = y < top ? 0 : right; x < width; ++x, ++count) {
            const double d = a[y * width + x] - b[y * width + x];
            sum += d * d;
        }
    }
    return sum / count;
}

TEST_F(OverlayPixels, OutsideTheOverlayThePictureIsThatOfAPlainTranscode) {
    const auto clip = make_clip("testsrc2", 60, 1);
    LogBuilder empty{60, 60};
    empty.shooter().size(kWidth, kHeight);
    (void)make_script(empty);
    auto plain_request = request(clip);
    plain_request.target = folder_ / "plain.mp4";
    const auto plain = burn(plain_request);
    ASSERT_TRUE(plain) << plain.error().what;
    LogBuilder log{60, 60};
    log.shooter().size(kWidth, kHeight).hold(0, 50, "forward").hold(3, 20, "fire");
    (void)make_script(log, {.scale = 1.5});
    const auto burned = burn(request(clip));
    ASSERT_TRUE(burned) << burned.error().what;

    const Pictures clean = decode(clip);
    const Pictures transcoded = decode(plain->path);
    const Pictures drawn = decode(burned->path);
    ASSERT_EQ(drawn.count(), 60);
    ASSERT_EQ(transcoded.count(), 60);
    double plain_error = 0;
    double drawn_error = 0;
    for (int k = 0; k < 60; ++k) {
        plain_error += error_outside(clean.picture(k), transcoded.picture(k), kWidth, kHeight);
        drawn_error += error_outside(clean.picture(k), drawn.picture(k), kWidth, kHeight);
    }
    const auto psnr = [](double error) { return 10 * std::log10(255 * 255 / (error / 60)); };
    EXPECT_NEAR(psnr(drawn_error), psnr(plain_error), .5);
}

}  // namespace
}  // namespace hindsight
