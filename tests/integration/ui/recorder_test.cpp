#include "desktop.hpp"
#include "service/recorder.hpp"

#include <hindsight/dbus/names.hpp>
#include <hindsight/dbus/service_object.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace hindsight::ui {
namespace {

using test::handle_until;

/// A service on the bus that does what the test says.
class FakeService : public dbus::ServiceObject {
public:
    QVariantMap status{{"state", "buffering"}, {"game", "Freedoom"}};
    QList<QVariantMap> saves;
    QStringList retried;
    bool left = false;

    QVariantMap Status() override { return status; }

    void Start(const QVariantMap&) override {}

    void Stop() override {}

    void Pause(bool) override {}

    QString Save(const QVariantMap& options) override {
        saves << options;
        return "r1";
    }

    void Retry(const QString& request, const QVariantMap&) override { retried << request; }

    void Mark(const QString&) override {
        reply_error({Errc::NotFound, "Nothing is being recorded."});
    }

    QString RenderOverlay(const QString&, const QVariantMap&) override { return {}; }

    void CancelJob(const QString&) override {}

    QVariantList Encoders() override { return {}; }

    QVariantList Sources() override { return {}; }

    QVariantList Diagnose() override { return {}; }

    QString GetConfig(const QString&) override { return {}; }

    void SetConfig(const QString&, const QString&) override {}

    void Quit() override { left = true; }

    QVariantList List(const QVariantMap&) override { return {}; }

    QVariantMap Show(const QString&) override { return {}; }

    void Delete(const QString&) override {}

    void Restore(const QString&) override {}

    void Rename(const QString&, const QString&) override {}

    void SetFavorite(const QString&, bool) override {}

    void SetTags(const QString&, const QStringList&) override {}
};

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
    emit service->SaveFailed("r7", "no_space", "The disk is full.");
    ASSERT_TRUE(handle_until([this] { return !recorder.failure().request.isEmpty(); }));
    EXPECT_EQ(recorder.failure().sentence, "The disk is full.");
    recorder.retry();
    EXPECT_TRUE(recorder.failure().request.isEmpty());
    ASSERT_TRUE(handle_until([this] { return !service->retried.isEmpty(); }));
    EXPECT_EQ(service->retried, QStringList{"r7"});
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
