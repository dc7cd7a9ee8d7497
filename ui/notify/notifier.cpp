#include "notifier.hpp"

#include "clips/clip_text.hpp"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFileInfo>
#include <QUrl>
#include <utility>

namespace hindsight::ui {

namespace {

constexpr const char* kName = "org.freedesktop.Notifications";
constexpr const char* kPath = "/org/freedesktop/Notifications";
constexpr qint64 kMergeMs = 3000;
constexpr uchar kCritical = 2;

}  // namespace

QString saved_title(const Notifier::SavedClip& clip, int count) {
    if (count > 1)
        return Notifier::tr("%1 clips saved").arg(count);
    return Notifier::tr("Clip saved: %1, %2").arg(clip.game, length_text(clip.duration_s));
}

QString saved_body(const Notifier::SavedClip& clip, int count) {
    if (count > 1)
        return Notifier::tr("The last one: %1, %2").arg(clip.game, length_text(clip.duration_s));
    return clip.events.isEmpty() ? Notifier::tr("It is in your library.") : clip.events + ".";
}

Notifier::Notifier(const QDBusConnection& bus, Log log, QObject* parent)
    : QObject{parent}, bus_{bus}, log_{std::move(log)} {
    bus_.connect(kName, kPath, kName, "ActionInvoked", this, SLOT(on_action(uint, QString)));
    bus_.connect(kName, kPath, kName, "NotificationClosed", this, SLOT(on_closed(uint, uint)));
}

void Notifier::ask_capabilities(std::function<void(bool)> then) {
    // Asked each time: the server can be another one since the last bubble.
    const QDBusMessage call =
        QDBusMessage::createMethodCall(kName, kPath, kName, "GetCapabilities");
    auto* watcher = new QDBusPendingCallWatcher{bus_.asyncCall(call, 3000), this};
    connect(
        watcher,
        &QDBusPendingCallWatcher::finished,
        this,
        [this, watcher, then = std::move(then)]() mutable {
            const QDBusPendingReply<QStringList> reply = *watcher;
            watcher->deleteLater();
            if (reply.isError()) {
                log_.info("no notification service: sound and tray only");
                return then(false);
            }
            capabilities_ = reply.value();
            ask_server_name(std::move(then));
        });
}

void Notifier::ask_server_name(std::function<void(bool)> then) {
    const QDBusMessage call =
        QDBusMessage::createMethodCall(kName, kPath, kName, "GetServerInformation");
    auto* watcher = new QDBusPendingCallWatcher{bus_.asyncCall(call, 3000), this};
    connect(
        watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, then = std::move(then)] {
            const QDBusPendingReply<QString, QString, QString, QString> reply = *watcher;
            watcher->deleteLater();
            // Xfce draws a button for the default action, too: ours would stand there twice.
            default_is_a_button_ =
                reply.isValid() && reply.argumentAt<0>().contains("xfce", Qt::CaseInsensitive);
            then(true);
        });
}

void Notifier::send(Bubble bubble, std::function<void(uint)> sent) {
    if (!enabled_)
        return;
    waiting_.enqueue({std::move(bubble), std::move(sent)});
    if (!sending_)
        send_next();
}

void Notifier::send_next() {
    sending_ = !waiting_.isEmpty();
    if (!sending_)
        return;
    ask_capabilities([this](bool served) {
        auto [bubble, sent] = waiting_.dequeue();
        if (!served)
            return send_next();
        if (!capabilities_.contains("actions"))
            bubble.actions.clear();
        if (default_is_a_button_ && bubble.actions.contains("open"))
            bubble.actions.remove(0, 2);
        bubble.hints["desktop-entry"] = "io.github.hindsight.Hindsight";
        bubble.hints["suppress-sound"] = true;
        QDBusMessage call = QDBusMessage::createMethodCall(kName, kPath, kName, "Notify");
        call << "Hindsight" << (bubble.replaces ? bubble.replaces() : 0)
             << "io.github.hindsight.Hindsight" << bubble.title << bubble.body << bubble.actions
             << bubble.hints << bubble.expires_ms;
        auto* watcher = new QDBusPendingCallWatcher{bus_.asyncCall(call, 5000), this};
        connect(
            watcher,
            &QDBusPendingCallWatcher::finished,
            this,
            [this, watcher, sent = std::move(sent)] {
                const QDBusPendingReply<uint> reply = *watcher;
                watcher->deleteLater();
                if (reply.isError())
                    log_.info("the notification was not shown");
                else if (sent)
                    sent(reply.value());
                send_next();
            });
    });
}

