#include "arguments.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <sstream>

namespace hindsight::ctl {

namespace {

constexpr const char* kDescription =
    "Records a game in the background and saves the last seconds as a clip.\n"
    "Durations are written 30s, 2m, 1m30s or 1.5 (seconds); ids may be shortened to their first "
    "letters.";

constexpr const char* kFooter =
    "Examples:\n"
    "  hindsightctl start                      record the window that has the focus\n"
    "  hindsightctl save --last 30s --wait     save the last 30 seconds, print where\n"
    "  hindsightctl list --since today         what was saved today\n"
    "  hindsightctl doctor                     what works here, and how to mend what does not\n"
    "Bind \"hindsightctl save\" to a key where the desktop offers no global shortcuts.\n"
    "Exit: 0 done, 1 failed (one sentence on standard error), 2 wrong usage.";

/// CLI11's words may run over several lines; a person gets one.
std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    while (!text.empty() && (text.back() == '.' || text.back() == ' '))
        text.pop_back();
    return text;
}

/// CLI11 only says that a verb is missing, also when one is there that it does not know.
std::string
problem_of(const CLI::App& app, const CLI::ParseError& error, int argc, const char* const* argv) {
    if (!std::string_view{error.what()}.starts_with("A subcommand"))
        return one_line(error.what());
    if (const auto verbs = app.get_subcommands(); !verbs.empty())
        return "Say what to do with " + verbs.front()->get_name();
    const char* const* const last = argv + argc;
    const auto* const first =
        std::find_if(argv + 1, last, [](const char* argument) { return *argument != '-'; });
    return first == last ? "Say what to do" : "There is no verb " + one_line(*first);
}

}  // namespace

Result<dbus::ServiceClient*> Context::service() {
    if (!client_) {
        HINDSIGHT_ASSIGN(const QDBusConnection bus, dbus::session_bus());
        client_ = std::make_unique<dbus::ServiceClient>(bus);
    }
    return client_.get();
}

Result<dbus::ServiceClient*> Context::running_service() {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * client, service());
    HINDSIGHT_TRY(client->ensure_running());
    return client;
}

Parsed parse_arguments(int argc, const char* const* argv) {
    Parsed parsed;
    CLI::App app{kDescription, "hindsightctl"};
    app.set_version_flag("--version", "hindsightctl " HINDSIGHT_VERSION);
    app.add_flag("--json", parsed.json, "Print one JSON object or array");
    app.require_subcommand(1);
    app.fallthrough();
    add_recorder_verbs(app, parsed.verb);
    add_save_verbs(app, parsed.verb);
    add_library_verbs(app, parsed.verb);
    add_action_verbs(app, parsed.verb);
    add_config_verbs(app, parsed.verb);
    add_profile_verbs(app, parsed.verb);
    add_setup_verbs(app, parsed.verb);
    app.footer(kFooter);  // now, or every verb would inherit it
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        parsed.verb = nullptr;
        std::ostringstream out;
        std::ostringstream err;
        const bool asked = app.exit(error, out, err) == 0;
        parsed.exit_code = asked ? kOk : kUsage;
        if (asked)
            parsed.out = out.str();
        else
            parsed.err = problem_of(app, error, argc, argv) + "; hindsightctl --help shows how.\n";
    }
    return parsed;
}

}  // namespace hindsight::ctl
