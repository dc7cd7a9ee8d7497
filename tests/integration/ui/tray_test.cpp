// The tray icon and its menu, with a service and a panel that do what the test says.

#include "desktop.hpp"
#include "fake_library.hpp"
#include "fake_service.hpp"
#include "panel.hpp"
#include "tray/tray.hpp"

#include <hindsight/dbus/names.hpp>
#include <hindsight/dbus/variant.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace hindsight::ui {
namespace {

using dbus::Json;
using test::FakeService;
using test::handle_until;
using Panel = hindsight::test::Panel;
using hindsight::test::Host;

QDBusConnection panel_bus() {
    static int number = 0;
    return QDBusConnection::connectToBus(
        QDBusConnection::SessionBus, QString{"panel-%1"}.arg(++number));
}

/// What the service says, with all of its keys.
Json status_of(const std::string& state, double buffered_s, int limit_s) {
    const bool recording = state == "buffering";
    return {
        {"state", state},
        {"start", "game"},
        {"game", recording ? "Freedoom" : ""},
        {"source", recording ? "window:7" : ""},
        {"microphone", "off"},
        {"encoder", recording ? "obs_x264" : ""},
        {"picture", recording ? "direct" : ""},
        {"width", recording ? 640 : 0},
        {"height", recording ? 480 : 0},
        {"fps", 60},
        {"ring",
         {{"buffered_s", buffered_s},
          {"buffered_bytes", 1'000'000},
          {"pinned_bytes", 0},
          {"limit_s", limit_s},
          {"limit_bytes", 536'870'912},
          {"epoch", 1}}},
        {"frames", {{"captured", 100}, {"skipped", 0}, {"lagged", 0}, {"unchanged", 0}}},
        {"input", {{"profile", "doom"}, {"mode", "gameplay"}}},
        {"session",
         {{"active", false},
          {"state", "none"},
          {"duration_s", 0.0},
          {"size_bytes", 0},
          {"path", ""},
          {"progress", 0.0}}},
        {"exports", Json::array()},
        {"failed", Json::array()},
        {"health", Json::array()},
        {"recovered", Json::array()}};
}

/// The file manager that is asked to show a clip.
class FileManager : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.FileManager1")

public:
    QStringList shown;

public slots:

    void ShowItems(const QStringList& items, const QString&) { shown << items; }
};

struct TrayTest : testing::Test {
    QDBusConnection service_bus =
        QDBusConnection::connectToBus(QDBusConnection::SessionBus, "fake-service");
    std::unique_ptr<FakeService> service = std::make_unique<FakeService>();
    std::shared_ptr<test::Shelf> shelf = std::make_shared<test::Shelf>();
    Theme theme;
    Recorder recorder{QDBusConnection::sessionBus(), Log{"test"}};
    ClipModel model{test::open_shelf(shelf), Log{"test"}};
    std::unique_ptr<Tray> tray;

    void SetUp() override {
        shelf->clips.push_back(test::make_clip("c1", "Freedoom", 0));
        model.refresh();
        tray = std::make_unique<Tray>(theme, recorder, model);
        tray->set_save_key({30, "Alt+F10"}, "Alt+F11", "Ctrl+Shift+F8");
        service->status = dbus::to_variant_map(status_of("idle", 0, 120));
        const auto published = dbus::publish(service_bus, *service);
        ASSERT_TRUE(published) << published.error().what;
        recorder.start();
        ASSERT_TRUE(handle_until([this] { return recorder.status().connected; }));
    }

    void TearDown() override {
        recorder.let_go();
        tray.reset();
        service_bus.unregisterService(dbus::kService);
        service_bus.unregisterObject(dbus::kPath);
    }

    void tell(const Json& status) {
        const RecorderStatus wanted = parse_status(status);
        // An answer to a question that is under way must not undo it.
        service->status = dbus::to_variant_map(status);
        emit service->StateChanged(service->status);
        ASSERT_TRUE(handle_until([&] { return recorder.status() == wanted; }));
    }

    /// What the menu shows, in order; what is off is marked.
    [[nodiscard]] QStringList offered() const {
        QStringList entries;
        for (const QAction* action : tray->menu().actions())
            if (action->isVisible() && !action->isSeparator())
                entries << action->text() + (action->isEnabled() ? "" : " (off)");
        return entries;
    }

