#include "game_commands.hpp"

#include "game_bindings.hpp"
#include "profile_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace hindsight::actions {

namespace {

constexpr const char* kChat = "chat";
constexpr const char* kMenu = "menu";

/// Command → names of actions, of which a profile has one; `chat` opens a line of text.
using Commands = std::map<std::string, std::vector<std::string>, std::less<>>;

const Commands& quake_commands() {
    static const Commands kCommands{
        {"+forward", {"move_forward"}},
        {"+back", {"move_back"}},
        {"+moveleft", {"move_left"}},
        {"+moveright", {"move_right"}},
        {"+left", {"turn_left"}},
        {"+right", {"turn_right"}},
        {"+jump", {"jump"}},
        {"+moveup", {"jump"}},
        {"+duck", {"duck"}},
        {"+movedown", {"duck"}},
        {"+speed", {"walk", "run"}},
        {"+attack", {"fire"}},
        {"+attack2", {"fire_secondary"}},
        {"+attack3", {"fire_special"}},
        {"+reload", {"reload"}},
        {"+use", {"use"}},
        {"+zoom", {"zoom"}},
        {"+zoom_in", {"zoom_in"}},
        {"+zoom_out", {"zoom_out"}},
        {"+inspect", {"inspect"}},
        {"+taunt", {"taunt"}},
        {"+use_action_slot_item", {"action_slot"}},
        {"voicemenu 0 0", {"call_medic"}},
        {"voice_menu_1", {"voice_menu_1"}},
        {"voice_menu_2", {"voice_menu_2"}},
        {"voice_menu_3", {"voice_menu_3"}},
        {"impulse 201", {"spray"}},
        {"lastinv", {"last_weapon"}},
        {"invprev", {"previous_weapon"}},
        {"weapprev", {"previous_weapon"}},
        {"invnext", {"next_weapon"}},
        {"weapnext", {"next_weapon"}},
        {"lastdisguise", {"last_disguise"}},
        {"disguiseteam", {"disguise_team"}},
        {"drop", {"drop", "throw"}},
        {"dropitem", {"drop"}},
        {"buymenu", {"buy_menu"}},
        {"teammenu", {"team_menu"}},
        {"changeteam", {"change_team"}},
        {"changeclass", {"change_class"}},
        {"showmapinfo", {"map_info"}},
        {"open_charinfo_direct", {"loadout"}},
        {"open_charinfo_backpack", {"backpack"}},
        {"+showroundinfo", {"round_info"}},
        {"show_quest_log", {"contracts"}},
        {"+showscores", {"scoreboard"}},
        {"+scores", {"scoreboard"}},
        {"+voicerecord", {"talk"}},
        {"+remote_view", {"remote_view"}},
        {"+mouse_menu", {"ping_menu"}},
        {"+mouse_menu_taunt", {"gesture_menu"}},
        {"save quick", {"quick_save"}},
        {"load quick", {"quick_load"}},
        {"pause", {"pause"}},
        {"cancelselect", {kMenu}},
        {"escape", {kMenu}},
        {"togglemenu", {kMenu}},
        {"say", {kChat}},
        {"say_team", {kChat}},
        {"say_party", {kChat}},
        {"messagemode", {kChat}},
        {"messagemode2", {kChat}},
        {"messagemode3", {kChat}},
        {"messagemode4", {kChat}},
        {"toggleconsole", {kChat}}};
    return kCommands;
}

const Commands& doom_commands() {
    static const Commands kCommands{
        {"key_up", {"move_forward"}},
        {"mouseb_forward", {"move_forward"}},
        {"key_down", {"move_back"}},
        {"mouseb_backward", {"move_back"}},
        {"key_left", {"turn_left"}},
        {"key_right", {"turn_right"}},
        {"key_strafeleft", {"strafe_left"}},
        {"mouseb_strafeleft", {"strafe_left"}},
        {"key_straferight", {"strafe_right"}},
        {"mouseb_straferight", {"strafe_right"}},
        {"key_fire", {"fire"}},
        {"mouseb_fire", {"fire"}},
        {"key_use", {"use"}},
        {"mouseb_use", {"use"}},
        {"key_strafe", {"strafe"}},
        {"mouseb_strafe", {"strafe"}},
        {"key_speed", {"run"}},
        {"key_weapon1", {"weapon_1"}},
        {"key_weapon2", {"weapon_2"}},
        {"key_weapon3", {"weapon_3"}},
        {"key_weapon4", {"weapon_4"}},
        {"key_weapon5", {"weapon_5"}},
        {"key_weapon6", {"weapon_6"}},
        {"key_weapon7", {"weapon_7"}},
        {"key_weapon8", {"weapon_8"}},
        {"key_map_toggle", {"map"}},
        {"key_map_zoomin", {"map_zoom_in"}},
        {"key_map_zoomout", {"map_zoom_out"}},
        {"key_pause", {"pause"}},
        {"key_menu_activate", {kMenu}},
        {"key_multi_msg", {kChat}}};
    return kCommands;
}

const Commands& minecraft_commands() {
    static const Commands kCommands{
        {"key_key.forward", {"move_forward"}},
        {"key_key.left", {"move_left"}},
        {"key_key.back", {"move_back"}},
        {"key_key.right", {"move_right"}},
        {"key_key.jump", {"jump"}},
        {"key_key.sneak", {"sneak"}},
        {"key_key.sprint", {"sprint"}},
        {"key_key.attack", {"attack"}},
        {"key_key.use", {"use"}},
        {"key_key.pickItem", {"pick_block"}},
        {"key_key.inventory", {"inventory"}},
        {"key_key.drop", {"drop"}},
        {"key_key.swapOffhand", {"swap_hands"}},
        {"key_key.swapHands", {"swap_hands"}},
        {"key_key.playerlist", {"players"}},
        {"key_key.socialInteractions", {"social"}},
        {"key_key.advancements", {"advancements"}},
        {"key_key.togglePerspective", {"perspective"}},
        {"key_key.chat", {kChat}},
        {"key_key.command", {kChat}}};
    return kCommands;
}

const Commands& supertux_commands() {
    static const Commands kCommands{
        {"left", {"move_left"}},
        {"right", {"move_right"}},
        {"up", {"look_up"}},
        {"down", {"duck"}},
        {"jump", {"jump"}},
        {"action", {"act"}},
        {"peek-left", {"peek_left"}},
        {"peek-right", {"peek_right"}},
        {"peek-up", {"peek_up"}},
        {"peek-down", {"peek_down"}},
        {"start", {"pause"}},
        {"escape", {kMenu}},
        {"menu-select", {"select"}}};
    return kCommands;
}

const Commands& commands_of(BindingFormat format) {
    switch (format) {
    case BindingFormat::Quake:
        return quake_commands();
    case BindingFormat::Doom:
        return doom_commands();
    case BindingFormat::Minecraft:
        return minecraft_commands();
    case BindingFormat::SuperTux:
        return supertux_commands();
    }
    return quake_commands();
}

/// "slot3", "weapon 3", "key_key.hotbar.3" → the number behind `start`; 0 otherwise.
int number_behind(std::string_view start, std::string_view command) {
    int number = 0;
    if (!command.starts_with(start) || !parse_number(command.substr(start.size()), number))
        return 0;
    return number > 0 && number <= 12 ? number : 0;
}

/// Names that actions chosen by number may have.
std::vector<std::string> numbered(BindingFormat format, std::string_view command) {
    if (format == BindingFormat::Minecraft) {
        const int number = number_behind("key_key.hotbar.", command);
        return {fmt::format("hotbar_{}", number)};
    }
    if (format != BindingFormat::Quake)
        return {};
    for (const char* start : {"slot", "weapon ", "impulse "}) {
        if (const int number = number_behind(start, command); number > 0)
            return {fmt::format("weapon_{}", number), fmt::format("slot_{}", number)};
    }
    return {};
}

}  // namespace

