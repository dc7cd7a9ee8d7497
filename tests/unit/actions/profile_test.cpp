#include <hindsight/actions/profile.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace hindsight::actions {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kSmall = R"(id = "small"
name = "Small"
[match]
executable = ["Small.exe"]
[[action]]
name = "jump"
controls = ["Space"]
[[action]]
name = "steer"
type = "axis1d"
controls = ["D"]
negative_controls = ["A"]
)";

std::string error_of(const std::string& text) {
    const auto profile = parse_profile(text, "p.toml", {});
    return profile ? "" : profile.error().what;
}

std::vector<std::string> sentences_of(const ProfileStore& store) {
    std::vector<std::string> sentences;
    for (const ProfileProblem& problem : store.problems())
        sentences.push_back(problem.what);
    return sentences;
}

/// Two folders that vanish with the test.
class Folders {
public:
    Folders() {
        std::string path = testing::TempDir() + "hindsight-profiles-XXXXXX";
        if (::mkdtemp(path.data()) != nullptr)
            root_ = path;
        fs::create_directories(bundled());
        fs::create_directories(own());
    }

    ~Folders() { fs::remove_all(root_); }

    Folders(const Folders&) = delete;
    Folders& operator=(const Folders&) = delete;

    fs::path bundled() const { return root_ / "bundled"; }

    fs::path own() const { return root_ / "own"; }

    static void write(const fs::path& file, const std::string& text) {
        std::ofstream{file} << text;
    }

private:
    fs::path root_;
};

TEST(Profile, ReadsActionsAndBindings) {
    const auto profile = parse_profile(kSmall, "p.toml", {});
    ASSERT_TRUE(profile) << profile.error().what;
    ASSERT_EQ(profile->actions.size(), 2u);
    EXPECT_EQ(profile->actions[1].type, ActionType::Axis1d);
    EXPECT_EQ(profile->actions[1].default_controls, (std::vector<std::string>{"D", "A"}));
    EXPECT_THAT(
        profile->bindings,
        testing::ElementsAre(
            ProfileBinding{"Space", 0, 1}, ProfileBinding{"D", 1, 1}, ProfileBinding{"A", 1, -1}));
    EXPECT_EQ(profile->digital_actions(), std::vector<std::uint16_t>{0});
}

TEST(Profile, ErrorsNameFileAndLine) {
    EXPECT_THAT(error_of("id = \"a\"\nname = \n"), StartsWith("p.toml:2: "));
    EXPECT_THAT(
        error_of("id = \"a\"\nname = \"A\"\n[[action]]\nname = \"x\"\ncontrols = [\n\"Spcae\"]\n"),
        StartsWith("p.toml:6: 'Spcae' is no control"));
    EXPECT_THAT(
        error_of("id = \"a\"\nname = \"A\"\n[match]\nexectuable = []\n"),
        StartsWith("p.toml:4: 'exectuable' is not a key of [match]"));
    EXPECT_THAT(
        error_of("id = \"a\"\nname = \"A\"\n[[action]]\nname = \"x\"\ntype = \"analog\"\n"),
        StartsWith("p.toml:5: 'analog' is no type of action"));
    EXPECT_THAT(
        error_of("id = \"a\"\nname = \"A\"\nchat_keys = \"T\"\n"),
        StartsWith("p.toml:3: 'chat_keys' must be a list"));
    EXPECT_THAT(error_of("id = \"a\"\nname = \"A\"\nversion = 0\n"), StartsWith("p.toml:3: "));
}

