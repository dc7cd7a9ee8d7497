#pragma once

// What everything that paints asks for colours, fonts and icons. One object per program, handed to
// each widget, which it outlives. [ui]

#include "tokens.hpp"

#include <QFont>
#include <QHash>
#include <QObject>
#include <QPalette>
#include <QPixmap>

namespace hindsight::ui {

class Theme : public QObject {
    Q_OBJECT

public:
    enum class Choice { Dark, Light, Auto };

    explicit Theme(QObject* parent = nullptr);

    /// "dark", "light" or "auto", as in the configuration.
    [[nodiscard]] static Choice choice_from_name(const QString& name);

    /// Auto follows the desktop (settings portal, else the lightness of the palette), live.
    void choose(Choice choice);

    [[nodiscard]] const Tokens& t() const { return tokens_; }

    /// Inter, `px` high at scale 1.
    [[nodiscard]] QFont font(int px, int weight = QFont::Normal) const;

    /// An icon of resources/icons in one colour, rendered for `dpr` and cached.
    [[nodiscard]] QPixmap
    icon(const QString& name, int size, const QColor& colour, qreal dpr = 1) const;

    /// A tray shape ("idle", "buffering", "saving", "error", "paused") in one colour.
    [[nodiscard]] QPixmap
    glyph(const QString& state, int size, const QColor& colour, qreal dpr = 1) const;

    /// False when nothing should move (appearance.motion = none, or the desktop says so).
    [[nodiscard]] bool motion() const { return motion_; }

    void set_motion(bool motion) { motion_ = motion; }

signals:
    void changed();

private slots:
    void portal_setting_changed(const QString& group, const QString& key);

private:
    [[nodiscard]] QPixmap
    render(const QString& path, int size, const QColor& colour, qreal dpr) const;
    void load_fonts();
    void apply();
    [[nodiscard]] bool desktop_is_dark() const;

    Choice choice_ = Choice::Dark;
    Tokens tokens_;
    bool motion_ = true;
    QPalette system_palette_;
    mutable QHash<QString, QPixmap> cache_;
};

}  // namespace hindsight::ui