Meaning meaning_of(BindingFormat format, std::string_view command, const Profile& base) {
    const Commands& commands = commands_of(format);
    const auto found = commands.find(command);
    const std::vector<std::string> names =
        found == commands.end() ? numbered(format, command) : found->second;
    for (const std::string& name : names) {
        if (name == kChat)
            return {Meaning::Kind::Chat};
        if (name == kMenu)
            return {Meaning::Kind::Menu};
        if (base.action(name) != nullptr)
            return {Meaning::Kind::Action, name};
    }
    return {};
}

std::size_t chat_command_count(BindingFormat format) {
    const Commands& commands = commands_of(format);
    const auto count = std::count_if(commands.begin(), commands.end(), [](const auto& entry) {
        return contains(entry.second, kChat);
    });
    return static_cast<std::size_t>(count);
}

bool has_command(BindingFormat format, std::string_view action) {
    const Commands& commands = commands_of(format);
    const bool by_name = std::any_of(commands.begin(), commands.end(), [&](const auto& entry) {
        return contains(entry.second, action);
    });
    const bool by_number = format == BindingFormat::Quake &&
                           (action.starts_with("weapon_") || action.starts_with("slot_"));
    return (by_name && action != kChat && action != kMenu) || by_number;
}

}  // namespace hindsight::actions
