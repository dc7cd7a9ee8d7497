#include <hindsight/actions/profile.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

namespace hindsight::actions {
namespace {

namespace fs = std::filesystem;

const ProfileStore& bundled() {
    static const ProfileStore kStore = ProfileStore::load(HINDSIGHT_PROFILES_DIR, "");
    return kStore;
}

/// The comment that a file opens with.
std::string header_of(const fs::path& file) {
    std::ifstream stream{file};
    std::string header;
    for (std::string line; std::getline(stream, line) && line.starts_with('#');)
        header += line + "\n";
    return header;
}

/// Upper and lower case are the same to a rule, so one profile may spell a name in both.
std::set<std::string> lowered(const std::vector<std::string>& texts) {
    std::set<std::string> result;
    for (std::string text : texts) {
        std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
            return static_cast<char>(std::tolower(c));
        });
        result.insert(std::move(text));
    }
    return result;
}

TEST(BundledProfiles, AreAllValidAndKnowTheirGames) {
    EXPECT_THAT(bundled().problems(), testing::IsEmpty());
    const Profile* doom = bundled().find("freedoom");
    ASSERT_NE(doom, nullptr);
    const ActionInfo* fire = doom->action("fire");
    ASSERT_NE(fire, nullptr);
    EXPECT_THAT(fire->default_controls, testing::Contains("Left Ctrl"));
    EXPECT_EQ(doom->chat_controls, std::vector<std::string>{"T"});
    for (const Profile& profile : bundled().profiles()) {
        for (std::size_t i = 0; i < profile.actions.size(); ++i)
            EXPECT_EQ(profile.actions[i].id, i) << profile.id;
    }
}

TEST(BundledProfiles, AreThoseThatArePromised) {
    for (const char* id :
         {"counter-strike-2",
          "dota-2",
          "team-fortress-2",
          "minecraft",
          "rocket-league",
          "elden-ring",
          "terraria",
          "valheim",
          "factorio",
          "portal-2",
          "euro-truck-simulator-2",
          "stardew-valley",
          "osu",
          "freedoom",
          "chocolate-doom",
          "supertux",
          "arena",
          "generic",
          "generic-shooter",
          "generic-driving",
          "generic-platformer",
          "generic-controller"})
        EXPECT_NE(bundled().find(id), nullptr) << id;
}

TEST(BundledProfiles, NameTheSourceOfTheirKeys) {
    for (const Profile& profile : bundled().profiles())
        EXPECT_THAT(header_of(profile.file), testing::HasSubstr("Source: ")) << profile.id;
}

TEST(BundledProfiles, AreNamedAsTheirFiles) {
    for (const Profile& profile : bundled().profiles())
        EXPECT_EQ(profile.file.stem().string(), profile.id);
}

// What is written in a chat stays unknown only if the key that opens it is known.
TEST(BundledProfiles, KnowTheKeysOfTheChatOrSayThatThereIsNone) {
    for (const Profile& profile : bundled().profiles())
        EXPECT_NE(profile.chat_controls.empty(), profile.text_chat) << profile.id;
}

TEST(BundledProfiles, NeverClaimTheSameGame) {
    std::map<std::string, std::string> owner;
    const auto claim = [&](const char* kind, const auto& values, const std::string& id) {
        for (const std::string& value : lowered(values)) {
            const auto [at, is_new] = owner.try_emplace(std::string{kind} + value, id);
            EXPECT_TRUE(is_new) << id << " and " << at->second << " both claim " << value;
        }
    };
    for (const Profile& profile : bundled().profiles()) {
        claim("executable ", profile.match.executables, profile.id);
        claim("class ", profile.match.wm_classes, profile.id);
        claim("argument ", profile.match.arguments, profile.id);
        claim("steam ", profile.match.steam_app_ids, profile.id);
    }
}

// One name would give every game that starts with it the controls of another.
TEST(BundledProfiles, NeverClaimAProgramThatManyGamesShare) {
    for (const Profile& profile : bundled().profiles()) {
        for (const std::string& program : lowered(profile.match.executables)) {
            EXPECT_THAT(
                (std::vector<std::string>{
                    "hl2_linux",
                    "hl2.exe",
                    "start_protected_game.exe",
                    "java",
                    "javaw.exe",
                    "mono",
                    "python3",
                    "wine",
                    "dosbox"}),
                testing::Not(testing::Contains(program)))
                << profile.id;
        }
    }
}

TEST(BundledProfiles, GenericOnesAreNeverChosenByARule) {
    for (const Profile& profile : bundled().profiles()) {
        if (profile.id.starts_with("generic"))
            EXPECT_EQ(profile.match, ProfileMatch{}) << profile.id;
        else
            EXPECT_NE(profile.match, ProfileMatch{}) << profile.id;
    }
}

}  // namespace
}  // namespace hindsight::actions
