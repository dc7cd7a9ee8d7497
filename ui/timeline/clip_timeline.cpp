#include "clip_timeline.hpp"

#include "clips/clip_text.hpp"

#include <hindsight/actions/action_log.hpp>
#include <hindsight/core/clip.hpp>

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace hindsight::ui {

namespace {

/// An axis counts as held from here on.
constexpr float kAxisHeld = 0.2F;

struct LaneMaker {
    explicit LaneMaker(const actions::ActionLog& log) : log_{log} {
        for (const actions::ActionInfo& action : log.actions)
            infos_[action.id] = &action;
    }

    void set(std::uint16_t action, bool held, double t) {
        std::optional<double>& since = since_[action];
        if (held && !since) {
            since = t;
        } else if (!held && since) {
            holds_[action].push_back({*since, t});
            since.reset();
        }
    }

    void value(const actions::LogRecord& record, double t, double frame) {
        const auto found = infos_.find(record.action);
        if (found == infos_.end())
            return;
        if (found->second->pulse)
            holds_[record.action].push_back({t, t + frame});
        else
            set(record.action, std::hypot(record.x, record.y) > kAxisHeld, t);
    }

    /// What is held from here on, said anew at every keyframe; only buttons are listed.
    void state(const actions::LogRecord& record, double t) {
        for (const auto& [id, info] : infos_) {
            if (info->type != actions::ActionType::Digital || info->pulse)
                continue;
            const bool held =
                std::find(record.held.begin(), record.held.end(), id) != record.held.end();
            set(id, held, t);
        }
    }

    std::vector<Lane> finish(double end) {
        std::vector<Lane> lanes;
        for (const actions::ActionInfo& action : log_.actions) {
            set(action.id, false, end);
            if (holds_[action.id].empty())
                continue;
            const std::string& name = action.label.empty() ? action.name : action.label;
            lanes.push_back({QString::fromStdString(name), holds_[action.id]});
        }
        return lanes;
    }

    [[nodiscard]] bool is_look(std::uint16_t action) const {
        const auto found = infos_.find(action);
        return found != infos_.end() && (found->second->type == actions::ActionType::Look ||
                                         found->second->type == actions::ActionType::Pointer);
    }

private:
    const actions::ActionLog& log_;
    std::map<std::uint16_t, const actions::ActionInfo*> infos_;
    std::map<std::uint16_t, std::optional<double>> since_;
    std::map<std::uint16_t, std::vector<Hold>> holds_;
};

QString event_label(const ClipEvent& event) {
    if (!event.label.empty())
        return QString::fromStdString(event.label);
    QString word = event_count_text(event.type, 1).section(' ', 1);
    if (!word.isEmpty())
        word[0] = word[0].toUpper();
    return word;
}

}  // namespace

const Hold* Lane::at(double t) const {
    const auto next = std::upper_bound(
        holds.begin(), holds.end(), t, [](double at, const Hold& hold) { return at < hold.from; });
    if (next == holds.begin())
        return nullptr;
    const Hold& hold = *std::prev(next);
    return t < hold.to ? &hold : nullptr;
}

ClipTimeline make_timeline(const Clip& clip, const actions::ActionLog* log) {
    ClipTimeline timeline;
    timeline.duration = clip.duration.seconds();
    timeline.fps = clip.fps > 0 ? clip.fps : 60;
    for (const ClipEvent& event : clip.events)
        timeline.events.push_back({event.t.seconds(), event.type, event_label(event)});
    std::sort(timeline.events.begin(), timeline.events.end(), [](const auto& a, const auto& b) {
        return a.t < b.t;
    });
    if (log == nullptr) {
        timeline.no_actions =
            QCoreApplication::translate("Timeline", "No actions are stored with this clip.");
        return timeline;
    }
    for (const Duration keyframe : log->video.keyframes)
        timeline.keyframes.push_back(keyframe.seconds());
    LaneMaker lanes{*log};
    const double frame = 1 / timeline.fps;
    for (const actions::LogRecord& record : log->records) {
        const double t = record.t.seconds();
        if (record.kind == actions::ActionRecord::Kind::State)
            lanes.state(record, t);
        else if (record.kind == actions::ActionRecord::Kind::Value && lanes.is_look(record.action))
            timeline.look.push_back({t, record.x, record.y});
        else if (record.kind == actions::ActionRecord::Kind::Value)
            lanes.value(record, t, frame);
    }
    timeline.lanes = lanes.finish(timeline.duration);
    if (timeline.lanes.empty() && timeline.look.empty())
        timeline.no_actions =
            QCoreApplication::translate("Timeline", "No action was used in this clip.");
    return timeline;
}

}  // namespace hindsight::ui
