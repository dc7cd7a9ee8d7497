#include "style_sheet.hpp"

namespace hindsight::ui {

namespace {

constexpr const char* kSheet = R"(
QLineEdit, QComboBox {
    min-height: 34px; padding: 0 10px; border: 1px solid @border; border-radius: 8px;
    background: @surface1; color: @text; selection-background-color: @accent;
    selection-color: @on-accent;
}
QLineEdit:hover, QComboBox:hover { border-color: @text2; }
QLineEdit:focus, QComboBox:on { border: 2px solid @accent; padding: 0 9px; min-height: 32px; }
QLineEdit[bad="true"] { border: 2px solid @error; padding: 0 9px; min-height: 32px; }
QLineEdit:disabled, QComboBox:disabled {
    border-color: @line; background: @surface2; color: @text3;
}
QLineEdit#search { padding-left: 34px; padding-right: 70px; }
QLineEdit#search:focus { padding-left: 33px; padding-right: 69px; }
QComboBox::drop-down { width: 30px; border: none; }
QComboBox::down-arrow { width: 0; height: 0; }
QComboBox QAbstractItemView {
    background: @surface2; border: 1px solid @border; padding: 6px; outline: none; color: @text;
}
QComboBox QAbstractItemView::item {
    min-height: 34px; padding: 0 10px; border-radius: 6px; color: @text;
}
QComboBox QAbstractItemView::item:selected { background: @surface3; color: @text; }
QMenu {
    background: @surface2; border: 1px solid @border; border-radius: 10px; padding: 6px;
    color: @text;
}
QMenu::item { min-height: 34px; padding: 0 28px 0 10px; border-radius: 6px; margin: 0; }
QMenu::icon { padding-left: 10px; }
QMenu::item:selected { background: @surface3; }
QMenu::item:disabled { color: @text3; background: transparent; }
QMenu::separator { height: 1px; margin: 6px 4px; background: @line; }
QToolTip {
    background: @surface2; color: @text; border: 1px solid @border; padding: 6px 8px;
}
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @surface3; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 36px; }
QScrollBar::handle:horizontal { min-width: 36px; }
QScrollBar::handle:hover { background: @border; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTableView { border: 1px solid @line; border-radius: 8px; background: @surface1; padding: 4px; }
QHeaderView { background: @surface1; border: none; }
QHeaderView::section {
    background: @surface1; color: @text2; border: none; border-bottom: 1px solid @line;
    padding: 0 12px;
}
QScrollArea { border: none; background: transparent; }
)";

}  // namespace

QString style_sheet(const Tokens& t) {
    QString sheet = QString::fromLatin1(kSheet);
    const auto put = [&sheet](const char* name, const QColor& colour) {
        sheet.replace(QString::fromLatin1(name) + ";", colour.name() + ";");
    };
    put("@surface1", t.surface1);
    put("@surface2", t.surface2);
    put("@surface3", t.surface3);
    put("@border", t.border);
    put("@line", t.line);
    put("@text2", t.text2);
    put("@text3", t.text3);
    put("@text", t.text);
    put("@accent", t.accent);
    put("@on-accent", t.on_accent);
    put("@error", t.error);
    return sheet;
}

}  // namespace hindsight::ui