TEST(Profile, RefusesWhatCannotWork) {
    const std::string head = "id = \"a\"\nname = \"A\"\n";
    EXPECT_THAT(error_of(""), HasSubstr("'id' is needed"));
    EXPECT_THAT(error_of("id = \"a\"\n"), HasSubstr("'name' is needed"));
    EXPECT_THAT(error_of(head), HasSubstr("at least one [[action]]"));
    EXPECT_THAT(error_of("id = \"A b\"\nname = \"A\"\n"), HasSubstr("small letters"));
    EXPECT_THAT(
        error_of(head + "[[action]]\nname = \"x\"\n[[action]]\nname = \"x\"\n"),
        HasSubstr("there are two actions 'x'"));
    EXPECT_THAT(
        error_of(head + "[[action]]\nname = \"x\"\nset = \"menu\"\n"),
        HasSubstr("not listed in 'sets'"));
    EXPECT_THAT(
        error_of(head + "[[action]]\nname = \"x\"\ncontrols = [\"MouseMove\"]\n"),
        HasSubstr("needs an axis2d or look"));
    EXPECT_THAT(
        error_of(head + "[[action]]\nname = \"x\"\ntype = \"look\"\ncontrols = [\"W\"]\n"),
        HasSubstr("MouseMove only"));
    EXPECT_THAT(
        error_of(head + "base = \"nowhere\"\n"), HasSubstr("no profile 'nowhere' to build on"));
}

TEST(Profile, SurvivesEveryTruncation) {
    const std::string text{kSmall};
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto profile = parse_profile(text.substr(0, size), "p.toml", {});
        if (!profile) {
            EXPECT_THAT(profile.error().what, StartsWith("p.toml:"));
        }
    }
}

TEST(ProfileStore, OwnFileOverridesButTheOverlayKeepsTheDefault) {
    const Folders folders;
    Folders::write(folders.bundled() / "small.toml", kSmall);
    Folders::write(
        folders.own() / "mine.toml",
        "id = \"small\"\nname = \"Small\"\nbase = \"small\"\n"
        "[match]\nexecutable = [\"small.exe\"]\n"
        "[[action]]\nname = \"jump\"\ncontrols = [\"K\"]\n");
    const ProfileStore store = ProfileStore::load(folders.bundled(), folders.own());
    EXPECT_THAT(store.problems(), testing::IsEmpty());
    ASSERT_EQ(store.profiles().size(), 1u);
    const Profile& profile = store.profiles().front();
    EXPECT_FALSE(profile.bundled);
    EXPECT_THAT(profile.bindings, testing::Contains(ProfileBinding{"K", 0, 1}));
    EXPECT_EQ(profile.actions[0].default_controls, std::vector<std::string>{"Space"});
    EXPECT_EQ(profile.actions.size(), 2u);
}

TEST(ProfileStore, OwnKeysAreNoDefaultsWhateverTheIdOfTheProfile) {
    const Folders folders;
    Folders::write(folders.bundled() / "small.toml", kSmall);
    const std::string keys = "[[action]]\nname = \"jump\"\ncontrols = [\"K\"]\n"
                             "[[action]]\nname = \"steer\"\ncontrols = [\"L\"]\n"
                             "negative_controls = [\"J\"]\n"
                             "[[action]]\nname = \"dance\"\ncontrols = [\"M\"]\n";
    Folders::write(
        folders.own() / "a.toml", "id = \"mine\"\nname = \"A\"\nbase = \"small\"\n" + keys);
    Folders::write(
        folders.own() / "b.toml",
        "id = \"grandchild\"\nname = \"B\"\nbase = \"mine\"\n"
        "[[action]]\nname = \"jump\"\ncontrols = [\"P\"]\n");
    const ProfileStore store = ProfileStore::load(folders.bundled(), folders.own());
    ASSERT_THAT(store.problems(), testing::IsEmpty());
    for (const char* id : {"mine", "grandchild"}) {
        const Profile& profile = *store.find(id);
        EXPECT_EQ(profile.bundled_id, "small");
        EXPECT_EQ(profile.bundled_sha256, store.find("small")->bundled_sha256);
        EXPECT_THAT(profile.action("jump")->default_controls, testing::ElementsAre("Space")) << id;
        EXPECT_THAT(profile.action("steer")->default_controls, testing::ElementsAre("D", "A"));
        EXPECT_THAT(profile.action("steer")->negative_controls, testing::ElementsAre("A"));
        EXPECT_THAT(profile.action("dance")->default_controls, testing::IsEmpty()) << id;
    }
    EXPECT_THAT(store.find("grandchild")->bindings, testing::Contains(ProfileBinding{"P", 0, 1}));
}

