// The card in the sidebar, with a service that says what the test wants.

#include "clips/status_card.hpp"
#include "desktop.hpp"
#include "fake_service.hpp"

#include <hindsight/dbus/names.hpp>
#include <hindsight/dbus/service_object.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace hindsight::ui {
namespace {

using test::FakeService;
using test::handle_until;

struct StatusCardTest : testing::Test {
    QDBusConnection service_bus =
        QDBusConnection::connectToBus(QDBusConnection::SessionBus, "fake-service");
    FakeService service;
    Theme theme;
    Recorder recorder{QDBusConnection::sessionBus(), Log{"test"}};
    std::unique_ptr<StatusCard> card;

    void SetUp() override {
        card = std::make_unique<StatusCard>(theme, recorder);
        card->show();
        const auto published = dbus::publish(service_bus, service);
        ASSERT_TRUE(published) << published.error().what;
        recorder.start();
        ASSERT_TRUE(handle_until([this] { return recorder.status().connected; }));
    }

    void TearDown() override {
        recorder.let_go();
        service_bus.unregisterService(dbus::kService);
        service_bus.unregisterObject(dbus::kPath);
    }

    /// The button that is there under this name, if it is.
    [[nodiscard]] Button* sign(const QString& name) const {
        for (Button* button : card->findChildren<Button*>())
            if (button->isVisible() && button->accessibleName() == name)
                return button;
        return nullptr;
    }

    [[nodiscard]] bool shows(const QString& state, const QString& name) {
        service.status["microphone"] = state;
        emit service.StateChanged(service.status);
        return handle_until([&] { return sign(name) != nullptr; });
    }

    [[nodiscard]] bool is_quiet() const {
        for (const Button* button : card->findChildren<Button*>())
            if (button->isVisible() && button->accessibleName().startsWith("Microphone"))
                return false;
        return true;
    }
};

TEST_F(StatusCardTest, SaysWhetherTheMicrophoneIsHeardWhileItIsRecordedAndMutesIt) {
    EXPECT_TRUE(is_quiet()) << "nothing says that there is a microphone";
    ASSERT_TRUE(shows("silent", "Microphone silent"));
    ASSERT_TRUE(shows("on", "Microphone on"));
    sign("Microphone on")->click();
    ASSERT_TRUE(handle_until([this] { return !service.muted.isEmpty(); }));
    ASSERT_TRUE(shows("muted", "Microphone muted"));
    EXPECT_EQ(sign("Microphone muted")->text(), "Microphone muted");
    sign("Microphone muted")->click();
    ASSERT_TRUE(handle_until([this] { return service.muted.size() == 2; }));
    EXPECT_EQ(service.muted, (QList<bool>{true, false}));

    card->set_narrow(true);
    ASSERT_NE(sign("Microphone muted"), nullptr) << "the narrow one hides it";
    EXPECT_TRUE(sign("Microphone muted")->toolTip().startsWith("Microphone muted."));
    service.status["microphone"] = "off";
    emit service.StateChanged(service.status);
    EXPECT_TRUE(handle_until([this] { return is_quiet(); }));
}

}  // namespace
}  // namespace hindsight::ui
