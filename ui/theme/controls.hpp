#pragma once

// Switch, slider, segments, key caps, labels and the focus ring: painted from the tokens.

#include "theme.hpp"

#include <QAbstractButton>
#include <QLabel>
#include <QPointer>
#include <QSlider>

namespace hindsight::ui {

class Switch : public QAbstractButton {
    Q_OBJECT

public:
    Switch(const Theme& theme, const QString& name, QWidget* parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override { return {40, 24}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    /// Enter switches too: on pages where Space plays, it is the only key for that.
    void keyPressEvent(QKeyEvent* event) override;

private:
    const Theme& theme_;
};

class Slider : public QSlider {
    Q_OBJECT

public:
    Slider(const Theme& theme, const QString& name, QWidget* parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override { return {120, 32}; }

signals:
    /// A value was chosen: by key, or the mouse was released.
    void let_go();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void move_to(double x);

    const Theme& theme_;
};

/// One of several, side by side.
class Segments : public QWidget {
    Q_OBJECT

public:
    struct Item {
        QString value;
        QString text;
        QString icon;
        QString name;  ///< accessible name and tooltip; empty: the text
    };

    Segments(const Theme& theme, QList<Item> items, QWidget* parent = nullptr);
    [[nodiscard]] QString value() const;
    void set_value(const QString& value);
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void chosen(const QString& value);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QRectF item_rect(int index) const;
    [[nodiscard]] double item_width(int index) const;
    void choose(int index);

    const Theme& theme_;
    QList<Item> items_;
    int current_ = 0;
};

/// "Alt + F10" as key caps.
class KeyCaps : public QWidget {
    Q_OBJECT

public:
    KeyCaps(const Theme& theme, const QString& chord, QWidget* parent = nullptr);
    void set_chord(const QString& chord);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    QStringList keys_;
};

/// A label in a text style and a token colour, which follow the theme.
class Text : public QLabel {
    Q_OBJECT

public:
    using Colour = QColor Tokens::*;

    Text(
        const Theme& theme,
        const QString& text,
        int px = 14,
        int weight = QFont::Normal,
        Colour colour = &Tokens::text,
        QWidget* parent = nullptr);
    void set_colour(Colour colour);

private:
    void restyle();

    const Theme& theme_;
    int px_;
    int weight_;
    Colour colour_;
};

/// A filled area (bar, panel, card) of a token colour with an optional edge.
class Panel : public QWidget {
    Q_OBJECT

public:
    using Colour = QColor Tokens::*;

    Panel(
        const Theme& theme,
        Colour fill,
        Colour edge = nullptr,
        int radius = 0,
        QWidget* parent = nullptr);
    void set_colours(Colour fill, Colour edge);

    /// Only a 1 px line on these sides instead of an edge all round.
    void set_line_sides(Qt::Edges sides) { sides_ = sides; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    Colour fill_;
    Colour edge_;
    int radius_;
    Qt::Edges sides_;
};

/// Draws the 2 px ring, 2 px outside, round whatever got the focus by keyboard. One per program.
/// Widgets that want it set the property "focusRadius".
class FocusRing : public QObject {
    Q_OBJECT

public:
    explicit FocusRing(const Theme& theme, QObject* parent = nullptr);

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void follow(QWidget* widget);
    void place();

    const Theme& theme_;
    QPointer<QWidget> target_;
    QPointer<QWidget>
        ring_;  ///< child of the target's parent, so that it scrolls and clips with it
    bool keyboard_ = false;
};

}  // namespace hindsight::ui
