#include <hindsight/actions/profile_import.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace hindsight::actions {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

const Profile& bundled(const char* id) {
    static const ProfileStore kStore = ProfileStore::load(HINDSIGHT_PROFILES_DIR, "");
    return *kStore.find(id);
}

ImportedProfile import_of(BindingFormat format, const std::string& config, const char* id) {
    auto imported = import_bindings(format, config, "config", bundled(id));
    EXPECT_TRUE(imported) << imported.error().what;
    return imported ? *imported : ImportedProfile{};
}

std::string error_of(BindingFormat format, const std::string& config, const char* id) {
    const auto imported = import_bindings(format, config, "config", bundled(id));
    return imported ? "" : imported.error().what;
}

/// What drives `action` once `imported` is in the user's folder.
std::vector<std::string>
controls_after(const ImportedProfile& imported, const char* id, std::string_view action) {
    const auto profile = parse_profile(imported.text, "own.toml", {bundled(id)});
    EXPECT_TRUE(profile) << profile.error().what << "\n" << imported.text;
    std::vector<std::string> controls;
    if (!profile || profile->action(action) == nullptr)
        return controls;
    for (const ProfileBinding& binding : profile->bindings) {
        if (binding.action == profile->action(action)->id)
            controls.push_back(binding.control);
    }
    return controls;
}

constexpr const char* kSource = R"(unbindall
// my keys
bind "w" "+forward"
bind "s" "+back"
bind "a" "+moveleft"
bind "d" "+moveright"
bind "SPACE" "+duck"; bind "CTRL" "+jump"
bind "MOUSE1" "+attack"
bind "MOUSE4" "+attack2"
bind "t" "say"
bind "u" "say_team"
bind "F9" "exec rollout"
bind "KP_FOO" "+reload"
bind "5" "slot3"
)";

TEST(ProfileImport, ReadsBindLinesOfSource) {
    const ImportedProfile imported = import_of(BindingFormat::Quake, kSource, "team-fortress-2");
    const auto after = [&](std::string_view action) {
        return controls_after(imported, "team-fortress-2", action);
    };
    EXPECT_THAT(after("jump"), ElementsAre("Left Ctrl"));
    EXPECT_THAT(after("duck"), ElementsAre("Space"));
    EXPECT_THAT(after("fire_secondary"), ElementsAre("Mouse4"));
    EXPECT_THAT(after("slot_3"), ElementsAre("5"));
    EXPECT_THAT(after("move_forward"), ElementsAre("W"));
    EXPECT_THAT(after("taunt"), IsEmpty());  // unbindall, and nothing since
    EXPECT_THAT(
        imported.left_out,
        UnorderedElementsAre(
            HasSubstr("'exec rollout' on 'F9': the profile has no such action"),
            HasSubstr("'+reload' on 'KP_FOO': the key is not known here")));
}

// What is written in the chat stays unknown only if the player's own key for it is known.
TEST(ProfileImport, TakesOverTheKeysThatOpenAChat) {
    const ImportedProfile imported = import_of(BindingFormat::Quake, kSource, "team-fortress-2");
    const auto profile = parse_profile(imported.text, "own.toml", {bundled("team-fortress-2")});
    ASSERT_TRUE(profile);
    EXPECT_THAT(profile->chat_controls, UnorderedElementsAre("T", "U"));
    EXPECT_THAT(controls_after(imported, "team-fortress-2", "spray"), IsEmpty());
}

TEST(ProfileImport, HoldsOnlyWhatDiffers) {
    const ImportedProfile imported =
        import_of(BindingFormat::Quake, "bind \"g\" \"+jump\"\n", "counter-strike-2");
    EXPECT_THAT(imported.text, HasSubstr("base = \"counter-strike-2\""));
    EXPECT_THAT(imported.text, HasSubstr("name = \"jump\""));
    // The key left the other action with it.
    EXPECT_THAT(imported.text, HasSubstr("name = \"drop\"\ncontrols = []"));
    EXPECT_THAT(imported.text, Not(HasSubstr("move_forward")));
    EXPECT_THAT(imported.text, Not(HasSubstr("chat_keys")));
    EXPECT_THAT(
        import_of(BindingFormat::Quake, "bind \"w\" \"+forward\"\n", "counter-strike-2").text,
        IsEmpty());
}

