#include "recorder.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace hindsight::test {

namespace fs = std::filesystem;

namespace {

constexpr const char* kBusName = "io.github.hindsight.Hindsight";
/// Filling the ring takes as long as the footage lasts, plus the start of everything.
constexpr milliseconds kStartup{30'000};

}  // namespace

Recorder::Recorder(DesktopSession& session, Environment extra)
    : session_{session}, extra_{std::move(extra)} {}

Result<std::unique_ptr<Recorder>>
Recorder::start(DesktopSession& session, const std::string& config, const Environment& extra) {
    HINDSIGHT_TRY(write_text(session.home() / ".config/hindsight/config.toml", config));
    auto recorder = std::unique_ptr<Recorder>{new Recorder{session, extra}};
    HINDSIGHT_TRY(recorder->restart());
    return recorder;
}

Result<> Recorder::restart() {
    HINDSIGHT_ASSIGN(service_, session_.spawn_program("hindsightd", {}, extra_));
    const auto up = session_.wait_for_bus_name(kBusName);
    if (!up)
        return fail(Errc::Timeout, "the service did not start: " + service_.err());
    return {};
}

Result<Json> Recorder::ctl(std::vector<std::string> arguments, milliseconds deadline) {
    arguments.emplace_back("--json");
    const std::string verb = arguments.front();
    HINDSIGHT_ASSIGN(
        const Output output,
        session_.run_program("hindsightctl", std::move(arguments), deadline, extra_));
    if (!output.status.success())
        return fail(
            Errc::External,
            "hindsightctl " + verb + " failed: " + output.err,
            output.status.signal != 0 ? -output.status.signal : output.status.code);
    if (output.out.find_first_not_of(" \n") == std::string::npos)
        return Json{};
    Json answer = Json::parse(output.out, nullptr, false);
    if (answer.is_discarded())
        return fail(Errc::Corrupt, "hindsightctl " + verb + " printed no JSON: " + output.out);
    return answer;
}

Result<> Recorder::wait_for_state(const std::string& state) {
    Result<Json> last = Json{};
    const auto reached = [&] {
        last = ctl({"status"});
        return last && last->value("state", "") == state;
    };
    if (!wait_until(reached, kStartup))
        return fail(
            Errc::Timeout,
            "the state is not " + state + " but " + (last ? last->dump() : last.error().what));
    return {};
}

Result<> Recorder::wait_for_footage(double seconds) {
    Result<Json> last = Json{};
    const auto reached = [&] {
        last = ctl({"status"});
        return last && last->contains("ring") &&
               (*last)["ring"].value("buffered_s", 0.0) >= seconds;
    };
    const auto patience = kStartup + milliseconds{static_cast<std::int64_t>(seconds * 2000)};
    if (!wait_until(reached, patience))
        return fail(
            Errc::Timeout, "the ring does not fill: " + (last ? last->dump() : last.error().what));
    return {};
}

std::vector<pid_t> Recorder::children(const std::string& program) {
    std::vector<pid_t> result;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator{"/proc", ignored}) {
        const std::string name = entry.path().filename().string();
        pid_t pid = 0;
        const char* end = name.data() + name.size();
        if (std::from_chars(name.data(), end, pid).ptr != end || pid == 0)
            continue;
        // "<pid> (<name, cut to 15 bytes>) <state> <parent> …"
        const std::string stat = read_text(entry.path() / "stat");
        const std::size_t close = stat.rfind(')');
        if (close == std::string::npos ||
            stat.find("(" + program.substr(0, 15) + ")") == std::string::npos)
            continue;
        const pid_t parent = static_cast<pid_t>(
            std::strtol(stat.c_str() + std::min(close + 4, stat.size()), nullptr, 10));
        if (parent == service_.pid())
            result.push_back(pid);
    }
    return result;
}

std::string Recorder::logs() const {
    std::string text;
    std::error_code ignored;
    for (const fs::directory_entry& entry :
         fs::recursive_directory_iterator{session_.home() / ".local/state/hindsight", ignored}) {
        if (entry.path().extension() == ".log")
            text += "== " + entry.path().filename().string() + "\n" + read_text(entry.path());
    }
    return text + "== stderr\n" + service_.err();
}

}  // namespace hindsight::test