TEST(ProfileStore, OwnKeysOfAnActionOfAnotherTypeAreNoDefaults) {
    const Folders folders;
    Folders::write(folders.bundled() / "small.toml", kSmall);
    Folders::write(
        folders.own() / "small.toml",
        "id = \"small\"\nname = \"Small\"\n"
        "[[action]]\nname = \"jump\"\ntype = \"axis1d\"\ncontrols = [\"K\"]\n"
        "negative_controls = [\"J\"]\n");
    const ProfileStore store = ProfileStore::load(folders.bundled(), folders.own());
    ASSERT_THAT(store.problems(), testing::IsEmpty());
    const ActionInfo& jump = *store.find("small")->action("jump");
    EXPECT_EQ(jump.type, ActionType::Axis1d);
    EXPECT_THAT(jump.default_controls, testing::IsEmpty());
    EXPECT_THAT(jump.negative_controls, testing::IsEmpty());
}

// Nothing but the file itself could say what the default of that game is.
TEST(ProfileStore, AProfileWithoutABundledPartIsTheDefaultOfItsGame) {
    const Folders folders;
    Folders::write(folders.own() / "small.toml", kSmall);
    const ProfileStore store = ProfileStore::load(folders.bundled(), folders.own());
    EXPECT_THAT(
        store.find("small")->action("jump")->default_controls, testing::ElementsAre("Space"));
    EXPECT_EQ(store.find("small")->bundled_sha256, "");
}

TEST(ProfileStore, HashIsThatOfTheBundledPart) {
    const Folders folders;
    Folders::write(folders.bundled() / "small.toml", kSmall);
    const ProfileStore before = ProfileStore::load(folders.bundled(), folders.own());
    Folders::write(
        folders.own() / "mine.toml",
        "id = \"small\"\nname = \"Small\"\nbase = \"small\"\n"
        "[[action]]\nname = \"jump\"\ncontrols = [\"K\"]\n");
    const ProfileStore after = ProfileStore::load(folders.bundled(), folders.own());
    ASSERT_EQ(before.profiles().front().bundled_sha256.size(), 64u);
    EXPECT_EQ(before.profiles().front().bundled_sha256, after.profiles().front().bundled_sha256);
    Folders::write(folders.bundled() / "small.toml", std::string{kSmall} + "\n");
    const ProfileStore changed = ProfileStore::load(folders.bundled(), folders.own());
    EXPECT_NE(before.profiles().front().bundled_sha256, changed.profiles().front().bundled_sha256);
}

TEST(ProfileStore, ABrokenFileIsSaidAndLeftOut) {
    const Folders folders;
    Folders::write(folders.bundled() / "small.toml", kSmall);
    Folders::write(folders.own() / "broken.toml", "id = 3\n");
    const ProfileStore store = ProfileStore::load(folders.bundled(), folders.own());
    ASSERT_EQ(store.problems().size(), 1u);
    EXPECT_THAT(store.problems().front().what, HasSubstr("broken.toml:1: "));
    EXPECT_NE(store.find("small"), nullptr);
}

TEST(Profile, AnOverrideKeepsWhatItDoesNotName) {
    const auto base = parse_profile(kSmall, "base.toml", {});
    ASSERT_TRUE(base);
    const auto profile = parse_profile(
        "id = \"mine\"\nname = \"Mine\"\nbase = \"small\"\n"
        "[[action]]\nname = \"steer\"\nlabel = \"Helm\"\n",
        "p.toml",
        {*base});
    ASSERT_TRUE(profile) << profile.error().what;
    const ActionInfo* steer = profile->action("steer");
    ASSERT_NE(steer, nullptr);
    EXPECT_EQ(steer->label, "Helm");
    EXPECT_EQ(steer->type, ActionType::Axis1d);
    EXPECT_THAT(profile->bindings, testing::Contains(ProfileBinding{"A", 1, -1}));
}

