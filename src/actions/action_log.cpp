#include "log_line.hpp"

#include <hindsight/actions/action_log.hpp>
#include <hindsight/core/file.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace hindsight::actions {

namespace {

using Json = nlohmann::ordered_json;

Json rational_json(Rational r) {
    return Json::array({r.num, r.den});
}

Json header_json(const ActionLog& log) {
    Json keyframes = Json::array();
    for (const Duration t : log.video.keyframes)
        keyframes.push_back(t.ns());
    Json sets = Json::array();
    for (std::size_t i = 0; i < log.sets.size(); ++i) {
        Json row = {{"id", i}, {"name", log.sets[i]}};
        const auto& ui = log.ui_sets;
        if (std::find(ui.begin(), ui.end(), log.sets[i]) != ui.end())
            row["ui"] = true;
        sets.push_back(std::move(row));
    }
    Json table = Json::array();
    for (const ActionInfo& action : log.actions) {
        const auto set = std::find(log.sets.begin(), log.sets.end(), action.set);
        Json row = {{"id", action.id}};
        if (set != log.sets.end())
            row["set"] = set - log.sets.begin();
        row["name"] = action.name;
        row["label"] = action.label;
        row["type"] = action_type_name(action.type);
        if (action.pulse)
            row["pulse"] = true;
        if (action.type == ActionType::Look) {
            row["unit"] = "count";
            row["deg_per_count"] =
                action.degrees_per_count > 0 ? Json(action.degrees_per_count) : Json(nullptr);
        }
        row["controls"] = action.default_controls;
        if (!action.negative_controls.empty())
            row["negative"] = action.negative_controls;
        table.push_back(std::move(row));
    }
    Json bind = {
        {"rule", log.bind.rule},
        {"latency_ns", log.bind.latency.ns()},
        {"method", log.bind.method},
        {"p95_residual_ns", nullptr}};
    if (log.bind.p95_residual)
        bind["p95_residual_ns"] = log.bind.p95_residual->ns();
    Json header = {
        {"format", kLogFormat},
        {"version", kLogVersion},
        {"clip", log.clip},
        {"game", log.game},
        {"profile", log.profile.empty() ? Json(nullptr) : Json(log.profile)},
        {"profile_version", log.profile_version},
        {"profile_sha256", log.profile_sha256},
        {"video",
         {{"file", log.video.file},
          {"width", log.video.width},
          {"height", log.video.height},
          {"fps", rational_json(log.video.fps)},
          {"frames", log.video.frames},
          {"duration_ns", log.video.duration.ns()},
          {"keyframes", std::move(keyframes)}}},
        {"clock", "clip"},
        {"bind", std::move(bind)},
        {"sets", std::move(sets)},
        {"actions", std::move(table)}};
    if (log.video.fps.num > 0)
        header["quantum_ns"] = to_duration(1, {log.video.fps.den, log.video.fps.num}).ns();
    header["consent"] = {
        {"train", log.consent.train},
        {"share_actions", log.consent.share_actions},
        {"text_rev", log.consent.text_rev}};
    header["media"] = {{"overlay_burned_in", log.overlay_burned_in}};
    return header;
}

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The shortest text that reads back as the same number; JSON knows no others than finite ones.
std::string number(float value) {
    return std::isfinite(value) ? fmt::format("{}", value) : "0";
}

bool is_pair(ActionType type) {
    return type != ActionType::Digital && type != ActionType::Axis1d;
}

const ActionInfo* find_action(const std::vector<ActionInfo>& actions, std::uint16_t id) {
    if (id < actions.size() && actions[id].id == id)
        return &actions[id];
    const auto found = std::find_if(
        actions.begin(), actions.end(), [id](const ActionInfo& a) { return a.id == id; });
    return found == actions.end() ? nullptr : &*found;
}

void append_record(std::string& text, const ActionLog& log, const LogRecord& record) {
    auto out = std::back_inserter(text);
    fmt::format_to(out, "{{\"t\":{}", record.t.ns());
    switch (record.kind) {
    case ActionRecord::Kind::Value: {
        const ActionInfo* action = find_action(log.actions, record.action);
        fmt::format_to(out, ",\"a\":{},\"v\":", record.action);
        if (action != nullptr && is_pair(action->type))
            fmt::format_to(out, "[{},{}]", number(record.x), number(record.y));
        else
            text += number(record.x);
        break;
    }
    case ActionRecord::Kind::State:
        fmt::format_to(out, ",\"state\":[{}]", fmt::join(record.held, ","));
        break;
    case ActionRecord::Kind::Mode:
        fmt::format_to(out, ",\"mode\":\"{}\"", mode_name(record.mode));
        break;
    case ActionRecord::Kind::Event:
        text += ",\"ev\":" + dumped(record.event);
        if (!record.label.empty())
            text += ",\"label\":" + dumped(record.label);
        break;
    }
    text += "}\n";
}

/// Reads typed values out of one line; remembers the first thing that was wrong.
class Fields {
public:
    explicit Fields(const Json& json) : json_{json} {}

