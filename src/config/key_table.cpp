#include "key_table.hpp"

#include "chords.hpp"

#include <hindsight/core/nearest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>

namespace hindsight::config {

namespace {

/// Empty, absolute, or below the home folder.
bool is_folder(std::string_view text) {
    return text.empty() || text.starts_with('/') || text == "~" || text.starts_with("~/");
}

bool is_name_template(std::string_view text) {
    static constexpr std::array<std::string_view, 4> kPlaceholders{"game", "date", "time", "title"};
    if (text.empty() || text.starts_with('/') || text.ends_with('/'))
        return false;
    if (text == ".." || text.starts_with("../") || text.find("/../") != std::string_view::npos)
        return false;
    for (std::size_t at = text.find_first_of("{}"); at != std::string_view::npos;
         at = text.find_first_of("{}", at)) {
        const std::size_t end = text.find('}', at);
        if (text[at] == '}' || end == std::string_view::npos)
            return false;
        const std::string_view name = text.substr(at + 1, end - at - 1);
        if (std::find(kPlaceholders.begin(), kPlaceholders.end(), name) == kPlaceholders.end())
            return false;
        at = end + 1;
    }
    return true;
}

bool is_identifier(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

bool is_not_empty(std::string_view text) {
    return !text.empty();
}

constexpr const char* kChord = "keys like Alt+F10 (Ctrl, Alt, Shift, Super and one key), or empty";
constexpr const char* kShortcut =
    "keys like Alt+F10 (Ctrl, Alt, Shift, Super and one key), hold Alt+F10, double Alt+F10, "
    "buttons like PadBack+PadUp, or empty";
constexpr const char* kSaveKeys =
    "keys and lengths like Ctrl+F9 60s, Ctrl+F10 30s +5s (and the next 5 s), Ctrl+F11 2m new; "
    "each 1 s to 60 m; or empty";
constexpr const char* kPrograms = "names of programs with commas between them, or empty";
constexpr const char* kFolder = "an absolute folder, one below ~/, or empty";

#define HINDSIGHT_MEMBER(type, path) ([](Config& config) -> type& { return config.path; })

std::vector<Entry> recording_entries() {
    return {
        {"recording.start",
         TextRule{HINDSIGHT_MEMBER(std::string, recording.start), {"game", "manual"}},
         "Record as soon as a game has the focus, or only when told"},
        {"recording.buffer_seconds",
         IntRule{HINDSIGHT_MEMBER(int, recording.buffer_seconds), 5, 3600},
         "How many of the last seconds stay within reach"},
        {"recording.memory_mb",
         IntRule{HINDSIGHT_MEMBER(int, recording.memory_mb), 32, 16384},
         "How much memory they may take, in MiB"},
        {"recording.disk_mb",
         IntRule{HINDSIGHT_MEMBER(int, recording.disk_mb), 256, 1'048'576, true},
         "How much of a disk the older of them may take, in MiB; 0 keeps them in memory only"},
        {"recording.disk_folder",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, recording.disk_folder),
             .valid = is_folder,
             .allowed = kFolder},
         "Folder on that disk; empty means the folder for clips"},
        {"recording.quality_preset",
         TextRule{
             HINDSIGHT_MEMBER(std::string, recording.quality_preset),
             {"custom", "720p30", "720p60", "1080p30", "1080p60", "1440p60", "match"}},
         "Size, frame rate and quality by one name; custom uses the settings below"},
        {"recording.fps",
         IntRule{HINDSIGHT_MEMBER(int, recording.fps), 10, 240},
         "Frames per second"},
        {"recording.max_width",
         IntRule{HINDSIGHT_MEMBER(int, recording.max_width), 160, 7680},
         "A wider picture is scaled down to this, in pixels"},
        {"recording.max_height",
         IntRule{HINDSIGHT_MEMBER(int, recording.max_height), 120, 4320},
         "A higher picture is scaled down to this, in pixels"},
        {"recording.picture",
         TextRule{HINDSIGHT_MEMBER(std::string, recording.picture), {"auto", "direct", "canvas"}},
         "How the picture is taken: from the window (direct) or over the graphics card (canvas)"},
        {"recording.codec",
         TextRule{HINDSIGHT_MEMBER(std::string, recording.codec), {"h264", "hevc", "av1"}},
         "How pictures are packed: h264 plays everywhere, the others are smaller"},
        {"recording.encoder",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, recording.encoder),
             .valid = is_identifier,
             .allowed = "auto, or an encoder that hindsightctl encoders lists"},
         "The video encoder"},
        {"recording.preset",
         TextRule{
             HINDSIGHT_MEMBER(std::string, recording.preset),
             {"ultrafast",
              "superfast",
              "veryfast",
              "faster",
              "fast",
              "medium",
              "slow",
              "slower",
              "veryslow"}},
         "How hard the software encoder works: slower is smaller"},
        {"recording.quality",
         IntRule{HINDSIGHT_MEMBER(int, recording.quality), 0, 51},
         "Constant quality; lower is better and larger"},
        {"recording.bitrate_kbps",
         IntRule{HINDSIGHT_MEMBER(int, recording.bitrate_kbps), 500, 200'000, true},
         "Fixed bit rate in kbit/s instead of constant quality; 0 means constant quality"},
        {"recording.adapt",
         BoolRule{HINDSIGHT_MEMBER(bool, recording.adapt)},
         "Lower preset, frame rate and size for as long as the machine is too slow for them"},
        {"recording.cursor",
         BoolRule{HINDSIGHT_MEMBER(bool, recording.cursor)},
         "Show the mouse pointer in the picture"},
        {"recording.keep_minutes",
         IntRule{HINDSIGHT_MEMBER(int, recording.keep_minutes), 0, 60},
         "How long the last seconds stay within reach after the game has ended, in minutes"},
        {"recording.never",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, recording.never),
             .valid = [](std::string_view) { return true; },
             .allowed = kPrograms},
         "Programs whose windows are never recorded; the screen shows all"},
        {"recording.pause_when_locked",
         BoolRule{HINDSIGHT_MEMBER(bool, recording.pause_when_locked)},
         "Record nothing while the desktop says that the screen is locked"},
        {"recording.pause_on_battery",
         BoolRule{HINDSIGHT_MEMBER(bool, recording.pause_on_battery)},
         "Record nothing while the machine runs on its battery"},
    };
}

