#include "play/arena_log.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>

namespace hindsight::arena {

namespace {

using Json = nlohmann::json;
/// Keeps the order of keys, for people who read it.
using OrderedJson = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr const char* kFormat = "hindsight.arena";

void put(OrderedJson& line, const char* key, std::uint64_t value) {
    if (value != 0)
        line[key] = value;
}

void put(OrderedJson& line, const char* key, const Pair& pair) {
    if (!(pair == Pair{}))
        line[key] = {pair.x, pair.y};
}

std::string hexadecimal(std::uint64_t value) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
    return text;
}

/// The fields of one line; remembers whether one was not what it should be.
class Fields {
public:
    explicit Fields(const Json& line) : line_{line} {}

    [[nodiscard]] std::int64_t number(const char* key, std::int64_t low, std::int64_t high) {
        const auto found = line_.find(key);
        if (found == line_.end())
            return 0;
        return checked(*found, low, high);
    }

    [[nodiscard]] std::uint64_t unsigned_number(const char* key) {
        const auto found = line_.find(key);
        if (found == line_.end())
            return 0;
        sound_ = sound_ && found->is_number_unsigned();
        return sound_ ? found->get<std::uint64_t>() : 0;
    }

    [[nodiscard]] Pair pair(const char* key, int limit) {
        const auto found = line_.find(key);
        if (found == line_.end())
            return {};
        sound_ = sound_ && found->is_array() && found->size() == 2;
        if (!sound_)
            return {};
        return {
            static_cast<int>(checked((*found)[0], -limit, limit)),
            static_cast<int>(checked((*found)[1], -limit, limit))};
    }

    [[nodiscard]] std::string text(const char* key) {
        const auto found = line_.find(key);
        sound_ = sound_ && found != line_.end() && found->is_string();
        return sound_ ? found->get<std::string>() : std::string{};
    }

    [[nodiscard]] std::vector<Event> events(const char* key) {
        const auto found = line_.find(key);
        std::vector<Event> events;
        if (found == line_.end())
            return events;
        sound_ = sound_ && found->is_array();
        for (const Json& name : *found) {
            sound_ = sound_ && name.is_string();
            const auto known =
                sound_ ? std::find(kEventNames.begin(), kEventNames.end(), name.get<std::string>())
                       : kEventNames.end();
            sound_ = sound_ && known != kEventNames.end();
            if (sound_)
                events.push_back(static_cast<Event>(known - kEventNames.begin()));
        }
        return events;
    }

    [[nodiscard]] bool sound() const { return sound_; }

private:
    std::int64_t checked(const Json& value, std::int64_t low, std::int64_t high) {
        sound_ = sound_ && value.is_number_integer();
        const std::int64_t number = sound_ ? value.get<std::int64_t>() : 0;
        sound_ = sound_ && number >= low && number <= high;
        return sound_ ? number : 0;
    }

    const Json& line_;
    bool sound_ = true;
};

bool read_header(const Json& line, LogHeader& header) {
    Fields fields{line};
    if (fields.text("format") != kFormat || fields.number("version", 1, kVersion) != kVersion)
        return false;
    header.seed = fields.unsigned_number("seed");
    header.fps = static_cast<int>(fields.number("fps", 30, 60));
    header.width = static_cast<int>(fields.number("width", 0, 16384));
    header.height = static_cast<int>(fields.number("height", 0, 16384));
    header.delay = static_cast<int>(fields.number("delay", 0, 1000));
    return fields.sound() && (header.fps == 30 || header.fps == 60);
}

bool read_frame(const Json& line, LoggedFrame& frame) {
    constexpr int kFarLook = 32767;
    constexpr int kFullStick = 127;
    Fields fields{line};
    frame.frame = fields.unsigned_number("f");
    frame.polled_ns = fields.number("p", 0, INT64_MAX);
    frame.shown_ns = fields.number("t", 0, INT64_MAX);
    frame.inputs.held = static_cast<Actions>(fields.number("held", 0, kAllActions));
    frame.inputs.down = static_cast<Actions>(fields.number("down", 0, kAllActions));
    frame.inputs.up = static_cast<Actions>(fields.number("up", 0, kAllActions));
    frame.inputs.look = fields.pair("look", kFarLook);
    frame.inputs.move = fields.pair("move", kFullStick);
    frame.inputs.stick = fields.pair("stick", kFullStick);
    frame.inputs.commands = static_cast<Commands>(fields.number("commands", 0, kAllCommands));
    frame.mode = static_cast<Mode>(fields.number("mode", 0, static_cast<int>(Mode::Count) - 1));
    frame.events = fields.events("ev");
    return fields.sound() && frame.frame > 0;
}

bool read_state(const Json& line, LoggedState& state) {
    Fields fields{line};
    state.frame = fields.unsigned_number("f");
    state.snapshot = fields.text("state");
    const std::string hash = fields.text("hash");
    char* end = nullptr;
    errno = 0;
    state.hash = std::strtoull(hash.c_str(), &end, 16);
    return fields.sound() && hash.size() == 16 && *end == '\0' && errno == 0;
}

bool read_line(const Json& line, ArenaLog& log) {
    if (!line.is_object())
        return false;
    if (line.contains("format"))
        return read_header(line, log.header);
    if (line.contains("state"))
        return read_state(line, log.states.emplace_back());
    return read_frame(line, log.frames.emplace_back());
}

}  // namespace

