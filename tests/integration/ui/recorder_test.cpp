#include "desktop.hpp"
#include "fake_service.hpp"
#include "service/recorder.hpp"

#include <hindsight/dbus/names.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace hindsight::ui {
namespace {

using test::FakeService;
using test::handle_until;

struct RecorderTest : testing::Test {
    QDBusConnection service_bus =
        QDBusConnection::connectToBus(QDBusConnection::SessionBus, "fake-service");
    std::unique_ptr<FakeService> service = std::make_unique<FakeService>();
    Recorder recorder{QDBusConnection::sessionBus(), Log{"test"}};

    void SetUp() override {
        const auto published = dbus::publish(service_bus, *service);
        ASSERT_TRUE(published) << published.error().what;
        recorder.start();
        ASSERT_TRUE(handle_until([this] { return recorder.status().connected; }));
    }

    void TearDown() override {
        recorder.let_go();
        service_bus.unregisterService(dbus::kService);
        service_bus.unregisterObject(dbus::kPath);
    }
};

TEST_F(RecorderTest, FollowsTheState) {
    EXPECT_EQ(recorder.status().game, "Freedoom");
    emit service->StateChanged({{"state", "paused"}});
    EXPECT_TRUE(handle_until([this] { return recorder.status().state == "paused"; }));
}

TEST_F(RecorderTest, ASaveCanBeSeenEvenWhenItIsQuick) {
    recorder.save(30);
    ASSERT_TRUE(handle_until([this] { return !service->saves.isEmpty(); }));
    EXPECT_DOUBLE_EQ(service->saves[0]["last_s"].toDouble(), 30);
    QString saved;
    QObject::connect(
        &recorder, &Recorder::clip_saved, [&](const QString&, const nlohmann::json& clip) {
            saved = QString::fromStdString(clip.value("id", ""));
        });
    emit service->SaveStarted("r1", {});
    emit service->SaveVerified("r1", {{"id", "clip-1"}});
    ASSERT_TRUE(handle_until([&] { return !saved.isEmpty(); }));
    EXPECT_EQ(saved, "clip-1");
    EXPECT_TRUE(recorder.saving()) << "shown for at least 600 ms";
    EXPECT_TRUE(handle_until([this] { return !recorder.saving(); }));
}

TEST_F(RecorderTest, AFailureStaysUntilItIsTriedAgain) {
    emit service->SaveStarted("r7", {});
    service->status["failed"] = QVariantList{QVariantMap{{"id", "r7"}}};
    emit service->SaveFailed("r7", "no_space", "The disk is full.");
    ASSERT_TRUE(handle_until([this] { return !recorder.failure().request.isEmpty(); }));
    EXPECT_EQ(recorder.failure().sentence, "The disk is full.");
    recorder.retry("r7");
    EXPECT_TRUE(recorder.saving());
    EXPECT_TRUE(recorder.failure().request.isEmpty());
    ASSERT_TRUE(handle_until([this] { return !service->retried.isEmpty(); }));
    EXPECT_EQ(service->retried, QStringList{"r7"});
}

TEST_F(RecorderTest, EachOfSeveralFailedSavesIsRetriedOrLetGoOfByItself) {
    const auto failed = [](const char* id) {
        return QVariant{QVariantMap{{"id", id}, {"text", "The disk is full."}}};
    };
    // An answer to a question that is under way must not undo it.
    service->status["failed"] = QVariantList{failed("r1"), failed("r2")};
    emit service->StateChanged(service->status);
    ASSERT_TRUE(handle_until([this] { return recorder.failures().size() == 2; }));
    EXPECT_EQ(recorder.failure().request, "r2") << "the newest is spoken of";
    recorder.discard("r2");
    ASSERT_TRUE(handle_until([this] { return recorder.failures().size() == 1; }));
    EXPECT_EQ(service->discarded, QStringList{"r2"});
    EXPECT_EQ(recorder.failure().request, "r1");
    recorder.retry("r1");
    ASSERT_TRUE(handle_until([this] { return !service->retried.isEmpty(); }));
    EXPECT_EQ(service->retried, QStringList{"r1"});
    emit service->SaveFailed("r1", "no_space", "The disk is still full.");
    ASSERT_TRUE(handle_until([this] { return !recorder.failures().isEmpty(); }));
    EXPECT_EQ(recorder.failure().sentence, "The disk is still full.");
}

TEST_F(RecorderTest, AKeyPressWithNothingToSaveIsNoFailedSave) {
    QString said;
    bool failed = false;
    QObject::connect(&recorder, &Recorder::save_refused, [&](const QString& text) { said = text; });
    QObject::connect(&recorder, &Recorder::save_failed, [&] { failed = true; });
    emit service->SaveStarted("r1", {});
    emit service->SaveFailed("", "not_found", "Clip not saved: nothing has been recorded yet.");
    ASSERT_TRUE(handle_until([&] { return !said.isEmpty(); }));
    EXPECT_EQ(said, "Clip not saved: nothing has been recorded yet.");
    EXPECT_FALSE(failed);
    EXPECT_TRUE(recorder.failure().sentence.isEmpty()) << "there is nothing to try again";
    EXPECT_TRUE(recorder.saving()) << "the other save still runs";
}

TEST_F(RecorderTest, AFailureOfWhichNothingIsLeftIsNothingToTryAgain) {
    QString said;
    bool failed = false;
    QObject::connect(&recorder, &Recorder::save_lost, [&](const QString& text) { said = text; });
    QObject::connect(&recorder, &Recorder::save_failed, [&] { failed = true; });
    emit service->SaveStarted("r1", {});
    emit service->SaveFailed("r1", "not_found", "Clip not saved: there is no picture.");
    ASSERT_TRUE(handle_until([&] { return !said.isEmpty(); }));
    EXPECT_EQ(said, "Clip not saved: there is no picture.");
    EXPECT_FALSE(failed);
    EXPECT_TRUE(recorder.failures().isEmpty());
    EXPECT_TRUE(handle_until([this] { return !recorder.saving(); }));
}

TEST_F(RecorderTest, StartTakesTheGameThenTheWindowInFrontThenTheScreen) {
    service->refused_source = "focused";
    service->sources = {
        QVariantMap{{"source", "screen"}, {"kind", "screen"}},
        QVariantMap{{"source", "window:7"}, {"is_game", false}}};
    recorder.start_recording();
    ASSERT_TRUE(handle_until([this] { return service->started.size() == 2; }));
    EXPECT_EQ(service->started, (QStringList{"focused", "screen"}));
    service->sources.append(QVariantMap{{"source", "window:9"}, {"is_game", true}});
    recorder.start_recording();
    ASSERT_TRUE(handle_until([this] { return service->started.size() == 3; }));
    EXPECT_EQ(service->started.last(), "window:9");
}

TEST_F(RecorderTest, ARefusalIsASentence) {
    QString said;
    QObject::connect(&recorder, &Recorder::refused, [&](const QString& text) { said = text; });
    recorder.mark();
    ASSERT_TRUE(handle_until([&] { return !said.isEmpty(); }));
    EXPECT_EQ(said, "Nothing is being recorded.");
}

TEST_F(RecorderTest, QuitEndsTheServiceFirst) {
    bool done = false;
    recorder.quit_service([&done] { done = true; });
    ASSERT_TRUE(handle_until([&] { return done; }));
    EXPECT_TRUE(service->left);
}

TEST_F(RecorderTest, AVanishedServiceIsNoticedAndItsReturnToo) {
    service_bus.unregisterService(dbus::kService);
    ASSERT_TRUE(handle_until([this] { return !recorder.status().connected; }));
    ASSERT_TRUE(service_bus.registerService(dbus::kService));
    EXPECT_TRUE(handle_until([this] { return recorder.status().connected; }));
}

}  // namespace
}  // namespace hindsight::ui
