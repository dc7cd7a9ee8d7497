#include "desktop.hpp"
#include "player/player_page.hpp"

#include <gtest/gtest.h>

#include <QAction>

namespace hindsight::ui {
namespace {

using test::desktop;
using test::handle_until;

constexpr int kFrames = 180;
constexpr int kWidth = 640;
constexpr int kHeight = 360;

/// A clip whose pictures say their own number: eight bars, white for 1, black for 0, lowest bit
/// left. Keyframes every second, no B-frames, as the recorder writes them.
std::filesystem::path numbered_clip() {
    const std::filesystem::path file = desktop().root() / "numbered.mp4";
    const auto made = desktop().run(
        {"ffmpeg",
         "-v",
         "error",
         "-y",
         "-f",
         "lavfi",
         "-i",
         "color=black:s=640x360:r=60:d=3,geq=lum='255*mod(floor(N/pow(2,floor(X/80))),2)':cb=128:"
         "cr=128",
         "-c:v",
         "libx264",
         "-preset",
         "ultrafast",
         "-g",
         "60",
         "-bf",
         "0",
         "-pix_fmt",
         "yuv420p",
         file.string()},
        hindsight::test::kPatience,
        {},
        "ffmpeg");
    EXPECT_TRUE(made) << made.error().what;
    return file;
}

/// A green plate in the lower left corner during the whole clip.
std::filesystem::path overlay_file() {
    const std::filesystem::path file = desktop().root() / "numbered.ass";
    const auto written = hindsight::test::write_text(
        file,
        "[Script Info]\nScriptType: v4.00+\nPlayResX: 640\nPlayResY: 360\nYCbCr Matrix: None\n\n"
        "[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, "
        "BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
        "Style: Key,Inter,20,&H0000FF00,&H00000000,&H00000000,1,0,0,7,0,0,0,1\n\n"
        "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, "
        "Text\n"
        "Dialogue: 0,0:00:00.00,0:00:10.00,Key,,0,0,0,,{\\pos(0,300)\\p1}m 0 0 l 120 0 120 60 0 "
        "60\n");
    EXPECT_TRUE(written);
    return file;
}

struct PlayerTest : testing::Test {
    std::unique_ptr<MpvPlayer> player;
    int settled = 0;
    bool loaded = false;

    void SetUp() override {
        auto created = MpvPlayer::create(Log{"test"});
        ASSERT_TRUE(created) << created.error().what;
        player = std::move(*created);
        QObject::connect(player.get(), &MpvPlayer::settled, [this] { ++settled; });
        QObject::connect(player.get(), &MpvPlayer::loaded, [this] { loaded = true; });
    }

    QImage picture() {
        QImage image{kWidth, kHeight, QImage::Format_RGB32};
        player->render(image, true);
        return image;
    }

    static int number_in(const QImage& image) {
        int number = 0;
        for (int bit = 0; bit < 8; ++bit)
            if (image.pixelColor(bit * 80 + 40, 100).lightness() > 128)
                number |= 1 << bit;
        return number;
    }

    void load(const std::string& overlay = {}) {
        static const std::filesystem::path kClip = numbered_clip();
        player->load(
            QString::fromStdString(kClip.string()), QString::fromStdString(overlay), false);
        ASSERT_TRUE(handle_until([this] { return loaded && settled > 0; }));
        ASSERT_TRUE(handle_until([this] { return number_in(picture()) == 0; }));
    }

