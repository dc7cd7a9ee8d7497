#pragma once

// Where the picture is shown: libmpv draws into a buffer of the widget's own size.

#include "mpv_player.hpp"

#include <QWidget>

namespace hindsight::ui {

class Stage : public QWidget {
    Q_OBJECT

public:
    Stage(MpvPlayer& player, QWidget* parent = nullptr);

    /// A sentence instead of the picture; empty shows the picture.
    void set_message(const QString& message);

    [[nodiscard]] const QImage& picture() const { return image_; }

signals:
    void clicked();
    void double_clicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    struct FreeBuffer {
        void operator()(uchar* p) const noexcept;
    };

    void fit();

    MpvPlayer& player_;
    std::unique_ptr<uchar, FreeBuffer> buffer_;
    QImage image_;
    QString message_;
    bool stale_ = true;
};

}  // namespace hindsight::ui
