#include "main_window.hpp"

#include "clips/clip_text.hpp"

#include <hindsight/core/paths.hpp>

#include <QAction>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPainter>
#include <QScreen>
#include <QSettings>
#include <QUrl>

namespace hindsight::ui {

namespace {

constexpr int kNarrowBelow = 1080;

}  // namespace

QSettings window_state() {
    return QSettings{
        QString::fromStdString((paths::state_dir() / "window.ini").string()), QSettings::IniFormat};
}

MainWindow::MainWindow(const Theme& theme, ClipModel& model, Recorder& recorder, MpvPlayer* player)
    : theme_{theme}, model_{model}, recorder_{recorder}, player_{player} {
    setWindowTitle("Hindsight");
    setWindowIcon(QIcon{":/hindsight/app/io.github.hindsight.Hindsight.svg"});
    setMinimumSize(960, 600);
    toast_ = new Toast{theme, this};
    sidebar_ = new Sidebar{theme, model, recorder, this};
    library_ = new LibraryPage{theme, model, recorder, *toast_, this};
    settings_ = new SettingsPage{theme, recorder, this};
    content_ = new QStackedWidget{this};
    content_->addWidget(library_);
    content_->addWidget(settings_);
    auto* browser = new QWidget{this};
    auto* across = new QHBoxLayout{browser};
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    across->addWidget(sidebar_);
    across->addWidget(content_, 1);
    pages_ = new QStackedWidget{this};
    pages_->addWidget(browser);
    auto* all = new QHBoxLayout{this};
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(pages_);
    if (player != nullptr)
        connect_player();
    make_shortcuts();
    connect(sidebar_, &Sidebar::place_chosen, this, &MainWindow::go);
    connect(library_, &LibraryPage::play, this, [this](const QString& id) { open_clip(id); });
    connect(library_, &LibraryPage::keys_wanted, this, [this] {
        go("settings");
        settings_->show_keys();
    });
    connect(&model, &ClipModel::refreshed, this, [this] {
        if (player_page_ == nullptr || pages_->currentWidget() != player_page_)
            return;
        if (const auto clip = model_.find(QString::fromStdString(player_page_->clip().id)))
            player_page_->set_clip(*clip);
    });
    library_->view().setFocus(Qt::OtherFocusReason);
    // Room for the frame and title bar that the window manager adds.
    const QSize room = screen()->availableSize() - QSize{16, 48};
    resize(QSize{1280, 800}.boundedTo(room));
    restoreGeometry(window_state().value("geometry").toByteArray());
}

void MainWindow::connect_player() {
    player_page_ = new PlayerPage{theme_, *player_, this};
    pages_->addWidget(player_page_);
    connect(player_page_, &PlayerPage::back_wanted, this, &MainWindow::leave_player);
    connect(player_page_, &PlayerPage::trash_wanted, this, [this](const Clip& clip) {
        leave_player();
        library_->trash({clip});
    });
    connect(
        player_page_, &PlayerPage::favorite_wanted, this, [this](const Clip& clip, bool favorite) {
            library_->set_favorite({clip}, favorite);
        });
    connect(player_page_, &PlayerPage::rename_wanted, library_, &LibraryPage::rename);
    connect(player_page_, &PlayerPage::fullscreen_wanted, this, &MainWindow::set_fullscreen);
    connect(player_page_, &PlayerPage::forget_wanted, this, [this](const Clip& clip) {
        wish(recorder_.service().forget_actions(clip.id));
    });
    connect(player_page_, &PlayerPage::train_wanted, this, [this](const Clip& clip, bool allowed) {
        wish(recorder_.service().set_train(clip.id, allowed));
    });
}

void MainWindow::wish(dbus::Call<> call) {
    call.then(this, [this](const Result<>& done) {
        if (done)
            return;
        recorder_.refuse(done.error());
        player_page_->show_consents();
    });
}

void MainWindow::make_shortcuts() {
    const auto on = [this](const QKeySequence& keys, auto what) {
        auto* action = new QAction{this};
        action->setShortcut(keys);
        addAction(action);
        connect(action, &QAction::triggered, this, what);
    };
    const auto search = [this] {
        show_library();
        library_->focus_search();
    };
    on(QKeySequence::Find, search);
    on(Qt::Key_Slash, search);
    on(Qt::CTRL | Qt::Key_1, [this] { show_library(); });
    on(Qt::CTRL | Qt::Key_Comma, [this] { show_settings(); });
    on(Qt::CTRL | Qt::Key_W, [this] { close(); });
    on(Qt::CTRL | Qt::Key_Q, [this] { emit quit_wanted(); });
    on(Qt::CTRL | Qt::Key_Z, [this] { toast_->take_offer(); });
}

void MainWindow::present() {
    if (isMinimized())
        showNormal();
    show();
    raise();
    activateWindow();
}

void MainWindow::show_library() {
    leave_player();
    sidebar_->set_place("all");
    go("all");
}

void MainWindow::show_settings() {
    leave_player();
    sidebar_->set_place("settings");
    go("settings");
}

void MainWindow::go(const QString& place) {
    if (place == "settings") {
        settings_->refresh();
        content_->setCurrentWidget(settings_);
        return;
    }
    content_->setCurrentWidget(library_);
    library_->set_place(place);
}

void MainWindow::leave_player() {
    if (player_page_ == nullptr || pages_->currentWidget() != player_page_)
        return;
    player_page_->close();
    pages_->setCurrentIndex(0);
    library_->view().make_current(model_.row_of(QString::fromStdString(player_page_->clip().id)));
    library_->focus_clips();
}

bool MainWindow::open_clip(const QString& id_or_path, bool play) {
    Clip clip;
    if (auto found = model_.find(id_or_path)) {
        clip = std::move(*found);
    } else if (const QFileInfo file{id_or_path}; file.isFile()) {
        const QString path = file.absoluteFilePath();
        const int row = model_.row_of_path(path);
        clip = row >= 0 ? model_.clip(row) : clip_of_file(path);
    } else {
        toast_->say(tr("There is no such clip in the library."));
        return false;
    }
    if (player_page_ == nullptr) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(clip.path.string())));
        return true;
    }
    player_page_->open(clip, play);
    pages_->setCurrentWidget(player_page_);
    return true;
}

void MainWindow::trash_clip(const QString& id) {
    if (const auto clip = model_.find(id))
        library_->trash({*clip});
}

void MainWindow::set_save_key(const SaveKey& save) {
    library_->set_save_key(save);
    sidebar_->card().set_save(save.seconds, save.key);
}

void MainWindow::retry_elsewhere(const QString& request) {
    present();
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Save the clip in"));
    if (!folder.isEmpty())
        recorder_.retry(request, folder);
}

void MainWindow::set_fullscreen(bool full) {
    if (full)
        geometry_before_ = saveGeometry();
    // A maximised window is one again afterwards; showNormal() would forget that.
    setWindowState(
        full ? windowState() | Qt::WindowFullScreen : windowState() & ~Qt::WindowFullScreen);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    // The size that the full screen had is no window's.
    const QByteArray geometry = isFullScreen() ? geometry_before_ : saveGeometry();
    leave_player();
    window_state().setValue("geometry", geometry);
    event->accept();
    emit closed();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    sidebar_->set_narrow(width() < kNarrowBelow);
}

void MainWindow::paintEvent(QPaintEvent*) {
    QPainter{this}.fillRect(rect(), theme_.t().bg);
}

}  // namespace hindsight::ui