void Notifier::clip_saved(const SavedClip& clip) {
    const bool merge = last_saved_.isValid() && last_saved_.elapsed() < kMergeMs;
    last_count_ = merge ? last_count_ + 1 : 1;
    last_saved_.start();
    Bubble bubble;
    bubble.title = saved_title(clip, last_count_);
    bubble.body = saved_body(clip, last_count_);
    if (merge)
        bubble.replaces = [this] { return last_bubble_; };
    bubble.hints["category"] = "transfer.complete";
    if (!clip.thumbnail.isEmpty() && QFileInfo::exists(clip.thumbnail))
        bubble.hints["image-path"] = QUrl::fromLocalFile(clip.thumbnail).toString();
    bubble.actions = {"default", tr("Open"), "open", tr("Open"), "folder", tr("Show in folder")};
    if (last_count_ == 1)
        bubble.actions << "delete" << tr("Delete");
    const QString id = last_count_ == 1 ? clip.id : QString{};
    send(std::move(bubble), [this, id](uint sent) {
        last_bubble_ = sent;
        clips_[sent] = id;
    });
}

void Notifier::screenshot_saved(const QString& path) {
    Bubble bubble;
    bubble.title = tr("Screenshot saved");
    bubble.body = QFileInfo{path}.fileName();
    bubble.hints["category"] = "transfer.complete";
    bubble.hints["image-path"] = QUrl::fromLocalFile(path).toString();
    bubble.actions = {"default", tr("Open"), "open", tr("Open"), "folder", tr("Show in folder")};
    send(std::move(bubble), [this, path](uint sent) { pictures_[sent] = path; });
}

void Notifier::save_failed(const QString& request, const QString& sentence) {
    Bubble bubble;
    bubble.title = tr("Clip not saved yet");
    bubble.body = sentence;
    bubble.hints["urgency"] = QVariant::fromValue(kCritical);
    bubble.hints["category"] = "transfer.error";
    bubble.actions = {
        "default", tr("Open"), "retry", tr("Try again"), "other-folder", tr("Other folder")};
    bubble.expires_ms = 0;
    // One bubble for each save: its buttons speak of that one.
    bubble.replaces = [this, request] { return failures_.key(request, 0); };
    send(std::move(bubble), [this, request](uint sent) { failures_[sent] = request; });
}

void Notifier::keep_failures(const QStringList& requests) {
    for (auto it = failures_.begin(); it != failures_.end();) {
        if (requests.contains(it.value())) {
            ++it;
            continue;
        }
        QDBusMessage call =
            QDBusMessage::createMethodCall(kName, kPath, kName, "CloseNotification");
        call << it.key();
        bus_.send(call);
        it = failures_.erase(it);
    }
}

void Notifier::save_lost(const QString& sentence) {
    Bubble bubble;
    bubble.title = tr("Clip not saved");
    bubble.body = sentence;
    bubble.hints["urgency"] = QVariant::fromValue(kCritical);
    bubble.hints["category"] = "transfer.error";
    bubble.expires_ms = 0;
    send(std::move(bubble), {});
}

void Notifier::save_refused(const QString& sentence) {
    tell(tr("Nothing was saved"), sentence);
}

void Notifier::clip_trashed(const QString& clip, const QString& title) {
    Bubble bubble;
    bubble.title = tr("Moved to the trash");
    bubble.body = title;
    bubble.actions = {"default", tr("Open"), "undo", tr("Undo")};
    send(std::move(bubble), [this, clip](uint sent) { trashed_[sent] = clip; });
}

void Notifier::tell(const QString& title, const QString& body) {
    Bubble bubble;
    bubble.title = title;
    bubble.body = body;
    send(std::move(bubble), {});
}

void Notifier::on_action(uint bubble, const QString& action) {
    if (failures_.contains(bubble)) {
        const QString request = failures_.value(bubble);
        if (action == "retry")
            emit retry_wanted(request);
        else if (action == "other-folder")
            emit other_folder_wanted(request);
        else
            emit library_wanted();
        return;
    }
    if (const auto gone = trashed_.constFind(bubble); gone != trashed_.constEnd()) {
        if (action == "undo")
            emit undo_wanted(*gone);
        else
            emit library_wanted();
        return;
    }
    if (const auto picture = pictures_.constFind(bubble); picture != pictures_.constEnd()) {
        if (action == "folder")
            emit picture_folder_wanted(*picture);
        else
            emit picture_wanted(*picture);
        return;
    }
    if (!clips_.contains(bubble))
        return;  // somebody else's
    const QString clip = clips_.value(bubble);
    if (clip.isEmpty())
        emit library_wanted();
    else if (action == "folder")
        emit folder_wanted(clip);
    else if (action == "delete")
        emit delete_wanted(clip);
    else
        emit open_wanted(clip);
}

void Notifier::on_closed(uint bubble, uint) {
    clips_.remove(bubble);
    pictures_.remove(bubble);
    failures_.remove(bubble);
    trashed_.remove(bubble);
    if (bubble == last_bubble_)
        last_bubble_ = 0;
}

}  // namespace hindsight::ui