TEST(ProfileImport, ReadsTheBindingsOfSource2) {
    const ImportedProfile imported = import_of(
        BindingFormat::Quake,
        "\"config\"\n{\n\t\"bindings\"\n\t{\n\t\t\"q\"\t\"+left\"\n\t\t\"a\"\t\"<unbound>\"\n"
        "\t\t\"MOUSE5\"\t\"+jump\"\n\t}\n\t\"analogbindings\"\n\t{\n\t\t\"MOUSE_X\"\t\"yaw\"\n\t}"
        "\n}\n",
        "counter-strike-2");
    EXPECT_THAT(controls_after(imported, "counter-strike-2", "move_left"), ElementsAre("Q"));
    EXPECT_THAT(
        controls_after(imported, "counter-strike-2", "jump"),
        UnorderedElementsAre("Mouse5", "Space"));
    EXPECT_THAT(controls_after(imported, "counter-strike-2", "last_weapon"), IsEmpty());
    EXPECT_THAT(imported.left_out, IsEmpty());
}

TEST(ProfileImport, ReadsChocolateDoom) {
    const ImportedProfile imported = import_of(
        BindingFormat::Doom,
        "key_up                        17\nkey_fire                      29\n"
        "key_use                       18\nkey_multi_msg                 21\n"
        "key_weapon1                   0\nmouseb_forward                -1\n"
        "mouseb_fire                   0\nkey_demo_quit                 16\n"
        "snd_channels                  8\n",
        "chocolate-doom");
    EXPECT_THAT(controls_after(imported, "chocolate-doom", "move_forward"), ElementsAre("W"));
    EXPECT_THAT(controls_after(imported, "chocolate-doom", "use"), ElementsAre("E", "PadY"));
    EXPECT_THAT(controls_after(imported, "chocolate-doom", "weapon_1"), IsEmpty());
    EXPECT_THAT(imported.text, Not(HasSubstr("name = \"fire\"")));  // as by default
    EXPECT_THAT(imported.text, HasSubstr("chat_keys = [\"Y\"]"));
    EXPECT_THAT(imported.left_out, ElementsAre(HasSubstr("'key_demo_quit'")));
}

TEST(ProfileImport, ReadsMinecraftWithNamesOfKeys) {
    const ImportedProfile imported = import_of(
        BindingFormat::Minecraft,
        "version:3465\r\nkey_key.forward:key.keyboard.up\r\nkey_key.attack:key.mouse.left\r\n"
        "key_key.chat:key.keyboard.y\r\nkey_key.command:key.keyboard.slash\r\n"
        "key_key.drop:key.keyboard.unknown\r\nkey_key.hotbar.3:key.keyboard.keypad.3\r\n"
        "key_key.use:key.keyboard.t\r\nkey_key.smoothCamera:key.keyboard.f8\r\n",
        "minecraft");
    EXPECT_THAT(controls_after(imported, "minecraft", "move_forward"), ElementsAre("Up"));
    EXPECT_THAT(controls_after(imported, "minecraft", "hotbar_3"), ElementsAre("Keypad 3"));
    EXPECT_THAT(controls_after(imported, "minecraft", "drop"), IsEmpty());
    EXPECT_THAT(controls_after(imported, "minecraft", "use"), ElementsAre("T"));
    EXPECT_THAT(imported.text, HasSubstr("chat_keys = [\"Y\", \"/\"]"));
    EXPECT_THAT(imported.left_out, ElementsAre(HasSubstr("'key_key.smoothCamera'")));
}

