#pragma once

// The icon in the panel: five shapes that say what the recorder does, and a menu with what one
// wants without opening the window.

#include "clips/clip_model.hpp"
#include "clips/library_page.hpp"
#include "service/recorder.hpp"
#include "theme/theme.hpp"

#include <QMenu>
#include <QSystemTrayIcon>
#include <memory>

namespace hindsight::ui {

class Tray : public QObject {
    Q_OBJECT

public:
    Tray(const Theme& theme, Recorder& recorder, ClipModel& model, QObject* parent = nullptr);
    ~Tray() override;

    /// Shows the icon as soon as a panel can hold it, also one that starts later. QSystemTrayIcon
    /// must not be touched before: whatever it finds at first, it finds for ever.
    void start();

    /// True while a panel shows the icon.
    [[nodiscard]] bool hosted() const;

    void set_save_key(const SaveKey& save, const QString& new_key, const QString& marker_key);
    /// "auto", "light" or "dark"
    void set_tone(const QString& tone);

    [[nodiscard]] QMenu& menu() { return menu_; }

    [[nodiscard]] QString shape() const { return shape_; }

signals:
    void library_wanted();
    void clip_wanted(const QString& id);
    void settings_wanted();
    void quit_wanted();
    /// Some seconds after start() no panel has taken the icon.
    void unhosted();

private slots:
    void look_for_host();

private:
    void make_menu();
    void show_icon();
    void end_patience();
    void refresh();
    void refresh_clips();
    void show_warning();
    [[nodiscard]] QIcon icon(const QString& shape) const;

    const Theme& theme_;
    Recorder& recorder_;
    ClipModel& model_;
    QMenu menu_;
    QMenu clips_menu_;
    QAction* state_ = nullptr;
    QAction* warning_ = nullptr;
    QAction* start_ = nullptr;
    QAction* save_ = nullptr;
    QAction* save_long_ = nullptr;
    QAction* save_new_ = nullptr;
    QAction* mark_ = nullptr;
    QAction* session_ = nullptr;
    QAction* mute_ = nullptr;
    QAction* pause_ = nullptr;
    QAction* job_ = nullptr;
    std::unique_ptr<QSystemTrayIcon> icon_;
    bool host_ = false;  ///< a StatusNotifier host is there
    bool old_ = false;   ///< the icon went into a panel of the old kind
    SaveKey save_key_;
    QString tone_ = "auto";
    QString shape_;
};

}  // namespace hindsight::ui
