#include "desktop.hpp"
#include "notification_server.hpp"
#include "notify/notifier.hpp"

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QFile>

namespace hindsight::ui {
namespace {

using test::handle_until;
using test::NotificationServer;

struct NotifierTest : testing::Test {
    NotificationServer server;
    Notifier notifier{QDBusConnection::sessionBus(), Log{"test"}};

    bool wait_for(int bubbles) {
        return handle_until([this, bubbles] { return server.bubbles.size() >= bubbles; });
    }
};

TEST_F(NotifierTest, ASavedClipHasTitlePictureAndButtons) {
    const QString picture = QString::fromStdString((test::desktop().root() / "thumb.png").string());
    QFile{picture}.open(QIODevice::WriteOnly);
    notifier.clip_saved({"clip-1", "Freedoom", 30, "2 kills", picture});
    ASSERT_TRUE(wait_for(1));
    const NotificationServer::Bubble& bubble = server.bubbles[0];
    EXPECT_EQ(bubble.title, "Clip saved: Freedoom, 30 s");
    EXPECT_EQ(bubble.body, "2 kills.");
    EXPECT_EQ(
        bubble.actions,
        (QStringList{
            "default", "Open", "open", "Open", "folder", "Show in folder", "delete", "Delete"}));
    EXPECT_EQ(bubble.hints["image-path"].toString(), "file://" + picture);
    EXPECT_EQ(bubble.hints["desktop-entry"], "io.github.hindsight.Hindsight");
}

TEST_F(NotifierTest, ASecondClipReplacesTheFirstBubble) {
    notifier.clip_saved({"clip-1", "Freedoom", 30, "", ""});
    ASSERT_TRUE(wait_for(1));
    ASSERT_TRUE(handle_until([] { return true; }));
    QCoreApplication::processEvents();
    notifier.clip_saved({"clip-2", "Freedoom", 10, "", ""});
    ASSERT_TRUE(wait_for(2));
    EXPECT_EQ(server.bubbles[1].title, "2 clips saved");
    EXPECT_EQ(server.bubbles[1].replaces, 7u);
}

TEST_F(NotifierTest, ButtonsLeadToTheirClip) {
    QString opened;
    QString shown;
    QString deleted;
    QObject::connect(&notifier, &Notifier::open_wanted, [&](const QString& id) { opened = id; });
    QObject::connect(&notifier, &Notifier::folder_wanted, [&](const QString& id) { shown = id; });
    QObject::connect(&notifier, &Notifier::delete_wanted, [&](const QString& id) { deleted = id; });
    notifier.clip_saved({"clip-1", "Freedoom", 30, "", ""});
    ASSERT_TRUE(wait_for(1));
    ASSERT_TRUE(handle_until([&] {
        emit server.ActionInvoked(7, "default");
        return !opened.isEmpty();
    }));
    EXPECT_EQ(opened, "clip-1");
    emit server.ActionInvoked(99, "delete");
    emit server.ActionInvoked(7, "folder");
    ASSERT_TRUE(handle_until([&] { return !shown.isEmpty(); }));
    EXPECT_TRUE(deleted.isEmpty()) << "the bubble of another program";
    emit server.ActionInvoked(7, "delete");
    ASSERT_TRUE(handle_until([&] { return !deleted.isEmpty(); }));
    EXPECT_EQ(deleted, "clip-1");
}

TEST_F(NotifierTest, AScreenshotShowsItselfAndItsButtonsLeadToIt) {
    QString opened;
    QString shown;
    QObject::connect(
        &notifier, &Notifier::picture_wanted, [&](const QString& path) { opened = path; });
    QObject::connect(
        &notifier, &Notifier::picture_folder_wanted, [&](const QString& path) { shown = path; });
    notifier.screenshot_saved("/videos/Doom_2026.png");
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(server.bubbles[0].title, "Screenshot saved");
    EXPECT_EQ(server.bubbles[0].body, "Doom_2026.png");
    EXPECT_EQ(server.bubbles[0].hints["image-path"].toString(), "file:///videos/Doom_2026.png");
    ASSERT_TRUE(handle_until([&] {
        emit server.ActionInvoked(7, "default");
        return !opened.isEmpty();
    }));
    EXPECT_EQ(opened, "/videos/Doom_2026.png");
    emit server.ActionInvoked(7, "folder");
    ASSERT_TRUE(handle_until([&] { return !shown.isEmpty(); }));
    EXPECT_EQ(shown, "/videos/Doom_2026.png");
}

TEST_F(NotifierTest, AFailureIsCriticalAndOffersAWayOut) {
    QStringList retried;
    QObject::connect(&notifier, &Notifier::retry_wanted, [&](const QString& id) { retried << id; });
    notifier.save_failed("r1", "The disk is full. Your 30 s are safe in memory.");
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(server.bubbles[0].hints["urgency"].toInt(), 2);
    EXPECT_TRUE(server.bubbles[0].actions.contains("Try again"));
    EXPECT_TRUE(server.bubbles[0].actions.contains("Other folder"));
    ASSERT_TRUE(handle_until([&] {
        emit server.ActionInvoked(7, "retry");
        return !retried.isEmpty();
    }));
    EXPECT_EQ(retried.first(), "r1");
}

TEST_F(NotifierTest, AFailureForGoodStaysWithoutDeadButtons) {
    notifier.save_lost("Clip not saved: there is no picture.");
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(server.bubbles[0].hints["urgency"].toInt(), 2);
    EXPECT_TRUE(server.bubbles[0].actions.isEmpty());
    notifier.keep_failures({});
    notifier.tell("Next", "");
    ASSERT_TRUE(wait_for(2));
    EXPECT_TRUE(server.closed.isEmpty());
}

TEST_F(NotifierTest, EveryFailedSaveHasItsOwnBubble) {
    QStringList retried;
    QObject::connect(&notifier, &Notifier::retry_wanted, [&](const QString& id) { retried << id; });
    notifier.save_failed("r1", "The disk is full.");
    notifier.save_failed("r2", "The disk is full.");
    notifier.save_failed("r1", "The disk is still full.");
    ASSERT_TRUE(wait_for(3));
    EXPECT_EQ(server.bubbles[1].replaces, 0u);
    EXPECT_EQ(server.bubbles[2].replaces, 7u) << "the same save again";
    ASSERT_TRUE(handle_until([&] {
        emit server.ActionInvoked(8, "retry");
        return !retried.isEmpty();
    }));
    EXPECT_EQ(retried.first(), "r2");
}

TEST_F(NotifierTest, NothingToSaveIsAPlainBubbleWithoutDeadButtons) {
    notifier.save_refused("Clip not saved: there is nothing to save.");
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(server.bubbles[0].body, "Clip not saved: there is nothing to save.");
    EXPECT_TRUE(server.bubbles[0].actions.isEmpty());
    EXPECT_FALSE(server.bubbles[0].hints.contains("urgency"));
}

TEST_F(NotifierTest, AServerWithoutButtonsIsAskedForNone) {
    server.capabilities = {"body"};
    notifier.clip_saved({"clip-1", "Freedoom", 30, "", ""});
    ASSERT_TRUE(wait_for(1));
    EXPECT_TRUE(server.bubbles[0].actions.isEmpty());
}

TEST_F(NotifierTest, SwitchedOffItIsSilent) {
    notifier.set_enabled(false);
    notifier.clip_saved({"clip-1", "Freedoom", 30, "", ""});
    notifier.set_enabled(true);
    notifier.tell("Now", "");
    ASSERT_TRUE(wait_for(1));
    EXPECT_EQ(server.bubbles[0].title, "Now");
}

}  // namespace
}  // namespace hindsight::ui
