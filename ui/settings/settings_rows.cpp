// Which settings there are, in which words.

#include "settings_page.hpp"

namespace hindsight::ui {

void SettingsPage::make_pages() {
    add_page("monitor", tr("Picture and buffer"));
    add_card(tr("Clips"));
    add_slider(
        "clips.length_seconds",
        tr("Length of a clip"),
        tr("What one press of the key saves"),
        5,
        120,
        5,
        tr("s"));
    add_slider(
        "recording.buffer_seconds",
        tr("Keep the last"),
        tr("As far back as a clip can reach"),
        30,
        3600,
        10,
        tr("s"));
    add_slider(
        "recording.memory_mb",
        tr("Memory for it"),
        tr("Never more than this, whatever the length"),
        64,
        4096,
        64,
        tr("MB"));
    add_slider(
        "recording.disk_mb",
        tr("Disk for it"),
        tr("The older part lies there, until it is too old"),
        0,
        65536,
        1024,
        tr("MB"));
    add_folder(
        "recording.disk_folder",
        tr("Folder on that disk"),
        tr("For the older part; nothing is shown in it"),
        tr("Folder for clips"));
    add_card(tr("Picture"));
    add_segments(
        "recording.start",
        tr("Start buffering"),
        tr("By itself when a game gets the focus, or only when told"),
        {{"game", tr("By itself")}, {"manual", tr("When told")}});
    add_combo(
        "recording.quality_preset",
        tr("Size and quality"),
        tr("One name for size, frames per second and quality"),
        {{"custom", tr("As set below")},
         {"720p30", "720p, 30"},
         {"720p60", "720p, 60"},
         {"1080p30", "1080p, 30"},
         {"1080p60", "1080p, 60"},
         {"1440p60", "1440p, 60"},
         {"match", tr("As the game")}});
    add_segments(
        "recording.fps",
        tr("Frames per second"),
        tr("60 looks smooth. 30 halves the work"),
        {{"30", "30"}, {"60", "60"}, {"120", "120"}});
    add_combo(
        "recording.quality",
        tr("Quality"),
        tr("Finer pictures make larger clips"),
        {{"18", tr("Finest")}, {"21", tr("Fine")}, {"24", tr("Balanced")}, {"28", tr("Small")}});
    add_switch("recording.cursor", tr("Mouse pointer"), tr("Show it in clips"));

    add_page("volume", tr("Sound"));
    add_card(tr("What is heard in clips"));
    add_switch("audio.desktop", tr("Sound of the desktop"), tr("Everything you hear"));
    add_switch(
        "audio.microphone",
        tr("Microphone"),
        tr("On a track of its own. Others may have to agree to being recorded"));

    add_page("keyboard", tr("Keys"));
    add_card(tr("Anywhere, also in games"));
    add_text("hotkeys.save", tr("Save a clip"), tr("For example Alt+F10"));
    add_text("hotkeys.save_new", tr("Save only what is new"), tr("Since the last clip"));
    add_text(
        "hotkeys.save_lengths",
        tr("Save other lengths"),
        tr("For example Ctrl+F9 60s, Ctrl+F10 30s +5s"));
    add_text("hotkeys.marker", tr("Set a marker"), tr("A sign to find the moment again"));
    add_text("hotkeys.microphone", tr("Mute the microphone"), tr("And unmute it"));
    add_text(
        "hotkeys.screenshot", tr("Save a picture"), tr("Of what is recorded, beside the clips"));
    add_text(
        "hotkeys.push_to_talk",
        tr("Push to talk"),
        tr("The microphone is silent but while this is held"));

    add_page("overlay", tr("Actions and overlay"));
    add_card(tr("Actions"));
    add_switch(
        "actions.keep",
        tr("Keep actions with clips"),
        tr("What you did in the game, never which keys you typed"));
    add_switch(
        "actions.train",
        tr("May be used for training"),
        tr("Marks new clips; nothing is sent anywhere"));
    add_card(tr("Overlay"));
    add_combo(
        "overlay.on_save",
        tr("When a clip is saved"),
        tr("The clip itself always stays without it"),
        {{"burned", tr("Make a copy with it")},
         {"sidecar", tr("Only for players")},
         {"off", tr("None")}});
    add_combo(
        "overlay.layout",
        tr("What it shows"),
        tr("Automatic follows what you play with"),
        {{"auto", tr("Automatic")},
         {"keyboard-mouse", tr("Keyboard and mouse")},
         {"controller", tr("Controller")}});
    add_segments(
        "overlay.theme",
        tr("Look"),
        tr("Colours of the keys"),
        {{"midnight", tr("Midnight")}, {"paper", tr("Paper")}, {"outline", tr("Outline")}});
    add_combo(
        "overlay.corner",
        tr("Place"),
        tr("Corner of the picture"),
        {{"bottom-left", tr("Bottom left")},
         {"bottom-right", tr("Bottom right")},
         {"top-left", tr("Top left")},
         {"top-right", tr("Top right")}});

    add_page("storage", tr("Storage"));
    add_card(tr("Where clips go"));
    add_folder(
        "clips.folder",
        tr("Folder for clips"),
        tr("Each game gets its own folder in it"),
        tr("Videos/Hindsight"));

    add_page("bell", tr("Notifications"));
    add_card(tr("When a clip is saved"));
    add_switch("notifications.bubble", tr("Show a bubble"), tr("With buttons to open it"));
    add_switch("notifications.sound", tr("Play a sound"), tr("Short and quiet"));

    add_page("appearance", tr("Appearance"));
    add_card(tr("Look"));
    add_segments(
        "appearance.theme",
        tr("Theme"),
        tr("Automatic follows the desktop"),
        {{"dark", tr("Dark")}, {"light", tr("Light")}, {"auto", tr("Automatic")}});
    add_segments(
        "appearance.tray_icon",
        tr("Icon in the panel"),
        tr("Light for dark panels"),
        {{"auto", tr("Automatic")}, {"light", tr("Light")}, {"dark", tr("Dark")}});
}

void SettingsPage::show_keys() {
    show_page(2);
}

}  // namespace hindsight::ui
