#include "profile_watch.hpp"

#include <hindsight/core/paths.hpp>

#include <QDir>
#include <QFileInfo>
#include <QObject>
#include <QString>
#include <utility>

namespace hindsight::daemon {

namespace {

/// An editor writes, renames and touches; that is one change.
constexpr int kCalmMs = 200;

QString folder() {
    return QString::fromStdString((paths::config_dir() / "profiles").string());
}

}  // namespace

ProfileWatch::ProfileWatch(std::function<void()> changed) : changed_{std::move(changed)} {
    // A folder that is not there cannot be watched, and it is where people are told to put files.
    QDir{}.mkpath(folder());
    calm_.setSingleShot(true);
    calm_.setInterval(kCalmMs);
    const auto start = [this] { calm_.start(); };
    QObject::connect(&watcher_, &QFileSystemWatcher::directoryChanged, &calm_, start);
    QObject::connect(&watcher_, &QFileSystemWatcher::fileChanged, &calm_, start);
    QObject::connect(&calm_, &QTimer::timeout, &calm_, [this] {
        look_again();
        changed_();
    });
    look_again();
}

void ProfileWatch::look_again() {
    // A file that was replaced is no longer the one that is watched.
    watcher_.addPath(folder());
    const QDir place{folder()};
    for (const QFileInfo& file : place.entryInfoList({QStringLiteral("*.toml")}, QDir::Files))
        watcher_.addPath(file.absoluteFilePath());
}

}  // namespace hindsight::daemon
