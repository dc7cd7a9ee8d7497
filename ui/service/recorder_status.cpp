#include "recorder_status.hpp"

#include "json_fields.hpp"

#include <QCoreApplication>

namespace hindsight::ui {

namespace {

using Json = nlohmann::json;

}  // namespace

bool RecorderStatus::operator==(const RecorderStatus& other) const {
    return connected == other.connected && state == other.state && game == other.game &&
           width == other.width && height == other.height && fps == other.fps &&
           buffered_s == other.buffered_s && limit_s == other.limit_s && saving == other.saving &&
           trouble == other.trouble && recovered.size() == other.recovered.size();
}

bool RecorderStatus::recording() const {
    return connected && (state == "buffering" || state == "recording" || state == "saving");
}

RecorderStatus parse_status(const Json& map) {
    RecorderStatus status;
    if (!map.is_object())
        return status;
    status.connected = true;
    status.state = text_of(map, "state");
    status.game = text_of(map, "game");
    status.fps = number_of(map, "fps");
    status.width = static_cast<int>(number_of(map, "width"));
    status.height = static_cast<int>(number_of(map, "height"));
    const Json ring = part_of(map, "ring");
    status.buffered_s = number_of(ring, "buffered_s");
    status.limit_s = number_of(ring, "limit_s");
    for (const Json& job : part_of(map, "exports"))
        if (text_of(job, "kind") == "save" || text_of(job, "kind") == "clip")
            status.saving = number_of(job, "progress");
    for (const Json& check : part_of(map, "health"))
        if (text_of(check, "severity") == "error" && status.trouble.isEmpty())
            status.trouble = text_of(check, "text");
    for (const Json& moment : part_of(map, "recovered"))
        status.recovered.append({text_of(moment, "id"), number_of(moment, "duration_s")});
    return status;
}

RecorderStatus::Shape shape_of(const RecorderStatus& status, bool saving, bool failed) {
    using Shape = RecorderStatus::Shape;
    if (saving)
        return Shape::Saving;
    if (failed || !status.trouble.isEmpty())
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
    return tr("Waiting for a game");
}

}  // namespace hindsight::ui