    void text(const char* key, std::string& value) {
        if (const Json* found = find(key); found != nullptr && expect(found->is_string(), key))
            value = found->get<std::string>();
    }

    void flag(const char* key, bool& value) {
        if (const Json* found = find(key); found != nullptr && expect(found->is_boolean(), key))
            value = found->get<bool>();
    }

    template <class T>
    void integer(const char* key, T& value) {
        if (const Json* found = find(key); found != nullptr)
            (void)expect(as_integer(*found, value), key);
    }

    void time(const char* key, Duration& value) {
        std::int64_t ns = value.ns();
        integer(key, ns);
        value = Duration::from_ns(ns);
    }

    /// Null counts as absent everywhere.
    [[nodiscard]] const Json* find(const char* key) const {
        const auto found = json_.find(key);
        return found == json_.end() || found->is_null() ? nullptr : &*found;
    }

    [[nodiscard]] const Json* array(const char* key) {
        const Json* found = find(key);
        return found != nullptr && expect(found->is_array(), key) ? found : nullptr;
    }

    [[nodiscard]] const Json* object(const char* key) {
        const Json* found = find(key);
        return found != nullptr && expect(found->is_object(), key) ? found : nullptr;
    }

    bool expect(bool condition, const char* key) {
        if (!condition && wrong_.empty())
            wrong_ = fmt::format("'{}' has the wrong form", key);
        return condition;
    }

    void take(const Fields& inner) {
        if (wrong_.empty())
            wrong_ = inner.wrong_;
    }

    template <class T>
    static bool as_integer(const Json& json, T& value) {
        if (!json.is_number_integer())
            return false;
        if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX)
            return false;
        const auto wide = json.get<std::int64_t>();
        if (!std::in_range<T>(wide))
            return false;
        value = static_cast<T>(wide);
        return true;
    }

    [[nodiscard]] const std::string& wrong() const { return wrong_; }

private:
    const Json& json_;
    std::string wrong_;
};

void read_video(Fields& header, VideoFacts& video) {
    const Json* json = header.object("video");
    if (json == nullptr)
        return;
    Fields fields{*json};
    fields.text("file", video.file);
    fields.integer("width", video.width);
    fields.integer("height", video.height);
    fields.integer("frames", video.frames);
    fields.time("duration_ns", video.duration);
    if (const Json* fps = fields.array("fps")) {
        fields.expect(
            fps->size() == 2 && Fields::as_integer((*fps)[0], video.fps.num) &&
                Fields::as_integer((*fps)[1], video.fps.den) && video.fps.num >= 0 &&
                video.fps.den > 0,
            "fps");
    }
    if (const Json* keyframes = fields.array("keyframes")) {
        for (const Json& t : *keyframes) {
            std::int64_t ns = 0;
            if (fields.expect(Fields::as_integer(t, ns), "keyframes"))
                video.keyframes.push_back(Duration::from_ns(ns));
        }
    }
    header.take(fields);
}

