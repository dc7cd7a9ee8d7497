// status, start, stop, pause, mute, mark, screenshot, quit
#include "arguments.hpp"
#include "output.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <QEventLoop>
#include <QTimer>
#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

namespace hindsight::ctl {

namespace {

/// Somewhat longer than the service gives a clip that is being saved when it is to end.
constexpr Duration kEndLimit = Duration::from_ms(45'000);

/// In the unit in which recording.memory_mb is set.
std::string memory_text(double bytes) {
    const double mib = bytes / (1 << 20);
    return fmt::format("{:.{}f} MiB", mib, mib < 9.95 ? 1 : 0);
}

std::string ring_text(const Json& status) {
    const Json& ring = part_of(status, "ring");
    std::string text = fmt::format(
        "{:.0f} s of {:.0f} s, {} of {}",
        number_of(ring, "buffered_s"),
        number_of(ring, "limit_s"),
        memory_text(number_of(ring, "buffered_bytes")),
        memory_text(number_of(ring, "limit_bytes")));
    if (const double limit = number_of(ring, "disk_limit_bytes"); limit > 0)
        text += fmt::format(
            ", {} of {} on the disk",
            memory_text(number_of(ring, "disk_bytes")),
            memory_text(limit));
    if (const double pinned = number_of(ring, "pinned_bytes"); pinned > 0)
        text += fmt::format(", {} held for saves", memory_text(pinned));
    return text;
}

std::string frames_text(const Json& status) {
    const Json& frames = part_of(status, "frames");
    return fmt::format(
        "{:.0f} captured, {:.0f} skipped, {:.0f} late",
        number_of(frames, "captured"),
        number_of(frames, "skipped"),
        number_of(frames, "lagged"));
}

/// Nothing while it is not recorded.
std::string microphone_text(const Json& status) {
    const std::string state = text_of(status, "microphone");
    if (state == "silent")
        return "silent until the talk key is held";
    return state == "off" ? "" : state;
}

/// The mend of a complaint belongs to it: "text (mend)".
std::string health_text(const Json& item) {
    const std::string mend = text_of(item, "mend");
    return text_of(item, "text") + (mend.empty() ? "" : " " + mend);
}

std::string status_text(const Json& status) {
    std::string text;
    const auto line = [&](std::string_view name, const std::string& value) {
        if (!value.empty())
            text += fmt::format("{:<12}{}\n", name, value);
    };
    line("state", text_of(status, "state"));
    line("game", text_of(status, "game"));
    line("source", text_of(status, "source"));
    line("buffer", ring_text(status));
    if (const std::string encoder = text_of(status, "encoder"); !encoder.empty())
        line("encoder", fmt::format("{}, {:g} fps", encoder, number_of(status, "fps")));
    line("frames", frames_text(status));
    line("microphone", microphone_text(status));
    const Json& input = part_of(status, "input");
    if (const std::string profile = text_of(input, "profile"); !profile.empty())
        line("actions", profile + ", " + text_of(input, "mode"));
    if (const Json& session = part_of(status, "session"); flag_of(session, "active"))
        line(
            "session",
            fmt::format(
                "{}, {}  {}",
                length_text(number_of(session, "duration_s")),
                size_text(number_of(session, "size_bytes")),
                text_of(session, "path")));
    for (const Json& job : part_of(status, "exports"))
        line(
            text_of(job, "kind"),
            fmt::format("{:.0f} %  {}", 100 * number_of(job, "progress"), text_of(job, "id")));
    for (const Json& item : part_of(status, "recovered"))
        line(
            "recovered",
            fmt::format("{:.0f} s  {}", number_of(item, "duration_s"), text_of(item, "id")));
    for (const Json& item : part_of(status, "health"))
        line(text_of(item, "severity"), health_text(item));
    return text;
}

Result<int> show_status(Context& context) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.service());
    if (!service->running()) {
        if (context.json())
            print_json({{"state", "not_running"}});
        complain("Hindsight is not running");
        return kFailed;
    }
    HINDSIGHT_ASSIGN(const Json status, service->status().wait());
    if (context.json())
        print_json(status);
    else
        print(status_text(status));
    return kOk;
}

/// The service may have been started by the bus, which knows nothing of our display.
Json start_options(const std::string& source) {
    static constexpr std::array<std::pair<const char*, const char*>, 3> kVariables{
        std::pair{"DISPLAY", "display"},
        std::pair{"WAYLAND_DISPLAY", "wayland_display"},
        std::pair{"XAUTHORITY", "xauthority"}};
    Json options{{"source", source}};
    for (const auto& [variable, key] : kVariables) {
        if (const char* value = std::getenv(variable); value != nullptr && *value != '\0')
            options[key] = value;
    }
    return options;
}

Result<int> start(Context& context, const std::string& source) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_TRY(service->start(start_options(source)).wait());
    HINDSIGHT_ASSIGN(const Json status, service->status().wait());
    if (context.json()) {
        print_json(status);
        return kOk;
    }
    const std::string game = text_of(status, "game");
    print("Recording: " + (game.empty() ? source : game) + ".");
    return kOk;
}