std::vector<Entry> sound_and_clip_entries() {
    return {
        {"audio.desktop",
         BoolRule{HINDSIGHT_MEMBER(bool, audio.desktop)},
         "Record what the desktop plays"},
        {"audio.desktop_device",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, audio.desktop_device),
             .valid = is_not_empty,
             .allowed = "default, or the name of an output"},
         "Which output is recorded"},
        {"audio.microphone",
         BoolRule{HINDSIGHT_MEMBER(bool, audio.microphone)},
         "Record the microphone as a track of its own"},
        {"audio.microphone_device",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, audio.microphone_device),
             .valid = is_not_empty,
             .allowed = "default, or the name of an input"},
         "Which input is recorded"},
        {"audio.noise_suppression",
         BoolRule{HINDSIGHT_MEMBER(bool, audio.noise_suppression)},
         "Take the noise out of the microphone's track"},
        {"audio.application",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, audio.application),
             .valid = [](std::string_view) { return true; },
             .allowed = "the name of a program, or empty"},
         "A program, such as a voice chat, whose sound also gets a track of its own"},
        {"audio.desktop_volume",
         IntRule{HINDSIGHT_MEMBER(int, audio.desktop_volume), 0, 200},
         "How loud the desktop is in clips, in percent"},
        {"audio.microphone_volume",
         IntRule{HINDSIGHT_MEMBER(int, audio.microphone_volume), 0, 200},
         "How loud the microphone is, in percent"},
        {"audio.application_volume",
         IntRule{HINDSIGHT_MEMBER(int, audio.application_volume), 0, 200},
         "How loud the program is on its track, in percent"},
        {"clips.folder",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, clips.folder),
             .valid = is_folder,
             .allowed = kFolder},
         "Where clips go; empty means Hindsight in the Videos folder"},
        {"clips.fallback_folder",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, clips.fallback_folder),
             .valid = is_folder,
             .allowed = kFolder},
         "Tried when that folder fails; empty means the data folder of Hindsight"},
        {"clips.name",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, clips.name),
             .valid = is_name_template,
             .allowed =
                 "a path below the folder; {game}, {date}, {time} and {title} are filled in"},
         "Name of a clip, without its ending"},
        {"clips.length_seconds",
         IntRule{HINDSIGHT_MEMBER(int, clips.length_seconds), 1, 3600},
         "How much the save key saves"},
    };
}

