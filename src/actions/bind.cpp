// Action times to frame times: see bind_to_frames() in action_log.hpp.

#include <hindsight/actions/action_log.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace hindsight::actions {

namespace {

using Kind = ActionRecord::Kind;

/// A pause of the footage that is longer than dropped frames can explain.
constexpr Duration kHole = Duration::from_ms(100);

struct Axis {
    float x = 0;
    float y = 0;

    [[nodiscard]] bool at_rest() const { return x == 0 && y == 0; }

    bool operator==(const Axis&) const = default;
};

class Binder {
public:
    Binder(std::span<const MonoTime> frames, const BindOptions& options)
        : frames_{frames}, options_{options} {
        for (const ActionInfo& action : options.actions)
            types_.emplace(action.id, &action);
        for (const Duration keyframe : options.keyframes) {
            if (keyframe >= Duration::zero())
                keyframes_.insert(frame_of(frames.front() + keyframe));
        }
        keyframes_.insert(0);
    }

    std::vector<LogRecord> run(std::vector<const ActionRecord*> records) {
        std::size_t frame = 0;
        for (std::size_t i = 0; i < records.size();) {
            const std::size_t target = frame_of(records[i]->t);
            if (target == frames_.size())
                break;
            restate_until(frame, target);
            std::size_t end = i;
            while (end < records.size() && frame_of(records[end]->t) == target)
                ++end;
            write_frame(target, {records.data() + i, end - i});
            frame = target + 1;
            i = end;
        }
        restate_until(frame, frames_.size());
        return std::move(out_);
    }

private:
    /// First frame at or after `t`.
    [[nodiscard]] std::size_t frame_of(MonoTime t) const {
        const auto found = std::lower_bound(frames_.begin(), frames_.end(), t - options_.tolerance);
        return static_cast<std::size_t>(found - frames_.begin());
    }

    /// True when the record happened before the footage that `frame` belongs to began.
    [[nodiscard]] bool unseen(const ActionRecord& record, std::size_t frame) const {
        const MonoTime t = record.t;
        if (frame == 0 && options_.period == Duration::zero())
            return t < frames_[0] - options_.tolerance;
        const bool begins = frame == 0 || frames_[frame] - frames_[frame - 1] >
                                              std::max(kHole, options_.period * 4);
        return begins && t + options_.period <= frames_[frame] + options_.tolerance;
    }

    void restate_until(std::size_t from, std::size_t to) {
        for (auto key = keyframes_.lower_bound(from); key != keyframes_.end() && *key < to; ++key)
            write_frame(*key, {});
    }

    void write_frame(std::size_t frame, std::span<const ActionRecord* const> records) {
        const auto first_seen =
            std::find_if(records.begin(), records.end(), [&](const ActionRecord* r) {
                return !unseen(*r, frame);
            });
        const Duration t = frames_[frame] - frames_[0];
        const std::map<std::uint16_t, Axis> axes_before = axes_;
        const Mode mode_before = mode_;
        bool restate = keyframes_.contains(frame) || first_seen != records.begin();
        std::vector<LogRecord> edges;
        for (auto record = records.begin(); record != first_seen; ++record) {
            fold(**record);
            if ((*record)->kind == Kind::Event && frame > 0)
                edges.push_back(event_at(t, **record));
        }
        const std::span<const ActionRecord* const> seen{
            records.data() + (first_seen - records.begin()),
            static_cast<std::size_t>(records.end() - first_seen)};
        restate = correct(seen) || restate;

        std::map<std::uint16_t, Axis> moved;
        const std::set<std::uint16_t> held = held_;
        for (const ActionRecord* record : seen)
            apply(*record, t, edges, moved);

        if (mode_ != mode_before)
            out_.push_back({.kind = Kind::Mode, .t = t, .mode = mode_});
        if (restate)
            out_.push_back({.kind = Kind::State, .t = t, .held = {held.begin(), held.end()}});
        write_axes(t, axes_before, restate);
        out_.insert(out_.end(), edges.begin(), edges.end());
        for (const auto& [action, sum] : moved) {
            if (!sum.at_rest())
                out_.push_back({.t = t, .action = action, .x = sum.x, .y = sum.y});
        }
    }

