// The settings, with a service that keeps what it is told.

#include "desktop.hpp"
#include "fake_service.hpp"
#include "settings/settings_page.hpp"

#include <hindsight/dbus/names.hpp>
#include <hindsight/dbus/service_object.hpp>

#include <gtest/gtest.h>

#include <QLineEdit>
#include <memory>

namespace hindsight::ui {
namespace {

using test::FakeService;
using test::handle_until;

struct SettingsTest : testing::Test {
    QDBusConnection service_bus =
        QDBusConnection::connectToBus(QDBusConnection::SessionBus, "fake-service");
    FakeService service;
    Theme theme;
    Recorder recorder{QDBusConnection::sessionBus(), Log{"test"}};
    std::unique_ptr<SettingsPage> page;

    void SetUp() override {
        const auto published = dbus::publish(service_bus, service);
        ASSERT_TRUE(published) << published.error().what;
        page = std::make_unique<SettingsPage>(theme, recorder);
        recorder.start();
        ASSERT_TRUE(handle_until([this] { return recorder.status().connected; }));
    }

    void TearDown() override {
        recorder.let_go();
        page.reset();
        service_bus.unregisterService(dbus::kService);
        service_bus.unregisterObject(dbus::kPath);
    }

    [[nodiscard]] QLineEdit* field(const QString& name) const {
        for (QLineEdit* edit : page->findChildren<QLineEdit*>())
            if (edit->accessibleName() == name)
                return edit;
        return nullptr;
    }
};

TEST_F(SettingsTest, TheFolderForTheOlderPartOfTheBufferIsChosenAsThatForClips) {
    const QMap<QString, QString> fields{
        {"Folder on that disk", "recording.disk_folder"}, {"Folder for clips", "clips.folder"}};
    for (auto it = fields.cbegin(); it != fields.cend(); ++it) {
        QLineEdit* edit = field(it.key());
        ASSERT_NE(edit, nullptr) << it.key().toStdString();
        service.config[it.value()] = "\"/mnt/as it is\"";
        page->refresh();
        ASSERT_TRUE(handle_until([&] { return edit->text() == "/mnt/as it is"; }));
        edit->setText("/mnt/big");
        emit edit->editingFinished();
        EXPECT_TRUE(handle_until([&] { return service.config.value(it.value()) == "/mnt/big"; }))
            << it.value().toStdString();
    }
}

}  // namespace
}  // namespace hindsight::ui
