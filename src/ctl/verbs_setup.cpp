// encoders, sources, doctor
#include "arguments.hpp"
#include "output.hpp"

#include <hindsight/config/config.hpp>
#include <hindsight/core/paths.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

namespace hindsight::ctl {

namespace {

Result<int> encoders(Context& context) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_ASSIGN(const Json all, service->encoders().wait());
    if (context.json()) {
        print_json(all);
        return kOk;
    }
    std::vector<std::vector<std::string>> rows;
    for (const Json& encoder : all)
        rows.push_back(
            {text_of(encoder, "id"),
             text_of(encoder, "codec"),
             flag_of(encoder, "hardware") ? "hardware" : "software",
             flag_of(encoder, "works") ? "works" : "does not work",
             flag_of(encoder, "works") ? text_of(encoder, "name") : text_of(encoder, "reason")});
    print(
        rows.empty() ? "No encoders were found."
                     : table({"ID", "CODEC", "KIND", "STATE", "NAME"}, rows));
    return kOk;
}

Result<int> sources(Context& context) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_ASSIGN(const Json all, service->sources().wait());
    if (context.json()) {
        print_json(all);
        return kOk;
    }
    std::vector<std::vector<std::string>> rows;
    for (const Json& source : all) {
        const double width = number_of(source, "width");
        rows.push_back(
            {text_of(source, "source"),
             width > 0 ? fmt::format("{:.0f}x{:.0f}", width, number_of(source, "height")) : "",
             text_of(source, "game"),
             text_of(source, "title")});
    }
    print(
        rows.empty() ? "There is nothing to record here."
                     : table({"SOURCE", "SIZE", "GAME", "TITLE"}, rows));
    return kOk;
}

Json finding(
    const char* name, bool ok, const char* severity, std::string text, std::string mend = {}) {
    return {
        {"name", name},
        {"ok", ok},
        {"severity", severity},
        {"text", std::move(text)},
        {"mend", std::move(mend)}};
}

/// What can be told without the service, and what keeps it from starting.
Json local_checks() {
    Json checks = Json::array();
    const auto settings = config::load(config::default_file());
    checks.push_back(
        settings ? finding("settings", true, "info", "The settings are in order.")
                 : finding(
                       "settings",
                       false,
                       "error",
                       settings.error().what,
                       "Mend this line, or set the key with hindsightctl config set."));
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    const bool has_runtime = runtime != nullptr && std::filesystem::is_directory(runtime);
    checks.push_back(
        has_runtime ? finding("session", true, "info", "This is a login session of its own.")
                    : finding(
                          "session",
                          false,
                          "error",
                          "There is no folder for this session (XDG_RUNTIME_DIR).",
                          "Log in to a desktop; over SSH, use loginctl enable-linger once."));
    return checks;
}

/// A service that was started found what an earlier run left: ending it would drop that.
bool keeps_footage(dbus::ServiceClient* service) {
    const Result<Json> status = service->status().wait();
    if (!status)
        return true;
    const Json ring = status->value("ring", Json::object());
    // One that is being finished is not active any more, but not a clip yet.
    const Json session = status->value("session", Json::object());
    return session.value("state", "none") != "none" ||
           !status->value("recovered", Json::array()).empty() ||
           !status->value("failed", Json::array()).empty() ||
           !status->value("exports", Json::array()).empty() || ring.value("buffered_s", 0.0) > 0 ||
           ring.value("pinned_bytes", 0.0) > 0;
}

/// Adds what the service finds; brings it up for that and leaves things as they were.
void add_service_checks(Context& context, Json& checks) {
    const Result<dbus::ServiceClient*> service = context.service();
    if (!service) {
        checks.push_back(finding(
            "message bus",
            false,
            "error",
            service.error().what,
            "Log in to a desktop, or run the command under dbus-run-session."));
        return;
    }
    const bool was_running = (*service)->running();
    if (const auto up = (*service)->ensure_running(); !up) {
        checks.push_back(finding(
            "service",
            false,
            "error",
            as_sentence(up.error().what),
            "The log says more: " + (paths::state_dir() / "hindsightd.log").string()));
        return;
    }
    checks.push_back(finding(
        "service",
        true,
        "info",
        was_running ? "The service is running." : "The service can be started."));
    const Result<Json> found = (*service)->diagnose().wait();
    if (!found) {
        checks.push_back(finding(
            "checks",
            false,
            "error",
            as_sentence(found.error().what),
            "End the service with hindsightctl quit, and try again."));
    } else {
        for (const Json& check : *found)
            checks.push_back(check);
    }
    if (!was_running && !keeps_footage(*service)) {
        // It may be gone before it answers: that is what was asked for.
        static_cast<void>((*service)->quit().wait());
    }
}

/// Something without which nothing can be recorded or saved.
bool is_failure(const Json& check) {
    return !flag_of(check, "ok") && text_of(check, "severity") == "error";
}

Result<int> doctor(Context& context) {
    Json checks = local_checks();
    add_service_checks(context, checks);
    bool failed = false;
    std::vector<std::vector<std::string>> rows;
    for (const Json& check : checks) {
        failed = failed || is_failure(check);
        const bool ok = flag_of(check, "ok");
        rows.push_back(
            {ok                  ? "ok"
             : is_failure(check) ? "FAIL"
                                 : "warn",
             text_of(check, "name"),
             text_of(check, "text")});
        if (const std::string mend = text_of(check, "mend"); !mend.empty() && !ok)
            rows.push_back({"", "", mend});
    }
    if (context.json())
        print_json(checks);
    else
        print(table({"", "CHECK", "RESULT"}, rows));
    if (failed)
        complain("Something that Hindsight needs does not work here");
    return failed ? kFailed : kOk;
}

}  // namespace

void add_setup_verbs(CLI::App& app, Verb& verb) {
    app.add_subcommand("encoders", "The encoders of this machine, each really tried")
        ->callback([&verb] { verb = encoders; });
    app.add_subcommand("sources", "What can be recorded now: windows and the screen")
        ->callback([&verb] { verb = sources; });
    app.add_subcommand("doctor", "What works here, and how to mend what does not")
        ->callback([&verb] { verb = doctor; });
}

}  // namespace hindsight::ctl