    void trigger(const QString& text) {
        for (QAction* action : tray->menu().actions())
            if (action->isVisible() && action->isEnabled() && action->text() == text)
                return action->trigger();
        FAIL() << text.toStdString() << " cannot be chosen";
    }
};

TEST_F(TrayTest, BeforeAGameThereIsNothingToSave) {
    EXPECT_EQ(tray->shape(), "idle");
    EXPECT_EQ(
        offered(),
        (QStringList{
            "Waiting for a game (off)",
            "Save last 30 s (off)",
            "Save last 2 minutes (off)",
            "Save only what is new (off)",
            "Set a marker (off)",
            "Record session (off)",
            "Last clips",
            "Open library",
            "Pause",
            "Settings",
            "Quit"}));
}

TEST_F(TrayTest, AfterTheGameItsLastMinutesCanStillBeSaved) {
    tell(status_of("idle", 52, 120));
    EXPECT_EQ(tray->shape(), "idle");
    EXPECT_TRUE(offered().contains("Save last 30 s"));
    EXPECT_TRUE(offered().contains("Save only what is new"));
    EXPECT_TRUE(offered().contains("Set a marker (off)")) << "nothing is recorded";
    trigger("Save last 30 s");
    ASSERT_TRUE(handle_until([this] { return !service->saves.isEmpty(); }));
    EXPECT_DOUBLE_EQ(service->saves[0]["last_s"].toDouble(), 30);
}

TEST_F(TrayTest, WhereNothingStartsByItselfItStarts) {
    EXPECT_FALSE(offered().contains("Start recording"));
    Json status = status_of("idle", 0, 120);
    status["start"] = "manual";
    tell(status);
    EXPECT_EQ(offered().value(0), "Not recording (off)");
    trigger("Start recording");
    ASSERT_TRUE(handle_until([this] { return !service->started.isEmpty(); }));
    status = status_of("buffering", 1, 120);
    status["start"] = "manual";
    tell(status);
    EXPECT_FALSE(offered().contains("Start recording"));
}

TEST_F(TrayTest, WhileBufferingEverythingCanBeChosen) {
    tell(status_of("buffering", 52.4, 120));
    EXPECT_EQ(tray->shape(), "buffering");
    EXPECT_EQ(
        offered(),
        (QStringList{
            "Buffering Freedoom, 52 s ready (off)",
            "Save last 30 s",
            "Save last 2 minutes",
            "Save only what is new",
            "Set a marker",
            "Record session",
            "Last clips",
            "Open library",
            "Pause",
            "Settings",
            "Quit"}));
    trigger("Save last 30 s");
    trigger("Save last 2 minutes");
    trigger("Save only what is new");
    ASSERT_TRUE(handle_until([this] { return service->saves.size() == 3; }));
    EXPECT_DOUBLE_EQ(service->saves[0]["last_s"].toDouble(), 30);
    EXPECT_DOUBLE_EQ(service->saves[1]["last_s"].toDouble(), 120);
    EXPECT_TRUE(service->saves[2]["new_only"].toBool());
    trigger("Set a marker");
    trigger("Pause");
    ASSERT_TRUE(handle_until([this] { return !service->paused.isEmpty(); }));
    EXPECT_EQ(service->marked, 1);
    EXPECT_EQ(service->paused, QList<bool>{true});
}

TEST_F(TrayTest, TheMicrophoneIsMutedAndUnmutedWhileItIsRecordedAndTheTickIsWhatTheServiceSays) {
    EXPECT_FALSE(offered().contains("Mute microphone")) << "it is not recorded";
    const auto mute_entry = [this]() -> const QAction* {
        for (const QAction* action : tray->menu().actions())
            if (action->text() == "Mute microphone")
                return action;
        return nullptr;
    };
    ASSERT_NE(mute_entry(), nullptr);
    EXPECT_TRUE(mute_entry()->isCheckable());
    Json status = status_of("buffering", 30, 120);
    for (const char* state : {"on", "silent"}) {
        status["microphone"] = state;
        tell(status);
        EXPECT_TRUE(offered().contains("Mute microphone"));
        EXPECT_FALSE(mute_entry()->isChecked()) << state;
    }
    trigger("Mute microphone");
    ASSERT_TRUE(handle_until([this] { return !service->muted.isEmpty(); }));
    EXPECT_FALSE(mute_entry()->isChecked()) << "nobody has said that it is muted";
    status["microphone"] = "muted";
    tell(status);
    EXPECT_TRUE(mute_entry()->isChecked());
    EXPECT_EQ(tray->shape(), "buffering") << "the icon says what the recorder does";
    trigger("Mute microphone");
    ASSERT_TRUE(handle_until([this] { return service->muted.size() == 2; }));
    EXPECT_EQ(service->muted, (QList<bool>{true, false}));
}

