#include <hindsight/actions/cues.hpp>

#include <algorithm>
#include <set>

namespace hindsight::actions {

namespace {

using Kind = ActionRecord::Kind;

constexpr Rational kDefaultFps{60, 1};

class CueReader {
public:
    explicit CueReader(const ActionLog& log) {
        const Rational fps = log.video.fps.num > 0 ? log.video.fps : kDefaultFps;
        cues_.period = to_duration(1, {fps.den, fps.num});
        cues_.end = std::max(log.video.duration, to_duration(log.video.frames, {fps.den, fps.num}));
        for (const LogRecord& record : log.records)
            cues_.end = std::max(cues_.end, record.t + cues_.period);
        for (const ActionInfo& action : log.actions)
            types_.emplace(action.id, &action);
    }

    void read(const LogRecord& record) {
        if (record.kind == Kind::State)
            read_state(record);
        if (record.kind != Kind::Value)
            return;
        const auto found = types_.find(record.action);
        if (found == types_.end())
            return;
        const AnalogStep step{record.t, record.x, record.y};
        switch (found->second->type) {
        case ActionType::Digital:
            if (found->second->pulse)
                pulse(record);
            else if (record.x != 0)
                press(record.action, record.t, true);
            else
                release(record.action, record.t);
            break;
        case ActionType::Look:
            cues_.looks[record.action].push_back(step);
            break;
        case ActionType::Axis1d:
        case ActionType::Axis2d:
        case ActionType::Pointer:
            cues_.axes[record.action].push_back(step);
            break;
        }
    }

    Cues finish() {
        while (!open_.empty())
            release(*open_.begin(), cues_.end);
        return std::move(cues_);
    }

private:
    void read_state(const LogRecord& record) {
        const std::set<std::uint16_t> told{record.held.begin(), record.held.end()};
        const std::set<std::uint16_t> before = open_;
        for (const std::uint16_t action : before) {
            if (!told.contains(action))
                release(action, record.t);
        }
        for (const std::uint16_t action : told) {
            const auto found = types_.find(action);
            if (found != types_.end() && found->second->type == ActionType::Digital)
                press(action, record.t, false);
        }
    }

    void press(std::uint16_t action, Duration t, bool pressed) {
        if (!open_.insert(action).second)
            return;
        std::vector<HeldInterval>& held = cues_.held[action];
        // A tap shorter than a frame was given that whole frame: what follows begins behind it.
        if (!held.empty() && held.back().to > t)
            held.back().to = std::max(t, held.back().from);
        if (!held.empty() && held.back().from == held.back().to)
            held.pop_back();
        held.push_back({t, t, pressed});
    }

    void release(std::uint16_t action, Duration t) {
        if (open_.erase(action) == 0)
            return;
        HeldInterval& last = cues_.held[action].back();
        last.to = std::max(t, last.from + cues_.period);
    }

    void pulse(const LogRecord& record) {
        std::vector<HeldInterval>& held = cues_.held[record.action];
        if (record.x != 0 && (held.empty() || held.back().from != record.t))
            held.push_back({record.t, record.t + cues_.period, true});
    }

    std::map<std::uint16_t, const ActionInfo*> types_;
    std::set<std::uint16_t> open_;
    Cues cues_;
};

}  // namespace

Cues make_cues(const ActionLog& log) {
    CueReader reader{log};
    for (const LogRecord& record : log.records)
        reader.read(record);
    return reader.finish();
}

}  // namespace hindsight::actions
