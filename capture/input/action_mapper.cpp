#include "action_mapper.hpp"

#include <algorithm>
#include <cmath>

namespace hindsight::input {

namespace controls = hotkey::controls;

namespace {

/// A trigger or stick used as a button: goes down above the first, up below the second.
constexpr float kPressAt = 0.5F;
constexpr float kReleaseAt = 0.4F;

bool contains(const std::vector<std::uint16_t>& ids, std::uint16_t id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool is_analog_control(Control control) {
    return control == controls::kMouseMove || control == controls::kPadLeftTrigger ||
           control == controls::kPadRightTrigger || control == controls::kPadLeftStick ||
           control == controls::kPadRightStick;
}

float without_dead_zone(float value, float zone) {
    return value <= zone ? 0.0F : (value - zone) / (1.0F - zone);
}

}  // namespace

void ActionMapper::set_profile(const ipc::SetProfile& profile) {
    for (auto& list : bound_)
        list.clear();
    down_.reset();
    states_.clear();
    suspended_ = false;
    for (const ipc::Binding& binding : profile.bindings) {
        const auto control = hotkey::control_from_name(binding.control);
        if (!control || !valid(*control))
            continue;
        Bound bound{
            .action = binding.action,
            .value = binding.value,
            .dead_zone = binding.dead_zone,
            .use = Bound::Use::Analog};
        if (contains(profile.digital, binding.action))
            bound.use = Bound::Use::Digital;
        else if (contains(profile.pulse, binding.action))
            bound.use = Bound::Use::Pulse;
        bound_[*control].push_back(bound);
        if (states_.size() <= binding.action)
            states_.resize(binding.action + std::size_t{1});
    }
}

bool ActionMapper::bound(Control control) const {
    return valid(control) && !bound_[control].empty();
}

void ActionMapper::press(Control control, bool down, Out& out) {
    if (!bound(control) || down_[control] == down)
        return;
    down_[control] = down;
    if (!suspended_)
        apply(control, down, out);
}

void ActionMapper::apply(Control control, bool down, Out& out) {
    for (const Bound& bound : bound_[control]) {
        ActionState& state = states_[bound.action];
        switch (bound.use) {
        case Bound::Use::Pulse:
            if (down)
                out.push_back({.kind = Mapped::Kind::Edge, .action = bound.action, .x = 1, .y = 0});
            break;
        case Bound::Use::Digital:
            if (!down && state.held == 0)
                break;
            state.held += down ? 1 : -1;
            if (state.held == (down ? 1 : 0))
                out.push_back(
                    {.kind = Mapped::Kind::Edge,
                     .action = bound.action,
                     .x = down ? 1.0F : 0.0F,
                     .y = 0});
            break;
        case Bound::Use::Analog:
            if (!is_analog_control(control))
                set_axis(bound.action, state.x + (down ? bound.value : -bound.value), 0, out);
            break;
        }
    }
}

void ActionMapper::set_axis(std::uint16_t action, float x, float y, Out& out) {
    ActionState& state = states_[action];
    x = std::clamp(x, -1.0F, 1.0F);
    y = std::clamp(y, -1.0F, 1.0F);
    if (state.x == x && state.y == y)
        return;
    state.x = x;
    state.y = y;
    out.push_back({.kind = Mapped::Kind::Axis, .action = action, .x = x, .y = y});
}

void ActionMapper::wheel(Control control, Out& out) {
    if (!bound(control) || suspended_)
        return;
    for (const Bound& bound : bound_[control]) {
        out.push_back({.kind = Mapped::Kind::Edge, .action = bound.action, .x = 1, .y = 0});
        // A wheel cannot be held: an action that can is over at once.
        if (bound.use == Bound::Use::Digital && states_[bound.action].held == 0)
            out.push_back({.kind = Mapped::Kind::Edge, .action = bound.action, .x = 0, .y = 0});
    }
}

void ActionMapper::motion(float dx, float dy, Out& out) {
    if (suspended_ || (dx == 0 && dy == 0))
        return;
    for (const Bound& bound : bound_[controls::kMouseMove])
        out.push_back({.kind = Mapped::Kind::Look, .action = bound.action, .x = dx, .y = dy});
}

void ActionMapper::trigger(Control control, float value, Out& out) {
    if (!bound(control))
        return;
    press(control, value > (down_[control] ? kReleaseAt : kPressAt), out);
    if (suspended_)
        return;
    for (const Bound& bound : bound_[control]) {
        if (bound.use == Bound::Use::Analog)
            set_axis(bound.action, without_dead_zone(value, bound.dead_zone) * bound.value, 0, out);
    }
}

void ActionMapper::stick(Control control, float x, float y, Out& out) {
    const Control first =
        control == controls::kPadLeftStick ? controls::kPadLeftStickUp : controls::kPadRightStickUp;
    const std::array<float, 4> directions{-y, y, -x, x};
    for (std::size_t i = 0; i < directions.size(); ++i) {
        const auto direction = static_cast<Control>(first + i);
        if (bound(direction))
            press(direction, directions[i] > (down_[direction] ? kReleaseAt : kPressAt), out);
    }
    if (!bound(control) || suspended_)
        return;
    const float length = std::hypot(x, y);
    for (const Bound& bound : bound_[control]) {
        const float scale =
            length > 0 ? without_dead_zone(std::min(length, 1.0F), bound.dead_zone) / length : 0.0F;
        set_axis(bound.action, x * scale, y * scale, out);
    }
}

void ActionMapper::sync(std::span<const Control> held, Out& out) {
    for (Control control = 0; control < controls::kMouseMove; ++control) {
        const bool is_held = std::find(held.begin(), held.end(), control) != held.end();
        press(control, is_held, out);
    }
}

void ActionMapper::clear_states() {
    std::fill(states_.begin(), states_.end(), ActionState{});
}

void ActionMapper::suspend() {
    suspended_ = true;
    clear_states();
}

void ActionMapper::resume(Out& out) {
    if (!suspended_)
        return;
    suspended_ = false;
    for (Control control = 0; control < controls::kEnd; ++control) {
        // A pulse is over; only what is held counts.
        if (!down_[control])
            continue;
        Out edges;
        apply(control, true, edges);
        for (const Mapped& mapped : edges) {
            if (mapped.kind == Mapped::Kind::Axis || states_[mapped.action].held > 0)
                out.push_back(mapped);
        }
    }
}

void ActionMapper::release_all(Out& out) {
    for (std::size_t id = 0; id < states_.size(); ++id) {
        const auto action = static_cast<std::uint16_t>(id);
        if (states_[id].held > 0)
            out.push_back({.kind = Mapped::Kind::Edge, .action = action, .x = 0, .y = 0});
        if (states_[id].x != 0 || states_[id].y != 0)
            out.push_back({.kind = Mapped::Kind::Axis, .action = action, .x = 0, .y = 0});
    }
    clear_states();
    down_.reset();
}

}  // namespace hindsight::input
