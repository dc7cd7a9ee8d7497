#include "hotkeys.hpp"

#include <hindsight/service/doctor.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace hindsight::service {

namespace {

constexpr std::uint64_t kLowDisk = 2'000'000'000;

Finding good(std::string name, std::string text) {
    return {std::move(name), true, "info", std::move(text), ""};
}

Finding warning(std::string name, std::string text, std::string mend) {
    return {std::move(name), false, "warning", std::move(text), std::move(mend)};
}

Finding error(std::string name, std::string text, std::string mend) {
    return {std::move(name), false, "error", std::move(text), std::move(mend)};
}

Finding display(const MachineFacts& facts) {
    if (facts.input && facts.input->display)
        return good("display", "The X display " + facts.display + " answers.");
    if (facts.display.empty() && facts.wayland_display.empty())
        return error(
            "display",
            "The service knows of no display.",
            "Run `hindsightctl start` in a terminal of the desktop session.");
    if (!facts.input)
        return error(
            "display",
            "The input program does not run, so the display cannot be checked.",
            "Look into the log of hindsight-input, or install the program again.");
    return error(
        "display",
        "The X display " + facts.display + " does not answer.",
        "Run `hindsightctl start` in a terminal of the desktop session.");
}

Finding windows(const MachineFacts& facts) {
    if (!facts.input || !facts.input->display)
        return error(
            "windows", "Windows cannot be seen without an X display.", "Mend the display first.");
    if (!facts.input->window_manager)
        return warning(
            "windows",
            "The window manager does not tell which window has the focus.",
            "Use a window manager with EWMH support, or `hindsightctl start screen`.");
    if (facts.input->wayland)
        return warning(
            "windows",
            "This is a Wayland session: only games that use X11 can be recorded.",
            "Start the game with X11, for example with SDL_VIDEODRIVER=x11.");
    return good("windows", "Windows can be found and grabbed.");
}

/// The one that a recording would use: on the graphics card if possible, H.264 before others.
int encoder_rank(const ipc::EncoderInfo& encoder) {
    return (encoder.hardware ? 2 : 0) + (encoder.codec == "h264" ? 1 : 0);
}

void encoders(const MachineFacts& facts, std::vector<Finding>& findings) {
    if (!facts.encoders) {
        findings.push_back(error(
            "encoder",
            facts.capture_error.empty() ? "The capture program does not answer."
                                        : facts.capture_error,
            "Install the packages obs-studio and libobs0, then try again."));
        return;
    }
    const ipc::EncoderList& list = *facts.encoders;
    if (list.gl_renderer.empty())
        findings.push_back(warning(
            "graphics",
            "There is no OpenGL here; pictures are taken without it.",
            "Install the graphics driver if this machine has a graphics card."));
    else if (list.gl_software)
        findings.push_back(good(
            "graphics",
            "OpenGL is drawn in software (" + list.gl_renderer +
                "); pictures are taken without it."));
    else
        findings.push_back(good("graphics", "OpenGL runs on " + list.gl_renderer + "."));
    const ipc::EncoderInfo* video = nullptr;
    const ipc::EncoderInfo* sound = nullptr;
    for (const ipc::EncoderInfo& encoder : list.encoders) {
        const bool audio =
            encoder.codec != "h264" && encoder.codec != "hevc" && encoder.codec != "av1";
        const ipc::EncoderInfo*& best = audio ? sound : video;
        if (encoder.works && (best == nullptr || encoder_rank(encoder) > encoder_rank(*best)))
            best = &encoder;
    }
    if (video == nullptr)
        findings.push_back(
            error("encoder", "No video encoder works here.", "Install the package obs-studio."));
    else
        findings.push_back(good(
            "encoder",
            fmt::format(
                "{} works ({}).",
                video->name,
                video->hardware ? "on the graphics card" : "on the processor")));
    if (sound == nullptr && video != nullptr &&
        std::any_of(list.encoders.begin(), list.encoders.end(), [](const ipc::EncoderInfo& e) {
            return e.codec == "aac";
        }))
        findings.push_back(error(
            "sound encoder", "No sound encoder works here.", "Install the package obs-studio."));
}

Finding sound(const MachineFacts& facts) {
    if (facts.sound_server)
        return good("sound", "A sound server is there.");
    return warning(
        "sound",
        "No sound server answers; clips will be silent.",
        "Start PulseAudio or PipeWire with its PulseAudio part.");
}

Finding input(const MachineFacts& facts) {
    if (!facts.input)
        return error(
            "input",
            "The input program does not run; there are no hotkeys and no actions.",
            "Look into the log of hindsight-input, or install the program again.");
    if (!facts.input->raw_input)
        return warning(
            "input",
            facts.input->what.empty() ? "Keys of the game cannot be seen here." : facts.input->what,
            "Clips work without actions; use an X server with XInput 2.2 to have them.");
    return good(
        "input",
        facts.input->controllers ? "Keyboard, mouse and controllers can be read."
                                 : "Keyboard and mouse can be read.");
}

void hotkeys(const MachineFacts& facts, std::vector<Finding>& findings) {
    for (const ipc::HotkeyState& state : facts.hotkeys) {
        const auto chord = facts.chords.find(state.id);
        const std::string keys = chord == facts.chords.end() ? state.id : chord->second;
        const std::string name = "hotkey " + state.id;
        const std::string setting = setting_of_hotkey(state.id);
        const bool shared = state.id.find(':') != std::string::npos;  // names other keys, too
        if (state.available) {
            findings.push_back(good(name, keys + " is ready."));
            continue;
        }
        findings.push_back(warning(
            name,
            state.what.empty() ? keys + " is taken by another program." : state.what,
            shared ? fmt::format(
                         "Use another one in the setting {}, for example {}.",
                         setting,
                         other_chord(keys))
                   : fmt::format(
                         "Use another one, for example `hindsightctl config set {} \"{}\"`.",
                         setting,
                         other_chord(keys))));
    }
}

void desktop(const MachineFacts& facts, std::vector<Finding>& findings) {
    findings.push_back(
        facts.tray_host ? good("tray", "The desktop shows tray icons.")
                        : warning(
                              "tray",
                              "The desktop shows no tray icons.",
                              "On GNOME install the AppIndicator extension; everything works "
                              "without it, too."));
    findings.push_back(
        facts.notification_service
            ? good("notifications", "Notifications can be shown.")
            : warning(
                  "notifications",
                  "No notification service is there.",
                  "Install one, for example dunst; a sound tells you of saved clips, too."));
}

Finding clip_folder(const MachineFacts& facts) {
    if (!facts.clip_folder_error.empty())
        return error(
            "clip folder",
            facts.clip_folder_error,
            "Choose another one: `hindsightctl config set clips.folder DIR`.");
    const std::string free =
        fmt::format("{:.1f} GB free", static_cast<double>(facts.clip_folder_free) / 1e9);
    if (facts.clip_folder_free < kLowDisk)
        return warning(
            "clip folder",
            facts.clip_folder + " is nearly full, " + free + ".",
            "Free some space or choose another folder for clips.");
    return good("clip folder", facts.clip_folder + " can be written to, " + free + ".");
}

Finding memory(const MachineFacts& facts) {
    if (facts.ring_folder.empty())
        return error(
            "memory",
            "There is no memory-backed folder for the last minutes.",
            "Make sure that XDG_RUNTIME_DIR or /dev/shm has 64 MB free.");
    const auto megabytes = [](std::uint64_t bytes) { return bytes / 1'000'000; };
    if (facts.ring_free < facts.ring_limit / 2)
        return warning(
            "memory",
            fmt::format(
                "{} has only {} MB left for the last minutes, {} MB are wished.",
                facts.ring_folder,
                megabytes(facts.ring_free),
                megabytes(facts.ring_limit)),
            "Lower recording.memory_mb, or make that tmpfs larger.");
    return good(
        "memory",
        fmt::format(
            "{} MB are set aside for the last minutes in {}.",
            megabytes(facts.ring_limit),
            facts.ring_folder));
}

Finding memory_pressure(const MachineFacts& facts) {
    switch (facts.pressure) {
    case PressureSource::Triggers:
        return good(
            "memory pressure", "The kernel tells when memory is short; the buffer then gives way.");
    case PressureSource::Polling:
        return good(
            "memory pressure",
            "The kernel is asked every two seconds whether memory is short; the buffer then gives "
            "way.");
    case PressureSource::Nothing:
        break;
    }
    return warning(
        "memory pressure",
        "The kernel does not tell when memory is short, so the buffer never gives way.",
        "Start the kernel with psi=1, or lower recording.memory_mb.");
}

}  // namespace

