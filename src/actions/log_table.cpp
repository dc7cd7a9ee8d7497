#include <hindsight/actions/log_table.hpp>

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace hindsight::actions {

namespace {

const ActionInfo* find_action(const ActionLog& log, std::uint16_t id) {
    for (const ActionInfo& action : log.actions)
        if (action.id == id)
            return &action;
    return nullptr;
}

std::string label_of(const ActionLog& log, std::uint16_t id) {
    const ActionInfo* action = find_action(log, id);
    if (action == nullptr)
        return std::to_string(id);
    return action->label.empty() ? action->name : action->label;
}

std::string value_text(const ActionInfo* action, const LogRecord& record) {
    if (action == nullptr || action->type == ActionType::Digital) {
        if (action != nullptr && action->pulse)
            return "once";
        return record.x == 0 ? "released" : "pressed";
    }
    if (action->type == ActionType::Axis1d)
        return fmt::format("{:.2f}", record.x);
    if (action->type == ActionType::Look)
        return fmt::format("{:+.0f}, {:+.0f}", record.x, record.y);
    return fmt::format("{:.2f}, {:.2f}", record.x, record.y);
}

/// What happened, and how.
std::pair<std::string, std::string> words_of(const ActionLog& log, const LogRecord& record) {
    switch (record.kind) {
    case ActionRecord::Kind::Value:
        return {label_of(log, record.action), value_text(find_action(log, record.action), record)};
    case ActionRecord::Kind::State: {
        std::string held;
        for (const std::uint16_t id : record.held)
            held += (held.empty() ? "" : ", ") + label_of(log, id);
        return {"held", held.empty() ? "nothing" : held};
    }
    case ActionRecord::Kind::Mode:
        return {"mode", mode_name(record.mode)};
    case ActionRecord::Kind::Event:
        break;
    }
    return {record.event, record.label};
}

}  // namespace

LogRow describe(const ActionLog& log, const LogRecord& record) {
    const Rational& fps = log.video.fps;
    const double rate = fps.den > 0 ? static_cast<double>(fps.num) / fps.den : 0;
    const double seconds = record.t.seconds();
    auto [what, value] = words_of(log, record);
    return {std::llround(seconds * rate), seconds, std::move(what), std::move(value)};
}

}  // namespace hindsight::actions
