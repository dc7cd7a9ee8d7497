#pragma once

// What the library shows where there is nothing: before the first clip, and when nothing matches.

#include "theme/button.hpp"
#include "theme/controls.hpp"

namespace hindsight::ui {

class EmptyState : public QWidget {
    Q_OBJECT

public:
    explicit EmptyState(const Theme& theme, QWidget* parent = nullptr);

    /// The first time: `key` and what it saves.
    void show_welcome(const QString& key, const QString& length, bool can_save);
    void show_no_result(const QString& search);

signals:
    void save_wanted();
    void keys_wanted();
    void clear_wanted();

private:
    Text* title_;
    Text* words_;
    KeyCaps* keys_;
    Button* save_;
    Button* change_;
    Button* clear_;
};

}  // namespace hindsight::ui
