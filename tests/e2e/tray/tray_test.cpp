// The tray icon as a panel sees it: it is there, its menu saves, a bubble tells, and it brings a
// vanished service back.

#include "recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <sstream>

namespace hindsight::test {
namespace {

using testing::HasSubstr;

constexpr const char* kName = "io.github.hindsight.Hindsight";
constexpr const char* kConfig = R"(
[recording]
start = "manual"
fps = 30
preset = "ultrafast"
[clips]
length_seconds = 2
[overlay]
on_save = "off"
)";

/// The data of `busctl --json=short call …`; null when it failed.
Json bus_json(DesktopSession& session, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"busctl", "--user", "--json=short"});
    const auto output = session.run(std::move(arguments), kPatience, {}, "systemd");
    if (!output || !output->status.success())
        return {};
    const Json answer = Json::parse(output->out, nullptr, false);
    return answer.is_object() ? answer.value("data", Json{}) : Json{};
}

struct TrayItem {
    std::string service;
    std::string path;
    std::string menu;
};

std::optional<TrayItem> find_item(DesktopSession& session) {
    const Json items = bus_json(
        session,
        {"get-property",
         "org.kde.StatusNotifierWatcher",
         "/StatusNotifierWatcher",
         "org.kde.StatusNotifierWatcher",
         "RegisteredStatusNotifierItems"});
    if (!items.is_array() || items.empty())
        return std::nullopt;
    const std::string item = items.front();
    const std::size_t slash = item.find('/');
    TrayItem found{
        .service = item.substr(0, slash),
        .path = slash == std::string::npos ? "/StatusNotifierItem" : item.substr(slash),
        .menu = {}};
    const Json menu = bus_json(
        session, {"get-property", found.service, found.path, "org.kde.StatusNotifierItem", "Menu"});
    found.menu = menu.is_string() ? menu.get<std::string>() : "/MenuBar";
    return found;
}

/// The id of the first menu entry whose text begins with `label` and that can be chosen, or -1.
int menu_entry(const Json& node, const std::string& label) {
    // A node is [id, properties, children]; children come wrapped as variants.
    const Json& inner = node.is_object() && node.contains("data") ? node["data"] : node;
    if (!inner.is_array() || inner.size() < 3)
        return -1;
    const Json text = inner[1].value("label", Json::object()).value("data", Json{});
    const auto is = [&inner](const char* property) {
        return inner[1].value(property, Json::object()).value("data", Json(true)) == Json(true);
    };
    if (text.is_string() && text.get<std::string>().starts_with(label))
        return is("enabled") && is("visible") ? inner[0].get<int>() : -1;
    for (const Json& child : inner[2]) {
        if (const int found = menu_entry(child, label); found >= 0)
            return found;
    }
    return -1;
}

bool click(DesktopSession& session, const TrayItem& item, const std::string& label) {
    const Json layout = bus_json(
        session,
        {"call",
         "--",
         item.service,
         item.menu,
         "com.canonical.dbusmenu",
         "GetLayout",
         "iias",
         "0",
         "-1",
         "0"});
    const int entry = layout.is_array() && layout.size() == 2 ? menu_entry(layout[1], label) : -1;
    if (entry < 0)
        return false;
    const auto clicked = session.run(
        {"busctl",
         "--user",
         "call",
         item.service,
         item.menu,
         "com.canonical.dbusmenu",
         "Event",
         "isvu",
         std::to_string(entry),
         "clicked",
         "i",
         "0",
         "0"});
    return clicked && clicked->status.success();
}

class Tray : public testing::Test {
protected:
    void SetUp() override {
        auto desktop =
            DesktopSession::start({.activation = HINDSIGHT_TEST_SHARE_DIR "/dbus-1/services"});
        ASSERT_TRUE(desktop) << desktop.error().what;
        desktop_ = std::move(*desktop);
        const auto panel = desktop_->start_panel();
        ASSERT_TRUE(panel) << panel.error().what;
        const auto notifications = desktop_->start_notifications();
        ASSERT_TRUE(notifications) << notifications.error().what;
        auto recorder = Recorder::start(*desktop_, kConfig);
        ASSERT_TRUE(recorder) << recorder.error().what;
        recorder_ = std::move(*recorder);
        auto app = desktop_->spawn_program("hindsight", {"--tray"});
        ASSERT_TRUE(app) << app.error().what;
        app_ = std::move(*app);
        const auto there = [this] {
            item_ = find_item(*desktop_);
            return item_.has_value();
        };
        ASSERT_TRUE(wait_until(there)) << app_.err();
    }

    std::unique_ptr<DesktopSession> desktop_;
    std::unique_ptr<Recorder> recorder_;
    Process app_;
    std::optional<TrayItem> item_;
};

TEST_F(Tray, SavesFromItsMenuAndABubbleTells) {
    auto monitor = desktop_->spawn(
        {"busctl", "--user", "monitor", "--json=short", "org.freedesktop.Notifications"});
    ASSERT_TRUE(monitor) << monitor.error().what;
    ASSERT_TRUE(recorder_->ctl({"start", "screen"}));
    const auto footage = recorder_->wait_for_footage(2);
    ASSERT_TRUE(footage) << footage.error().what << recorder_->logs();
    // The menu learns of the recording by a signal.
    ASSERT_TRUE(wait_until([this] { return click(*desktop_, *item_, "Save last"); }));
    const auto told = [&] { return monitor->out().find("Clip saved: ") != std::string::npos; };
    EXPECT_TRUE(wait_until(told)) << monitor->out() << app_.err() << recorder_->logs();
    EXPECT_THAT(monitor->out(), HasSubstr("Show in folder"));
    EXPECT_TRUE(desktop_->wait_for_window("[Xx]fce4-notifyd"));
    const auto list = recorder_->ctl({"list"});
    ASSERT_TRUE(list) << list.error().what;
    EXPECT_EQ(list->size(), 1U);
}

TEST_F(Tray, OpensTheLibrary) {
    ASSERT_TRUE(wait_until([this] { return click(*desktop_, *item_, "Open library"); }));
    const auto window = desktop_->wait_for_window("hindsight");
    EXPECT_TRUE(window) << window.error().what << app_.err();
}

TEST_F(Tray, BringsAVanishedServiceBack) {
    recorder_->service().kill(SIGKILL);
    (void)recorder_->service().wait();
    const auto back = desktop_->wait_for_bus_name(kName);
    EXPECT_TRUE(back) << app_.err();
    const auto status = recorder_->ctl({"status"});
    EXPECT_TRUE(status) << status.error().what;
}

}  // namespace
}  // namespace hindsight::test
