#pragma once

// The shortcuts that the settings name, and what each of them asks for.

#include <hindsight/config/config.hpp>
#include <hindsight/ipc/messages.hpp>
#include <hindsight/service/save_queue.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hindsight::service {

/// All that are set. An id is the name of its setting below `hotkeys`; where one setting names
/// several keys, those follow after a colon: "save", "save_lengths:Ctrl+F9".
[[nodiscard]] std::vector<ipc::Hotkey> hotkeys_of(const config::Config& config);

/// What a press of `id` saves; nothing where it saves nothing, or is no longer set.
[[nodiscard]] std::optional<SaveOptions>
save_of_hotkey(const config::Config& config, const std::string& id);

/// "hotkeys.save_lengths"
[[nodiscard]] std::string setting_of_hotkey(const std::string& id);

}  // namespace hindsight::service
