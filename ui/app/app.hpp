#pragma once

// Puts the parts together: what the recorder says reaches tray, bubble, sound and window, and what
// the user wants reaches the recorder.

#include "main_window.hpp"
#include "notify/notifier.hpp"
#include "notify/sound.hpp"
#include "tray/tray.hpp"

#include <hindsight/config/config.hpp>

#include <nlohmann/json.hpp>

#include <QHash>

namespace hindsight::ui {

class App : public QObject {
    Q_OBJECT

public:
    struct Options {
        bool hidden = false;
        QString clip;
    };

    App(const QDBusConnection& bus, OpenReader open_reader);
    ~App() override;

    void start(const Options& options);
    void show(const QString& clip);
    /// Ends the recorder and then this program.
    void quit();

private:
    void apply(const config::Config& config);
    void connect_notifier();
    void on_saved(const nlohmann::json& saved);
    void announce_with_pictures();
    void announce(const QString& id);
    void on_closed();
    void on_refused(const QString& sentence);
    void delete_clip(const QString& id);
    [[nodiscard]] bool window_is_seen() const;

    Log log_;
    Theme theme_;
    FocusRing focus_ring_;
    Recorder recorder_;
    ClipModel model_;
    Notifier notifier_;
    Sound sound_;
    std::unique_ptr<MpvPlayer> player_;
    std::unique_ptr<MainWindow> window_;
    std::unique_ptr<Tray> tray_;
    QHash<QString, nlohmann::json> unannounced_;  ///< saved clips whose bubble waits for a picture
    bool quitting_ = false;
};

}  // namespace hindsight::ui
