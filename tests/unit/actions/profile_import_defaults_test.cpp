// Who changed no key gets no profile: the file that each game writes by itself.

#include <hindsight/actions/profile_import.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hindsight::actions {
namespace {

/// What has no action, and no more.
void expect_no_difference(BindingFormat format, const std::string& config, const char* id) {
    const ProfileStore store = ProfileStore::load(HINDSIGHT_PROFILES_DIR, "");
    const auto imported = import_bindings(format, config, "config", *store.find(id));
    ASSERT_TRUE(imported) << imported.error().what;
    EXPECT_EQ(imported->text, "");
    for (const std::string& sentence : imported->left_out)
        EXPECT_THAT(sentence, testing::EndsWith("the profile has no such action"));
}

// The bindings of tf/cfg/config_default.cfg.
TEST(ProfileImportDefaults, TheDefaultFileOfTeamFortress2DiffersInNothing) {
    expect_no_difference(
        BindingFormat::Quake,
        R"(unbindall
bind "`" "toggleconsole"
bind "w" "+forward"
bind "s" "+back"
bind "a" "+moveleft"
bind "d" "+moveright"
bind "SPACE" "+jump"
bind "CTRL" "+duck"
bind "TAB" "+showscores"
bind "'" "+moveup"
bind "/" "+movedown"
bind "PGUP" "+lookup"
bind "PGDN" "+lookdown"
bind "END" "centerview"
bind "ALT" "+strafe"
bind "INS" "+klook"
//bind "SEMICOLON" "+mlook"
bind "r" "+reload"
bind "MOUSE1" "+attack"
bind "MOUSE2" "+attack2"
bind "MOUSE3" "+attack3"
bind "z" "voice_menu_1"
bind "x" "voice_menu_2"
bind "c" "voice_menu_3"
bind "e" "dropitem"
bind "1" "slot1"
bind "2" "slot2"
bind "3" "slot3"
bind "4" "slot4"
bind "5" "slot5"
bind "6" "slot6"
bind "7" "slot7"
bind "8" "slot8"
bind "9" "slot9"
bind "0" "slot10"
bind "MWHEELUP" "invprev"
bind "MWHEELDOWN" "invnext"
bind "q" "lastinv"
bind "F2" "show_quest_log"
bind "F5" "screenshot"
bind "F6" "save_replay"
bind "F7" "abuse_report_queue"
bind "F10" "quit prompt"
bind "F12" "replay_togglereplaytips"
bind "PAUSE" "pause"
bind "ESCAPE" "escape"
bind "t" "impulse 201"
bind "y" "say"
bind "u" "say_team"
bind "v" "+voicerecord"
bind "." "changeteam"
bind "," "changeclass"
bind "F1" "+showroundinfo"
bind "g" "+taunt"
bind "h" "+use_action_slot_item"
bind "e" "voicemenu 0 0"
bind "b" "lastdisguise"
bind "l" "dropitem"
bind "i" "showmapinfo"
bind "-" "disguiseteam"
bind "m" "open_charinfo_direct"
bind "n" "open_charinfo_backpack"
bind "f" "+inspect"
bind "j" "cl_trigger_first_notification"
bind "k" "cl_decline_first_notification"
)",
        "team-fortress-2");
}

// What the game writes on its first end, as far as it is about keys.
TEST(ProfileImportDefaults, TheDefaultFileOfChocolateDoomDiffersInNothing) {
    expect_no_difference(
        BindingFormat::Doom,
        R"(key_right                     77
key_left                      75
key_up                        72
key_down                      80
key_strafeleft                51
key_straferight               52
key_fire                      29
key_use                       57
key_strafe                    56
key_speed                     54
mouseb_fire                   0
mouseb_strafe                 1
mouseb_forward                2
joyb_fire                     0
key_pause                     69
key_menu_activate             1
key_menu_up                   72
key_weapon1                   2
key_weapon2                   3
key_weapon3                   4
key_weapon4                   5
key_weapon5                   6
key_weapon6                   7
key_weapon7                   8
key_weapon8                   9
key_prevweapon                0
key_map_toggle                15
key_map_zoomin                13
key_map_zoomout               12
key_multi_msg                 20
key_multi_msgplayer1          34
mouseb_strafeleft             -1
mouseb_use                    -1
mouseb_backward               -1
)",
        "chocolate-doom");
}

// Of Minecraft 1.20.
TEST(ProfileImportDefaults, TheDefaultFileOfMinecraftDiffersInNothing) {
    expect_no_difference(
        BindingFormat::Minecraft,
        R"(key_key.attack:key.mouse.left
key_key.use:key.mouse.right
key_key.forward:key.keyboard.w
key_key.left:key.keyboard.a
key_key.back:key.keyboard.s
key_key.right:key.keyboard.d
key_key.jump:key.keyboard.space
key_key.sneak:key.keyboard.left.shift
key_key.sprint:key.keyboard.left.control
key_key.drop:key.keyboard.q
key_key.inventory:key.keyboard.e
key_key.chat:key.keyboard.t
key_key.playerlist:key.keyboard.tab
key_key.pickItem:key.mouse.middle
key_key.command:key.keyboard.slash
key_key.socialInteractions:key.keyboard.p
key_key.screenshot:key.keyboard.f2
key_key.togglePerspective:key.keyboard.f5
key_key.smoothCamera:key.keyboard.unknown
key_key.fullscreen:key.keyboard.f11
key_key.spectatorOutlines:key.keyboard.unknown
key_key.swapOffhand:key.keyboard.f
key_key.saveToolbarActivator:key.keyboard.c
key_key.loadToolbarActivator:key.keyboard.x
key_key.advancements:key.keyboard.l
key_key.hotbar.1:key.keyboard.1
key_key.hotbar.2:key.keyboard.2
key_key.hotbar.3:key.keyboard.3
key_key.hotbar.4:key.keyboard.4
key_key.hotbar.5:key.keyboard.5
key_key.hotbar.6:key.keyboard.6
key_key.hotbar.7:key.keyboard.7
key_key.hotbar.8:key.keyboard.8
key_key.hotbar.9:key.keyboard.9
)",
        "minecraft");
}

// The defaults of src/control/keyboard_config.cpp, by the numbers of SDL 2.
TEST(ProfileImportDefaults, TheDefaultFileOfSuperTuxDiffersInNothing) {
    expect_no_difference(
        BindingFormat::SuperTux,
        R"((supertux-config (control (keymap (sdl2 #t)
(map (key 1073741904) (control "left"))
(map (key 1073741903) (control "right"))
(map (key 1073741906) (control "up"))
(map (key 1073741905) (control "down"))
(map (key 32) (control "jump"))
(map (key 1073742048) (control "action"))
(map (key 1073742050) (control "action"))
(map (key 27) (control "escape"))
(map (key 112) (control "start"))
(map (key 1073741896) (control "start"))
(map (key 13) (control "menu-select"))
(map (key 1073741912) (control "menu-select"))
(map (key 127) (control "peek-left"))
(map (key 1073741902) (control "peek-right"))
(map (key 1073741898) (control "peek-up"))
(map (key 1073741901) (control "peek-down"))
(map (key 94) (control "console"))
)))
)",
        "supertux");
}

}  // namespace
}  // namespace hindsight::actions
