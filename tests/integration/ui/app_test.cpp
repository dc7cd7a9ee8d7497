// The program as a whole in this process, between a service and a notification server of the
// test's.

#include "app/app.hpp"
#include "desktop.hpp"
#include "fake_library.hpp"
#include "fake_service.hpp"
#include "notification_server.hpp"

#include <hindsight/dbus/names.hpp>

#include <gtest/gtest.h>

#include <QApplication>
#include <QDialog>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QTimer>

namespace hindsight::ui {
namespace {

using test::FakeService;
using test::handle_until;
using test::NotificationServer;

constexpr int kPressEveryMs = 500;

struct AppTest : testing::Test {
    QDBusConnection service_bus =
        QDBusConnection::connectToBus(QDBusConnection::SessionBus, "fake-service");
    std::unique_ptr<FakeService> service = std::make_unique<FakeService>();
    NotificationServer server;
    std::shared_ptr<test::Shelf> shelf = std::make_shared<test::Shelf>();
    std::unique_ptr<App> app;

    void SetUp() override {
        const auto published = dbus::publish(service_bus, *service);
        ASSERT_TRUE(published) << published.error().what;
        shelf->clips.push_back(test::make_clip("c1", "Freedoom", 0));
        shelf->clips.push_back(test::make_clip("c2", "Freedoom", 1));
        app = std::make_unique<App>(QDBusConnection::sessionBus(), test::open_shelf(shelf));
        app->start({.hidden = true, .clip = {}});
    }

    void TearDown() override {
        app.reset();
        service_bus.unregisterService(dbus::kService);
        service_bus.unregisterObject(dbus::kPath);
    }

    /// Presses a button of a bubble until `answered`: it can be pressed only when the program has
    /// learnt the bubble's number.
    [[nodiscard]] bool
    press(uint bubble, const QString& button, const std::function<bool()>& answered) {
        QElapsedTimer since;
        return handle_until([&] {
            if (!answered() && (!since.isValid() || since.hasExpired(kPressEveryMs))) {
                since.start();
                emit server.ActionInvoked(bubble, button);
            }
            return answered();
        });
    }

    /// Waits for the bubble of a saved clip.
    [[nodiscard]] bool save() {
        emit service->SaveVerified("r1", {{"id", "c1"}, {"game", "Freedoom"}});
        return handle_until([this] { return server.bubbles.size() == 1; });
    }

    static QWidget* window() {
        for (QWidget* widget : QApplication::topLevelWidgets())
            if (qobject_cast<MainWindow*>(widget) != nullptr)
                return widget;
        return nullptr;
    }
};

TEST_F(AppTest, DeleteInABubbleIsAnsweredByABubbleThatCanUndoIt) {
    ASSERT_TRUE(save());
    ASSERT_TRUE(press(7, "delete", [this] { return server.bubbles.size() == 2; }));
    EXPECT_EQ(service->deleted.value(0), "c1");
    EXPECT_EQ(server.bubbles[1].title, "Moved to the trash");
    EXPECT_EQ(server.bubbles[1].body, "Clip c1");
    EXPECT_TRUE(server.bubbles[1].actions.contains("Undo"));
    ASSERT_TRUE(press(8, "undo", [this] { return !service->restored.isEmpty(); }));
    EXPECT_EQ(service->restored.value(0), "c1");
    EXPECT_FALSE(window()->isVisible());
}

TEST_F(AppTest, ARefusalWithoutAWindowIsABubble) {
    service->refused_clip = "c1";
    ASSERT_TRUE(save());
    ASSERT_TRUE(press(7, "delete", [this] { return server.bubbles.size() == 2; }));
    EXPECT_EQ(server.bubbles[1].body, "There is no clip with this id.");
    EXPECT_FALSE(window()->isVisible());
}

TEST_F(AppTest, AWindowThatIsOpenAnswersItself) {
    app->show({});
    ASSERT_TRUE(handle_until([] { return window()->isVisible(); }));
    ASSERT_TRUE(save());
    const auto* toast = window()->findChild<Toast*>();
    ASSERT_NE(toast, nullptr);
    ASSERT_TRUE(press(7, "delete", [toast] { return toast->isVisible(); }));
    ASSERT_TRUE(handle_until([this] { return !service->deleted.isEmpty(); }));
    EXPECT_EQ(service->deleted.value(0), "c1");
    EXPECT_EQ(server.bubbles.size(), 1);
}

TEST_F(AppTest, ANewNameIsForTheClipThatItWasAskedForWhateverIsShownMeanwhile) {
    const auto* player = window()->findChild<PlayerPage*>();
    ASSERT_NE(player, nullptr);
    const auto shows = [&](const QString& id) {
        app->show(id);
        return player->clip().id == id.toStdString();
    };
    ASSERT_TRUE(handle_until([&] { return shows("c1"); }));
    const auto answer = [&] {
        auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
        ASSERT_NE(dialog, nullptr);
        EXPECT_TRUE(shows("c2")) << "as a second start of the program with a clip does";
        dialog->findChild<QLineEdit*>()->setText("Better");
        dialog->accept();
    };
    QTimer::singleShot(0, window(), answer);
    for (Button* button : player->findChildren<Button*>())
        if (button->accessibleName().contains("F2"))
            button->click();
    ASSERT_TRUE(handle_until([this] { return !service->renamed.isEmpty(); }));
    EXPECT_EQ(service->renamed, (QStringList{"c1", "Better"}));
}

TEST_F(AppTest, TheBubbleOfAFailedSaveGoesWhenItIsTriedAgain) {
    const QVariantMap failed{{"id", "r1"}, {"text", "The disk is full."}};
    service->status["failed"] = QVariantList{failed};
    emit service->StateChanged(service->status);
    emit service->SaveFailed("r1", "no_space", "The disk is full.");
    ASSERT_TRUE(handle_until([this] { return server.bubbles.size() == 1; }));
    ASSERT_TRUE(press(7, "retry", [this] { return !service->retried.isEmpty(); }));
    EXPECT_EQ(service->retried.value(0), "r1");
    EXPECT_TRUE(handle_until([this] { return !server.closed.isEmpty(); }));
    EXPECT_EQ(server.closed.value(0), 7u);
}

TEST_F(AppTest, AKeyPressWithNothingToSaveIsOneBubble) {
    emit service->SaveFailed("", "not_found", "Clip not saved: nothing has been recorded yet.");
    ASSERT_TRUE(handle_until([this] { return server.bubbles.size() == 1; }));
    EXPECT_TRUE(server.bubbles[0].actions.isEmpty());
}

TEST_F(AppTest, AKeyThatCanDoNothingNowIsOneBubbleThatSaysWhy) {
    const QString why = "The mute key does nothing: the microphone is not recorded.";
    emit service->KeyIgnored(why);
    ASSERT_TRUE(handle_until([this] { return server.bubbles.size() == 1; }));
    EXPECT_EQ(server.bubbles[0].body, why);
    EXPECT_TRUE(server.bubbles[0].actions.isEmpty());
}

}  // namespace
}  // namespace hindsight::ui
