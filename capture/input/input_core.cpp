#include "input_core.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hindsight::input {

namespace {

std::vector<Control> controls_of(const std::vector<std::string>& names) {
    std::vector<Control> found;
    for (const std::string& name : names) {
        if (const auto control = hotkey::control_from_name(name))
            found.push_back(*control);
    }
    return found;
}

bool contains(const std::vector<Control>& controls, Control control) {
    return std::find(controls.begin(), controls.end(), control) != controls.end();
}

MonoTime round_up(MonoTime t, Duration step) {
    const std::int64_t n = step.ns();
    return MonoTime::from_ns((t.ns() + n - 1) / n * n);
}

}  // namespace

InputCore::InputCore(Outbox& outbox) : outbox_{outbox} {}

MonoTime InputCore::frame_of(MonoTime t) const {
    // Never before what has been called complete.
    return grid_.time_of(grid_.index_at_or_after(std::max(t, up_to_)));
}

/// The first frame that can show what happened at `t`. The latency must be added before the time is
/// rounded: afterwards nobody can tell on which side of a frame the sum was.
MonoTime InputCore::picture_of(MonoTime t) const {
    const double period_ns = 1e9 * grid_.fps.den / grid_.fps.num;
    const auto frames = Duration::from_ns(std::llround(latency_frames_ * period_ns));
    return frame_of(t + latency_time_ + frames);
}

MonoTime InputCore::rounded_frame(MonoTime t) const {
    return frame_of(round_up(std::max(t, up_to_), kTextRounding));
}

void InputCore::set_profile(const ipc::SetProfile& profile, MonoTime now) {
    const bool goes_on = !profile.profile.empty() && profile.profile == profile_;
    profile_ = profile.profile;
    if (profile.bindings.empty() || goes_on) {
        // What was recorded until now still belongs to its footage.
        mapper_.release_all(mapped_);
        keep(picture_of(now));
    } else {
        // Ids of the old profile mean something else in the new one: nothing of it leaves any more.
        queue_.drop_values();
        told_held_.clear();
        if (up_to_ != MonoTime::min())
            next_state_ = up_to_;
    }
    if (!profile.bindings.empty()) {
        digital_ = profile.digital;
        std::sort(digital_.begin(), digital_.end());
    }
    latency_frames_ = profile.latency_frames;
    latency_time_ = Duration::from_ns(profile.latency_ns);
    mapper_.set_profile(profile);
    text_.set_chat_controls(controls_of(profile.chat_controls));
    menu_controls_ = controls_of(profile.menu_controls);
    if (goes_on) {
        // A player who is writing, or in a menu, still is.
        if (suspended_)
            mapper_.suspend();
        return;
    }
    text_.reset();
    const bool mode_changes = focused_ && (menu_ || suspended_);
    menu_ = false;
    suspended_ = false;
    text_ends_ = MonoTime::max();
    if (mode_changes)
        queue_.push(rounded_frame(now), Mode::Gameplay);
}

void InputCore::focus_gained(MonoTime t, std::span<const Control> held) {
    if (focused_)
        return;
    focused_ = true;
    queue_.push(picture_of(t), play_mode());
    mapper_.sync(held, mapped_);
    keep(picture_of(t));
}

void InputCore::focus_lost(MonoTime t) {
    if (!focused_)
        return;
    focused_ = false;
    // A text that was being written ends with its window; its edge stays rounded.
    const MonoTime frame = suspended_ ? rounded_frame(t) : picture_of(t);
    mapper_.release_all(mapped_);
    keep(frame);
    ActionMapper::Out nothing;
    mapper_.resume(nothing);
    text_.reset();
    suspended_ = false;
    text_ends_ = MonoTime::max();
    menu_ = false;
    queue_.push(frame, Mode::Unfocused);
}

void InputCore::resync(MonoTime t, std::span<const Control> held) {
    if (!focused_)
        return;
    mapper_.sync(held, mapped_);
    keep(picture_of(t));
}

void InputCore::keep(MonoTime frame) {
    for (const Mapped& value : mapped_)
        queue_.push(frame, value);
    mapped_.clear();
}

void InputCore::key(Control control, bool down, MonoTime t) {
    if (!focused_)
        return;
    finish_text(t);
    if (down) {
        switch (text_.on_press(control, mapper_.bound(control), t)) {
        case TextGuard::Change::Begins:
            begin_text(t);
            break;
        case TextGuard::Change::Ends:
            end_text(t);
            break;
        case TextGuard::Change::None:
            break;
        }
        if (!suspended_ && contains(menu_controls_, control)) {
            menu_ = !menu_;
            queue_.push(picture_of(t), play_mode());
        }
    }
    mapper_.press(control, down, mapped_);
    keep(picture_of(t));
}

void InputCore::button(Control control, bool down, MonoTime t) {
    if (!focused_)
        return;
    finish_text(t);
    if (down && !suspended_ && contains(menu_controls_, control)) {
        menu_ = !menu_;
        queue_.push(picture_of(t), play_mode());
    }
    mapper_.press(control, down, mapped_);
    keep(picture_of(t));
}