std::string other_chord(const std::string& chord) {
    std::string way;
    for (const std::string_view each : {"hold ", "double "}) {
        if (chord.starts_with(each))
            way = each;
    }
    if (chord.find("Pad") != std::string::npos)
        return "PadBack+PadDown";  // which no default has
    const std::size_t plus = chord.rfind('+');
    const std::string key = chord.substr(plus == std::string::npos ? way.size() : plus + 1);
    const std::string other = way + "Ctrl+Shift+" + key;
    return other == chord ? way + "Ctrl+Alt+" + key : other;
}

std::vector<Finding> diagnose(const MachineFacts& facts) {
    std::vector<Finding> findings;
    findings.push_back(display(facts));
    findings.push_back(windows(facts));
    encoders(facts, findings);
    findings.push_back(sound(facts));
    findings.push_back(input(facts));
    hotkeys(facts, findings);
    desktop(facts, findings);
    findings.push_back(clip_folder(facts));
    findings.push_back(memory(facts));
    findings.push_back(memory_pressure(facts));
    return findings;
}

ipc::Json to_json(const Finding& finding) {
    return {
        {"name", finding.name},
        {"ok", finding.ok},
        {"severity", finding.severity},
        {"text", finding.text},
        {"mend", finding.mend}};
}

}  // namespace hindsight::service
