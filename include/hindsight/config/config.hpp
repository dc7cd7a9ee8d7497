#pragma once

// The user's settings, `config.toml`. Every key has a default, so an empty or missing file is fine;
// a wrong key, type or range is one sentence with file, line, key and what is allowed.

#include <hindsight/core/result.hpp>
#include <hindsight/core/time.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hindsight::config {

struct Config {
    struct Recording {
        std::string start =
            "game";  ///< game | manual: begin when a game gets the focus, or only when told
        int buffer_seconds = 120;               ///< 5–3600
        int memory_mb = 512;                    ///< 32–16384, ring limit in MiB
        int disk_mb = 0;                        ///< 256–1048576, its part on a disk; 0: none
        std::string disk_folder;                ///< for that; empty: clips.folder
        std::string quality_preset = "custom";  ///< custom, or a name of quality_preset.hpp
        int fps = 60;                           ///< 10–240
        int max_width = 1920;                   ///< 160–7680
        int max_height = 1080;                  ///< 120–4320
        std::string picture = "auto";           ///< auto | direct | canvas
        std::string codec = "h264";             ///< h264 | hevc | av1
        std::string encoder = "auto";           ///< auto, or a libobs encoder id
        std::string preset = "veryfast";        ///< x264 preset
        int quality = 21;                       ///< 0–51, constant rate factor; lower is better
        int bitrate_kbps = 0;                   ///< 0 (constant quality) or 500–200000
        bool adapt = true;                      ///< step down while the machine is too slow
        bool cursor = true;
        int keep_minutes = 5;           ///< 0–60, how long memory stays after the game ended
        std::string never;              ///< programs that are never recorded, with commas between
        bool pause_when_locked = true;  ///< while the screen is locked
        bool pause_on_battery = false;
        bool operator==(const Recording&) const = default;
    } recording;

    struct Audio {
        bool desktop = true;
        std::string desktop_device = "default";
        bool microphone = false;
        std::string microphone_device = "default";
        bool noise_suppression = false;  ///< of the microphone
        std::string application;         ///< program with a track of its own; empty: none
        int desktop_volume = 100;        ///< 0–200 %
        int microphone_volume = 100;     ///< 0–200 %
        int application_volume = 100;    ///< 0–200 %
        bool operator==(const Audio&) const = default;
    } audio;

    struct Clips {
        std::string folder;  ///< empty: <Videos>/Hindsight; `~/` allowed
        std::string
            fallback_folder;  ///< tried when the folder fails; empty: <data>/hindsight/clips
        std::string name =
            "{game}/{game}_{date}_{time}";  ///< template below the folder, without extension
        int length_seconds = 30;            ///< 1–3600, what the hotkey saves
        bool operator==(const Clips&) const = default;
    } clips;

    struct Hotkeys {
        std::string save = "Alt+F10";
        std::string save_new = "Alt+F11";
        std::string save_pad = "PadBack+PadUp";  ///< as save, of a controller
        std::string save_lengths;                ///< as parse_save_keys() reads it
        std::string marker = "Ctrl+Shift+F8";
        std::string microphone;  ///< mutes and unmutes it
        std::string screenshot;
        std::string push_to_talk;  ///< not empty: it is heard while this is held
        std::string never_in;      ///< programs that get every key, with commas between
        bool operator==(const Hotkeys&) const = default;
    } hotkeys;

    struct Actions {
        bool keep = true;    ///< first consent: store actions with clips
        bool train = false;  ///< second consent: new clips may be used for training
        bool operator==(const Actions&) const = default;
    } actions;

    struct Overlay {
        std::string on_save = "burned";      ///< burned | sidecar | off
        std::string layout = "auto";         ///< auto | keyboard-mouse | controller
        std::string theme = "midnight";      ///< midnight | paper | outline
        std::string corner = "bottom-left";  ///< bottom-left | bottom-right | top-left | top-right
        double scale = 1.25;                 ///< 0.5–3
        bool operator==(const Overlay&) const = default;
    } overlay;

    struct Notifications {
        bool bubble = true;
        bool sound = true;
        bool operator==(const Notifications&) const = default;
    } notifications;

    struct Appearance {
        std::string theme = "dark";      ///< dark | light | auto
        std::string tray_icon = "auto";  ///< auto | light | dark
        std::string motion = "auto";     ///< auto | full | none
        bool operator==(const Appearance&) const = default;
    } appearance;

    struct Logging {
        std::string level = "info";  ///< trace | debug | info | warn | error
        bool operator==(const Logging&) const = default;
    } log;

    bool operator==(const Config&) const = default;
};

/// A save key with its own length.
struct SaveKey {
    std::string chord;
    Duration last = Duration::zero();   ///< 1 s to an hour
    Duration delay = Duration::zero();  ///< what comes after the press belongs to it as well
    bool new_only = false;              ///< only what no clip has yet

    bool operator==(const SaveKey&) const = default;
};

/// Reads "Ctrl+F9 60s, Ctrl+F10 30s +5s, Ctrl+F11 2m new": keys, a length in s or m, then
/// "+<delay>" and "new" where wanted. Errors: InvalidArgument.
[[nodiscard]] Result<std::vector<SaveKey>> parse_save_keys(std::string_view text);

/// `<config>/hindsight/config.toml`
[[nodiscard]] std::filesystem::path default_file();

/// Parses `text`. Errors: InvalidArgument, with "<file>:<line>: <key>: <sentence>".
[[nodiscard]] Result<Config> parse(std::string_view text, std::string_view file_name);

/// Reads `file`; a missing file gives the defaults. Errors: as parse, Io.
[[nodiscard]] Result<Config> load(const std::filesystem::path& file);

struct Key {
    std::string name;     ///< "recording.fps"
    std::string type;     ///< "integer", "number", "boolean", "text"
    std::string allowed;  ///< "10 to 240", "auto, direct or canvas"
    std::string what;     ///< one line for people
};

/// Every key, in the order of the file.
[[nodiscard]] std::vector<Key> keys();

/// The value of `key` as TOML text. Errors: NotFound (with the nearest key's name).
[[nodiscard]] Result<std::string> get(const Config& config, std::string_view key);

/// Sets `key` from user-typed text. Errors: NotFound, InvalidArgument.
[[nodiscard]] Result<> set(Config& config, std::string_view key, std::string_view value);

/// Changes one key in `file`, keeping comments and order of everything else; replaces the file
/// atomically. Errors: NotFound, InvalidArgument, Io, NoSpace.
[[nodiscard]] Result<>
set_in_file(const std::filesystem::path& file, std::string_view key, std::string_view value);

}  // namespace hindsight::config