/// What the service says now, or that it does not run, as --json prints it.
Result<int> print_state(dbus::ServiceClient& service) {
    if (!service.running()) {
        print_json({{"state", "not_running"}});
        return kOk;
    }
    HINDSIGHT_ASSIGN(const Json status, service.status().wait());
    print_json(status);
    return kOk;
}

Result<int> stop(Context& context) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.service());
    const bool running = service->running();
    if (running)
        HINDSIGHT_TRY(service->stop().wait());
    if (context.json())
        return print_state(*service);
    print(running ? "Recording has stopped." : "Hindsight is not running; nothing is recorded.");
    return kOk;
}

Result<int> pause(Context& context, bool paused) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_TRY(service->pause(paused).wait());
    if (context.json())
        return print_state(*service);
    print(paused ? "Paused: nothing is recorded until you start again." : "Recording goes on.");
    return kOk;
}

Result<int> mute(Context& context, bool muted) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_TRY(service->mute_microphone(muted).wait());
    if (context.json())
        return print_state(*service);
    print(muted ? "The microphone is muted." : "The microphone is not muted any more.");
    return kOk;
}

Result<int> mark(Context& context, const std::string& label) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_TRY(service->mark(label).wait());
    if (context.json())
        print_json({{"marked", label}});
    else
        print("Marked.");
    return kOk;
}

Result<int> screenshot(Context& context) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.running_service());
    HINDSIGHT_ASSIGN(const std::string path, service->screenshot().wait());
    if (context.json())
        print_json({{"path", path}});
    else
        print("Saved: " + path);
    return kOk;
}

/// False: it is still there when the time is over. A tray may bring the next one up at once.
bool wait_for_end(dbus::ServiceClient& service) {
    bool ended = false;
    QEventLoop loop;
    QObject::connect(&service, &dbus::ServiceClient::vanished, &loop, [&] {
        ended = true;
        loop.quit();
    });
    QTimer::singleShot(static_cast<int>(kEndLimit.ms()), &loop, &QEventLoop::quit);
    if (!service.running())
        return true;
    loop.exec();
    return ended;
}

Result<int> quit(Context& context) {
    HINDSIGHT_ASSIGN(dbus::ServiceClient * service, context.service());
    const bool running = service->running();
    if (running) {
        HINDSIGHT_TRY(service->quit().wait());
        if (!wait_for_end(*service))
            return fail(
                Errc::Timeout, "Hindsight is still ending; a clip may still be on its way to disk");
    }
    if (context.json())
        print_json({{"state", "not_running"}});
    else
        print(running ? "Hindsight has ended; its memory is empty." : "Hindsight is not running.");
    return kOk;
}

}  // namespace

void add_recorder_verbs(CLI::App& app, Verb& verb) {
    app.add_subcommand(
           "status",
           "What is recorded, how much is within reach, and what is wrong; "
           "never starts the service")
        ->callback([&verb] { verb = show_status; });

    auto source = std::make_shared<std::string>("focused");
    auto* start_verb = app.add_subcommand("start", "Begin to record");
    start_verb->add_option(
        "source",
        *source,
        "focused (the window that has the focus, the default), screen, a part of it as "
        "region:1280x720+100+50, or window:ID as sources lists them");
    start_verb->callback(
        [&verb, source] { verb = [source](Context& context) { return start(context, *source); }; });

    app.add_subcommand("stop", "End the recording; what is in memory is dropped")
        ->callback([&verb] { verb = stop; });

    auto paused = std::make_shared<std::string>("on");
    auto* pause_verb = app.add_subcommand("pause", "Record nothing until told otherwise");
    pause_verb->add_option("on|off", *paused, "off: go on recording")
        ->check(CLI::IsMember({"on", "off"}));
    pause_verb->callback([&verb, paused] {
        verb = [paused](Context& context) { return pause(context, *paused == "on"); };
    });

    auto muted = std::make_shared<std::string>("on");
    auto* mute_verb = app.add_subcommand("mute", "Record the microphone as silence");
    mute_verb->add_option("on|off", *muted, "off: record what it hears")
        ->check(CLI::IsMember({"on", "off"}));
    mute_verb->callback([&verb, muted] {
        verb = [muted](Context& context) { return mute(context, *muted == "on"); };
    });

    auto label = std::make_shared<std::string>();
    auto* mark_verb = app.add_subcommand("mark", "Put a marker on this moment");
    mark_verb->add_option("label", *label, "A word to find it by");
    mark_verb->callback(
        [&verb, label] { verb = [label](Context& context) { return mark(context, *label); }; });

    app.add_subcommand("screenshot", "Save a picture of what is recorded into the clip folder")
        ->callback([&verb] { verb = screenshot; });

    app.add_subcommand("quit", "End the service")->callback([&verb] { verb = quit; });
}

}  // namespace hindsight::ctl