std::vector<Entry> key_and_overlay_entries() {
    return {
        {"hotkeys.save",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, hotkeys.save),
             .valid = is_shortcut,
             .allowed = kShortcut},
         "Saves a clip"},
        {"hotkeys.save_pad",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, hotkeys.save_pad),
             .valid = is_shortcut,
             .allowed = kShortcut},
         "Saves a clip, too: for a controller beside the keyboard"},
        {"hotkeys.save_new",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, hotkeys.save_new),
             .valid = is_shortcut,
             .allowed = kShortcut},
         "Saves only what no clip has yet"},
        {"hotkeys.save_lengths",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, hotkeys.save_lengths),
             .valid = is_save_keys,
             .allowed = kSaveKeys},
         "More save keys, each with a length of its own"},
        {"hotkeys.marker",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, hotkeys.marker),
             .valid = is_shortcut,
             .allowed = kShortcut},
         "Marks this moment"},
        {"hotkeys.microphone",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, hotkeys.microphone),
             .valid = is_shortcut,
             .allowed = kShortcut},
         "Mutes the microphone's track, and unmutes it"},
        {"hotkeys.screenshot",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, hotkeys.screenshot),
             .valid = is_shortcut,
             .allowed = kShortcut},
         "Saves a picture of what is recorded"},
        {"hotkeys.push_to_talk",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, hotkeys.push_to_talk),
             .valid = is_chord,
             .allowed = kChord},
         "The microphone is silent but while this is held"},
        {"hotkeys.never_in",
         TextRule{
             .member = HINDSIGHT_MEMBER(std::string, hotkeys.never_in),
             .valid = [](std::string_view) { return true; },
             .allowed = kPrograms},
         "Programs in which none of these keys does anything"},
        {"actions.keep",
         BoolRule{HINDSIGHT_MEMBER(bool, actions.keep)},
         "Keep the actions of the game with each clip"},
        {"actions.train",
         BoolRule{HINDSIGHT_MEMBER(bool, actions.train)},
         "New clips may be used for training"},
        {"overlay.on_save",
         TextRule{HINDSIGHT_MEMBER(std::string, overlay.on_save), {"burned", "sidecar", "off"}},
         "Draw the actions onto a copy of each clip, only write them beside it, or neither"},
        {"overlay.layout",
         TextRule{
             HINDSIGHT_MEMBER(std::string, overlay.layout),
             {"auto", "keyboard-mouse", "controller"}},
         "What the overlay shows"},
        {"overlay.theme",
         TextRule{HINDSIGHT_MEMBER(std::string, overlay.theme), {"midnight", "paper", "outline"}},
         "Its colours"},
        {"overlay.corner",
         TextRule{
             HINDSIGHT_MEMBER(std::string, overlay.corner),
             {"bottom-left", "bottom-right", "top-left", "top-right"}},
         "Where it lies in the picture"},
        {"overlay.scale",
         NumberRule{HINDSIGHT_MEMBER(double, overlay.scale), 0.5, 3},
         "Its size; 1.25 is medium"},
    };
}

