#pragma once

// The settings that work today, in cards of rows. Every change is sent to the service at once,
// which checks and stores it; a refusal is shown below the row, in its sentence.

#include "clips/sidebar.hpp"
#include "service/recorder.hpp"
#include "theme/button.hpp"
#include "theme/controls.hpp"

#include <QComboBox>
#include <QLineEdit>
#include <QStackedWidget>

namespace hindsight::ui {

class SettingsPage : public QWidget {
    Q_OBJECT

public:
    SettingsPage(const Theme& theme, Recorder& recorder, QWidget* parent = nullptr);

    /// Asks the service for every value anew.
    void refresh();
    void show_keys();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Page {
        QVBoxLayout* column = nullptr;
        QVBoxLayout* card = nullptr;
    };

    struct Choice {
        QString value;
        QString text;
    };

    void add_page(const QString& icon, const QString& title);
    void show_page(int index);
    void add_card(const QString& title);
    QWidget*
    add_row(const QString& title, const QString& line, QWidget* control, const QString& key);
    void add_segments(
        const QString& key,
        const QString& title,
        const QString& line,
        const QList<Choice>& choices);
    void add_combo(
        const QString& key,
        const QString& title,
        const QString& line,
        const QList<Choice>& choices);
    void add_switch(const QString& key, const QString& title, const QString& line);
    void add_slider(
        const QString& key,
        const QString& title,
        const QString& line,
        int least,
        int most,
        int step,
        const QString& unit);
    void add_text(const QString& key, const QString& title, const QString& line);
    /// `empty`: what counts while the field is.
    void
    add_folder(const QString& key, const QString& title, const QString& line, const QString& empty);
    void make_pages();
    void set(const QString& key, const QString& text);
    void on_set(const QString& key, const QString& text, const QString& error);
    void refresh_value(const QString& key);
    void refresh_warnings();
    void bind(const QString& key, std::function<void(const QString&)> show);

    const Theme& theme_;
    Recorder& recorder_;
    QVBoxLayout* list_ = nullptr;
    QStackedWidget* stack_ = nullptr;
    QList<NavItem*> items_;
    Page page_;
    QHash<QString, std::function<void(const QString&)>> show_;
    QHash<QString, Text*> errors_;
    QHash<QString, Text*> warnings_;
    QHash<QString, QString> values_;
};

/// A value of the configuration without the quotes and escapes of TOML.
[[nodiscard]] QString bare_value(const QString& toml);

}  // namespace hindsight::ui
