#pragma once

// The two consents of a clip, side by side with a look at what they are about: that its actions are
// kept, and that they may be used for training.

#include "theme/button.hpp"
#include "theme/controls.hpp"

namespace hindsight {
struct Clip;
}

namespace hindsight::ui {

class Consents : public QWidget {
    Q_OBJECT

public:
    Consents(const Theme& theme, QWidget* parent = nullptr);

    /// Shows what holds for `clip`. Moving a switch is a wish: it stays moved until the next call,
    /// which returns it when the wish was not granted.
    void set_clip(const Clip& clip);

signals:
    void forget_wanted();
    void train_wanted(bool allowed);
    void stored_wanted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    class Row;

    const Theme& theme_;
    Row* keep_;
    Row* train_;
    Button* stored_;
};

}  // namespace hindsight::ui
