#include <hindsight/actions/inputs.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <map>
#include <set>

namespace hindsight::actions {

namespace {

using Json = nlohmann::ordered_json;

/// A trigger or a stick has values of its own; a key that stands for an axis is pressed or not.
bool is_analog(const std::string& control) {
    return control == "PadLeftTrigger" || control == "PadRightTrigger" ||
           control == "PadLeftStick" || control == "PadRightStick";
}

/// Follows the records and says what they do to the default controls.
class InputWriter {
public:
    explicit InputWriter(const ActionLog& log) : log_{log} {
        for (const ActionInfo& action : log.actions)
            actions_.emplace(action.id, &action);
    }

    std::string write() {
        text_ = header().dump() + "\n";
        for (const LogRecord& record : log_.records) {
            turn_to(frame_of(record.t));
            switch (record.kind) {
            case ActionRecord::Kind::Value:
                value(record);
                break;
            case ActionRecord::Kind::State:
                state(record);
                break;
            case ActionRecord::Kind::Mode:
                line_["mode"] = mode_name(record.mode);
                break;
            case ActionRecord::Kind::Event:
                break;  // what happened in the game is no input
            }
        }
        flush();
        return std::move(text_);
    }

private:
    [[nodiscard]] Json header() const {
        Json unbound = Json::array();
        for (const ActionInfo& action : log_.actions)
            if (action.default_controls.empty())
                unbound.push_back(action.name);
        return {
            {"format", kInputsFormat},
            {"version", kInputsVersion},
            {"profile", log_.profile},
            {"profile_version", log_.profile_version},
            {"profile_sha256", log_.profile_sha256},
            {"fps", {log_.video.fps.num, log_.video.fps.den}},
            {"frames", log_.video.frames},
            {"unbound", std::move(unbound)}};
    }

    [[nodiscard]] std::int64_t frame_of(Duration t) const {
        const Rational fps = log_.video.fps;
        if (fps.num <= 0)
            return 0;
        return std::llround(
            static_cast<double>(t.ns()) * 1e-9 * static_cast<double>(fps.num) /
            static_cast<double>(fps.den));
    }

    void turn_to(std::int64_t frame) {
        if (frame == frame_)
            return;
        flush();
        frame_ = frame;
    }

    void flush() {
        if (!line_.empty()) {
            Json whole = {{"frame", frame_}};
            whole.update(line_);
            text_ += whole.dump() + "\n";
        }
        line_ = Json::object();
    }

    /// Several actions may hold one control: it is pressed by the first and released by the last.
    void hold(const std::string& control, std::uint16_t action, bool pressed) {
        std::set<std::uint16_t>& holders = holders_[control];
        const bool before = !holders.empty();
        if (pressed)
            holders.insert(action);
        else
            holders.erase(action);
        if (before != !holders.empty())
            line_["keys"].push_back((pressed ? "+" : "-") + control);
    }

    void value(const LogRecord& record) {
        const auto at = actions_.find(record.action);
        if (at == actions_.end() || at->second->default_controls.empty())
            return;
        const ActionInfo& action = *at->second;
        const std::string& control = action.default_controls.front();
        switch (action.type) {
        case ActionType::Digital:
            if (action.pulse)
                line_["keys"].push_back("+" + control);
            else
                hold(control, action.id, record.x != 0);
            break;
        case ActionType::Axis1d:
            if (is_analog(control)) {
                line_["axes"][control] = record.x;
            } else {
                hold(control, action.id, record.x > 0);
                if (!action.negative_controls.empty())
                    hold(action.negative_controls.front(), action.id, record.x < 0);
            }
            break;
        case ActionType::Axis2d:
        case ActionType::Pointer:
            line_["axes"][control] = {record.x, record.y};
            break;
        case ActionType::Look:
            line_["move"] = {record.x, record.y};
            break;
        }
    }

    void state(const LogRecord& record) {
        const std::set<std::uint16_t> held{record.held.begin(), record.held.end()};
        for (const auto& [id, action] : actions_) {
            if (action->type == ActionType::Digital && !action->pulse &&
                !action->default_controls.empty())
                hold(action->default_controls.front(), id, held.count(id) > 0);
        }
    }

    const ActionLog& log_;
    std::map<std::uint16_t, const ActionInfo*> actions_;
    std::map<std::string, std::set<std::uint16_t>> holders_;
    std::int64_t frame_ = 0;
    Json line_ = Json::object();
    std::string text_;
};

}  // namespace

std::string to_inputs_jsonl(const ActionLog& log) {
    return InputWriter{log}.write();
}

}  // namespace hindsight::actions
