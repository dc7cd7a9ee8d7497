#pragma once

// What the service says about itself, as values the windows and the tray can show.

#include <nlohmann/json.hpp>

#include <QList>
#include <QString>
#include <optional>

namespace hindsight::ui {

/// A moment that survived an interruption and waits for being saved.
struct RecoveredMoment {
    QString id;
    double duration_s = 0;

    bool operator==(const RecoveredMoment&) const = default;
};

/// A save that did not work and waits for a retry.
struct FailedSave {
    QString request;
    QString sentence;

    bool operator==(const FailedSave&) const = default;
};

/// Work after a save: the copy with the overlay, thumbnails.
struct RunningJob {
    QString kind;  ///< "burn-in", "thumbnail"
    double progress = 0;

    bool operator==(const RunningJob&) const = default;
};

/// Something works less well than it should; recording and saving go on.
struct HealthWarning {
    QString text;
    QString setting;  ///< key of the configuration that it is about, may be empty

    bool operator==(const HealthWarning&) const = default;
};

struct RecorderStatus {
    enum class Shape { Idle, Buffering, Saving, Error, Paused };
    enum class Microphone { Off, Heard, Silent, Muted };

    bool connected = false;
    QString state;  ///< idle, starting, buffering, paused or error
    bool starts_by_itself = true;
    QString game;
    int width = 0;
    int height = 0;
    double fps = 0;
    Microphone microphone = Microphone::Off;  ///< Silent: the talk key is not held
    double buffered_s = 0;
    double limit_s = 0;
    bool session = false;          ///< everything is being kept, beside the buffer
    std::optional<double> saving;  ///< progress of the running save, 0 to 1
    QString trouble;               ///< the worst health sentence of severity "error", if any
    QList<HealthWarning> warnings;
    QList<RecoveredMoment> recovered;
    QList<FailedSave> failed;
    QList<RunningJob> jobs;

    bool operator==(const RecorderStatus&) const = default;

    [[nodiscard]] bool recording() const;

    /// Something is in memory, also while paused and after the game has ended.
    [[nodiscard]] bool can_save() const;

    /// Nothing is recorded, and nothing will be until the user says so.
    [[nodiscard]] bool waits_for_start() const;
};

[[nodiscard]] RecorderStatus parse_status(const nlohmann::json& status);

/// Shape of the tray icon and the card: an error until it is seen, then saving, paused, buffering.
[[nodiscard]] RecorderStatus::Shape
shape_of(const RecorderStatus& status, bool saving, bool failed);

[[nodiscard]] QString shape_name(RecorderStatus::Shape shape);

/// "Overlay copy: 62 %", empty when no job runs.
[[nodiscard]] QString job_line(const RecorderStatus& status);

/// "The hotkey Alt+F10 is taken. 1 more", empty when all is well.
[[nodiscard]] QString warning_line(const RecorderStatus& status);

/// First line of the tray's menu and its tooltip: "Buffering Freedoom, 52 s ready".
[[nodiscard]] QString state_line(const RecorderStatus& status, bool saving, const QString& failure);

}  // namespace hindsight::ui
