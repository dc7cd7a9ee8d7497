#include "clips/clip_text.hpp"
#include "theme/paint.hpp"
#include "timeline_metrics.hpp"
#include "timeline_view.hpp"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <array>
#include <cmath>

namespace hindsight::ui {

using namespace timeline_metrics;

namespace {

constexpr double kLabelDistance = 80;

/// Seconds between two labels of the ruler, so that they are at least 80 px apart.
double label_step(double pixels_per_second) {
    static constexpr std::array kSteps{
        0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0};
    for (const double step : kSteps)
        if (step * pixels_per_second >= kLabelDistance)
            return step;
    return 1800;
}

void diamond(QPainter& painter, double x, double y, const QColor& colour) {
    QPainterPath path{QPointF{x, y - 4}};
    path.lineTo(x + 3, y);
    path.lineTo(x, y + 4);
    path.lineTo(x - 3, y);
    path.closeSubpath();
    painter.fillPath(path, colour);
}

}  // namespace

void TimelineView::paintEvent(QPaintEvent*) {
    const qreal dpr = devicePixelRatioF();
    if (layer_.isNull()) {
        layer_ = QPixmap{size() * dpr};
        layer_.setDevicePixelRatio(dpr);
        QPainter painter{&layer_};
        paint_layer(painter);
    }
    QPainter painter{this};
    painter.drawPixmap(0, 0, layer_);
    painter.setRenderHint(QPainter::Antialiasing);
    paint_held(painter);
    paint_playhead(painter);
}

void TimelineView::paint_layer(QPainter& painter) {
    const Tokens& t = theme_.t();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), t.surface1);
    painter.fillRect(0, 0, width(), 1, t.line);
    painter.fillRect(
        QRectF{
            double(kLabels),
            double(kRuler),
            right_edge() - kLabels,
            double(lanes_bottom() - kRuler)},
        t.bg);
    paint_ruler(painter);
    paint_lanes(painter);
    paint_events(painter);
    paint_overview(painter);
}

void TimelineView::paint_ruler(QPainter& painter) {
    const Tokens& t = theme_.t();
    const double per_second = (right_edge() - kLabels) / std::max(1e-9, to_ - from_);
    const double step = label_step(per_second);
    const QFont font = theme_.font(11);
    if (per_second / timeline_.fps >= 6) {
        for (auto n = static_cast<qint64>(std::ceil(from_ * timeline_.fps));
             n / timeline_.fps <= to_;
             ++n)
            painter.fillRect(QRectF{x_of(double(n) / timeline_.fps), 20, 1, 4}, t.line);
    }
    for (auto n = static_cast<qint64>(std::ceil(from_ / step)); double(n) * step <= to_; ++n) {
        const double seconds = double(n) * step;
        const double x = x_of(seconds);
        painter.fillRect(QRectF{x, double(kRuler), 1, double(lanes_bottom() - kRuler)}, t.line);
        const QString text = step < 1 ? clock_text(seconds, true).chopped(1) : clock_text(seconds);
        if (x > kLabels + 20 && x < right_edge() - 20)
            number_line(painter, {x - 40, 0, 80, 15}, font, t.text2, text, Qt::AlignHCenter);
    }
    for (const double keyframe : timeline_.keyframes)
        if (keyframe >= from_ && keyframe <= to_)
            diamond(painter, x_of(keyframe), 19, t.text3);
}

void TimelineView::paint_lanes(QPainter& painter) {
    const Tokens& t = theme_.t();
    const QFont font = theme_.font(12);
    if (!timeline_.events.empty())
        text_line(
            painter, {16, double(kRuler), kLabels - 20.0, kEvents}, font, t.text2, tr("Events"));
    int y = lanes_top();
    if (!timeline_.no_actions.isEmpty()) {
        text_line(painter, {16, double(y), 100, 20}, font, t.text2, tr("Actions"));
        text_line(
            painter, {kLabels + 12.0, double(y), 600, 20}, font, t.text3, timeline_.no_actions);
        return;
    }
    painter.save();
    painter.setClipRect(QRectF{0, 0, right_edge(), double(lanes_bottom())});
    for (size_t i = size_t(first_lane_); i < timeline_.lanes.size(); ++i) {
        if (y + kLane > lanes_bottom())
            break;
        const Lane& lane = timeline_.lanes[i];
        text_line(
            painter, {16, double(y), kLabels - 22.0, double(kLane)}, font, t.text2, lane.label);
        painter.fillRect(QRectF{double(kLabels), y + 15.0, right_edge() - kLabels, 1}, t.line);
        for (const Hold& hold : lane.holds) {
            if (hold.to < from_ || hold.from > to_)
                continue;
            const double left = std::max(x_of(hold.from), double(kLabels));
            const double wide = std::max(4.0, x_of(hold.to) - left);
            rounded(painter, {left, y + 3.5, wide, 9}, 3, t.border);
        }
        y += kLane;
    }
    if (!timeline_.look.empty() && y + kLane <= lanes_bottom() + 2)
        paint_look(painter, y);
    painter.restore();
}