TEST(Profile, ReadsModesDeadZonesDegreesAndLatency) {
    const auto profile = parse_profile(
        "id = \"a\"\nname = \"A\"\n"
        "sets = [\"gameplay\", { name = \"menu\", ui = true }]\ntext_chat = false\n"
        "[latency]\nframes = 2\nms = 1.5\nmethod = \"motion\"\nresidual_ms = 4\n"
        "[[action]]\nname = \"walk\"\ntype = \"axis2d\"\ncontrols = [\"PadLeftStick\"]\n"
        "dead_zone = 0.3\n"
        "[[action]]\nname = \"gas\"\ntype = \"axis1d\"\ncontrols = [\"PadRightTrigger\"]\n"
        "[[action]]\nname = \"look\"\ntype = \"look\"\ndegrees_per_count = 0.022\n",
        "p.toml",
        {});
    ASSERT_TRUE(profile) << profile.error().what;
    EXPECT_EQ(profile->ui_sets, std::vector<std::string>{"menu"});
    EXPECT_FALSE(profile->text_chat);
    EXPECT_EQ(profile->latency.at(Duration::from_ms(10)), Duration::from_us(21'500));
    EXPECT_EQ(profile->latency.method, "motion");
    EXPECT_EQ(profile->latency.residual, Duration::from_ms(4));
    ASSERT_EQ(profile->bindings.size(), 2u);
    EXPECT_FLOAT_EQ(profile->bindings[0].dead_zone, 0.3F);
    EXPECT_FLOAT_EQ(profile->bindings[1].dead_zone, 0.05F);
    EXPECT_DOUBLE_EQ(profile->actions[2].degrees_per_count, 0.022);
}

TEST(ProfileStore, TwoFilesOfOneIdAreSaid) {
    const Folders folders;
    Folders::write(folders.own() / "a.toml", kSmall);
    Folders::write(folders.own() / "b.toml", kSmall);
    const ProfileStore store = ProfileStore::load(folders.bundled(), folders.own());
    EXPECT_EQ(store.profiles().size(), 1u);
    EXPECT_THAT(
        sentences_of(store),
        testing::ElementsAre(testing::AllOf(
            HasSubstr("b.toml: the id 'small' is that of "), HasSubstr("a.toml already"))));
}

TEST(ProfileProblem, ThePlaceTellsNothingOfTheFile) {
    const auto place = [](const char* what) {
        return ProfileProblem{"/home/me: 3/own.toml", what}.place();
    };
    EXPECT_EQ(place("/home/me: 3/own.toml:12: 'E' opens the chat"), "/home/me: 3/own.toml:12");
    EXPECT_EQ(place("/home/me: 3/own.toml: the id 'e' is taken"), "/home/me: 3/own.toml");
    EXPECT_EQ(place("'E': 7: opens the chat"), "/home/me: 3/own.toml");
}

TEST(ProfileStore, BasesInACircleAreSaid) {
    const Folders folders;
    const std::string rest = "name = \"A\"\n[[action]]\nname = \"x\"\n";
    Folders::write(folders.own() / "a.toml", "id = \"a\"\nbase = \"b\"\n" + rest);
    Folders::write(folders.own() / "b.toml", "id = \"b\"\nbase = \"a\"\n" + rest);
    Folders::write(folders.own() / "c.toml", "id = \"c\"\nbase = \"d\"\n" + rest);
    const ProfileStore store = ProfileStore::load(folders.bundled(), folders.own());
    EXPECT_THAT(
        sentences_of(store),
        testing::ElementsAre(
            HasSubstr("a.toml:2: the bases of this profile lead in a circle"),
            HasSubstr("b.toml:2: the bases of this profile lead in a circle"),
            HasSubstr("c.toml:2: there is no profile 'd' to build on")));
}

/// One of the player's own, with `action` on the key K.
std::string own_profile(const std::string& action) {
    return "id = \"small\"\nname = \"Small\"\nbase = \"small\"\n[[action]]\nname = \"" + action +
           "\"\ncontrols = [\"K\"]\n";
}

TEST(ProfileReload, TheLastGoodProfileStaysWhenAFileBreaks) {
    const Folders folders;
    Folders::write(folders.bundled() / "small.toml", kSmall);
    Folders::write(folders.own() / "mine.toml", own_profile("jump"));
    const ProfileStore good = ProfileStore::load(folders.bundled(), folders.own());
    Folders::write(folders.own() / "mine.toml", "id = \"small\"\nname = \n");
    const ProfileStore broken = ProfileStore::reload(good, folders.bundled(), folders.own());
    ASSERT_EQ(broken.problems().size(), 1u);
    ASSERT_NE(broken.find("small"), nullptr);
    EXPECT_FALSE(broken.find("small")->bundled);
    EXPECT_THAT(broken.find("small")->bindings, testing::Contains(ProfileBinding{"K", 0, 1}));

    Folders::write(folders.own() / "mine.toml", own_profile("dive"));
    const ProfileStore mended = ProfileStore::reload(broken, folders.bundled(), folders.own());
    EXPECT_THAT(mended.problems(), testing::IsEmpty());
    EXPECT_THAT(mended.find("small")->bindings, testing::Contains(ProfileBinding{"Space", 0, 1}));
}

// What was recorded with the old table is written with the new one.
TEST(ProfileReload, ActionsKeepTheirIds) {
    const Folders folders;
    const std::string head = "id = \"a\"\nname = \"A\"\n";
    const auto action = [](const std::string& name, const std::string& more) {
        return "[[action]]\nname = \"" + name + "\"\n" + more + "\n";
    };
    Folders::write(
        folders.own() / "a.toml",
        head + action("one", "controls = [\"1\"]") + action("two", "controls = [\"2\"]") +
            action("three", "controls = [\"3\"]"));
    const ProfileStore before = ProfileStore::load(folders.bundled(), folders.own());
    Folders::write(
        folders.own() / "a.toml",
        head + action("four", "controls = [\"4\"]") + action("three", "controls = [\"3\"]") +
            action("one", "type = \"axis1d\""));
    const ProfileStore after = ProfileStore::reload(before, folders.bundled(), folders.own());
    const Profile& profile = *after.find("a");
    std::vector<std::string> names;
    for (const ActionInfo& info : profile.actions) {
        EXPECT_EQ(info.id, names.size());
        names.push_back(info.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"one", "two", "three", "four", "one"}));
    EXPECT_THAT(
        profile.bindings,
        testing::UnorderedElementsAre(ProfileBinding{"4", 3, 1}, ProfileBinding{"3", 2, 1}));
    EXPECT_THAT(profile.actions[1].default_controls, testing::IsEmpty());
}

TEST(ProfileReload, AProfileThatIsGoneMatchesNothingButIsKnown) {
    const Folders folders;
    Folders::write(folders.own() / "a.toml", kSmall);
    const ProfileStore before = ProfileStore::load(folders.bundled(), folders.own());
    fs::remove(folders.own() / "a.toml");
    const ProfileStore after = ProfileStore::reload(before, folders.bundled(), folders.own());
    EXPECT_NE(after.find("small"), nullptr);
    EXPECT_EQ(after.match({.executable = "small.exe"}), nullptr);
}

TEST(ProfileStore, MatchesTheMostTellingFact) {
    const ProfileStore store = ProfileStore::load(HINDSIGHT_PROFILES_DIR, "");
    EXPECT_THAT(store.problems(), testing::IsEmpty());
    const auto id = [&](const WindowFacts& window) {
        const Profile* profile = store.match(window);
        return profile == nullptr ? std::string{} : profile->id;
    };
    EXPECT_EQ(id({.executable = "chocolate-doom"}), "chocolate-doom");
    EXPECT_EQ(
        id({.executable = "chocolate-doom", .arguments = {"doom", "freedoom1.wad"}}), "freedoom");
    EXPECT_EQ(id({.wm_class = "Supertux2"}), "supertux");
    EXPECT_EQ(id({.executable = "wine64-preloader", .steam_app_id = "1245620"}), "elden-ring");
    EXPECT_EQ(
        id({.executable = "java", .arguments = {"java", "net.minecraft.client.main.Main"}}),
        "minecraft");
    EXPECT_EQ(id({.executable = "firefox", .steam_app_id = "1"}), "");
    EXPECT_EQ(id({}), "");
    EXPECT_NE(store.generic(), nullptr);
}

}  // namespace
}  // namespace hindsight::actions
