#pragma once

// Tells when the player's profiles change on disk, however an editor writes them.

#include <QFileSystemWatcher>
#include <QTimer>
#include <functional>

namespace hindsight::daemon {

class ProfileWatch {
public:
    /// `changed` comes on this thread, a moment after the last of several changes.
    explicit ProfileWatch(std::function<void()> changed);

private:
    void look_again();  ///< at the files that are there now

    QFileSystemWatcher watcher_;
    QTimer calm_;
    std::function<void()> changed_;
};

}  // namespace hindsight::daemon
