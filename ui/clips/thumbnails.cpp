#include "thumbnails.hpp"

#include <QImageReader>
#include <QPointer>

namespace hindsight::ui {

namespace {

constexpr int kCacheKib = 64 * 1024;

QImage read(const QString& path, int width) {
    QImageReader reader{path};
    const QSize size = reader.size();
    if (size.isValid() && size.width() > width)
        reader.setScaledSize({width, size.height() * width / size.width()});
    return reader.read();
}

}  // namespace

Thumbnails::Thumbnails(QObject* parent) : QObject{parent}, cache_{kCacheKib} {
    pool_.setMaxThreadCount(2);
}

Thumbnails::~Thumbnails() {
    pool_.clear();
    pool_.waitForDone();
}

QPixmap Thumbnails::get(const QString& path, int width, qreal dpr) {
    if (path.isEmpty() || missing_.contains(path))
        return {};
    const int pixels = qRound(width * dpr);
    // A few sizes only, so that dragging the window does not load each picture anew.
    const int step = (pixels + 159) / 160 * 160;
    const QString key = QString{"%1|%2"}.arg(path).arg(step);
    if (const QPixmap* found = cache_.object(key))
        return *found;
    if (pending_.contains(key))
        return {};
    pending_.insert(key);
    pool_.start([this, path, key, step] {
        QImage image = read(path, step);
        // Runs before the destructor returns, because that waits for the pool; later events die
        // with their receiver.
        QMetaObject::invokeMethod(this, [this, path, key, image = std::move(image)] {
            pending_.remove(key);
            if (image.isNull())
                missing_.insert(path);
            else
                cache_.insert(
                    key,
                    new QPixmap{QPixmap::fromImage(image)},
                    std::max(1, static_cast<int>(image.sizeInBytes() / 1024)));
            emit loaded(path);
        });
    });
    return {};
}

}  // namespace hindsight::ui