TEST_F(TrayTest, ASessionIsBegunAndEndedByTheSameEntry) {
    tell(status_of("buffering", 30, 120));
    trigger("Record session");
    ASSERT_TRUE(handle_until([this] { return service->sessions_started == 1; }));
    Json status = status_of("buffering", 30, 120);
    status["session"]["active"] = true;
    status["session"]["state"] = "recording";
    tell(status);
    EXPECT_FALSE(offered().contains("Record session"));
    trigger("Stop session");
    ASSERT_TRUE(handle_until([this] { return service->sessions_stopped == 1; }));
}

TEST_F(TrayTest, AMemoryOfAMinuteHasNoTwoMinutesToSave) {
    tell(status_of("buffering", 30, 60));
    EXPECT_TRUE(offered().contains("Save last 30 s"));
    EXPECT_FALSE(offered().join(' ').contains("2 minutes"));
}

TEST_F(TrayTest, WhilePausedItSavesAndGoesOn) {
    tell(status_of("paused", 40, 120));
    EXPECT_EQ(tray->shape(), "paused");
    EXPECT_EQ(offered().value(0), "Paused. Nothing is recorded (off)");
    EXPECT_TRUE(offered().contains("Save last 30 s"));
    EXPECT_TRUE(offered().contains("Set a marker (off)"));
    trigger("Go on");
    ASSERT_TRUE(handle_until([this] { return !service->paused.isEmpty(); }));
    EXPECT_EQ(service->paused, QList<bool>{false});
}

TEST_F(TrayTest, TroubleIsTheFirstLine) {
    Json status = status_of("error", 0, 120);
    status["health"] = {
        {{"severity", "error"},
         {"text", "The recording does not run: no display."},
         {"mend", "Run `hindsightctl doctor`."},
         {"setting", ""}}};
    tell(status);
    EXPECT_EQ(tray->shape(), "error");
    EXPECT_EQ(offered().value(0), "The recording does not run: no display. (off)");
}

TEST_F(TrayTest, AWarningIsALineThatLeadsToWhereItIsMended) {
    Json status = status_of("buffering", 52, 120);
    status["health"] = {
        {{"severity", "warning"},
         {"text", "Alt+F10 is taken by another program."},
         {"mend", "Choose another one."},
         {"setting", "hotkeys.save"}}};
    tell(status);
    EXPECT_EQ(tray->shape(), "buffering");
    EXPECT_EQ(offered().value(1), "Alt+F10 is taken by another program.");
    bool settings = false;
    QObject::connect(tray.get(), &Tray::settings_wanted, [&settings] { settings = true; });
    trigger("Alt+F10 is taken by another program.");
    EXPECT_TRUE(settings);
}

TEST_F(TrayTest, TheOverlayCopyIsFollowed) {
    Json status = status_of("buffering", 52, 120);
    status["exports"] = {{{"id", "j1"}, {"kind", "burn-in"}, {"clip", "c1"}, {"progress", 0.62}}};
    tell(status);
    EXPECT_TRUE(offered().contains("Overlay copy: 62 % (off)"))
        << offered().join(", ").toStdString();
}

TEST_F(TrayTest, AFailedSaveIsAnErrorUntilItIsOver) {
    Json status = status_of("buffering", 52, 120);
    status["failed"] = {
        {{"id", "r1"}, {"code", "no_space"}, {"text", "The disk is full."}, {"duration_s", 30}}};
    tell(status);
    EXPECT_EQ(tray->shape(), "error");
    EXPECT_EQ(offered().value(0), "The disk is full. (off)");
    tell(status_of("buffering", 52, 120));
    EXPECT_EQ(tray->shape(), "buffering");
}

