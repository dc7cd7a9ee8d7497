#pragma once

// The timeline below the picture: ruler, events, one lane per action, and an overview of the whole
// clip that shows and moves the visible part. Read and painted by time, so that a second is always
// as wide as the next one.

#include "clip_timeline.hpp"
#include "theme/theme.hpp"

#include <QPixmap>
#include <QWidget>

namespace hindsight::ui {

class TimelineView : public QWidget {
    Q_OBJECT

public:
    TimelineView(const Theme& theme, QWidget* parent = nullptr);

    void set_timeline(ClipTimeline timeline);

    [[nodiscard]] const ClipTimeline& timeline() const { return timeline_; }

    void set_position(double seconds);

    [[nodiscard]] double position() const { return position_; }

    void zoom(double factor, double around);  ///< `around` in seconds
    void zoom_to_fit();

    [[nodiscard]] double view_from() const { return from_; }

    [[nodiscard]] double view_to() const { return to_; }

    /// The event before or after the playhead, or -1.
    [[nodiscard]] double neighbour_event(int direction) const;
    [[nodiscard]] int natural_height() const;

signals:
    void seek_wanted(double seconds);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    enum class Drag { None, Playhead, Window };

    [[nodiscard]] double x_of(double t) const;
    [[nodiscard]] double t_of(double x) const;
    [[nodiscard]] double overview_x(double t) const;
    [[nodiscard]] double overview_t(double x) const;
    [[nodiscard]] double right_edge() const;
    [[nodiscard]] int lanes_top() const;
    [[nodiscard]] int lanes_bottom() const;
    [[nodiscard]] int overview_top() const;
    void set_view(double from, double to);
    void follow_playhead();
    void forget_layer();

    void paint_layer(QPainter& painter);
    void paint_ruler(QPainter& painter);
    void paint_lanes(QPainter& painter);
    void paint_look(QPainter& painter, int top);
    void paint_events(QPainter& painter);
    void paint_held(QPainter& painter);
    void paint_playhead(QPainter& painter);
    void paint_overview(QPainter& painter);

    const Theme& theme_;
    ClipTimeline timeline_;
    QPixmap layer_;
    QWidget* zoom_out_ = nullptr;
    QWidget* zoom_in_ = nullptr;
    double position_ = 0;
    double from_ = 0;
    double to_ = 1;
    int first_lane_ = 0;
    Drag drag_ = Drag::None;
    double drag_grip_ = 0;
};

}  // namespace hindsight::ui
