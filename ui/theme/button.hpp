#pragma once

// Painted push buttons and chips (ui.md, section 5). Checkable ones show accent-soft when chosen.

#include "theme.hpp"

#include <QAbstractButton>
#include <optional>

namespace hindsight::ui {

class Button : public QAbstractButton {
    Q_OBJECT

public:
    enum class Kind { Primary, Secondary, Ghost, Danger, Chip };

    Button(
        const Theme& theme,
        Kind kind,
        const QString& text,
        const QString& icon = {},
        QWidget* parent = nullptr);

    /// A square button of only an icon; `name` is its tooltip and accessible name.
    static Button* icon_only(
        const Theme& theme, const QString& icon, const QString& name, QWidget* parent = nullptr);

    /// 32 high instead of 36.
    void set_small();
    /// A round one of `diameter` (the play button).
    void set_round(int diameter);
    void set_icon_name(const QString& icon);
    void set_icon_colour(std::optional<QColor> colour);
    void set_label(const QString& text);
    void set_kind(Kind kind);
    /// The key that does the same, drawn in a small frame.
    void set_hint(const QString& hint);
    /// 0 to 1 fills the button from the left; nothing ends it.
    void set_progress(std::optional<double> progress);
    void set_align_left();
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    /// Enter presses too: on pages where Space plays, it is the only key for that.
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Look {
        QColor fill, edge, text;
    };

    [[nodiscard]] Look look() const;
    [[nodiscard]] QFont label_font() const;
    [[nodiscard]] int icon_size() const;
    [[nodiscard]] int content_width() const;
    void paint_content(QPainter& painter, const Look& look);

    const Theme& theme_;
    Kind kind_;
    QString icon_;
    QString hint_;
    std::optional<QColor> icon_colour_;
    std::optional<double> progress_;
    bool small_ = false;
    bool left_ = false;
    int round_ = 0;
};

}  // namespace hindsight::ui
