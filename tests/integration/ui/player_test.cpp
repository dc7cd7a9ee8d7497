#include "desktop.hpp"
#include "numbered_clip.hpp"
#include "player/player_page.hpp"

#include <gtest/gtest.h>

#include <QAction>

namespace hindsight::ui {
namespace {

using test::desktop;
using test::handle_until;
using test::number_in;
using test::numbered_clip;
using test::overlay_file;
using test::picture_of;
using test::shows_overlay;

constexpr int kFrames = 180;

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

    QImage picture() { return picture_of(*player); }

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
    const auto green = [this] { return shows_overlay(picture()); };
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
    EXPECT_TRUE(handle_until([this] { return shows_overlay(picture()); }))
        << "the plate is not drawn";
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
