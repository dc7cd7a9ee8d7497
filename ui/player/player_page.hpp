#pragma once

// One clip: picture with its overlay, transport, timeline, and what happened at the playhead.

#include "inspector.hpp"
#include "stage.hpp"
#include "theme/button.hpp"
#include "timeline/timeline_view.hpp"

#include <hindsight/core/clip.hpp>

class QHBoxLayout;

namespace hindsight::ui {

/// The running time, digit by digit, so that it does not jitter.
class TimeLabel : public QWidget {
    Q_OBJECT

public:
    explicit TimeLabel(const Theme& theme, QWidget* parent = nullptr);
    void set_time(double position, double duration, qint64 frame);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    double position_ = 0;
    double duration_ = 0;
    qint64 frame_ = 0;
};

class PlayerPage : public QWidget {
    Q_OBJECT

public:
    /// `player` outlives the page.
    PlayerPage(const Theme& theme, MpvPlayer& player, QWidget* parent = nullptr);

    void open(const Clip& clip, bool play);
    void close();
    /// The clip's facts changed (name, star, files beside it); the picture stays.
    void set_clip(const Clip& clip);
    /// The switches of the consents say again what holds: a wish was not granted.
    void show_consents();

    [[nodiscard]] const Clip& clip() const { return clip_; }

    [[nodiscard]] const TimelineView& timeline() const { return *timeline_; }

    [[nodiscard]] const Stage& stage() const { return *stage_; }

signals:
    void back_wanted();
    void trash_wanted(const Clip& clip);
    void favorite_wanted(const Clip& clip, bool favorite);
    void rename_wanted(const Clip& clip);
    /// The player confirmed that the actions of `clip` shall be gone for good.
    void forget_wanted(const Clip& clip);
    void train_wanted(const Clip& clip, bool allowed);
    /// The actions that were shown are no longer those of the open clip.
    void actions_replaced();
    void fullscreen_wanted(bool fullscreen);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* make_top();
    QWidget* make_transport();
    void make_left(QHBoxLayout& row);
    void make_centre(QHBoxLayout& row);
    void make_right(QHBoxLayout& row);
    void make_keys();
    void refresh();
    void refresh_clip();
    void read_timeline();
    void connect_consents();
    void ask_to_forget(QWidget* over);
    void show_stored();
    void learn_length();

    [[nodiscard]] bool in_library() const { return !clip_.id.empty(); }

    void on_position(double seconds);
    void toggle_play();
    void jump_event(int direction);
    void set_fullscreen(bool fullscreen);
    void place_inspector();

    const Theme& theme_;
    MpvPlayer& player_;
    Clip clip_;
    QHBoxLayout* beside_stage_ = nullptr;
    QHBoxLayout* on_stage_ = nullptr;
    QWidget* top_ = nullptr;
    QWidget* transport_ = nullptr;
    Text* title_ = nullptr;
    Text* meta_ = nullptr;
    Button* star_ = nullptr;
    Button* rename_ = nullptr;
    Button* trash_ = nullptr;
    Stage* stage_ = nullptr;
    Inspector* inspector_ = nullptr;
    TimelineView* timeline_ = nullptr;
    TimeLabel* time_ = nullptr;
    Button* previous_event_ = nullptr;
    Button* play_ = nullptr;
    Button* next_event_ = nullptr;
    Button* speed_ = nullptr;
    Button* loop_ = nullptr;
    Button* mute_ = nullptr;
    Slider* volume_ = nullptr;
    Button* overlay_ = nullptr;
    Button* inspector_button_ = nullptr;
    Button* fullscreen_ = nullptr;
    bool full_ = false;
    bool drawer_ = false;  ///< the inspector lies on the stage: there is no room beside it
};

}  // namespace hindsight::ui
