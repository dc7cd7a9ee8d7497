#include <hindsight/game/process_facts.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace hindsight::game {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

std::string joined(std::initializer_list<const char*> parts) {
    std::string text;
    for (const char* part : parts)
        text += std::string{part} + '\0';
    return text;
}

TEST(ProcessFacts, KeepsFileNamesOfTheCommandLineOnly) {
    EXPECT_THAT(
        file_names_of(joined(
            {"/usr/bin/python3",
             "/home/me/Games/game.py",
             "--password=x",
             "hunter2",
             "-iwad",
             "freedoom1.wad",
             "C:\\Games\\Foo.exe",
             "https://host/secret.txt"})),
        ElementsAre("python3", "game.py", "freedoom1.wad", "Foo.exe"));
    EXPECT_THAT(file_names_of(""), IsEmpty());
    EXPECT_THAT(file_names_of(joined({"doom"})), ElementsAre("doom"));
    EXPECT_THAT(file_names_of(joined({"a.x", "/"})), ElementsAre("a.x"));
}

TEST(ProcessFacts, ReadsTheSteamNumberAndNothingElseOfTheEnvironment) {
    const fs::path proc = fs::path{testing::TempDir()} / "hindsight-proc-test";
    fs::remove_all(proc);
    fs::create_directories(proc / "42");
    std::ofstream{proc / "42" / "environ", std::ios::binary}
        << joined({"HOME=/home/me", "SteamAppId=0", "SteamGameId=1572920", "SECRET=1"});
    std::ofstream{proc / "42" / "cmdline", std::ios::binary} << joined({"/opt/supertux2"});
    fs::create_symlink("/opt/supertux2 (deleted)", proc / "42" / "exe");
    const ProcessFacts facts = read_process(42, proc);
    EXPECT_EQ(facts.steam_app_id, "1572920");
    EXPECT_EQ(facts.executable, "supertux2");
    EXPECT_THAT(facts.arguments, ElementsAre("supertux2"));
    fs::remove_all(proc);
    EXPECT_EQ(read_process(42, proc).executable, "");
    EXPECT_EQ(read_process(0).executable, "");
}

TEST(ProcessFacts, ReadsTheWholeNumberOfASteamClass) {
    EXPECT_EQ(steam_app_of_class("steam_app_730"), "730");
    EXPECT_EQ(steam_app_of_class("steam_app_0"), "");
    EXPECT_EQ(steam_app_of_class("steam_app_7x"), "");
    EXPECT_EQ(steam_app_of_class("steam"), "");
}

}  // namespace
}  // namespace hindsight::game