TEST(ProfileImport, ReadsMinecraftWithNumbersOfOldVersions) {
    const ImportedProfile imported = import_of(
        BindingFormat::Minecraft,
        "key_key.forward:200\nkey_key.attack:-99\nkey_key.use:-100\nkey_key.chat:20\n",
        "minecraft");
    EXPECT_THAT(controls_after(imported, "minecraft", "move_forward"), ElementsAre("Up"));
    EXPECT_THAT(controls_after(imported, "minecraft", "attack"), ElementsAre("Mouse2"));
    EXPECT_THAT(controls_after(imported, "minecraft", "use"), ElementsAre("Mouse1"));
}

TEST(ProfileImport, ReadsSuperTux) {
    const ImportedProfile imported = import_of(
        BindingFormat::SuperTux,
        "(supertux-config\n (control\n  (keymap\n   (sdl2 #t)\n   (jump-with-up #f)\n"
        "   (map (key 97) (control \"left\"))\n   (map (key 100) (control \"right\"))\n"
        "   (map (key 1073741906) (control \"jump\"))\n"
        "   (map (player 1) (key 120) (control \"jump\"))\n"
        "   (map (key 94) (control \"console\"))\n  )\n  (joystick (map (button 0)))\n ))\n",
        "supertux");
    EXPECT_THAT(
        controls_after(imported, "supertux", "move_left"),
        ElementsAre("A", "PadLeft", "PadLeftStickLeft"));
    EXPECT_THAT(controls_after(imported, "supertux", "jump"), ElementsAre("Up", "PadA"));
    EXPECT_THAT(controls_after(imported, "supertux", "peek_up"), IsEmpty());
    EXPECT_THAT(controls_after(imported, "supertux", "menu"), ElementsAre("Escape"));
    EXPECT_THAT(imported.left_out, ElementsAre(HasSubstr("'console'")));
}

// Where a file tells only what was changed, a key that is bound takes none from its command.
TEST(ProfileImport, AFurtherKeyOfSourceTakesNoneAway) {
    const ImportedProfile imported =
        import_of(BindingFormat::Quake, "bind mwheelup +jump\n", "counter-strike-2");
    EXPECT_THAT(
        controls_after(imported, "counter-strike-2", "jump"),
        UnorderedElementsAre("WheelUp", "Space"));
}

TEST(ProfileImport, KeysThatStillOpenTheChatStay) {
    const auto chat_after = [](BindingFormat format, const std::string& config, const char* id) {
        const ImportedProfile imported = import_of(format, config, id);
        const auto profile = parse_profile(imported.text, "own.toml", {bundled(id)});
        EXPECT_TRUE(profile) << imported.text;
        return profile ? profile->chat_controls : std::vector<std::string>{};
    };
    const char* cs2 = "counter-strike-2";
    EXPECT_THAT(
        chat_after(BindingFormat::Quake, "\"bindings\" { \"ENTER\" \"messagemode\" }\n", cs2),
        UnorderedElementsAre("Return", "Y", "U", "`"));
    // One that is freed or does something else opens nothing.
    EXPECT_THAT(
        chat_after(
            BindingFormat::Quake,
            "\"bindings\" { \"ENTER\" \"messagemode\" \"Y\" \"<unbound>\" \"U\" \"+use\" }\n",
            cs2),
        UnorderedElementsAre("Return", "`"));
    // Nothing is said of the key for commands.
    EXPECT_THAT(
        chat_after(BindingFormat::Minecraft, "key_key.chat:key.keyboard.y\n", "minecraft"),
        UnorderedElementsAre("Y", "T", "/"));
}

TEST(ProfileImport, SaysWhatBecomesOfACommandWithoutQuotes) {
    const ImportedProfile imported = import_of(
        BindingFormat::Quake, "bind 1 weapon 1\nbind x echo hello you\n", "generic-shooter");
    EXPECT_THAT(
        imported.left_out,
        Contains(HasSubstr("'echo hello you' on 'x': the profile has no such action")));
    EXPECT_THAT(
        imported.mapped,
        Contains(
            testing::Field(&ImportedProfile::Mapped::action, testing::StartsWith("weapon_1"))));
}