void read_bind(Fields& header, BindFacts& bind) {
    const Json* json = header.object("bind");
    if (json == nullptr)
        return;
    Fields fields{*json};
    fields.text("rule", bind.rule);
    fields.time("latency_ns", bind.latency);
    fields.text("method", bind.method);
    if (fields.find("p95_residual_ns") != nullptr) {
        Duration residual = Duration::zero();
        fields.time("p95_residual_ns", residual);
        bind.p95_residual = residual;
    }
    header.take(fields);
}

void read_sets(Fields& header, ActionLog& log) {
    const Json* array = header.array("sets");
    if (array == nullptr)
        return;
    for (const Json& json : *array) {
        if (!header.expect(json.is_object(), "sets"))
            return;
        Fields fields{json};
        bool ui = false;
        fields.text("name", log.sets.emplace_back());
        fields.flag("ui", ui);
        if (ui)
            log.ui_sets.push_back(log.sets.back());
        header.take(fields);
    }
}

void read_controls(Fields& fields, const char* key, std::vector<std::string>& controls) {
    const Json* names = fields.array(key);
    if (names == nullptr)
        return;
    for (const Json& name : *names)
        if (fields.expect(name.is_string(), key))
            controls.push_back(name.get<std::string>());
}

void read_action(Fields& header, const Json& json, ActionLog& log) {
    if (!header.expect(json.is_object(), "actions"))
        return;
    Fields fields{json};
    ActionInfo action;
    std::size_t set = 0;
    std::string type = "digital";
    fields.integer("id", action.id);
    fields.integer("set", set);
    if (set < log.sets.size())
        action.set = log.sets[set];
    fields.text("name", action.name);
    fields.text("label", action.label);
    fields.text("type", type);
    fields.expect(parse_action_type(type, action.type), "type");
    fields.flag("pulse", action.pulse);
    if (const Json* degrees = fields.find("deg_per_count");
        degrees != nullptr && fields.expect(degrees->is_number(), "deg_per_count"))
        action.degrees_per_count = degrees->get<double>();
    read_controls(fields, "controls", action.default_controls);
    read_controls(fields, "negative", action.negative_controls);
    fields.expect(find_action(log.actions, action.id) == nullptr, "id");
    log.actions.push_back(std::move(action));
    header.take(fields);
}

Result<ActionLog> read_header(const Json& json) {
    Fields header{json};
    std::string format;
    int version = 0;
    header.text("format", format);
    header.integer("version", version);
    if (format != kLogFormat)
        return fail(Errc::Unsupported, "line 1: this is no Hindsight action log");
    if (version != kLogVersion) {
        return fail(
            Errc::Unsupported,
            fmt::format("line 1: version {} of the action log is not known here", version));
    }
    ActionLog log;
    header.text("clip", log.clip);
    header.text("game", log.game);
    header.text("profile", log.profile);
    header.integer("profile_version", log.profile_version);
    header.text("profile_sha256", log.profile_sha256);
    read_video(header, log.video);
    read_bind(header, log.bind);
    read_sets(header, log);
    if (const Json* table = header.array("actions")) {
        for (const Json& row : *table)
            read_action(header, row, log);
    }
    if (const Json* consent = header.object("consent")) {
        Fields fields{*consent};
        fields.flag("train", log.consent.train);
        fields.flag("share_actions", log.consent.share_actions);
        fields.integer("text_rev", log.consent.text_rev);
        header.take(fields);
    }
    if (const Json* media = header.object("media")) {
        Fields fields{*media};
        fields.flag("overlay_burned_in", log.overlay_burned_in);
        header.take(fields);
    }
    if (!header.wrong().empty())
        return fail(Errc::Corrupt, "line 1: " + header.wrong());
    return log;
}

bool read_number(const Json& json, float& value) {
    if (!json.is_number())
        return false;
    value = json.get<float>();
    return std::isfinite(value);
}

