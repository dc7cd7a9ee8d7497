#pragma once

// Bubbles of the desktop for saved clips and for trouble, spoken straight to
// org.freedesktop.Notifications because QSystemTrayIcon's have no buttons. Without a server (or
// switched off) nothing happens here; sound and tray still tell.

#include <hindsight/core/log.hpp>

#include <QDBusConnection>
#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QQueue>
#include <QStringList>
#include <QVariantMap>
#include <functional>

namespace hindsight::ui {

class Notifier : public QObject {
    Q_OBJECT

public:
    struct SavedClip {
        QString id;
        QString game;
        double duration_s = 0;
        QString events;     ///< "2 kills", may be empty
        QString thumbnail;  ///< file, may be empty
    };

    Notifier(const QDBusConnection& bus, Log log, QObject* parent = nullptr);

    void set_enabled(bool enabled) { enabled_ = enabled; }

    /// A second clip within 3 s replaces the bubble of the first.
    void clip_saved(const SavedClip& clip);
    void screenshot_saved(const QString& path);
    void save_failed(const QString& request, const QString& sentence);
    /// Takes away the bubbles of failed saves that are none of `requests`: their buttons are dead.
    void keep_failures(const QStringList& requests);
    /// The save has failed for good: stays until it is read, offers nothing.
    void save_lost(const QString& sentence);
    /// There was nothing to save: an answer to the key, nothing to act upon.
    void save_refused(const QString& sentence);
    /// The answer to Delete in a bubble, where no window shows it; offers Undo.
    void clip_trashed(const QString& clip, const QString& title);
    /// A plain bubble (once: "Hindsight goes on without a window").
    void tell(const QString& title, const QString& body);

signals:
    void open_wanted(const QString& clip);
    void folder_wanted(const QString& clip);
    void picture_wanted(const QString& path);
    void picture_folder_wanted(const QString& path);
    void delete_wanted(const QString& clip);
    void undo_wanted(const QString& clip);
    void library_wanted();
    void retry_wanted(const QString& request);
    void other_folder_wanted(const QString& request);

private slots:
    void on_action(uint bubble, const QString& action);
    void on_closed(uint bubble, uint reason);

private:
    struct Bubble {
        QString title;
        QString body;
        QStringList actions;  ///< key, words, key, words …
        QVariantMap hints;
        std::function<uint()> replaces;  ///< asked when our turn comes
        int expires_ms = -1;
    };

    /// One after the other: a bubble can replace the one before only when that has its id.
    void send_next();
    void ask_capabilities(std::function<void(bool)> then);
    void ask_server_name(std::function<void(bool)> then);
    void send(Bubble bubble, std::function<void(uint)> sent);

    QDBusConnection bus_;
    Log log_;
    QQueue<std::pair<Bubble, std::function<void(uint)>>> waiting_;
    bool sending_ = false;
    QStringList capabilities_;
    bool default_is_a_button_ = false;  ///< the server draws one for "default" beside ours
    QHash<uint, QString> clips_;        ///< bubble → clip, empty: several
    QHash<uint, QString> pictures_;     ///< bubble → file
    QHash<uint, QString> failures_;     ///< bubble → request
    QHash<uint, QString> trashed_;      ///< bubble → clip
    QElapsedTimer last_saved_;
    uint last_bubble_ = 0;
    int last_count_ = 0;
    bool enabled_ = true;
};

/// Title and body of a "saved" bubble; split out because people read them.
[[nodiscard]] QString saved_title(const Notifier::SavedClip& clip, int count);
[[nodiscard]] QString saved_body(const Notifier::SavedClip& clip, int count);

}  // namespace hindsight::ui
