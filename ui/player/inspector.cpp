#include "inspector.hpp"

#include "clips/clip_text.hpp"
#include "theme/paint.hpp"

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>

namespace hindsight::ui {

namespace {

constexpr int kEdge = 16;
constexpr int kHeldRow = 28;
constexpr int kEventRow = 32;
constexpr int kMostHeld = 7;
constexpr int kHeldTop = 42;
/// Mouse movement over this span is told as one look.
constexpr double kLookSpan = 0.1;

}  // namespace

Inspector::Inspector(const Theme& theme, QWidget* parent) : QWidget{parent}, theme_{theme} {
    setFixedWidth(300);
    setMouseTracking(true);
    setAccessibleName(tr("At the playhead"));
    // As a drawer it lies on the stage, which plays when it is clicked.
    setAttribute(Qt::WA_NoMousePropagation);
    consents_ = new Consents{theme, this};
    auto* column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->addStretch(1);
    column->addWidget(consents_);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Inspector::set_timeline(const ClipTimeline* timeline) {
    timeline_ = timeline;
    first_event_ = 0;
    update();
}

void Inspector::set_position(double seconds, qint64 frame) {
    position_ = seconds;
    frame_ = frame;
    update();
}

QString Inspector::look_text() const {
    double dx = 0;
    double dy = 0;
    for (const LookSample& sample : timeline_->look) {
        if (sample.t > position_ - kLookSpan && sample.t <= position_) {
            dx += sample.dx;
            dy += sample.dy;
        }
    }
    QStringList parts;
    if (std::abs(dx) >= 1)
        parts << (dx > 0 ? tr("%1 right") : tr("%1 left")).arg(std::lround(std::abs(dx)));
    if (std::abs(dy) >= 1)
        parts << (dy > 0 ? tr("%1 down") : tr("%1 up")).arg(std::lround(std::abs(dy)));
    return parts.join(", ");
}

/// As many as there is room for above the consents.
int Inspector::most_held() const {
    return std::clamp((bottom() - kHeldTop) / kHeldRow, 1, kMostHeld);
}

int Inspector::events_top() const {
    int rows = 0;
    if (timeline_ != nullptr) {
        for (const Lane& lane : timeline_->lanes)
            rows += lane.at(position_) != nullptr ? 1 : 0;
        if (!timeline_->look.empty())
            ++rows;
    }
    // Room for a few, so that the list below does not jump with every key.
    return kHeldTop + std::clamp(rows, std::min(4, most_held()), most_held()) * kHeldRow + 11;
}

int Inspector::paint_held(QPainter& painter) {
    const Tokens& t = theme_.t();
    const double wide = width() - 2.0 * kEdge;
    int y = kHeldTop;
    int rows = 0;
    const auto row = [&](const QString& name, const QString& value) {
        text_line(
            painter,
            {kEdge + 20.0, double(y), wide - 120, kHeldRow},
            theme_.font(14, QFont::Medium),
            t.text,
            name);
        number_line(
            painter,
            {double(kEdge), double(y), wide, kHeldRow},
            theme_.font(13),
            t.text2,
            value,
            Qt::AlignRight);
        y += kHeldRow;
        ++rows;
    };
    for (const Lane& lane : timeline_->lanes) {
        const Hold* hold = lane.at(position_);
        if (hold == nullptr || rows >= most_held())
            continue;
        rounded(painter, {double(kEdge), y + 9.0, 10, 10}, 5, t.accent);
        const double since = position_ - hold->from + 1 / timeline_->fps;
        row(lane.label, tr("held %1 s").arg(QLocale{}.toString(since, 'f', 2)));
    }
    if (const QString look = look_text(); !look.isEmpty() && rows < most_held()) {
        painter.setPen(QPen{t.accent, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin});
        painter.drawLine(QPointF{kEdge + 1.0, y + 18.0}, QPointF{kEdge + 8.0, y + 11.0});
        painter.drawPolyline(
            std::array{
                QPointF{kEdge + 4.0, y + 10.6},
                QPointF{kEdge + 8.4, y + 10.6},
                QPointF{kEdge + 8.4, y + 15.0}}
                .data(),
            3);
        row(tr("Look"), look);
    }
    if (rows == 0)
        text_line(
            painter,
            {double(kEdge), double(y), wide, kHeldRow},
            theme_.font(13),
            t.text3,
            timeline_->no_actions.isEmpty() ? tr("Nothing is held") : timeline_->no_actions);
    return rows;
}

void Inspector::paint_events(QPainter& painter, int top) {
    const Tokens& t = theme_.t();
    const double wide = width() - 2.0 * kEdge;
    painter.fillRect(QRectF{double(kEdge), top - 1.0, wide, 1}, t.line);
    text_line(
        painter,
        {double(kEdge), top + 10.0, wide, 24},
        theme_.font(14, QFont::DemiBold),
        t.text,
        tr("Events"));
    number_line(
        painter,
        {double(kEdge), top + 10.0, wide, 24},
        theme_.font(12),
        t.text2,
        QString::number(timeline_->events.size()),
        Qt::AlignRight);
    int y = top + 36;
    const int count = static_cast<int>(timeline_->events.size());
    for (int i = first_event_; i < count && y + kEventRow <= bottom(); ++i, y += kEventRow) {
        const TimelineEvent& event = timeline_->events[size_t(i)];
        const bool now = std::abs(event.t - position_) < 0.5 / timeline_->fps;
        if (now || hover_ == i)
            rounded(
                painter,
                {kEdge - 8.0, double(y), wide + 16, kEventRow},
                6,
                now ? t.surface3 : t.surface2);
        painter.drawPixmap(
            QPointF{double(kEdge), y + 7.0},
            theme_.icon(event_icon(event.type), 18, t.event(event.type), devicePixelRatioF()));
        text_line(
            painter,
            {kEdge + 28.0, double(y), wide - 90, kEventRow},
            theme_.font(14),
            t.text,
            event.label);
        number_line(
            painter,
            {double(kEdge), double(y), wide, kEventRow},
            theme_.font(12),
            t.text2,
            clock_text(event.t, true).chopped(2),
            Qt::AlignRight);
    }
}

void Inspector::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens& t = theme_.t();
    painter.fillRect(rect(), t.surface1);
    painter.fillRect(0, 0, 1, height(), t.line);
    const double wide = width() - 2.0 * kEdge;
    text_line(
        painter,
        {double(kEdge), 12, wide, 24},
        theme_.font(14, QFont::DemiBold),
        t.text,
        tr("At the playhead"));
    number_line(
        painter,
        {double(kEdge), 12, wide, 24},
        theme_.font(12),
        t.text2,
        tr("frame %1").arg(frame_),
        Qt::AlignRight);
    if (timeline_ == nullptr)
        return;
    paint_held(painter);
    if (!timeline_->events.empty() && events_top() + 36 + kEventRow <= bottom())
        paint_events(painter, events_top());
}

int Inspector::event_at(QPoint point) const {
    if (timeline_ == nullptr || point.y() < events_top() + 36 || point.y() >= bottom())
        return -1;
    const int index = first_event_ + (point.y() - events_top() - 36) / kEventRow;
    return index < static_cast<int>(timeline_->events.size()) ? index : -1;
}

void Inspector::mousePressEvent(QMouseEvent* event) {
    if (const int index = event_at(event->pos()); index >= 0)
        emit seek_wanted(timeline_->events[size_t(index)].t);
}

void Inspector::mouseMoveEvent(QMouseEvent* event) {
    hover_ = event_at(event->pos());
    setCursor(hover_ >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void Inspector::leaveEvent(QEvent*) {
    hover_ = -1;
    update();
}

void Inspector::wheelEvent(QWheelEvent* event) {
    if (timeline_ == nullptr)
        return;
    const int shown = std::max(1, (bottom() - events_top() - 36) / kEventRow);
    const int most = std::max(0, static_cast<int>(timeline_->events.size()) - shown);
    first_event_ = std::clamp(first_event_ + (event->angleDelta().y() < 0 ? 1 : -1), 0, most);
    update();
}

}  // namespace hindsight::ui
