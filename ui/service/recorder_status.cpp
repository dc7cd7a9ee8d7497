#include "recorder_status.hpp"

#include "json_fields.hpp"

#include <QCoreApplication>

namespace hindsight::ui {

namespace {

using Json = nlohmann::json;
using Microphone = RecorderStatus::Microphone;

Microphone microphone_of(const QString& state) {
    if (state == "muted")
        return Microphone::Muted;
    if (state == "silent")
        return Microphone::Silent;
    return state == "on" ? Microphone::Heard : Microphone::Off;
}

}  // namespace

bool RecorderStatus::recording() const {
    return connected && state == "buffering";
}

bool RecorderStatus::can_save() const {
    return connected && buffered_s > 0;
}

bool RecorderStatus::waits_for_start() const {
    return connected && state == "idle" && !starts_by_itself;
}

RecorderStatus parse_status(const Json& map) {
    RecorderStatus status;
    if (!map.is_object())
        return status;
    status.connected = true;
    status.state = text_of(map, "state");
    status.starts_by_itself = text_of(map, "start") != "manual";
    status.game = text_of(map, "game");
    status.fps = number_of(map, "fps");
    status.width = static_cast<int>(number_of(map, "width"));
    status.height = static_cast<int>(number_of(map, "height"));
    status.microphone = microphone_of(text_of(map, "microphone"));
    const Json ring = part_of(map, "ring");
    status.buffered_s = number_of(ring, "buffered_s");
    status.limit_s = number_of(ring, "limit_s");
    const Json session = part_of(map, "session");
    status.session = session.contains("active") && session["active"] == true;
    for (const Json& job : part_of(map, "exports")) {
        if (text_of(job, "kind") == "save")
            status.saving = number_of(job, "progress");
        else
            status.jobs.append({text_of(job, "kind"), number_of(job, "progress")});
    }
    for (const Json& save : part_of(map, "failed"))
        status.failed.append({text_of(save, "id"), text_of(save, "text")});
    for (const Json& check : part_of(map, "health")) {
        const QString severity = text_of(check, "severity");
        if (severity == "error" && status.trouble.isEmpty())
            status.trouble = text_of(check, "text");
        else if (severity == "warning")
            status.warnings.append({text_of(check, "text"), text_of(check, "setting")});
    }
    for (const Json& moment : part_of(map, "recovered"))
        status.recovered.append({text_of(moment, "id"), number_of(moment, "duration_s")});
    return status;
}

RecorderStatus::Shape shape_of(const RecorderStatus& status, bool saving, bool failed) {
    using Shape = RecorderStatus::Shape;
    if (saving)
        return Shape::Saving;
    if (failed || !status.trouble.isEmpty() || status.state == "error")
        return Shape::Error;
    if (status.connected && status.state == "paused")
        return Shape::Paused;
    return status.recording() ? Shape::Buffering : Shape::Idle;
}

QString shape_name(RecorderStatus::Shape shape) {
    switch (shape) {
    case RecorderStatus::Shape::Buffering:
        return "buffering";
    case RecorderStatus::Shape::Saving:
        return "saving";
    case RecorderStatus::Shape::Error:
        return "error";
    case RecorderStatus::Shape::Paused:
        return "paused";
    case RecorderStatus::Shape::Idle:
        break;
    }
    return "idle";
}

QString state_line(const RecorderStatus& status, bool saving, const QString& failure) {
    const auto tr = [](const char* text) { return QCoreApplication::translate("State", text); };
    if (!status.connected)
        return tr("Starting the recorder");
    switch (shape_of(status, saving, !failure.isEmpty())) {
    case RecorderStatus::Shape::Saving:
        return status.game.isEmpty() ? tr("Saving a clip")
                                     : tr("Saving a clip of %1").arg(status.game);
    case RecorderStatus::Shape::Error:
        return failure.isEmpty() ? status.trouble : failure;
    case RecorderStatus::Shape::Paused:
        return tr("Paused. Nothing is recorded");
    case RecorderStatus::Shape::Buffering:
        return tr("Buffering %1, %2 s ready")
            .arg(status.game.isEmpty() ? tr("the screen") : status.game)
            .arg(static_cast<int>(status.buffered_s));
    case RecorderStatus::Shape::Idle:
        break;
    }
    if (status.state == "starting")
        return tr("Starting to record");
    return status.starts_by_itself ? tr("Waiting for a game") : tr("Not recording");
}

QString warning_line(const RecorderStatus& status) {
    if (status.warnings.isEmpty())
        return {};
    const qsizetype more = status.warnings.size() - 1;
    const QString first = status.warnings.constFirst().text;
    return more == 0 ? first
                     : QCoreApplication::translate("State", "%1 %2 more").arg(first).arg(more);
}

QString job_line(const RecorderStatus& status) {
    for (const RunningJob& job : status.jobs)
        if (job.kind == "burn-in")
            return QCoreApplication::translate("State", "Overlay copy: %1 %")
                .arg(static_cast<int>(job.progress * 100));
    return {};
}

}  // namespace hindsight::ui
