#pragma once

// What works on this machine and how to mend what does not, one finding a line. Pure: the facts are
// collected by the service, so that every sentence can be tested.

#include <hindsight/ipc/messages.hpp>
#include <hindsight/service/memory_allowance.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hindsight::service {

struct Finding {
    std::string name;
    bool ok = false;
    std::string severity = "info";  ///< info | warning | error
    std::string text;
    std::string mend;  ///< empty when ok
};

struct MachineFacts {
    std::string display;
    std::string wayland_display;
    std::optional<ipc::InputHealth> input;
    std::optional<ipc::EncoderList> encoders;
    std::string capture_error;  ///< why the capture program could not be asked
    std::vector<ipc::HotkeyState> hotkeys;
    std::map<std::string, std::string> chords;  ///< hotkey id → chord
    bool sound_server = false;
    bool tray_host = false;
    bool notification_service = false;
    std::string clip_folder;
    std::string clip_folder_error;  ///< empty: writable
    std::uint64_t clip_folder_free = 0;
    std::string ring_folder;
    std::uint64_t ring_free = 0;  ///< bytes free where the ring lives
    std::uint64_t ring_limit = 0;
    PressureSource pressure = PressureSource::Nothing;
};

[[nodiscard]] std::vector<Finding> diagnose(const MachineFacts& facts);
[[nodiscard]] ipc::Json to_json(const Finding& finding);

/// A chord that is rarely taken, made of the same last key: "Ctrl+Shift+F10" for "Alt+F10"; for a
/// controller always the same.
[[nodiscard]] std::string other_chord(const std::string& chord);

}  // namespace hindsight::service