void InputCore::wheel(Control control, MonoTime t) {
    if (!focused_)
        return;
    finish_text(t);
    mapper_.wheel(control, mapped_);
    keep(picture_of(t));
}

void InputCore::motion(float dx, float dy, MonoTime t) {
    if (!focused_)
        return;
    finish_text(t);
    mapper_.motion(dx, dy, mapped_);
    keep(picture_of(t));
}

void InputCore::trigger(Control control, float value, MonoTime t) {
    if (!focused_)
        return;
    finish_text(t);
    mapper_.trigger(control, value, mapped_);
    keep(picture_of(t));
}

void InputCore::stick(Control control, float x, float y, MonoTime t) {
    if (!focused_)
        return;
    finish_text(t);
    mapper_.stick(control, x, y, mapped_);
    keep(picture_of(t));
}

void InputCore::drop_and_release(MonoTime t) {
    const MonoTime last_mode = queue_.drop_values();
    // Everything since what was told last is unknown; so the silence begins there.
    const MonoTime from = up_to_ == MonoTime::min() ? t - kGuardWindow : up_to_;
    const MonoTime frame = rounded_frame(std::max(from, last_mode));
    for (const std::uint16_t action : told_held_)
        queue_.push(frame, {.kind = Mapped::Kind::Edge, .action = action, .x = 0, .y = 0});
}

void InputCore::begin_text(MonoTime t) {
    drop_and_release(t);
    mapper_.suspend();
    if (!suspended_) {
        const MonoTime from = up_to_ == MonoTime::min() ? t - kGuardWindow : up_to_;
        queue_.push(rounded_frame(from), Mode::TextEntry);
    }
    suspended_ = true;
    text_ends_ = MonoTime::max();
}

void InputCore::end_text(MonoTime t) {
    text_ends_ = rounded_frame(t);
}

void InputCore::finish_text(MonoTime now) {
    if (!suspended_ || now < text_ends_)
        return;
    suspended_ = false;
    queue_.push(text_ends_, play_mode());
    mapper_.resume(mapped_);
    keep(text_ends_);
    text_ends_ = MonoTime::max();
}

void InputCore::tick(MonoTime now) {
    if (text_.on_tick(now) == TextGuard::Change::Ends)
        end_text(now);
    finish_text(now);
    // The last frame at or before the limit: finer times do not leave.
    const MonoTime limit = now - kGuardWindow;
    const std::int64_t next = grid_.index_at_or_after(limit);
    const MonoTime at = grid_.time_of(next);
    const MonoTime frame = at == limit ? at : grid_.time_of(next - 1);
    // A mouse alone wakes this a thousand times a second; the other side needs to hear ten.
    if (frame <= up_to_ || (up_to_ != MonoTime::min() && frame - up_to_ < kTellEvery))
        return;
    emit_until(frame);
    up_to_ = frame;
    outbox_.send(ipc::InputUpTo{.t_ns = up_to_.ns()});
}

void InputCore::emit_until(MonoTime limit) {
    ipc::ActionBatch batch;
    for (;;) {
        // "Before t" is what is promised: entries of the frame `limit` itself may still grow.
        const bool entry = !queue_.empty() && queue_.front().t_ns < limit.ns();
        const bool state = told_mode_ != Mode::Unfocused && next_state_ < limit;
        if (!entry && !state)
            break;
        if (state && (!entry || next_state_.ns() <= queue_.front().t_ns)) {
            flush(batch);
            emit_state();
        } else {
            emit_front(batch);
        }
    }
    flush(batch);
}

void InputCore::emit_front(ipc::ActionBatch& batch) {
    const Held& entry = queue_.front();
    if (entry.kind == Held::Kind::Mode) {
        flush(batch);
        if (entry.mode != told_mode_) {
            told_mode_ = entry.mode;
            outbox_.send(ipc::ModeChanged{.t_ns = entry.t_ns, .mode = mode_name(entry.mode)});
            next_state_ = MonoTime::from_ns(entry.t_ns);
        }
    } else {
        const Mapped& value = entry.value;
        batch.values.push_back(
            {.t_ns = entry.t_ns, .action = value.action, .x = value.x, .y = value.y});
        const auto place = std::lower_bound(told_held_.begin(), told_held_.end(), value.action);
        const bool there = place != told_held_.end() && *place == value.action;
        if (value.x == 0 && there)
            told_held_.erase(place);
        else if (
            value.x != 0 && !there &&
            std::binary_search(digital_.begin(), digital_.end(), value.action))
            told_held_.insert(place, value.action);
    }
    queue_.pop();
    if (batch.values.size() >= kMaxBatch)
        flush(batch);
}

void InputCore::emit_state() {
    outbox_.send(ipc::HeldState{.t_ns = next_state_.ns(), .actions = told_held_});
    next_state_ = grid_.time_of(grid_.index_at_or_after(next_state_ + kStatePeriod));
}

void InputCore::flush(ipc::ActionBatch& batch) {
    if (!batch.values.empty())
        outbox_.send(batch);
    batch.values.clear();
}

}  // namespace hindsight::input
