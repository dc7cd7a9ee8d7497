#pragma once

// Loads thumbnail files beside the UI thread and keeps what was painted lately.

#include <QCache>
#include <QObject>
#include <QPixmap>
#include <QSet>
#include <QThreadPool>

namespace hindsight::ui {

class Thumbnails : public QObject {
    Q_OBJECT

public:
    explicit Thumbnails(QObject* parent = nullptr);
    ~Thumbnails() override;

    /// The picture, or a null pixmap while it is being loaded (then `loaded` follows) or when there
    /// is none.
    [[nodiscard]] QPixmap get(const QString& path, int width, qreal dpr);

    /// True when the file was tried and is no picture.
    [[nodiscard]] bool missing(const QString& path) const { return missing_.contains(path); }

    /// Missing ones are tried again (a clip changed).
    void forget_missing() { missing_.clear(); }

signals:
    void loaded(const QString& path);

private:
    QThreadPool pool_;
    QCache<QString, QPixmap> cache_;
    QSet<QString> pending_;
    QSet<QString> missing_;
};

}  // namespace hindsight::ui
