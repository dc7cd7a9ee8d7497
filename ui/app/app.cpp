#include "app.hpp"

#include "clips/clip_text.hpp"
#include "service/json_fields.hpp"

#include <QApplication>
#include <QDesktopServices>
#include <QSettings>
#include <QTimer>
#include <QUrl>

namespace hindsight::ui {

namespace {

constexpr int kPictureWaitMs = 1500;

}  // namespace

App::App(const QDBusConnection& bus, OpenReader open_reader)
    : log_{"ui"},
      focus_ring_{theme_},
      recorder_{bus, Log{"service"}},
      model_{std::move(open_reader), Log{"library"}},
      notifier_{bus, Log{"notify"}},
      sound_{Log{"sound"}} {
    if (auto player = MpvPlayer::create(Log{"player"}))
        player_ = std::move(*player);
    else
        log_.error("{}", player.error().what);
    window_ = std::make_unique<MainWindow>(theme_, model_, recorder_, player_.get());
    tray_ = std::make_unique<Tray>(theme_, recorder_, model_);
    connect(&recorder_, &Recorder::library_changed, &model_, &ClipModel::refresh);
    connect(window_.get(), &MainWindow::closed, this, &App::on_closed);
    connect(window_.get(), &MainWindow::quit_wanted, this, &App::quit);
    connect(tray_.get(), &Tray::library_wanted, this, [this] { show({}); });
    connect(tray_.get(), &Tray::clip_wanted, this, &App::show);
    connect(tray_.get(), &Tray::quit_wanted, this, &App::quit);
    // Started hidden, and nothing to see anywhere: nobody could reach it.
    connect(tray_.get(), &Tray::unhosted, this, [this] {
        if (!quitting_ && !window_->isVisible())
            window_->present();
    });
    connect(tray_.get(), &Tray::settings_wanted, this, [this] {
        window_->show_settings();
        window_->present();
    });
    connect(&recorder_, &Recorder::refused, this, &App::on_refused);
    connect(&recorder_, &Recorder::config_changed, this, [this] {
        if (const auto config = config::load(config::default_file()))
            apply(*config);
    });
    connect_notifier();
}

App::~App() = default;

void App::start(const Options& options) {
    const auto config = config::load(config::default_file());
    if (!config)
        log_.warn("{}", config.error().what);
    apply(config ? *config : config::Config{});
    model_.refresh();
    recorder_.start();
    tray_->start();
    if (!options.hidden || !options.clip.isEmpty())
        show(options.clip);
}

void App::show(const QString& clip) {
    window_->present();
    if (!clip.isEmpty())
        window_->open_clip(clip);
}

void App::apply(const config::Config& config) {
    theme_.choose(Theme::choice_from_name(QString::fromStdString(config.appearance.theme)));
    theme_.set_motion(config.appearance.motion != "none");
    const SaveKey save{
        double(config.clips.length_seconds), QString::fromStdString(config.hotkeys.save)};
    window_->set_save_key(save);
    tray_->set_save_key(
        save,
        QString::fromStdString(config.hotkeys.save_new),
        QString::fromStdString(config.hotkeys.marker));
    tray_->set_tone(QString::fromStdString(config.appearance.tray_icon));
    notifier_.set_enabled(config.notifications.bubble);
    sound_.set_enabled(config.notifications.sound);
}

void App::connect_notifier() {
    connect(&model_, &ClipModel::refreshed, this, &App::announce_with_pictures);
    connect(&recorder_, &Recorder::clip_saved, this, [this](const QString&, const auto& clip) {
        on_saved(clip);
    });
    connect(
        &recorder_,
        &Recorder::save_failed,
        this,
        [this](const QString& request, const QString& sentence) {
            notifier_.save_failed(request, sentence);
            sound_.play("failed");
        });
    connect(&recorder_, &Recorder::status_changed, this, [this] {
        QStringList requests;
        for (const FailedSave& save : recorder_.failures())
            requests << save.request;
        notifier_.keep_failures(requests);
    });
    connect(&recorder_, &Recorder::save_lost, this, [this](const QString& sentence) {
        notifier_.save_lost(sentence);
        sound_.play("failed");
    });
    connect(&recorder_, &Recorder::save_refused, this, [this](const QString& sentence) {
        notifier_.save_refused(sentence);
        sound_.play("failed");
    });
    connect(
        &recorder_.service(),
        &dbus::ServiceClient::screenshotTaken,
        this,
        [this](const QString& path) {
            notifier_.screenshot_saved(path);
            sound_.play("saved");
        });
    connect(
        &recorder_.service(),
        &dbus::ServiceClient::keyIgnored,
        this,
        [this](const QString& sentence) {
            notifier_.tell(tr("That key does nothing now"), sentence);
        });
    connect(&notifier_, &Notifier::picture_wanted, this, [](const QString& path) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(path));
    });
    connect(&notifier_, &Notifier::picture_folder_wanted, this, [](const QString& path) {
        show_in_folder(path.toStdString());
    });
    connect(&notifier_, &Notifier::open_wanted, this, &App::show);
    connect(&notifier_, &Notifier::library_wanted, this, [this] {
        window_->show_library();
        show({});
    });
    connect(&notifier_, &Notifier::folder_wanted, this, [this](const QString& id) {
        if (const auto clip = model_.find(id))
            show_in_folder(clip->path);
    });
    connect(&notifier_, &Notifier::delete_wanted, this, &App::delete_clip);
    connect(&notifier_, &Notifier::undo_wanted, this, [this](const QString& id) {
        recorder_.tell(recorder_.service().restore(id.toStdString()));
    });
    connect(&notifier_, &Notifier::retry_wanted, &recorder_, [this](const QString& request) {
        recorder_.retry(request);
    });
    connect(
        &notifier_, &Notifier::other_folder_wanted, window_.get(), &MainWindow::retry_elsewhere);
}

