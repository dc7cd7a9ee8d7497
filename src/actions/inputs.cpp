#include <hindsight/actions/inputs.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace hindsight::actions {

namespace {

using Json = nlohmann::ordered_json;

bool contains(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

/// A trigger or a stick has values of its own; a key that stands for an axis is pressed or not.
bool is_analog(const std::string& control) {
    return control == "PadLeftTrigger" || control == "PadRightTrigger" ||
           control == "PadLeftStick" || control == "PadRightStick";
}

/// As the log writes it: the shortest digits that give this float, none behind a whole number.
Json number(float value) {
    return Json::parse(fmt::format("{}", std::isfinite(value) ? value : 0.0F));
}

/// The first control of an axis1d on one of its sides, if it has any there.
const std::string* control_of_side(const ActionInfo& action, bool negative) {
    for (const std::string& control : action.default_controls)
        if (contains(action.negative_controls, control) == negative)
            return &control;
    return nullptr;
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
            if (action.default_controls.empty() && happens(action.id))
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

    [[nodiscard]] bool happens(std::uint16_t id) const {
        return std::any_of(log_.records.begin(), log_.records.end(), [id](const LogRecord& record) {
            const auto& held = record.held;
            return (record.kind == ActionRecord::Kind::Value && record.action == id) ||
                   std::find(held.begin(), held.end(), id) != held.end();
        });
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

    /// A log repeats the axes that are off their rest, at every key frame.
    void turn_axis(const std::string& control, Json value) {
        Json& known = axes_[control];
        if (known != value)
            line_["axes"][control] = value;
        known = std::move(value);
    }

    void once(const std::string& control) {
        line_["keys"].push_back("+" + control);
        if (!control.starts_with("Wheel"))
            line_["keys"].push_back("-" + control);
    }

    void axis1d(const ActionInfo& action, float x) {
        const bool one_sided = action.negative_controls.empty();
        for (const bool negative : {false, true}) {
            const std::string* control = control_of_side(action, negative);
            if (control == nullptr)
                continue;
            const float side = one_sided ? x : std::max(negative ? -x : x, 0.0F);
            if (is_analog(*control))
                turn_axis(*control, number(side));
            else
                hold(*control, action.id, side > 0);
        }
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
                once(control);
            else
                hold(control, action.id, record.x != 0);
            break;
        case ActionType::Axis1d:
            axis1d(action, record.x);
            break;
        case ActionType::Axis2d:
        case ActionType::Pointer:
            turn_axis(control, {number(record.x), number(record.y)});
            break;
        case ActionType::Look:
            line_["move"] = {number(record.x), number(record.y)};
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
    std::map<std::string, Json> axes_;
    std::int64_t frame_ = 0;
    Json line_ = Json::object();
    std::string text_;
};

}  // namespace

std::string to_inputs_jsonl(const ActionLog& log) {
    return InputWriter{log}.write();
}

}  // namespace hindsight::actions
