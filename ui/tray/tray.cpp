#include "tray.hpp"

#include "clips/clip_text.hpp"
#include "old_tray.hpp"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QDBusVariant>
#include <QGuiApplication>
#include <QPainter>
#include <QPalette>
#include <QTimer>

namespace hindsight::ui {

namespace {

constexpr const char* kWatcher = "org.kde.StatusNotifierWatcher";
constexpr const char* kWatcherPath = "/StatusNotifierWatcher";
constexpr int kPatienceMs = 4000;
constexpr int kLastClips = 5;
constexpr double kLongSave = 120;
constexpr qsizetype kLongestLine = 60;

QString shortened(QString line) {
    if (line.size() > kLongestLine)
        line = line.left(kLongestLine - 1) + QChar{0x2026};
    return line.replace('&', "&&");
}

}  // namespace

Tray::Tray(const Theme& theme, Recorder& recorder, ClipModel& model, QObject* parent)
    : QObject{parent}, theme_{theme}, recorder_{recorder}, model_{model} {
    make_menu();
    connect(&recorder, &Recorder::status_changed, this, &Tray::refresh);
    connect(&model, &ClipModel::refreshed, this, &Tray::refresh_clips);
    refresh();
    refresh_clips();
}

Tray::~Tray() = default;

void Tray::start() {
    QDBusConnection bus = QDBusConnection::sessionBus();
    auto* watch = new QDBusServiceWatcher{
        kWatcher,
        bus,
        QDBusServiceWatcher::WatchForRegistration | QDBusServiceWatcher::WatchForUnregistration,
        this};
    connect(watch, &QDBusServiceWatcher::serviceRegistered, this, &Tray::look_for_host);
    connect(watch, &QDBusServiceWatcher::serviceUnregistered, this, [this] { host_ = false; });
    // A watcher comes a moment before the panel that it speaks for.
    bus.connect(
        kWatcher,
        kWatcherPath,
        kWatcher,
        "StatusNotifierHostRegistered",
        this,
        SLOT(look_for_host()));
    look_for_host();
    QTimer::singleShot(kPatienceMs, this, &Tray::end_patience);
}

void Tray::look_for_host() {
    QDBusMessage call = QDBusMessage::createMethodCall(
        kWatcher, kWatcherPath, "org.freedesktop.DBus.Properties", "Get");
    call << kWatcher << "IsStatusNotifierHostRegistered";
    call.setAutoStartService(false);
    auto* answer = new QDBusPendingCallWatcher{QDBusConnection::sessionBus().asyncCall(call), this};
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        const QDBusPendingReply<QDBusVariant> reply = *answer;
        answer->deleteLater();
        host_ = !reply.isError() && reply.value().variant().toBool();
        if (host_ && !icon_)
            show_icon();
    });
}

void Tray::end_patience() {
    if (!icon_ && QGuiApplication::platformName() == "xcb" && old_tray_is_there()) {
        old_ = true;
        show_icon();
    }
    if (!hosted())
        emit unhosted();
}

bool Tray::hosted() const {
    return icon_ && (host_ || (old_ && old_tray_is_there()));
}

void Tray::show_icon() {
    icon_ = std::make_unique<QSystemTrayIcon>();
    icon_->setContextMenu(&menu_);
    connect(
        icon_.get(),
        &QSystemTrayIcon::activated,
        this,
        [this](QSystemTrayIcon::ActivationReason reason) {
            if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
                emit library_wanted();
        });
    shape_.clear();
    refresh();
    icon_->show();
}

QIcon Tray::icon(const QString& shape) const {
    const bool light = tone_ == "light" || tone_ == "auto";
    const QColor glyph = light ? QColor{"#F5F7F9"} : QColor{"#232629"};
    QIcon icon;
    for (const int size : {16, 22, 24, 32, 48}) {
        QPixmap pixmap{size, size};
        pixmap.fill(Qt::transparent);
        QPainter painter{&pixmap};
        if (light) {
            // A dark rim keeps the light glyph visible on a light panel.
            const QPixmap halo = theme_.glyph(shape, size - 2, QColor{"#0A0D10"});
            painter.setOpacity(0.6);
            for (const QPoint at : {QPoint{0, 1}, QPoint{2, 1}, QPoint{1, 0}, QPoint{1, 2}})
                painter.drawPixmap(at, halo);
            painter.setOpacity(1);
        }
        painter.drawPixmap(1, 1, theme_.glyph(shape, size - 2, glyph));
        painter.end();
        icon.addPixmap(pixmap);
    }
    return icon;
}

void Tray::set_tone(const QString& tone) {
    tone_ = tone;
    shape_.clear();
    refresh();
}

void Tray::set_save_key(const SaveKey& save, const QString& new_key, const QString& marker_key) {
    save_key_ = save;
    const auto hint = [](QAction* action, const QString& text, const QString& key) {
        action->setText(text);
        // Only shown: the key itself is caught where the game is.
        action->setShortcut(QKeySequence::fromString(key));
    };
    hint(save_, tr("Save last %1").arg(length_text(save.seconds)), save.key);
    hint(save_new_, tr("Save only what is new"), new_key);
    hint(mark_, tr("Set a marker"), marker_key);
    refresh();
}

