#pragma once

// A message at the foot of the window, with at most one button. Stays 8 s with a button and 4 s
// without, longer while hovered or focused.

#include "theme/button.hpp"
#include "theme/controls.hpp"

#include <QTimer>
#include <functional>

namespace hindsight::ui {

class Toast : public QWidget {
    Q_OBJECT

public:
    Toast(const Theme& theme, QWidget* window);

    void say(const QString& sentence);
    void offer(const QString& sentence, const QString& button, std::function<void()> action);
    [[nodiscard]] QString sentence() const;
    /// Presses the button, if one is offered (Ctrl+Z).
    bool take_offer();

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* object, QEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void show_for(int milliseconds);
    void place();

    const Theme& theme_;
    Text* text_;
    Button* button_;
    QTimer timer_;
    std::function<void()> action_;
};

}  // namespace hindsight::ui
