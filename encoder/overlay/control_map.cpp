#include "control_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hindsight::overlay {

namespace {

using actions::ActionInfo;
using actions::ActionType;
using actions::AnalogStep;

constexpr float kPressedFrom = 0.3F;  ///< an axis beyond this lights a key

std::vector<std::string> controls_of(const ActionInfo& action, Device device) {
    std::vector<std::string> found;
    for (const std::string& control : action.default_controls) {
        if (is_pad_control(control) == (device == Device::Controller))
            found.push_back(control);
    }
    return found;
}

}  // namespace

bool is_pad_control(std::string_view control) {
    return control.starts_with("Pad");
}

std::string cell_of(std::string_view control) {
    for (const std::string_view side : {"Left ", "Right "}) {
        if (control.starts_with(side))
            return std::string{control.substr(side.size())};
    }
    return std::string{control};
}

Spans spans_of_axis(const std::vector<AnalogStep>& steps, int sign, Duration end) {
    Spans spans;
    bool on = false;
    const auto pressed = [sign](const AnalogStep& step) {
        if (sign == 0)
            return std::hypot(step.x, step.y) > kPressedFrom;
        return step.x * static_cast<float>(sign) > kPressedFrom;
    };
    for (const AnalogStep& step : steps) {
        const bool now = pressed(step);
        if (now && !on)
            spans.push_back({step.t, end, true});
        if (!now && on)
            spans.back().to = step.t;
        on = now;
    }
    return spans;
}

ControlMap::ControlMap(const actions::ActionLog& log, const actions::Cues& cues, Device device)
    : period_{cues.period}, end_{cues.end} {
    const std::string first_set = log.sets.empty() ? "gameplay" : log.sets.front();
    for (const ActionInfo& action : log.actions) {
        const std::vector<std::string> controls = controls_of(action, device);
        if (controls.empty())
            continue;
        if (action.type == ActionType::Look)
            has_look_ = true;
        else if (action.type != ActionType::Digital)
            add_axis(action, cues, device);
        if (action.type != ActionType::Digital)
            continue;
        const std::string cell = cell_of(controls.front());
        add_cell(cell, action.set == first_set);
        const auto held = cues.held.find(action.id);
        if (held == cues.held.end())
            continue;
        for (const actions::HeldInterval& interval : held->second)
            spans_[cell].push_back({interval.from, interval.to, interval.pressed});
    }
    for (auto& [cell, spans] : spans_)
        spans = merged(std::move(spans));
    if (has_look_)
        add_look(cues);
}

void ControlMap::add_cell(const std::string& cell, bool listed) {
    if (listed && !binds(cell))
        cells_.push_back(cell);
}

/// An axis shows as such on sticks and triggers; on keys, its first control means more and its last
/// less.
void ControlMap::add_axis(const ActionInfo& action, const actions::Cues& cues, Device device) {
    const std::vector<std::string> controls = controls_of(action, device);
    const auto found = cues.axes.find(action.id);
    static const std::vector<AnalogStep> kNone;
    const std::vector<AnalogStep>& steps = found == cues.axes.end() ? kNone : found->second;
    const std::string& first = controls.front();
    if (first.ends_with("Stick") || first.ends_with("Trigger")) {
        add_cell(first, true);
        std::vector<AnalogStep>& all = steps_[first];
        all.insert(all.end(), steps.begin(), steps.end());
        std::stable_sort(all.begin(), all.end(), [](const AnalogStep& a, const AnalogStep& b) {
            return a.t < b.t;
        });
        return;
    }
    const std::array<std::pair<std::string, int>, 2> sides{
        {{cell_of(first), 1}, {cell_of(controls.back()), controls.size() > 1 ? -1 : 0}}};
    for (const auto& [cell, sign] : sides) {
        add_cell(cell, true);
        const Spans more = spans_of_axis(steps, sign, end_);
        spans_[cell].insert(spans_[cell].end(), more.begin(), more.end());
    }
}

void ControlMap::add_look(const actions::Cues& cues) {
    std::map<std::int64_t, AnalogStep> frames;
    for (const auto& [action, steps] : cues.looks) {
        for (const AnalogStep& step : steps) {
            AnalogStep& sum = frames.emplace(step.t.ns(), AnalogStep{step.t, 0, 0}).first->second;
            sum.x += step.x;
            sum.y += step.y;
        }
    }
    for (const auto& [t, step] : frames)
        look_.push_back(step);
}

bool ControlMap::binds(std::string_view cell) const {
    return std::find(cells_.begin(), cells_.end(), cell) != cells_.end();
}

const Spans& ControlMap::spans(std::string_view cell) const {
    static const Spans kNone;
    const auto found = spans_.find(cell);
    return found == spans_.end() ? kNone : found->second;
}

const std::vector<AnalogStep>& ControlMap::steps(std::string_view control) const {
    static const std::vector<AnalogStep> kNone;
    const auto found = steps_.find(control);
    return found == steps_.end() ? kNone : found->second;
}

}  // namespace hindsight::overlay