void Tray::make_menu() {
    state_ = menu_.addAction(QString{});
    state_->setEnabled(false);
    warning_ = menu_.addAction(QString{}, this, &Tray::show_warning);
    menu_.addSeparator();
    start_ = menu_.addAction(tr("Start recording"), &recorder_, &Recorder::start_recording);
    save_ =
        menu_.addAction(tr("Save last 30 s"), this, [this] { recorder_.save(save_key_.seconds); });
    save_long_ =
        menu_.addAction(tr("Save last 2 minutes"), this, [this] { recorder_.save(kLongSave); });
    save_new_ = menu_.addAction(tr("Save only what is new"), &recorder_, &Recorder::save_new);
    mark_ = menu_.addAction(tr("Set a marker"), &recorder_, &Recorder::mark);
    session_ = menu_.addAction(tr("Record session"), &recorder_, &Recorder::toggle_session);
    menu_.addSeparator();
    clips_menu_.setTitle(tr("Last clips"));
    menu_.addMenu(&clips_menu_);
    menu_.addAction(tr("Open library"), this, &Tray::library_wanted);
    job_ = menu_.addAction(QString{});
    job_->setEnabled(false);
    menu_.addSeparator();
    mute_ = menu_.addAction(tr("Mute microphone"));
    mute_->setCheckable(true);
    connect(mute_, &QAction::triggered, this, [this](bool wished) {
        recorder_.mute_microphone(wished);
        refresh();  // the tick is what the service says
    });
    pause_ = menu_.addAction(
        tr("Pause"), this, [this] { recorder_.pause(recorder_.status().state != "paused"); });
    menu_.addAction(tr("Settings"), this, &Tray::settings_wanted);
    menu_.addSeparator();
    menu_.addAction(tr("Quit"), this, &Tray::quit_wanted);
}

void Tray::refresh() {
    const RecorderStatus& status = recorder_.status();
    const QString failure = recorder_.failure().sentence;
    const QString line = state_line(status, recorder_.saving(), failure);
    state_->setText(shortened(line));
    const QString warning = warning_line(status);
    warning_->setVisible(!warning.isEmpty());
    warning_->setText(shortened(warning));
    start_->setVisible(status.waits_for_start());
    for (QAction* action : {save_, save_long_, save_new_})
        action->setEnabled(status.can_save());
    mark_->setEnabled(status.recording());
    session_->setEnabled(status.session || status.recording());
    session_->setText(status.session ? tr("Stop session") : tr("Record session"));
    save_long_->setVisible(status.limit_s <= 0 || status.limit_s >= kLongSave);
    const QString job = job_line(status);
    job_->setVisible(!job.isEmpty());
    job_->setText(job);
    mute_->setVisible(status.microphone != RecorderStatus::Microphone::Off);
    mute_->setChecked(status.microphone == RecorderStatus::Microphone::Muted);
    pause_->setEnabled(status.connected);
    pause_->setText(status.state == "paused" ? tr("Go on") : tr("Pause"));
    const QString shape = shape_name(shape_of(status, recorder_.saving(), !failure.isEmpty()));
    if (icon_)
        icon_->setToolTip(
            shape == "buffering"
                ? tr("%1. %2 saves %3").arg(line, save_key_.key, length_text(save_key_.seconds))
                : "Hindsight: " + line);
    if (shape == shape_)
        return;
    shape_ = shape;
    if (icon_)
        icon_->setIcon(icon(shape));
}

void Tray::show_warning() {
    // Where it can be mended, else where it can be read in full.
    const QList<HealthWarning>& warnings = recorder_.status().warnings;
    if (!warnings.isEmpty() && !warnings.constFirst().setting.isEmpty())
        emit settings_wanted();
    else
        emit library_wanted();
}

void Tray::refresh_clips() {
    clips_menu_.clear();
    const QList<Clip> clips = model_.latest(kLastClips);
    const QDate today = QDate::currentDate();
    for (const Clip& clip : clips) {
        const QDateTime when = created(clip);
        const QString time = when.date() == today ? QLocale{}.toString(when.time(), "HH:mm")
                                                  : QLocale{}.toString(when.date(), "ddd");
        const QString id = QString::fromStdString(clip.id);
        QString title = clip_title(clip);
        title.replace('&', "&&");
        clips_menu_.addAction(
            tr("%1, %2").arg(title, time), this, [this, id] { emit clip_wanted(id); });
    }
    clips_menu_.setEnabled(!clips.isEmpty());
    if (clips.isEmpty())
        return;
    clips_menu_.addSeparator();
    const std::filesystem::path last = clips.constFirst().path;
    clips_menu_.addAction(
        tr("Show the last clip in its folder"), this, [last] { show_in_folder(last); });
}

}  // namespace hindsight::ui