TEST(ProfileImport, SaysThatABlockWithoutBindingsHoldsNone) {
    EXPECT_THAT(
        error_of(BindingFormat::Quake, "\"bindings\" { }\n", "counter-strike-2"),
        StartsWith("config: this holds no bindings of"));
}

TEST(ProfileImport, SaysThatAKeyWithAModifierCannotBeTold) {
    const ImportedProfile imported = import_of(
        BindingFormat::Minecraft, "key_key.forward:key.keyboard.g:CONTROL\n", "minecraft");
    EXPECT_THAT(
        imported.left_out,
        ElementsAre("'key_key.forward' on 'key.keyboard.g:CONTROL': a key that counts with another "
                    "one only cannot be told"));
}

TEST(ProfileImport, SaysHowBindingsContradictEachOther) {
    const auto base = parse_profile(
        "id = \"car\"\nname = \"Car\"\n"
        "[[action]]\nname = \"use\"\ncontrols = [\"E\"]\n"
        "[[action]]\nname = \"steer\"\ntype = \"axis1d\"\ncontrols = [\"D\"]\n",
        "base.toml",
        {});
    ASSERT_TRUE(base) << base.error().what;
    const auto imported = import_bindings(BindingFormat::Quake, "bind d +use\n", "config", *base);
    ASSERT_FALSE(imported);
    EXPECT_THAT(
        imported.error().what,
        StartsWith("config: these bindings contradict each other: 'D' cannot drive both 'steer' "
                   "and 'use'"));
}

// A rule that is not there matches nothing, and an empty table says the same.
TEST(ProfileImport, WritesNoRulesWhereTheBaseHasNone) {
    const ImportedProfile imported =
        import_of(BindingFormat::Quake, "bind g +jump\n", "generic-shooter");
    EXPECT_THAT(imported.text, HasSubstr("base = \"generic-shooter\""));
    EXPECT_THAT(imported.text, Not(HasSubstr("[match]")));
}