std::vector<Entry> desktop_entries() {
    return {
        {"notifications.bubble",
         BoolRule{HINDSIGHT_MEMBER(bool, notifications.bubble)},
         "Show a notification when a clip is saved"},
        {"notifications.sound",
         BoolRule{HINDSIGHT_MEMBER(bool, notifications.sound)},
         "Play a sound when a clip is saved"},
        {"appearance.theme",
         TextRule{HINDSIGHT_MEMBER(std::string, appearance.theme), {"dark", "light", "auto"}},
         "Colours of the windows; auto follows the desktop"},
        {"appearance.tray_icon",
         TextRule{HINDSIGHT_MEMBER(std::string, appearance.tray_icon), {"auto", "light", "dark"}},
         "Colour of the tray icon"},
        {"appearance.motion",
         TextRule{HINDSIGHT_MEMBER(std::string, appearance.motion), {"auto", "full", "none"}},
         "Movement in the windows; auto follows the desktop"},
        {"log.level",
         TextRule{
             HINDSIGHT_MEMBER(std::string, log.level), {"trace", "debug", "info", "warn", "error"}},
         "How much goes into the log files"},
    };
}

std::string list_of(const std::vector<std::string_view>& choices) {
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (i > 0)
            text += i + 1 == choices.size() ? " or " : ", ";
        text += choices[i];
    }
    return text;
}

/// Empty: nothing is near enough to be meant.
std::string_view nearest_key(std::string_view name) {
    const std::string_view last = name.substr(name.rfind('.') + 1);
    std::string_view best;
    std::size_t best_distance = std::numeric_limits<std::size_t>::max();
    for (const Entry& entry : key_table()) {
        const std::string_view own = entry.name.substr(entry.name.rfind('.') + 1);
        // The right name in the wrong section is nearer than any typing error.
        const std::size_t d = own == last ? 0 : edit_distance(name, entry.name);
        if (d < best_distance) {
            best_distance = d;
            best = entry.name;
        }
    }
    return is_near(best_distance, name) ? best : std::string_view{};
}

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

const std::vector<Entry>& key_table() {
    static const std::vector<Entry> table = [] {
        std::vector<Entry> all = recording_entries();
        for (auto part : {sound_and_clip_entries(), key_and_overlay_entries(), desktop_entries()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return table;
}

const Entry* find_entry(std::string_view name) {
    const auto& table = key_table();
    const auto found = std::find_if(
        table.begin(), table.end(), [&](const Entry& entry) { return entry.name == name; });
    return found == table.end() ? nullptr : &*found;
}

std::string allowed_values(const Entry& entry) {
    return std::visit(
        Overloaded{
            [](const BoolRule&) { return std::string{"true or false"}; },
            [](const IntRule& rule) {
                return fmt::format("{}{} to {}", rule.zero ? "0, or " : "", rule.min, rule.max);
            },
            [](const NumberRule& rule) { return fmt::format("{} to {}", rule.min, rule.max); },
            [](const TextRule& rule) {
                return rule.choices.empty() ? std::string{rule.allowed} : list_of(rule.choices);
            }},
        entry.rule);
}

std::string_view type_name(const Entry& entry) {
    return std::visit(
        Overloaded{
            [](const BoolRule&) { return "boolean"; },
            [](const IntRule&) { return "integer"; },
            [](const NumberRule&) { return "number"; },
            [](const TextRule&) { return "text"; }},
        entry.rule);
}

std::string unknown_key_sentence(std::string_view name) {
    const std::string_view nearest = nearest_key(name);
    if (nearest.empty())
        return "There is no such setting; hindsightctl config list shows all.";
    return fmt::format("There is no such setting; did you mean {}?", nearest);
}

}  // namespace hindsight::config