std::string header_line(const LogHeader& header) {
    OrderedJson line{
        {"format", kFormat},
        {"version", kVersion},
        {"seed", header.seed},
        {"fps", header.fps},
        {"width", header.width},
        {"height", header.height},
        {"delay", header.delay},
        {"degrees_per_count", kTurnPerCount * 360.0 / 65536}};
    line["actions"] = kActionNames;
    line["modes"] = kModeNames;
    return line.dump();
}

std::string frame_line(const LoggedFrame& frame) {
    OrderedJson line;
    line["f"] = frame.frame;
    put(line, "p", static_cast<std::uint64_t>(frame.polled_ns));
    put(line, "t", static_cast<std::uint64_t>(frame.shown_ns));
    put(line, "held", frame.inputs.held);
    put(line, "down", frame.inputs.down);
    put(line, "up", frame.inputs.up);
    put(line, "look", frame.inputs.look);
    put(line, "move", frame.inputs.move);
    put(line, "stick", frame.inputs.stick);
    put(line, "commands", frame.inputs.commands);
    put(line, "mode", static_cast<std::uint64_t>(frame.mode));
    for (const Event event : frame.events)
        line["ev"].push_back(kEventNames[static_cast<std::size_t>(event)]);
    return line.dump();
}

std::string state_line(const LoggedState& state) {
    const OrderedJson line{
        {"f", state.frame}, {"state", state.snapshot}, {"hash", hexadecimal(state.hash)}};
    return line.dump();
}

Result<LogWriter> LogWriter::create(const std::filesystem::path& file) {
    std::FILE* opened = std::fopen(file.c_str(), "we");
    if (opened == nullptr)
        return fail_errno("creating " + file.string(), errno);
    return LogWriter{opened};
}

void LogWriter::line(const std::string& text) {
    std::fputs(text.c_str(), file_.get());
    std::fputc('\n', file_.get());
}

Result<> LogWriter::flush() {
    if (std::fflush(file_.get()) != 0 || std::ferror(file_.get()) != 0)
        return fail_errno("writing the log", errno);
    return {};
}

Result<ArenaLog> ArenaLog::read(const std::filesystem::path& file) {
    std::ifstream stream{file};
    if (!stream)
        return fail(Errc::NotFound, file.string() + " cannot be read");
    std::ostringstream text;
    text << stream.rdbuf();
    return parse(text.str());
}

Result<ArenaLog> ArenaLog::parse(const std::string& text) {
    ArenaLog log;
    std::size_t at = 0;
    for (int number = 1; at < text.size(); ++number) {
        const std::size_t end = text.find('\n', at);
        if (end == std::string::npos)
            break;
        const Json line = Json::parse(text.substr(at, end - at), nullptr, false);
        if (line.is_discarded() || !read_line(line, log))
            return fail(
                Errc::Corrupt, "line " + std::to_string(number) + " is no line of an arena log");
        at = end + 1;
    }
    return log;
}

const LoggedState* ArenaLog::state_from(std::uint64_t frame) const {
    const auto found =
        std::find_if(states.begin(), states.end(), [frame](const LoggedState& state) {
            return state.frame >= frame;
        });
    return found == states.end() ? nullptr : &*found;
}

const LoggedFrame* ArenaLog::frame(std::uint64_t number) const {
    const auto found = std::lower_bound(
        frames.begin(), frames.end(), number, [](const LoggedFrame& frame, std::uint64_t wanted) {
            return frame.frame < wanted;
        });
    return found == frames.end() || found->frame != number ? nullptr : &*found;
}

Script::Script(const ArenaLog& log) {
    for (const LoggedFrame& frame : log.frames)
        frames_[frame.frame] = frame.inputs;
}

Inputs Script::at(std::uint64_t frame) {
    Inputs inputs;
    if (const auto found = frames_.find(frame); found != frames_.end())
        inputs = found->second;
    else
        inputs.held = held_;
    // A script may leave out what follows from what is held.
    inputs.down |= inputs.held & ~held_;
    inputs.up |= held_ & ~inputs.held;
    held_ = inputs.held;
    return inputs;
}

}  // namespace hindsight::arena