TEST_F(TrayTest, EveryOtherEntryLeadsSomewhere) {
    FileManager files;
    QDBusConnection bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, "files");
    ASSERT_TRUE(bus.registerObject(
        "/org/freedesktop/FileManager1", &files, QDBusConnection::ExportAllSlots));
    ASSERT_TRUE(bus.registerService("org.freedesktop.FileManager1"));
    QStringList reached;
    const auto note = [&reached](const QString& what) { return [&, what] { reached << what; }; };
    QObject::connect(tray.get(), &Tray::library_wanted, note("library"));
    QObject::connect(tray.get(), &Tray::settings_wanted, note("settings"));
    QObject::connect(tray.get(), &Tray::quit_wanted, note("quit"));
    QObject::connect(
        tray.get(), &Tray::clip_wanted, [&reached](const QString& id) { reached << id; });
    for (const char* entry : {"Open library", "Settings", "Quit"})
        trigger(entry);
    const QMenu* clips = nullptr;
    for (const QAction* action : tray->menu().actions())
        if (action->text() == "Last clips")
            clips = action->menu();
    ASSERT_NE(clips, nullptr);
    for (QAction* action : clips->actions())
        action->trigger();
    EXPECT_EQ(reached, (QStringList{"library", "settings", "quit", "c1"}));
    EXPECT_TRUE(handle_until([&files] { return !files.shown.isEmpty(); }));
    EXPECT_EQ(files.shown, QStringList{"file:///clips/c1.mp4"});
    bus.unregisterService("org.freedesktop.FileManager1");
}

TEST_F(TrayTest, APanelThatStartsSecondGetsTheIcon) {
    tray->start();
    EXPECT_FALSE(tray->hosted());
    {
        const Panel panel{panel_bus(), handle_until};
        EXPECT_TRUE(handle_until([&panel] { return !panel.items().isEmpty(); }));
        EXPECT_TRUE(tray->hosted());
    }
    EXPECT_TRUE(handle_until([this] { return !tray->hosted(); })) << "the panel is gone";
    const Panel next{panel_bus(), handle_until};
    EXPECT_TRUE(handle_until([&] { return !next.items().isEmpty() && tray->hosted(); }));
}

TEST_F(TrayTest, AWatcherWhosePanelIsNotReadyIsWaitedFor) {
    Panel panel{panel_bus(), handle_until, Host::Later};
    bool alone = false;
    QObject::connect(tray.get(), &Tray::unhosted, [&alone] { alone = true; });
    tray->start();
    ASSERT_TRUE(handle_until([&alone] { return alone; })) << "nobody says that there is no panel";
    EXPECT_TRUE(panel.items().isEmpty());
    panel.announce_host();
    EXPECT_TRUE(handle_until([&] { return !panel.items().isEmpty() && tray->hosted(); }));
}

TEST_F(TrayTest, ThePanelSeesAndClicksWhatTheMenuOffers) {
    Panel panel{panel_bus(), handle_until};
    tray->start();
    ASSERT_TRUE(handle_until([&panel] { return !panel.items().isEmpty(); }));
    ASSERT_TRUE(panel.entry("Waiting for a game"));
    EXPECT_FALSE(panel.click("Save last 30 s")) << "nothing is in memory";
    EXPECT_FALSE(panel.entry("Start recording")) << "hidden";
    tell(status_of("buffering", 52, 120));
    EXPECT_TRUE(handle_until([&panel] { return panel.entry("Buffering Freedoom").has_value(); }));
    EXPECT_TRUE(panel.click("Save last 30 s"));
    ASSERT_TRUE(handle_until([this] { return !service->saves.isEmpty(); }));
    EXPECT_DOUBLE_EQ(service->saves[0]["last_s"].toDouble(), 30);
    QString opened;
    QObject::connect(tray.get(), &Tray::clip_wanted, [&opened](const QString& id) { opened = id; });
    EXPECT_TRUE(panel.click("Clip c1"));
    EXPECT_TRUE(handle_until([&opened] { return opened == "c1"; }));
    bool quit = false;
    QObject::connect(tray.get(), &Tray::quit_wanted, [&quit] { quit = true; });
    EXPECT_TRUE(panel.click("Quit"));
    EXPECT_TRUE(handle_until([&quit] { return quit; }));
}

}  // namespace
}  // namespace hindsight::ui

#include "tray_test.moc"