void TimelineView::paint_look(QPainter& painter, int top) {
    const Tokens& t = theme_.t();
    text_line(painter, {16, double(top), 100, double(kLane)}, theme_.font(12), t.text2, tr("Look"));
    const double room = right_edge() - kLabels;
    const int columns = std::max(1, static_cast<int>(room / 4));
    std::vector<double> sums(size_t(columns) + 1, 0.0);
    double most = 1e-9;
    for (const LookSample& sample : timeline_.look) {
        if (sample.t < from_ || sample.t > to_)
            continue;
        const auto column = static_cast<size_t>((x_of(sample.t) - kLabels) / 4);
        if (column >= sums.size())
            continue;
        sums[column] += std::hypot(sample.dx, sample.dy);
        most = std::max(most, sums[column]);
    }
    QPainterPath path{QPointF{double(kLabels), top + kLane - 1.0}};
    for (size_t i = 0; i < sums.size(); ++i)
        path.lineTo(
            kLabels + double(i) * 4, top + kLane - 1 - std::sqrt(sums[i] / most) * (kLane - 3));
    path.lineTo(right_edge(), top + kLane - 1.0);
    path.closeSubpath();
    painter.fillPath(path, t.border);
}

void TimelineView::paint_events(QPainter& painter) {
    const Tokens& t = theme_.t();
    double last = -100;
    for (const TimelineEvent& event : timeline_.events) {
        if (event.t < from_ || event.t > to_)
            continue;
        const double x = x_of(event.t);
        const QColor colour = t.event(event.type);
        QColor stem = colour;
        stem.setAlphaF(0.8F);
        QPen pen{stem, 1};
        pen.setDashPattern({2, 3});
        painter.setPen(pen);
        painter.drawLine(QPointF{x, 48}, QPointF{x, double(lanes_bottom())});
        if (x - last < 20)
            continue;  // the plate before it stands for both
        last = x;
        const QRectF plate{x - 11, 26, 22, 22};
        rounded(painter, plate, 6, t.surface2, colour);
        painter.drawPixmap(
            plate.topLeft() + QPointF{3, 3},
            theme_.icon(event_icon(event.type), 16, colour, devicePixelRatioF()));
    }
}

void TimelineView::paint_held(QPainter& painter) {
    const Tokens& t = theme_.t();
    int y = lanes_top();
    for (size_t i = size_t(first_lane_); i < timeline_.lanes.size(); ++i, y += kLane) {
        if (y + kLane > lanes_bottom())
            return;
        const Lane& lane = timeline_.lanes[i];
        const Hold* hold = lane.at(position_);
        if (hold == nullptr)
            continue;
        painter.fillRect(QRectF{0, double(y), kLabels - 1.0, kLane - 1.0}, t.surface1);
        text_line(
            painter,
            {16, double(y), kLabels - 22.0, double(kLane)},
            theme_.font(12, QFont::DemiBold),
            t.text,
            lane.label);
        const double left = std::max(x_of(hold->from), double(kLabels));
        const double right = std::min(std::max(x_of(hold->to), left + 4), right_edge());
        rounded(painter, {left, y + 2.0, right - left, 12}, 3, t.accent);
    }
}

void TimelineView::paint_playhead(QPainter& painter) {
    if (position_ < from_ || position_ > to_)
        return;
    const Tokens& t = theme_.t();
    const double x = x_of(position_);
    painter.fillRect(QRectF{x - 1, 18, 2, lanes_bottom() - 18.0}, t.text);
    const double left = std::clamp(x - 34, 4.0, width() - 72.0);
    const QRectF bubble{left, 2, 68, 17};
    rounded(painter, bubble, 3, t.text);
    number_line(
        painter,
        bubble,
        theme_.font(12, QFont::DemiBold),
        t.bg,
        clock_text(position_, true),
        Qt::AlignHCenter);
    const double head = overview_x(position_);
    painter.fillRect(QRectF{head - 1, overview_top() + 5.0, 2, 18}, t.text);
}

void TimelineView::paint_overview(QPainter& painter) {
    const Tokens& t = theme_.t();
    const double y = overview_top();
    rounded(painter, {double(kLabels), y + 8, right_edge() - kLabels, 12}, 4, t.surface3);
    for (const TimelineEvent& event : timeline_.events) {
        painter.setPen(QPen{t.surface3, 1});
        painter.setBrush(t.event(event.type));
        painter.drawEllipse(QPointF{overview_x(event.t), y + 14}, 3, 3);
    }
    const QRectF window{
        overview_x(from_), y + 7, std::max(8.0, overview_x(to_) - overview_x(from_)), 14};
    rounded(painter, window, 4, Qt::transparent, t.text2, 2);
}

}  // namespace hindsight::ui