void App::on_saved(const nlohmann::json& saved) {
    sound_.play("saved");
    model_.refresh();
    const QString id = text_of(saved, "id");
    unannounced_.insert(id, saved);
    announce_with_pictures();
    // The picture follows the clip in a moment; the bubble does not wait longer than this for it.
    QTimer::singleShot(kPictureWaitMs, this, [this, id] { announce(id); });
}

void App::announce_with_pictures() {
    for (const QString& id : unannounced_.keys())
        if (const auto clip = model_.find(id); clip && !clip->thumbnail_path.empty())
            announce(id);
}

void App::announce(const QString& id) {
    const auto found = unannounced_.constFind(id);
    if (found == unannounced_.constEnd())
        return;
    Notifier::SavedClip clip;
    clip.id = id;
    clip.game = text_of(*found, "game");
    clip.duration_s = number_of(*found, "duration_s");
    if (const auto known = model_.find(clip.id)) {
        clip.game = QString::fromStdString(known->game);
        clip.duration_s = known->duration.seconds();
        clip.thumbnail = QString::fromStdString(known->thumbnail_path.string());
        QStringList events;
        for (const auto& [type, count] : event_counts(*known))
            events << event_count_text(type, count);
        clip.events = events.join(", ");
    }
    unannounced_.remove(id);
    notifier_.clip_saved(clip);
}

bool App::window_is_seen() const {
    return window_->isVisible() && !window_->isMinimized();
}

void App::on_refused(const QString& sentence) {
    if (window_is_seen())
        window_->toast().say(sentence);
    else
        notifier_.tell(tr("That did not work"), sentence);
}

void App::delete_clip(const QString& id) {
    if (window_is_seen())
        return window_->trash_clip(id);
    const auto clip = model_.find(id);
    const QString title = clip ? clip_title(*clip) : QString{};
    recorder_.service().remove(id.toStdString()).then(this, [this, id, title](const auto& gone) {
        if (gone)
            notifier_.clip_trashed(id, title);
        else
            recorder_.refuse(gone.error());
    });
}

void App::on_closed() {
    if (quitting_)
        return;
    if (tray_->hosted()) {
        QSettings said = window_state();
        if (!said.value("said_goes_on").toBool()) {
            said.setValue("said_goes_on", true);
            notifier_.tell(
                tr("Hindsight goes on recording"), tr("The icon in the panel brings it back."));
        }
        return;
    }
    // No panel holds the icon: without a window nobody could reach this program any more. The
    // service goes on and the key still works.
    quitting_ = true;
    recorder_.let_go();
    notifier_.tell(
        tr("Hindsight goes on recording"),
        tr("The key still saves clips. Open Hindsight again to see them or to stop it."));
    QTimer::singleShot(500, qApp, &QCoreApplication::quit);
}

void App::quit() {
    if (std::exchange(quitting_, true))
        return;
    window_->hide();
    // A service that does not answer must not keep this program open.
    QTimer::singleShot(5000, qApp, &QCoreApplication::quit);
    recorder_.quit_service([] { QCoreApplication::quit(); });
}

}  // namespace hindsight::ui
