#pragma once

// The window: sidebar with library and settings, or the player alone.

#include "clips/library_page.hpp"
#include "player/player_page.hpp"
#include "settings/settings_page.hpp"
#include "toast.hpp"

#include <QSettings>
#include <QStackedWidget>

namespace hindsight::ui {

/// What the window remembers from one start to the next.
[[nodiscard]] QSettings window_state();

class MainWindow : public QWidget {
    Q_OBJECT

public:
    /// All of them outlive the window. `player` may be null: then clips open in the desktop's
    /// player.
    MainWindow(const Theme& theme, ClipModel& model, Recorder& recorder, MpvPlayer* player);

    void present();
    void show_library();
    void show_settings();
    /// An id of the library, or the path of a file; false when there is no such clip.
    bool open_clip(const QString& id_or_path, bool play = true);
    void trash_clip(const QString& id);
    void set_save_key(const SaveKey& save);
    /// Asks for another folder and saves what failed there.
    void retry_elsewhere(const QString& request);

    [[nodiscard]] Toast& toast() { return *toast_; }

    [[nodiscard]] PlayerPage* player_page() { return player_page_; }

signals:
    /// The window was closed by the user; the program decides what that means.
    void closed();
    void quit_wanted();

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void make_shortcuts();
    void connect_player();
    /// A wish about the consents of the clip in the player; a refusal is said.
    void wish(dbus::Call<> call);
    void go(const QString& place);
    void leave_player();
    void set_fullscreen(bool full);

    const Theme& theme_;
    ClipModel& model_;
    Recorder& recorder_;
    MpvPlayer* player_;
    QStackedWidget* pages_ = nullptr;    ///< browser or player
    QStackedWidget* content_ = nullptr;  ///< library or settings
    Sidebar* sidebar_ = nullptr;
    LibraryPage* library_ = nullptr;
    SettingsPage* settings_ = nullptr;
    PlayerPage* player_page_ = nullptr;
    Toast* toast_ = nullptr;
    QByteArray geometry_before_;  ///< of the window that is on the full screen now
};

}  // namespace hindsight::ui
