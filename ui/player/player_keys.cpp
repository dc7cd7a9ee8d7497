// The keys of the player (ui.md, section 7).

#include "clips/library_page.hpp"
#include "player_page.hpp"

#include <QAction>
#include <algorithm>

namespace hindsight::ui {

void PlayerPage::make_keys() {
    const auto on = [this](const QKeySequence& keys, auto what) {
        auto* action = new QAction{this};
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        connect(action, &QAction::triggered, this, what);
    };
    on(Qt::Key_Space, [this] { toggle_play(); });
    on(Qt::Key_Comma, [this] { player_.step(-1); });
    on(Qt::Key_Period, [this] { player_.step(1); });
    on(Qt::Key_Left, [this] { player_.seek_by(-1); });
    on(Qt::Key_Right, [this] { player_.seek_by(1); });
    on(Qt::SHIFT | Qt::Key_Left, [this] { player_.seek_by(-5); });
    on(Qt::SHIFT | Qt::Key_Right, [this] { player_.seek_by(5); });
    on(Qt::Key_Home, [this] { player_.seek(0); });
    on(Qt::Key_End, [this] { player_.seek(player_.state().duration); });
    on(Qt::Key_P, [this] { jump_event(-1); });
    on(Qt::Key_N, [this] { jump_event(1); });
    on(Qt::Key_V, [this] {
        if (player_.state().has_overlay)
            player_.set_overlay(!player_.state().overlay);
    });
    on(Qt::Key_M, [this] { player_.set_muted(!player_.state().muted); });
    on(Qt::Key_L, [this] { player_.set_loop(!player_.state().loop); });
    on(Qt::Key_F, [this] { set_fullscreen(!full_); });
    on(Qt::Key_A, [this] {
        inspector_button_->setChecked(!inspector_button_->isChecked());
        place_inspector();
    });
    on(Qt::Key_BracketLeft, [this] { player_.set_speed(player_.state().speed / 2); });
    on(Qt::Key_BracketRight,
       [this] { player_.set_speed(std::min(4.0, player_.state().speed * 2)); });
    // The plus of many keyboards lies above the equals sign.
    for (const Qt::Key key : {Qt::Key_Plus, Qt::Key_Equal})
        on(key, [this] { timeline_->zoom(1.25, timeline_->position()); });
    on(Qt::Key_Minus, [this] { timeline_->zoom(0.8, timeline_->position()); });
    on(Qt::Key_0, [this] { timeline_->zoom_to_fit(); });
    on(Qt::CTRL | Qt::Key_B, [this] {
        if (in_library())
            emit favorite_wanted(clip_, !clip_.favorite);
    });
    on(Qt::CTRL | Qt::Key_O, [this] { show_in_folder(clip_.path); });
    on(Qt::Key_F2, [this] {
        if (in_library())
            emit rename_wanted(clip_);
    });
    on(Qt::Key_Delete, [this] {
        if (in_library())
            emit trash_wanted(clip_);
    });
    on(Qt::Key_Escape, [this] {
        if (full_)
            set_fullscreen(false);
        else
            emit back_wanted();
    });
}

}  // namespace hindsight::ui
