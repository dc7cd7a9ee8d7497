#include "stage.hpp"

#include "theme/tokens.hpp"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cstdlib>

namespace hindsight::ui {

namespace {

/// libmpv draws fastest into rows that begin on such an address.
constexpr int kAlignment = 64;

}  // namespace

void Stage::FreeBuffer::operator()(uchar* p) const noexcept {
    std::free(p);
}

Stage::Stage(MpvPlayer& player, QWidget* parent) : QWidget{parent}, player_{player} {
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMinimumSize(160, 90);
    setAccessibleName(tr("Picture"));
    setFocusPolicy(Qt::StrongFocus);
    connect(&player, &MpvPlayer::picture_ready, this, [this] {
        if (image_.isNull())
            fit();
        if (player_.render(image_, false))
            update();
    });
}

void Stage::set_message(const QString& message) {
    message_ = message;
    update();
}

void Stage::fit() {
    const QSize pixels = (QSizeF{size()} * devicePixelRatioF()).toSize().expandedTo({1, 1});
    const int stride = (pixels.width() * 4 + kAlignment - 1) / kAlignment * kAlignment;
    const auto bytes = static_cast<std::size_t>(stride) * static_cast<std::size_t>(pixels.height());
    image_ = {};
    buffer_.reset(static_cast<uchar*>(
        std::aligned_alloc(kAlignment, (bytes + kAlignment - 1) / kAlignment * kAlignment)));
    image_ = QImage{buffer_.get(), pixels.width(), pixels.height(), stride, QImage::Format_RGB32};
    image_.setDevicePixelRatio(devicePixelRatioF());
    image_.fill(stage_colour());
    stale_ = true;
}

void Stage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fit();
}

void Stage::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    if (!message_.isEmpty()) {
        painter.fillRect(rect(), stage_colour());
        painter.setPen(Qt::white);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, message_);
        return;
    }
    if (std::exchange(stale_, false))
        player_.render(image_, true);
    painter.drawImage(0, 0, image_);
}

void Stage::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton)
        emit clicked();
}

void Stage::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton)
        emit double_clicked();
}

}  // namespace hindsight::ui
