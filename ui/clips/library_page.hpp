#pragma once

// Search, chips, tiles and what can be done with them: the first page of the window.

#include "app/toast.hpp"
#include "clip_view.hpp"
#include "empty_state.hpp"
#include "service/recorder.hpp"

#include <QLineEdit>
#include <QStackedWidget>
#include <QTimer>

namespace hindsight::ui {

/// What the library needs to know from the configuration.
struct SaveKey {
    double seconds = 30;
    QString key = "Alt+F10";
};

class LibraryPage : public QWidget {
    Q_OBJECT

public:
    LibraryPage(
        const Theme& theme,
        ClipModel& model,
        Recorder& recorder,
        Toast& toast,
        QWidget* parent = nullptr);

    void set_save_key(const SaveKey& save);
    /// "all", "favorites" or "game:<name>"
    void set_place(const QString& place);
    void focus_search();
    void focus_clips();

    [[nodiscard]] ClipView& view() { return *view_; }

    /// Shared with the player: both act on one clip.
    void trash(const QList<Clip>& clips);
    void set_favorite(const QList<Clip>& clips, bool favorite);
    void rename(const Clip& clip);

signals:
    void play(const QString& id);
    void keys_wanted();

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    QWidget* make_toolbar();
    QWidget* make_chips();
    QWidget* make_note();
    QWidget* make_selection_bar();
    void make_shortcuts();
    void add_chip(const QString& value, const QString& icon, const QString& text);
    void set_chip(const QString& value);
    void refresh();
    void refresh_chips();
    void refresh_note();
    void refresh_selection();
    void show_menu(int row, const QPoint& place);
    [[nodiscard]] QList<Clip> chosen() const;
    void copy_files(const QList<Clip>& clips);
    void toggle_favorites(const QList<int>& rows);

    const Theme& theme_;
    ClipModel& model_;
    Recorder& recorder_;
    Toast& toast_;
    QLineEdit* search_ = nullptr;
    Button* clear_search_ = nullptr;
    QLabel* search_hint_ = nullptr;
    Slider* size_ = nullptr;
    Segments* mode_ = nullptr;
    QWidget* chips_ = nullptr;
    QList<Button*> chip_buttons_;
    QWidget* note_ = nullptr;
    Text* note_text_ = nullptr;
    QStackedWidget* stack_ = nullptr;
    ClipView* view_ = nullptr;
    EmptyState* empty_ = nullptr;
    QWidget* bar_ = nullptr;
    Text* bar_text_ = nullptr;
    Text* bar_meta_ = nullptr;
    Button* bar_favorite_ = nullptr;
    QTimer search_timer_;
    SaveKey save_;
    QString dismissed_recovery_;
};

/// Opens the file manager with the file chosen, or the folder where that is not possible.
void show_in_folder(const std::filesystem::path& file);

}  // namespace hindsight::ui