// However many a file holds; a look at all of them for each would take longer than a test may.
TEST(ProfileImport, ReadsHundredsOfThousandsOfBindings) {
    std::string config;
    for (int i = 0; i < 400'000; ++i)
        config += "bind key" + std::to_string(i) + " +use\n";
    const ImportedProfile imported =
        import_of(BindingFormat::Quake, config + "bind g +jump\n", "counter-strike-2");
    EXPECT_EQ(imported.left_out.size(), 400'000u);
    EXPECT_THAT(
        controls_after(imported, "counter-strike-2", "jump"), UnorderedElementsAre("G", "Space"));
}

TEST(ProfileImport, LaterBindingsReplaceEarlierOnesHoweverTheKeyIsWritten) {
    const ImportedProfile imported =
        import_of(BindingFormat::Quake, "bind G +jump\nbind g +use\n", "counter-strike-2");
    EXPECT_THAT(
        controls_after(imported, "counter-strike-2", "use"), UnorderedElementsAre("G", "E"));
    EXPECT_THAT(controls_after(imported, "counter-strike-2", "jump"), ElementsAre("Space"));
}

TEST(ProfileImport, SaysWhenTwoActionsShareAKey) {
    const ImportedProfile imported = import_of(
        BindingFormat::Minecraft,
        "key_key.forward:key.keyboard.g\nkey_key.jump:key.keyboard.g\n",
        "minecraft");
    EXPECT_THAT(controls_after(imported, "minecraft", "move_forward"), ElementsAre("G"));
    EXPECT_THAT(controls_after(imported, "minecraft", "jump"), IsEmpty());
    EXPECT_THAT(imported.left_out, ElementsAre(HasSubstr("the key drives 'move_forward' already")));
}

TEST(ProfileImport, SaysWhenNoKeyOfTheChatIsLeft) {
    const ImportedProfile imported =
        import_of(BindingFormat::Doom, "key_fire 20\n", "chocolate-doom");
    EXPECT_THAT(controls_after(imported, "chocolate-doom", "fire"), Contains("T"));
    EXPECT_THAT(imported.text, HasSubstr("chat_keys = []"));
    EXPECT_THAT(imported.left_out, ElementsAre(HasSubstr("name in 'chat_keys' what opens it")));
}

TEST(ProfileImport, RefusesAnotherKindOfFileInOneSentence) {
    const std::string wrong = "\x7f"
                              "ELF\n\"\n(((";
    for (const auto& [format, id] :
         {std::pair{BindingFormat::Quake, "team-fortress-2"},
          std::pair{BindingFormat::Doom, "chocolate-doom"},
          std::pair{BindingFormat::Minecraft, "minecraft"},
          std::pair{BindingFormat::SuperTux, "supertux"}}) {
        for (const std::string& text : {std::string{}, wrong})
            EXPECT_THAT(
                error_of(format, text, id), StartsWith("config: this holds no bindings of"));
    }
    EXPECT_THAT(
        error_of(BindingFormat::SuperTux, "(keymap (map (key 97) (control \"left\")))", "supertux"),
        HasSubstr("older than 0.3.5"));
}

// The sidecar tells which bundled table it was written with, never what the player bound.
TEST(ProfileImport, KeepsTheHashOfTheBundledPart) {
    std::string folder = testing::TempDir() + "hindsight-import-XXXXXX";
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    const ImportedProfile imported = import_of(BindingFormat::Quake, kSource, "team-fortress-2");
    std::ofstream{fs::path{folder} / "team-fortress-2.toml"} << imported.text;
    const ProfileStore store = ProfileStore::load(HINDSIGHT_PROFILES_DIR, folder);
    fs::remove_all(folder);
    EXPECT_THAT(store.problems(), IsEmpty());
    const Profile* own = store.find("team-fortress-2");
    ASSERT_NE(own, nullptr);
    EXPECT_FALSE(own->bundled);
    EXPECT_EQ(own->match, bundled("team-fortress-2").match);
    EXPECT_EQ(own->bundled_sha256, bundled("team-fortress-2").bundled_sha256);
    EXPECT_EQ(
        own->action("jump")->default_controls,
        bundled("team-fortress-2").action("jump")->default_controls);
}

TEST(ProfileImport, FindsTheFilesOfFlatpakAndSteamAndTakesTheNewest) {
    std::string home = testing::TempDir() + "hindsight-home-XXXXXX";
    ASSERT_NE(::mkdtemp(home.data()), nullptr);
    ASSERT_EQ(::setenv("HOME", home.c_str(), 1), 0);
    ASSERT_EQ(::unsetenv("XDG_DATA_HOME"), 0);
    const fs::path root{home};
    const auto put = [&](const fs::path& file) {
        fs::create_directories((root / file).parent_path());
        std::ofstream{root / file} << "\n";
        return root / file;
    };
    const fs::path plain = put(".local/share/supertux2/config");
    const fs::path flatpak = put(".var/app/org.supertuxproject.SuperTux/data/supertux2/config");
    fs::last_write_time(plain, fs::last_write_time(flatpak) - std::chrono::hours{1});
    const fs::path cs2 =
        put(".local/share/Steam/userdata/12/730/local/cfg/cs2_user_keys_0_slot0.vcfg");
    EXPECT_THAT(
        find_game_configs({"supertux", BindingFormat::SuperTux}), ElementsAre(flatpak, plain));
    EXPECT_THAT(find_game_configs({"counter-strike-2", BindingFormat::Quake}), ElementsAre(cs2));
    EXPECT_THAT(find_game_configs({"minecraft", BindingFormat::Minecraft}), IsEmpty());
    fs::remove_all(root);
}

}  // namespace
}  // namespace hindsight::actions
