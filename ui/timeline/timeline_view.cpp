#include "timeline_view.hpp"

#include "clips/clip_text.hpp"
#include "theme/button.hpp"
#include "timeline_metrics.hpp"

#include <QAccessible>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace hindsight::ui {

using namespace timeline_metrics;

namespace {

constexpr double kMostPixelsPerFrame = 24;

}  // namespace

TimelineView::TimelineView(const Theme& theme, QWidget* parent) : QWidget{parent}, theme_{theme} {
    setMouseTracking(true);
    setMinimumHeight(120);
    setFocusPolicy(Qt::ClickFocus);
    setAccessibleName(tr("Timeline"));
    connect(&theme, &Theme::changed, this, &TimelineView::forget_layer);
    const auto add = [this](const QString& icon, const QString& name, double factor) {
        auto* button = Button::icon_only(theme_, icon, name, this);
        button->set_small();
        connect(button, &Button::clicked, this, [this, factor] { zoom(factor, position_); });
        return button;
    };
    zoom_out_ = add("zoom-out", tr("Zoom out (-)"), 0.8);
    zoom_in_ = add("zoom-in", tr("Zoom in (+)"), 1.25);
}

void TimelineView::set_timeline(ClipTimeline timeline) {
    timeline_ = std::move(timeline);
    first_lane_ = 0;
    position_ = 0;
    zoom_to_fit();
    updateGeometry();
}

int TimelineView::natural_height() const {
    const int rows = static_cast<int>(timeline_.lanes.size()) + (timeline_.look.empty() ? 0 : 1);
    const int lanes = timeline_.no_actions.isEmpty() ? rows * kLane + 4 : 2 * kLane;
    return std::clamp(kRuler + kEvents + 8 + lanes + kOverview, 120, 240);
}

double TimelineView::right_edge() const {
    return width() - double(kRight);
}

double TimelineView::x_of(double t) const {
    return kLabels + (t - from_) / std::max(1e-9, to_ - from_) * (right_edge() - kLabels);
}

double TimelineView::t_of(double x) const {
    return from_ + (x - kLabels) / std::max(1.0, right_edge() - kLabels) * (to_ - from_);
}

double TimelineView::overview_x(double t) const {
    return kLabels + t / std::max(1e-9, timeline_.duration) * (right_edge() - kLabels);
}

double TimelineView::overview_t(double x) const {
    return (x - kLabels) / std::max(1.0, right_edge() - kLabels) * timeline_.duration;
}

int TimelineView::overview_top() const {
    return height() - kOverview;
}

int TimelineView::lanes_top() const {
    return kRuler + kEvents + 4;
}

int TimelineView::lanes_bottom() const {
    return overview_top() - 2;
}

void TimelineView::forget_layer() {
    layer_ = {};
    update();
}

void TimelineView::set_position(double seconds) {
    if (seconds == position_)
        return;
    position_ = seconds;
    if (drag_ == Drag::None)
        follow_playhead();
    setAccessibleDescription(clock_text(seconds, true));
    update();
}

void TimelineView::follow_playhead() {
    if (position_ >= from_ && position_ <= to_)
        return;
    const double span = to_ - from_;
    set_view(position_ - span * 0.1, position_ + span * 0.9);
}

void TimelineView::set_view(double from, double to) {
    const double span = std::min(to - from, timeline_.duration);
    from = std::clamp(from, 0.0, std::max(0.0, timeline_.duration - span));
    from_ = from;
    to_ = from + std::max(span, 1e-3);
    forget_layer();
}

void TimelineView::zoom_to_fit() {
    set_view(0, std::max(timeline_.duration, 1e-3));
}

void TimelineView::zoom(double factor, double around) {
    const double room = std::max(1.0, right_edge() - kLabels);
    const double least = room / kMostPixelsPerFrame / timeline_.fps;
    const double span =
        std::clamp((to_ - from_) / factor, std::min(least, timeline_.duration), timeline_.duration);
    const double part = (around - from_) / std::max(1e-9, to_ - from_);
    set_view(around - span * part, around - span * part + span);
}

double TimelineView::neighbour_event(int direction) const {
    const double half_frame = 0.5 / timeline_.fps;
    double best = -1;
    for (const TimelineEvent& event : timeline_.events) {
        if (direction > 0 && event.t > position_ + half_frame)
            return event.t;
        if (direction < 0 && event.t < position_ - half_frame)
            best = event.t;
    }
    return best;
}

void TimelineView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    zoom_out_->setGeometry(8, overview_top() - 2, 32, 32);
    zoom_in_->setGeometry(44, overview_top() - 2, 32, 32);
    forget_layer();
}

void TimelineView::wheelEvent(QWheelEvent* event) {
    const int turn = event->angleDelta().y();
    const double x = event->position().x();
    if (x < kLabels) {
        const int rows = static_cast<int>(timeline_.lanes.size());
        const int shown = std::max(1, (lanes_bottom() - lanes_top()) / kLane);
        first_lane_ =
            std::clamp(first_lane_ + (turn < 0 ? 1 : -1), 0, std::max(0, rows + 1 - shown));
        forget_layer();
    } else if (turn != 0) {
        zoom(std::pow(1.25, turn / 120.0), t_of(x));
    } else if (event->angleDelta().x() != 0) {
        const double by = -event->angleDelta().x() / 1200.0 * (to_ - from_);
        set_view(from_ + by, to_ + by);
    }
    event->accept();
}

void TimelineView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || event->position().x() < kLabels - 8)
        return;
    const double x = event->position().x();
    if (event->position().y() >= overview_top()) {
        const double t = overview_t(x);
        drag_ = Drag::Window;
        const bool inside = t >= from_ && t <= to_;
        drag_grip_ = inside ? t - from_ : (to_ - from_) / 2;
        set_view(t - drag_grip_, t - drag_grip_ + (to_ - from_));
        return;
    }
    drag_ = Drag::Playhead;
    double t = t_of(x);
    if (event->position().y() >= kRuler && event->position().y() < kRuler + kEvents)
        for (const TimelineEvent& each : timeline_.events)
            if (std::abs(x_of(each.t) - x) <= 11)
                t = each.t;
    emit seek_wanted(std::clamp(t, 0.0, timeline_.duration));
}

void TimelineView::mouseMoveEvent(QMouseEvent* event) {
    const double x = event->position().x();
    if (drag_ == Drag::Playhead)
        emit seek_wanted(std::clamp(t_of(x), 0.0, timeline_.duration));
    else if (drag_ == Drag::Window)
        set_view(overview_t(x) - drag_grip_, overview_t(x) - drag_grip_ + (to_ - from_));
    QString tip;
    if (event->position().y() >= kRuler && event->position().y() < kRuler + kEvents)
        for (const TimelineEvent& each : timeline_.events)
            if (std::abs(x_of(each.t) - x) <= 11)
                tip = tr("%1, %2").arg(each.label, clock_text(each.t, true));
    setToolTip(tip);
}

void TimelineView::mouseReleaseEvent(QMouseEvent*) {
    drag_ = Drag::None;
}

}  // namespace hindsight::ui
