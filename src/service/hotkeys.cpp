#include "hotkeys.hpp"

namespace hindsight::service {

namespace {

std::string id_of(const config::SaveKey& key) {
    return "save_lengths:" + key.chord;
}

std::vector<config::SaveKey> save_keys_of(const config::Config& config) {
    // What does not parse is not in a Config.
    return config::parse_save_keys(config.hotkeys.save_lengths)
        .value_or(std::vector<config::SaveKey>{});
}

}  // namespace

std::vector<ipc::Hotkey> hotkeys_of(const config::Config& config) {
    std::vector<ipc::Hotkey> hotkeys{
        {"save", config.hotkeys.save},
        {"save_pad", config.hotkeys.save_pad},
        {"save_new", config.hotkeys.save_new},
        {"marker", config.hotkeys.marker},
        {"microphone", config.hotkeys.microphone},
        {"screenshot", config.hotkeys.screenshot},
        {"push_to_talk", config.hotkeys.push_to_talk, /*hold=*/true}};
    for (const config::SaveKey& key : save_keys_of(config))
        hotkeys.push_back({id_of(key), key.chord});
    std::erase_if(hotkeys, [](const ipc::Hotkey& hotkey) { return hotkey.chord.empty(); });
    return hotkeys;
}

std::optional<SaveOptions> save_of_hotkey(const config::Config& config, const std::string& id) {
    SaveOptions wish;
    if (id == "save" || id == "save_pad")
        return wish;
    wish.new_only = true;
    if (id == "save_new")
        return wish;
    for (const config::SaveKey& key : save_keys_of(config)) {
        if (id_of(key) != id)
            continue;
        wish.last = key.last;
        wish.delay = key.delay;
        wish.new_only = key.new_only;
        return wish;
    }
    return std::nullopt;
}

std::string setting_of_hotkey(const std::string& id) {
    return "hotkeys." + id.substr(0, id.find(':'));
}

}  // namespace hindsight::service