    void write_axes(Duration t, const std::map<std::uint16_t, Axis>& axes_before, bool restate) {
        for (const auto& [action, axis] : axes_) {
            const auto before = axes_before.find(action);
            const bool changed =
                before == axes_before.end() ? !axis.at_rest() : !(before->second == axis);
            if (changed || (restate && !axis.at_rest()))
                out_.push_back({.t = t, .action = action, .x = axis.x, .y = axis.y});
        }
    }

    void fold(const ActionRecord& record) {
        std::vector<LogRecord> untold;
        std::map<std::uint16_t, Axis> untold_movement;
        if (record.kind == Kind::State)
            held_ = {record.held.begin(), record.held.end()};
        else
            apply(record, Duration::zero(), untold, untold_movement);
    }

    /// Takes over what State records say about actions that have no edge in this frame: an edge was
    /// lost. True when that changed anything.
    bool correct(std::span<const ActionRecord* const> records) {
        std::set<std::uint16_t> edged;
        for (const ActionRecord* record : records) {
            if (record->kind == Kind::Value)
                edged.insert(record->action);
        }
        bool changed = false;
        for (const ActionRecord* record : records) {
            if (record->kind != Kind::State)
                continue;
            const std::set<std::uint16_t> told{record->held.begin(), record->held.end()};
            for (const auto& [id, action] : types_) {
                if (action->type != ActionType::Digital || edged.contains(id) ||
                    told.contains(id) == held_.contains(id))
                    continue;
                changed = true;
                if (told.contains(id))
                    held_.insert(id);
                else
                    held_.erase(id);
            }
        }
        return changed;
    }

    static LogRecord event_at(Duration t, const ActionRecord& record) {
        return {.kind = Kind::Event, .t = t, .event = record.event, .label = record.label};
    }

    void apply(
        const ActionRecord& record,
        Duration t,
        std::vector<LogRecord>& edges,
        std::map<std::uint16_t, Axis>& moved) {
        if (record.kind == Kind::Mode)
            mode_ = record.mode;
        if (record.kind == Kind::Event)
            edges.push_back(event_at(t, record));
        if (record.kind != Kind::Value)
            return;
        const auto found = types_.find(record.action);
        if (found == types_.end())
            return;
        switch (found->second->type) {
        case ActionType::Digital:
            apply_digital(record, *found->second, t, edges);
            break;
        case ActionType::Look: {
            Axis& sum = moved[record.action];
            sum.x += record.x;
            sum.y += record.y;
            break;
        }
        case ActionType::Axis1d:
        case ActionType::Axis2d:
        case ActionType::Pointer:
            axes_[record.action] = {record.x, record.y};
            break;
        }
    }

    void apply_digital(
        const ActionRecord& record,
        const ActionInfo& action,
        Duration t,
        std::vector<LogRecord>& edges) {
        const bool pressed = record.x != 0;
        if (action.pulse && !pressed)
            return;
        if (!action.pulse) {
            const bool changes =
                pressed ? held_.insert(action.id).second : held_.erase(action.id) > 0;
            if (!changes)
                return;
        }
        edges.push_back({.t = t, .action = action.id, .x = pressed ? 1.0F : 0.0F});
    }

    std::span<const MonoTime> frames_;
    const BindOptions& options_;
    std::map<std::uint16_t, const ActionInfo*> types_;
    std::set<std::size_t> keyframes_;
    std::set<std::uint16_t> held_;
    std::map<std::uint16_t, Axis> axes_;
    Mode mode_ = Mode::Gameplay;
    std::vector<LogRecord> out_;
};

}  // namespace

std::vector<LogRecord> bind_to_frames(
    std::span<const ActionRecord> records,
    std::span<const MonoTime> frames,
    const BindOptions& options) {
    if (frames.empty())
        return {};
    std::vector<const ActionRecord*> ordered;
    ordered.reserve(records.size());
    for (const ActionRecord& record : records)
        ordered.push_back(&record);
    std::stable_sort(
        ordered.begin(), ordered.end(), [](const ActionRecord* a, const ActionRecord* b) {
            return a->t < b->t;
        });
    return Binder{frames, options}.run(std::move(ordered));
}

}  // namespace hindsight::actions
