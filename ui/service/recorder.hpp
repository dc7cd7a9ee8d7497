#pragma once

// The program's line to the service: keeps it alive, repeats its signals as Qt signals and sends it
// wishes. Nothing here waits for the service. [ui]

#include "recorder_status.hpp"

#include <hindsight/core/log.hpp>
#include <hindsight/dbus/service_client.hpp>

#include <QObject>
#include <QSet>
#include <QTimer>
#include <functional>

namespace hindsight::ui {

class Recorder : public QObject {
    Q_OBJECT

public:
    using Json = nlohmann::json;

    Recorder(const QDBusConnection& bus, Log log, QObject* parent = nullptr);

    /// Brings the service up when it is not there, now and whenever it vanishes.
    void start();

    /// From now on a vanished service stays away (the user quit).
    void let_go();

    [[nodiscard]] const RecorderStatus& status() const { return status_; }

    /// True while a save runs, and at least 600 ms, so that it can be seen.
    [[nodiscard]] bool saving() const { return saving_; }

    /// Saves that wait for a retry or for being let go of, the newest last.
    [[nodiscard]] const QList<FailedSave>& failures() const { return failures_; }

    /// The newest of them, empty when there is none.
    [[nodiscard]] FailedSave failure() const;

    /// For calls that need their own answer; give the result to `tell` when only failure matters.
    [[nodiscard]] dbus::ServiceClient& service() { return service_; }

    /// Sends a wish; a refusal becomes `refused`.
    template <class T>
    void tell(dbus::Call<T> call) {
        call.then(this, [this](const Result<T>& answer) {
            if (!answer)
                refuse(answer.error());
        });
    }

    /// Records the game that is open, else the window in front, else the screen.
    void start_recording();
    /// Says `refused` in a sentence for people.
    void refuse(const Error& error);
    void save(double last_s);
    void save_new();
    void save_recovered(const QString& id);
    void mark();
    /// Begins a session, or ends the one that is being recorded.
    void toggle_session();
    void pause(bool paused);
    void mute_microphone(bool muted);
    void retry(const QString& request, const QString& folder = {});
    /// Lets go of a failed save: the moment is gone then.
    void discard(const QString& request);
    void quit_service(std::function<void()> then);

signals:
    void status_changed();
    void clip_saved(const QString& request, const nlohmann::json& clip);
    void save_failed(const QString& request, const QString& sentence);
    /// Nothing is left of a save that began, so nothing can be tried again.
    void save_lost(const QString& sentence);
    /// The key was pressed and there was nothing to save.
    void save_refused(const QString& sentence);
    void library_changed();
    /// A setting was changed, here or from a shell; the file has it.
    void config_changed(const QString& key);
    /// A wish did not work; one sentence for a toast.
    void refused(const QString& sentence);

private:
    void connect_signals();
    void bring_up();
    void on_appeared();
    void on_vanished();
    void on_save_started(const QString& request);
    void on_save_ended(const QString& request);
    void on_save_failed(const QString& request, const QString& sentence);
    void keep_failure(const QString& request, const QString& sentence);
    void forget_failure(const QString& request);
    void start_source(const std::string& source);
    void set_saving(bool saving);
    void set_status(const RecorderStatus& status);

    Log log_;
    dbus::ServiceClient service_;
    RecorderStatus status_;
    QList<FailedSave> failures_;
    QTimer retry_timer_;
    QTimer saving_timer_;
    QTimer library_timer_;
    int attempts_ = 0;
    QSet<QString> running_saves_;
    bool saving_ = false;
    bool wanted_ = true;
};

}  // namespace hindsight::ui
