#pragma once

// The card at the foot of the sidebar: what is being buffered, how much of it is ready, and the
// button that makes a clip of it.

#include "service/recorder.hpp"
#include "theme/button.hpp"
#include "theme/controls.hpp"

namespace hindsight::ui {

/// One tick per second of the limit (per limit/60 above 90 s): tall for what a press saves, middle
/// for older footage, a dot for the empty rest.
class Meter : public QWidget {
    Q_OBJECT

public:
    explicit Meter(const Theme& theme, QWidget* parent = nullptr);
    void set_values(double limit_s, double ready_s, double take_s);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    double limit_s_ = 60;
    double ready_s_ = 0;
    double take_s_ = 30;
};

class StatusCard : public QWidget {
    Q_OBJECT

public:
    StatusCard(const Theme& theme, Recorder& recorder, QWidget* parent = nullptr);

    /// What the key saves, and its name, from the configuration.
    void set_save(double seconds, const QString& key);

    /// Only the button of the glyph, for the narrow sidebar.
    void set_narrow(bool narrow);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    /// What a press of the button does.
    enum class Role { Save, Retry, Start };

    struct Words {
        QColor colour;
        QString state;
        QString source;
    };

    void refresh();
    void refresh_warning();
    void refresh_microphone();
    void refresh_buttons(RecorderStatus::Shape shape, bool failed);
    [[nodiscard]] Words words(RecorderStatus::Shape shape) const;
    void press();

    const Theme& theme_;
    Recorder& recorder_;
    QLabel* glyph_;
    Text* state_;
    Text* ready_;
    Text* source_;
    Text* warning_;
    Meter* meter_;
    Button* microphone_;
    Button* button_;
    Button* start_;
    Button* let_go_;
    Role role_ = Role::Save;
    double take_s_ = 30;
    QString key_ = "Alt+F10";
    bool narrow_ = false;
};

}  // namespace hindsight::ui
