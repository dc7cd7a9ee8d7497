// The window under a real window manager, with real keys.

#include "app/main_window.hpp"
#include "desktop.hpp"
#include "fake_library.hpp"

#include <gtest/gtest.h>

#include <QApplication>

namespace hindsight::ui {
namespace {

using test::desktop;
using test::handle_until;

/// Two seconds of a test picture, in no library.
std::filesystem::path lone_clip() {
    const std::filesystem::path file = desktop().root() / "lone.mp4";
    const auto made = desktop().run(
        {"ffmpeg",
         "-v",
         "error",
         "-y",
         "-f",
         "lavfi",
         "-i",
         "testsrc=s=320x180:r=30:d=2",
         "-c:v",
         "libx264",
         "-preset",
         "ultrafast",
         "-g",
         "30",
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

struct WindowTest : testing::Test {
    std::shared_ptr<test::Shelf> shelf = std::make_shared<test::Shelf>();
    Theme theme;
    Recorder recorder{QDBusConnection::sessionBus(), Log{"test"}};
    ClipModel model{test::open_shelf(shelf), Log{"test"}};
    std::unique_ptr<MpvPlayer> player;
    std::unique_ptr<MainWindow> window;

    void SetUp() override {
        auto created = MpvPlayer::create(Log{"test"});
        ASSERT_TRUE(created) << created.error().what;
        player = std::move(*created);
        make_window();
    }

    void make_window() {
        window = std::make_unique<MainWindow>(theme, model, recorder, player.get());
        window->present();
        ASSERT_TRUE(handle_until([this] { return window->isActiveWindow(); }));
    }

    void open() {
        static const std::filesystem::path kClip = lone_clip();
        ASSERT_TRUE(window->open_clip(QString::fromStdString(kClip.string()), false));
        ASSERT_TRUE(handle_until([this] { return player->state().duration > 0; }));
    }

    static void press(const char* key) {
        const auto pressed = desktop().xdotool({"key", key});
        ASSERT_TRUE(pressed) << pressed.error().what;
    }

    [[nodiscard]] bool keys_reach_the_player() const {
        const QWidget* focus = QApplication::focusWidget();
        return focus != nullptr && focus->isVisible() && window->player_page()->isAncestorOf(focus);
    }
};

TEST_F(WindowTest, TheKeysWorkOnTheFullScreenAndAMaximisedWindowComesBackSo) {
    window->setWindowState(Qt::WindowMaximized);
    ASSERT_TRUE(handle_until([this] { return window->isMaximized(); }));
    open();
    press("f");
    ASSERT_TRUE(handle_until([this] { return window->isFullScreen(); }));
    EXPECT_TRUE(keys_reach_the_player());
    press("l");
    EXPECT_TRUE(handle_until([this] { return player->state().loop; })) << "no key arrives";
    press("Escape");
    EXPECT_TRUE(handle_until([this] { return !window->isFullScreen(); }));
    EXPECT_TRUE(window->isMaximized());
    EXPECT_TRUE(keys_reach_the_player());
}

TEST_F(WindowTest, AFileOfNoLibraryHasItsLengthAndNothingThatOnlyClipsHave) {
    open();
    const TimelineView& timeline = window->player_page()->timeline();
    EXPECT_TRUE(handle_until([&] { return timeline.timeline().duration > 1.9; }));
    EXPECT_LT(timeline.timeline().duration, 2.1);
    for (const Button* button : window->player_page()->findChildren<Button*>()) {
        const QString name = button->accessibleName();
        const bool of_library =
            name.contains("Ctrl+B") || name.contains("F2") || name.contains("Del");
        EXPECT_FALSE(of_library && button->isVisible()) << name.toStdString();
    }
    bool trashed = false;
    QObject::connect(
        window->player_page(), &PlayerPage::trash_wanted, [&trashed] { trashed = true; });
    press("Delete");
    press("l");
    ASSERT_TRUE(handle_until([this] { return player->state().loop; }));
    EXPECT_FALSE(trashed);
}

TEST_F(WindowTest, ClosedOnTheFullScreenItComesBackAsAWindow) {
    open();
    const QSize size = window->size();
    press("f");
    ASSERT_TRUE(handle_until([&] { return window->isFullScreen() && window->size() != size; }));
    window->close();
    ASSERT_TRUE(handle_until([this] { return !window->isVisible(); }));
    make_window();
    EXPECT_FALSE(window->isFullScreen());
    EXPECT_EQ(window->size(), size);
}

}  // namespace
}  // namespace hindsight::ui