    /// The picture may reach the renderer a moment after the seek is reported as done.
    void expect_frame(int number) {
        EXPECT_TRUE(handle_until([this, number] { return number_in(picture()) == number; }))
            << "shows " << number_in(picture()) << " instead of " << number;
    }
};

TEST_F(PlayerTest, ShowsExactlyTheFrameThatWasSought) {
    load();
    for (const int number : {1, 59, 60, 61, 100, 119, 120, 178, 179, 37}) {
        const int before = settled;
        player->seek(number / 60.0);
        ASSERT_TRUE(handle_until([&] { return settled > before; }));
        expect_frame(number);
        EXPECT_EQ(player->frame(), number);
    }
}

TEST_F(PlayerTest, StepsOneFrameBothWays) {
    load();
    player->seek(1.0);
    expect_frame(60);
    player->step(1);
    expect_frame(61);
    player->step(1);
    expect_frame(62);
    player->step(-1);
    expect_frame(61);
}

TEST_F(PlayerTest, ManySeeksEndAtTheLastWish) {
    load();
    for (int number = 0; number < kFrames; number += 7)
        player->seek(number / 60.0);
    player->seek(2.5);
    expect_frame(150);
}

TEST_F(PlayerTest, TheOverlayCanBeSwitchedOffAndOn) {
    load(overlay_file().string());
    const auto green = [this] {
        const QColor colour = picture().pixelColor(60, 330);
        return colour.green() > 200 && colour.red() < 80;
    };
    EXPECT_TRUE(player->state().has_overlay);
    EXPECT_TRUE(handle_until(green)) << "the overlay is shown at first";
    player->set_overlay(false);
    EXPECT_TRUE(handle_until([&] { return !green(); }));
    player->set_overlay(true);
    EXPECT_TRUE(handle_until(green));
}

TEST_F(PlayerTest, AnOverlayThatComesLaterIsShownWhereThePlayheadIs) {
    const Theme theme;
    PlayerPage page{theme, *player};
    page.resize(1280, 800);
    Clip clip;
    clip.id = "numbered";
    clip.path = numbered_clip();
    clip.duration = Duration::from_seconds(3);
    page.open(clip, false);
    ASSERT_TRUE(handle_until([this] { return loaded && settled > 0; }));
    player->seek(1.0);
    expect_frame(60);
    EXPECT_FALSE(player->state().has_overlay);
    clip.ass_path = overlay_file();
    clip.events = {{Duration::from_seconds(1.5), "marker", ""}};
    page.set_clip(clip);
    EXPECT_TRUE(player->state().has_overlay);
    EXPECT_TRUE(handle_until([this] {
        const QColor colour = picture().pixelColor(60, 330);
        return colour.green() > 200 && colour.red() < 80;
    })) << "the plate is not drawn";
    EXPECT_EQ(number_in(picture()), 60);
    EXPECT_EQ(page.timeline().timeline().events.size(), 1u);
}

TEST_F(PlayerTest, PlaysToTheEndAndStartsAgain) {
    load();
    player->set_muted(true);
    player->seek(2.9);
    player->set_paused(false);
    ASSERT_TRUE(handle_until([this] { return player->state().ended; }));
    player->set_paused(false);
    EXPECT_TRUE(handle_until([this] { return player->state().position < 2.0; }));
}

TEST_F(PlayerTest, AFileThatIsNoClipIsSaidSo) {
    const std::filesystem::path file = desktop().root() / "broken.mp4";
    ASSERT_TRUE(hindsight::test::write_text(file, "this is no clip"));
    QString sentence;
    QObject::connect(
        player.get(), &MpvPlayer::failed, [&sentence](const QString& said) { sentence = said; });
    player->load(QString::fromStdString(file.string()), {}, false);
    EXPECT_TRUE(handle_until([&] { return !sentence.isEmpty(); }));
}

TEST_F(PlayerTest, ThePageShowsThePictureAndReactsToKeys) {
    const Theme theme;
    PlayerPage page{theme, *player};
    page.resize(1280, 800);
    page.show();
    Clip clip;
    clip.id = "numbered";
    clip.path = numbered_clip();
    clip.ass_path = overlay_file();
    clip.game = "Test";
    clip.duration = Duration::from_seconds(3);
    clip.fps = 60;
    clip.events = {{Duration::from_seconds(1.5), "marker", ""}};
    page.open(clip, false);
    ASSERT_TRUE(handle_until([this] { return loaded && settled > 0; }));
    const auto press = [&page](Qt::Key key, const QString& text) {
        for (QAction* action : page.actions())
            if (action->shortcut() == QKeySequence{key})
                return action->trigger();
        FAIL() << "no key " << text.toStdString();
    };
    press(Qt::Key_N, "N");
    EXPECT_TRUE(handle_until([this] { return player->frame() == 90; }));
    // At once, while the seek is still under way.
    press(Qt::Key_Period, ".");
    expect_frame(91);
    EXPECT_EQ(player->frame(), 91);
    press(Qt::Key_V, "V");
    EXPECT_TRUE(handle_until([this] { return !player->state().overlay; }));
    EXPECT_FALSE(page.stage().picture().isNull());
}

}  // namespace
}  // namespace hindsight::ui