void read_value(Fields& fields, const ActionLog& log, LogRecord& record) {
    record.kind = ActionRecord::Kind::Value;
    fields.integer("a", record.action);
    const ActionInfo* action = find_action(log.actions, record.action);
    const Json* value = fields.find("v");
    if (!fields.expect(action != nullptr, "a") || !fields.expect(value != nullptr, "v"))
        return;
    if (is_pair(action->type)) {
        fields.expect(
            value->is_array() && value->size() == 2 && read_number((*value)[0], record.x) &&
                read_number((*value)[1], record.y),
            "v");
    } else {
        fields.expect(read_number(*value, record.x), "v");
    }
}

void read_state(Fields& fields, const ActionLog& log, LogRecord& record) {
    record.kind = ActionRecord::Kind::State;
    const Json* held = fields.array("state");
    if (held == nullptr)
        return;
    for (const Json& id : *held) {
        std::uint16_t action = 0;
        if (fields.expect(
                Fields::as_integer(id, action) && find_action(log.actions, action) != nullptr,
                "state"))
            record.held.push_back(action);
    }
}

/// Empty: a kind of record that this version does not know.
Result<std::optional<LogRecord>> read_record(const Json& json, const ActionLog& log) {
    Fields fields{json};
    LogRecord record;
    fields.expect(fields.find("t") != nullptr, "t");
    fields.time("t", record.t);
    if (fields.find("a") != nullptr) {
        read_value(fields, log, record);
    } else if (fields.find("state") != nullptr) {
        read_state(fields, log, record);
    } else if (fields.find("mode") != nullptr) {
        record.kind = ActionRecord::Kind::Mode;
        std::string mode;
        fields.text("mode", mode);
        fields.expect(parse_mode(mode, record.mode), "mode");
    } else if (fields.find("ev") != nullptr) {
        record.kind = ActionRecord::Kind::Event;
        fields.text("ev", record.event);
        fields.text("label", record.label);
    } else {
        return std::optional<LogRecord>{};
    }
    if (!fields.wrong().empty())
        return fail(Errc::Corrupt, fields.wrong());
    return std::optional{std::move(record)};
}

}  // namespace

std::string to_jsonl(const ActionLog& log) {
    std::string text = dumped(header_json(log)) + "\n";
    text.reserve(text.size() + 40 * log.records.size());
    for (const LogRecord& record : log.records)
        append_record(text, log, record);
    return text;
}

Result<ActionLog> parse_jsonl(std::string_view text) {
    if (text.empty())
        return fail(Errc::Corrupt, "line 1: the file is empty");
    ActionLog log;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty() && number > 1)
            continue;
        const Json json = parse_log_line(line);
        if (!json.is_object())
            return fail(Errc::Corrupt, fmt::format("line {}: not a JSON object", number));
        if (number == 1) {
            HINDSIGHT_ASSIGN(log, read_header(json));
            continue;
        }
        auto record = read_record(json, log);
        if (!record)
            return fail(
                record.error().code, fmt::format("line {}: {}", number, record.error().what));
        if (*record)
            log.records.push_back(*std::move(*record));
    }
    std::stable_sort(
        log.records.begin(), log.records.end(), [](const LogRecord& a, const LogRecord& b) {
            return a.t < b.t;
        });
    return log;
}

Result<> write_jsonl(const ActionLog& log, const std::filesystem::path& file) {
    return write_file_atomically(file, to_jsonl(log));
}

Result<ActionLog> read_jsonl(const std::filesystem::path& file) {
    HINDSIGHT_ASSIGN(const std::string text, read_text_file(file, kMaxLogBytes));
    return parse_jsonl(text);
}

std::vector<Onset> onsets(const ActionLog& log) {
    std::vector<Onset> found;
    for (const LogRecord& record : log.records) {
        if (record.kind != ActionRecord::Kind::Value || record.x == 0)
            continue;
        const ActionInfo* action = find_action(log.actions, record.action);
        if (action != nullptr && action->type == ActionType::Digital)
            found.push_back({record.action, record.t});
    }
    return found;
}

}  // namespace hindsight::actions
