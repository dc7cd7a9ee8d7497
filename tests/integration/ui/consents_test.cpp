// The two consents of a clip and the look at what was stored: the real window and real files, and a
// service that notes what it is asked.

#include "app/main_window.hpp"
#include "fake_library.hpp"
#include "fake_service.hpp"
#include "numbered_clip.hpp"
#include "player/row_table.hpp"
#include "player/stored_actions.hpp"
#include "player/stored_sheet.hpp"

#include <hindsight/actions/log_table.hpp>
#include <hindsight/dbus/names.hpp>

#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>

namespace hindsight::ui {
namespace {

using actions::ActionRecord;
using actions::ActionType;
using actions::LogRecord;
using test::desktop;
using test::FakeService;
using test::handle_until;
using test::number_in;
using test::picture_of;
using test::shows_overlay;

/// Three seconds at 60 frames: forward all the time, a shot after one second, a look, a kill.
actions::ActionLog short_log() {
    actions::ActionLog log;
    log.clip = "numbered";
    log.game = "Freedoom";
    log.sets = {"gameplay"};
    log.video.file = "numbered.mp4";
    log.video.fps = {60, 1};
    log.video.frames = 180;
    log.video.duration = Duration::from_seconds(3);
    log.video.keyframes = {Duration::zero()};
    const auto add = [&log](const char* name, const char* label, ActionType type) {
        actions::ActionInfo action;
        action.id = static_cast<std::uint16_t>(log.actions.size());
        action.name = name;
        action.label = label;
        action.type = type;
        log.actions.push_back(action);
    };
    add("forward", "Forward", ActionType::Digital);
    add("fire", "Fire", ActionType::Digital);
    add("look", "Look", ActionType::Look);
    const auto at_frame = [](std::int64_t frame) {
        return Duration::from_ns(frame * 1'000'000'000 / 60);
    };
    log.records = {
        {.kind = ActionRecord::Kind::State, .held = {0}},
        {.t = at_frame(60), .action = 1, .x = 1},
        {.t = at_frame(60), .action = 2, .x = 12, .y = -3},
        {.t = at_frame(75), .action = 1, .x = 0},
        {.kind = ActionRecord::Kind::Event, .t = at_frame(90), .event = "kill", .label = "Imp"},
        {.kind = ActionRecord::Kind::Mode, .t = at_frame(150), .mode = actions::Mode::Menu}};
    return log;
}

struct ConsentsTest : testing::Test {
    QDBusConnection service_bus =
        QDBusConnection::connectToBus(QDBusConnection::SessionBus, "fake-service");
    std::unique_ptr<FakeService> service = std::make_unique<FakeService>();
    std::shared_ptr<test::Shelf> shelf = std::make_shared<test::Shelf>();
    Theme theme;
    Recorder recorder{QDBusConnection::sessionBus(), Log{"test"}};
    ClipModel model{test::open_shelf(shelf), Log{"test"}};
    std::unique_ptr<MpvPlayer> player;
    std::unique_ptr<MainWindow> window;
    std::filesystem::path file = desktop().root() / "numbered.actions.jsonl";

    void SetUp() override {
        const auto published = dbus::publish(service_bus, *service);
        ASSERT_TRUE(published) << published.error().what;
        ASSERT_TRUE(actions::write_jsonl(short_log(), file));
        static const std::filesystem::path kClip = test::numbered_clip();
        Clip clip = test::make_clip("numbered", "Freedoom", 0);
        clip.path = kClip;
        clip.duration = Duration::from_seconds(3);
        clip.events = {{Duration::from_seconds(1.5), "kill", "Imp killed"}};
        clip.actions_path = file;
        clip.ass_path = test::overlay_file();
        shelf->clips = {clip};
        recorder.start();
        ASSERT_TRUE(handle_until([this] { return recorder.status().connected; }));
        QObject::connect(
            &recorder, &Recorder::library_changed, &model, [this] { model.refresh(); });
    }

    void TearDown() override {
        window.reset();
        recorder.let_go();
        service_bus.unregisterService(dbus::kService);
        service_bus.unregisterObject(dbus::kPath);
    }

    void open() {
        auto created = MpvPlayer::create(Log{"test"});
        ASSERT_TRUE(created) << created.error().what;
        player = std::move(*created);
        window = std::make_unique<MainWindow>(theme, model, recorder, player.get());
        QObject::connect(
            &recorder, &Recorder::refused, window.get(), [this](const QString& sentence) {
                window->toast().say(sentence);
            });
        window->present();
        ASSERT_TRUE(handle_until([this] { return window->isActiveWindow(); }));
        ASSERT_TRUE(window->open_clip("numbered", false));
        ASSERT_TRUE(handle_until([this] { return player->state().loaded; }));
    }

    /// The service says that the clip is another one now.
    void change_clip(const std::function<void(Clip&)>& change) {
        change(shelf->clips[0]);
        emit service->ClipChanged("numbered", {{"id", "numbered"}});
    }

    template <class T>
    static T* named(QWidget* in, const QString& name) {
        for (T* widget : in->findChildren<T*>())
            if (widget->accessibleName() == name)
                return widget;
        ADD_FAILURE() << "nothing is called " << name.toStdString();
        return nullptr;
    }

    [[nodiscard]] Switch& keep() const {
        return *named<Switch>(window->player_page(), "Keep what I did in this clip");
    }

    [[nodiscard]] Switch& train() const {
        return *named<Switch>(window->player_page(), "May be used for training");
    }

    /// The dialog that is in front, when it has a button of that name.
    static QDialog* dialog_with(const QString& button) {
        auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr || !dialog->isActiveWindow())
            return nullptr;
        for (const Button* candidate : dialog->findChildren<Button*>())
            if (candidate->accessibleName() == button && candidate->isVisible())
                return dialog;
        return nullptr;
    }

    void press_in_dialog(const QString& button, const QString& beside) {
        ASSERT_TRUE(handle_until([&] { return dialog_with(beside) != nullptr; }));
        named<Button>(dialog_with(beside), button)->click();
    }

    StoredSheet* show_stored() {
        named<Button>(window->player_page(), "Show what was stored")->click();
        EXPECT_TRUE(handle_until([] { return dialog_with("Close") != nullptr; }));
        return qobject_cast<StoredSheet*>(dialog_with("Close"));
    }

    static void click(const QWidget& widget, QPoint place) {
        const QPoint at = widget.mapToGlobal(place);
        const auto clicked = desktop().xdotool(
            {"mousemove", std::to_string(at.x()), std::to_string(at.y()), "click", "1"});
        ASSERT_TRUE(clicked) << clicked.error().what;
    }

    static void press(const char* key) {
        const auto pressed = desktop().xdotool({"key", key});
        ASSERT_TRUE(pressed) << pressed.error().what;
    }
};

TEST_F(ConsentsTest, BothAreVisibleAndSayWhatHolds) {
    open();
    EXPECT_TRUE(keep().isVisible() && keep().isEnabled() && keep().isChecked());
    EXPECT_TRUE(train().isVisible() && train().isEnabled());
    EXPECT_FALSE(train().isChecked()) << "off by default";
    change_clip([](Clip& clip) { clip.train = true; });
    EXPECT_TRUE(handle_until([this] { return train().isChecked(); }));
}

TEST_F(ConsentsTest, AClipWithoutActionsShowsBothOffAndSaysWhy) {
    shelf->clips[0].actions_path.clear();
    shelf->clips[0].ass_path.clear();
    shelf->clips[0].events.clear();
    open();
    for (const Switch* consent : {&keep(), &train()}) {
        EXPECT_TRUE(consent->isVisible());
        EXPECT_FALSE(consent->isEnabled() || consent->isChecked());
        EXPECT_FALSE(consent->parentWidget()->toolTip().isEmpty());
        EXPECT_FALSE(consent->accessibleDescription().isEmpty());
    }
    EXPECT_FALSE(named<Button>(window->player_page(), "Show what was stored")->isEnabled());
}

TEST_F(ConsentsTest, TrainingIsAllowedAndTakenBack) {
    open();
    click(train(), train().rect().center());
    ASSERT_TRUE(handle_until([this] { return service->trained.size() == 1; }));
    EXPECT_EQ(service->trained[0], (std::pair<QString, bool>{"numbered", true}));
    change_clip([](Clip& clip) { clip.train = true; });
    ASSERT_TRUE(handle_until([this] { return model.find("numbered")->train; }));
    EXPECT_TRUE(train().isChecked());
    train().click();
    ASSERT_TRUE(handle_until([this] { return service->trained.size() == 2; }));
    EXPECT_EQ(service->trained[1], (std::pair<QString, bool>{"numbered", false}));
}

TEST_F(ConsentsTest, NothingIsForgottenUnlessItIsConfirmed) {
    open();
    keep().click();
    press_in_dialog("Keep actions", "Forget actions");
    EXPECT_TRUE(handle_until([this] { return keep().isChecked(); }));
    keep().click();
    ASSERT_TRUE(handle_until([] { return dialog_with("Forget actions") != nullptr; }));
    press("Escape");
    EXPECT_TRUE(handle_until([this] { return keep().isChecked(); }));
    // What was asked before would have arrived before this.
    train().click();
    ASSERT_TRUE(handle_until([this] { return !service->trained.isEmpty(); }));
    EXPECT_TRUE(service->forgotten.isEmpty());
}

TEST_F(ConsentsTest, ForgottenActionsVanishFromOverlayLanesAndInspectorAtOnce) {
    open();
    ASSERT_TRUE(handle_until([this] { return shows_overlay(picture_of(*player)); }));
    const TimelineView& timeline = window->player_page()->timeline();
    ASSERT_EQ(timeline.timeline().lanes.size(), 2u);
    keep().click();
    press_in_dialog("Forget actions", "Keep actions");
    ASSERT_TRUE(handle_until([this] { return !service->forgotten.isEmpty(); }));
    EXPECT_EQ(service->forgotten, QStringList{"numbered"});
    change_clip([](Clip& clip) {
        clip.keep_actions = false;
        clip.actions_path.clear();
        clip.ass_path.clear();
    });
    EXPECT_TRUE(handle_until([&] { return timeline.timeline().lanes.empty(); }));
    EXPECT_TRUE(timeline.timeline().look.empty());
    EXPECT_FALSE(player->state().has_overlay);
    EXPECT_TRUE(handle_until([this] { return !shows_overlay(picture_of(*player)); }));
    EXPECT_FALSE(keep().isChecked() || keep().isEnabled() || train().isEnabled());
    EXPECT_TRUE(keep().isVisible()) << "that they are gone stays visible";
}

TEST_F(ConsentsTest, ARefusedWishIsSaidAndTheSwitchReturns) {
    service->refuses_consents = true;
    open();
    train().click();
    ASSERT_TRUE(handle_until([this] { return !window->toast().sentence().isEmpty(); }));
    EXPECT_EQ(window->toast().sentence(), "The consent cannot be written: the disk is read-only.");
    EXPECT_FALSE(train().isChecked());
    keep().click();
    press_in_dialog("Forget actions", "Keep actions");
    ASSERT_TRUE(handle_until(
        [this] { return window->toast().sentence().startsWith("The actions cannot"); }));
    EXPECT_TRUE(keep().isChecked());
}

TEST_F(ConsentsTest, BothCanBeMovedByKeys) {
    open();
    train().setFocus(Qt::TabFocusReason);
    press("Return");
    ASSERT_TRUE(handle_until([this] { return !service->trained.isEmpty(); }));
    press("shift+Tab");
    ASSERT_TRUE(handle_until([this] { return keep().hasFocus(); }));
    press("Return");
    EXPECT_TRUE(handle_until([] { return dialog_with("Forget actions") != nullptr; }));
    press("Escape");
    EXPECT_TRUE(handle_until([this] { return keep().isChecked(); }));
}

TEST_F(ConsentsTest, ANarrowWindowHasThemInADrawerOnThePicture) {
    open();
    window->resize(960, 600);
    ASSERT_TRUE(handle_until([this] { return !keep().isVisible(); }));
    press("a");
    ASSERT_TRUE(handle_until([this] { return keep().isVisible(); }));
    const QWidget* words = train().parentWidget()->findChild<Text*>();
    click(*words, words->rect().center());
    ASSERT_TRUE(handle_until([this] { return !service->trained.isEmpty(); }));
    EXPECT_TRUE(player->state().paused) << "the click went through to the picture";
    window->resize(1200, 700);
    ASSERT_TRUE(handle_until([this] { return window->width() == 1200; }));
    EXPECT_TRUE(keep().isVisible());
    EXPECT_FALSE(window->player_page()->stage().isAncestorOf(&keep()));
}

TEST_F(ConsentsTest, WhatWasStoredIsShownRowByRow) {
    open();
    const StoredSheet* sheet = show_stored();
    ASSERT_NE(sheet, nullptr);
    const QAbstractItemModel* rows = sheet->findChild<RowTable*>()->model();
    const auto log = actions::read_jsonl(file);
    ASSERT_TRUE(log);
    ASSERT_EQ(rows->rowCount(), static_cast<int>(log->records.size()));
    QStringList shown;
    for (int row = 0; row < rows->rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < rows->columnCount(); ++column)
            cells << rows->index(row, column).data().toString();
        shown << cells.join('|');
    }
    EXPECT_EQ(
        shown,
        (QStringList{
            "0|0:00.000|held|Forward",
            "60|0:01.000|Fire|pressed",
            "60|0:01.000|Look|+12, -3",
            "75|0:01.250|Fire|released",
            "90|0:01.500|kill|Imp",
            "150|0:02.500|mode|menu"}));
}

TEST_F(ConsentsTest, AClickOnARowAndEnterOnItJumpToItsFrame) {
    open();
    auto* table = show_stored()->findChild<RowTable*>();
    const auto row_place = [table](int row) {
        return table->visualRect(table->model()->index(row, StoredActions::Value)).center();
    };
    ASSERT_TRUE(handle_until([&] { return row_place(3).y() > 0; }));
    click(*table->viewport(), row_place(3));
    EXPECT_TRUE(handle_until([this] { return number_in(picture_of(*player)) == 75; }))
        << "shows " << number_in(picture_of(*player));
    press("Down");
    press("Return");
    EXPECT_TRUE(handle_until([this] { return number_in(picture_of(*player)) == 90; }))
        << "shows " << number_in(picture_of(*player));
}

TEST_F(ConsentsTest, TenThousandRowsAreThereAndCanBeSearchedAndCopied) {
    actions::ActionLog log = short_log();
    log.records.clear();
    for (int i = 0; i < 10'000; ++i)
        log.records.push_back(
            {.t = Duration::from_ns(std::int64_t{i} * 1'000'000),
             .action = static_cast<std::uint16_t>(i % 100 == 0 ? 1 : 0),
             .x = i % 2 == 0 ? 1.0F : 0.0F});
    ASSERT_TRUE(actions::write_jsonl(log, file));
    open();
    StoredSheet* sheet = show_stored();
    const QAbstractItemModel* rows = sheet->findChild<RowTable*>()->model();
    EXPECT_EQ(rows->rowCount(), 10'000);
    sheet->findChild<QLineEdit*>()->setText("fIRe");
    ASSERT_TRUE(handle_until([&] { return rows->rowCount() == 100; }));
    named<Button>(sheet, "Copy as text")->click();
    const QStringList lines = QApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
    ASSERT_EQ(lines.size(), 101) << "what is listed, under its headings";
    EXPECT_EQ(lines[0], "Frame\tTime\tAction\tValue");
    EXPECT_EQ(lines[1], "0\t0:00.000\tFire\tpressed");
    sheet->findChild<QLineEdit*>()->clear();
    EXPECT_TRUE(handle_until([&] { return rows->rowCount() == 10'000; }));
}

TEST_F(ConsentsTest, WhatWasStoredCanBeForgottenFromThereAndIsNotShownAnyLonger) {
    open();
    const QPointer<StoredSheet> sheet = show_stored();
    named<Button>(sheet, "Forget actions")->click();
    press_in_dialog("Forget actions", "Keep actions");
    ASSERT_TRUE(handle_until([this] { return !service->forgotten.isEmpty(); }));
    change_clip([](Clip& clip) { clip.actions_path.clear(); });
    EXPECT_TRUE(handle_until([&] { return sheet.isNull(); }));
}

TEST_F(ConsentsTest, AMissingAndADamagedFileGetTheirSentence) {
    ASSERT_TRUE(std::filesystem::remove(file));
    open();
    const auto sentence = [](const StoredSheet& sheet) {
        QString said;
        for (const Text* text : sheet.findChildren<Text*>())
            if (text->isVisible() && text->text().startsWith("The file"))
                said = text->text().section('\n', 0, 0);
        return said;
    };
    QPointer<StoredSheet> sheet = show_stored();
    EXPECT_EQ(sentence(*sheet), "The file with the actions is not there any more.");
    EXPECT_FALSE(named<Button>(sheet, "Copy as text")->isEnabled());
    EXPECT_TRUE(named<Button>(sheet, "Forget actions")->isEnabled()) << "the way out";
    sheet->close();
    ASSERT_TRUE(hindsight::test::write_text(file, "{\"format\":\"hindsight.act"));
    ASSERT_TRUE(handle_until([&] { return sheet.isNull(); }));
    sheet = show_stored();
    EXPECT_TRUE(sentence(*sheet).startsWith("The file with the actions is damaged: "))
        << sentence(*sheet).toStdString();
    EXPECT_TRUE(sentence(*sheet).endsWith('.'));
    window->open_clip("numbered", false);
    EXPECT_EQ(
        window->player_page()->timeline().timeline().no_actions.left(37),
        "The file with the actions is damaged:");
}

}  // namespace
}  // namespace hindsight::ui
