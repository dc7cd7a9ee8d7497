#pragma once

// What happened at the playhead: the actions that are held and since when, where the player looks,
// and the list of events. Below them the consents of the clip.

#include "consents.hpp"
#include "timeline/clip_timeline.hpp"

namespace hindsight::ui {

class Inspector : public QWidget {
    Q_OBJECT

public:
    Inspector(const Theme& theme, QWidget* parent = nullptr);

    /// `timeline` is borrowed until the next call.
    void set_timeline(const ClipTimeline* timeline);
    void set_position(double seconds, qint64 frame);

    [[nodiscard]] Consents& consents() { return *consents_; }

signals:
    void seek_wanted(double seconds);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    [[nodiscard]] int bottom() const { return consents_->y(); }

    [[nodiscard]] int most_held() const;
    [[nodiscard]] int events_top() const;
    [[nodiscard]] int event_at(QPoint point) const;
    [[nodiscard]] QString look_text() const;
    int paint_held(QPainter& painter);
    void paint_events(QPainter& painter, int top);

    const Theme& theme_;
    Consents* consents_;
    const ClipTimeline* timeline_ = nullptr;
    double position_ = 0;
    qint64 frame_ = 0;
    int hover_ = -1;
    int first_event_ = 0;
};

}  // namespace hindsight::ui
