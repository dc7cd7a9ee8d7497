// Every way to write a profile wrongly that we could think of, with the sentence it earns.

#include <hindsight/actions/profile.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace hindsight::actions {
namespace {

struct Malformed {
    const char* name;      ///< of the test
    std::string text;      ///< what is written
    int line;              ///< where the mistake is
    const char* sentence;  ///< what is said about it
};

const std::string kHead = "id = \"a\"\nname = \"A\"\n";
const std::string kJump = "[[action]]\nname = \"jump\"\n";

/// An action of one more line, which is the fifth.
std::string jump_with(const std::string& line) {
    return kHead + kJump + line + "\n";
}

/// A head of one more line, which is the third, and an action that is in order.
std::string head_with(const std::string& line) {
    return kHead + line + "\n" + kJump;
}

std::string many(const std::string& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i)
        all += text;
    return all;
}

const std::vector<Malformed>& cases() {
    static const std::vector<Malformed> kCases{
        {"Empty", "", 1, "'id' is needed: small letters, digits and '-', as in 'my-game'"},
        {"NoValue", "id = \"a\"\nname = \n", 2, "this is not valid TOML: "},
        {"NotUtf8", "id = \"a\"\nname = \"\xff\xfe\"\n", 2, "this is not valid TOML: "},
        {"OpenQuote", "id = \"a\n", 1, "this is not valid TOML: "},
        {"KeyTwice", "id = \"a\"\nid = \"b\"\n", 2, "this is not valid TOML: "},
        {"KeyOfEndlessParts",
         "id = \"a\"\n" + many("a.", 40'000) + "a = 1\n",
         2,
         "no line of a profile has more than 16 dots outside of quotes"},
        {"TableOfEndlessParts",
         "id = \"a\"\n[" + many("a.", 40'000) + "a]\n",
         2,
         "no line of a profile has more than 16 dots outside of quotes"},
        {"EndlessPartsBehindTextsOfManyLines",
         "id = \"a\"\nx = { y = \"\"\"b\n\"c\\\"\"\"\"\", z = '''\nd\"''', " +
             many("\"a.b\".", 40'000) + "a = 1 }\n",
         4,
         "no line of a profile has more than 16 dots outside of quotes"},
        {"ManyPartsInEachOfManyValues",
         "id = \"a\"\n" + many("a.", 16) + "a = [\n" +
             many("{ " + many("a.", 16) + "a = [\n", 100) + many("] }", 100) + "]\n",
         2,
         "'a' is not a key of a profile"},
        {"NoName", "id = \"a\"\n", 1, "'name' is needed: the title of the game"},
        {"IdWithSpaces", "id = \"A b\"\nname = \"A\"\n", 1, "'id' is needed: small letters"},
        {"IdIsANumber", "id = 3\nname = \"A\"\n", 1, "'id' must be a text"},
        {"IdTooLong",
         "id = \"" + many("a", 65) + "\"\nname = \"A\"\n",
         1,
         "'id' must be no longer than 64 bytes"},
        {"NameOfTwoLines",
         "id = \"a\"\nname = \"A\\nB\"\n",
         2,
         "'name' must be one line of plain text"},
        {"NoAction", kHead, 1, "a profile needs at least one [[action]]"},
        {"UnknownKey",
         head_with("chatkeys = []"),
         3,
         "'chatkeys' is not a key of a profile; did you mean 'chat_keys'?"},
        {"FarKey",
         head_with("colour = 1"),
         3,
         "'colour' is not a key of a profile; allowed are id, name,"},
        {"VersionZero", head_with("version = 0"), 3, "'version' must be a number from 1 to 9999"},
        {"VersionTooLarge",
         head_with("version = 10000"),
         3,
         "'version' must be a number from 1 to 9999"},
        {"VersionIsText",
         head_with("version = \"1\""),
         3,
         "'version' must be a number from 1 to 9999"},
        {"BaseUnknown",
         head_with("base = \"genric\""),
         3,
         "there is no profile 'genric' to build on; did you mean 'generic'?"},
        {"BaseEmpty", head_with("base = \"\""), 3, "there is no profile '' to build on"},
        {"BaseIsAList", head_with("base = [\"generic\"]"), 3, "'base' must be a text"},
        {"SetsIsText",
         head_with("sets = \"gameplay\""),
         3,
         "'sets' must be a list of names or { name, ui } tables"},
        {"SetIsANumber",
         head_with("sets = [\"gameplay\", 1]"),
         3,
         "'sets' must be a list of names or { name, ui } tables"},
        {"SetTwice",
         head_with("sets = [\"gameplay\", \"gameplay\"]"),
         3,
         "there are two sets 'gameplay'"},
        {"SetWithCapital", head_with("sets = [\"Menu\"]"), 3, "a set needs a name: small letters"},
        {"SetUnknownKey",
         head_with("sets = [{ name = \"menu\", gui = true }]"),
         3,
         "'gui' is not a key of a set; did you mean 'ui'?"},
        {"SetUiIsText",
         head_with("sets = [{ name = \"menu\", ui = \"yes\" }]"),
         3,
         "'ui' must be true or false"},
        {"ChatKeysIsText",
         head_with("chat_keys = \"T\""),
         3,
         "'chat_keys' must be a list of texts"},
        {"ChatKeyUnknown", head_with("chat_keys = [\"Enter\"]"), 3, "'Enter' is no control"},
        {"ChatKeyTwice",
         head_with("chat_keys = [\"T\", \"T\"]"),
         3,
         "'T' stands twice in 'chat_keys'"},
        {"ChatByMouse",
         head_with("chat_keys = [\"MouseMove\"]"),
         3,
         "'MouseMove' cannot open a line of text"},
        {"ChatThatIsNone",
         head_with("chat_keys = [\"T\"]\ntext_chat = false"),
         4,
         "a game without text chat has no 'chat_keys'"},
        {"MenuKeyIsAnEmptyText",
         head_with("menu_keys = [\"\"]"),
         3,
         "'menu_keys' must be a list of texts"},
        {"MatchIsText", head_with("match = \"doom\""), 3, "'match' must be a table: [match]"},
        {"MatchUnknownKey",
         kHead + "[match]\nexectuable = []\n" + kJump,
         4,
         "'exectuable' is not a key of [match]; did you mean 'executable'?"},
        {"MatchWithFolder",
         kHead + "[match]\nexecutable = [\"/usr/bin/doom\"]\n" + kJump,
         4,
         "'executable' takes names of files, without a folder"},
        {"SteamAppIsAName",
         kHead + "[match]\nsteam_app = [\"doom\"]\n" + kJump,
         4,
         "'doom' is no number of a Steam game"},
        {"LatencyIsANumber", head_with("latency = 3"), 3, "'latency' must be a table: [latency]"},
        {"LatencyOfNothing",
         kHead + "[latency]\nmethod = \"strip\"\n" + kJump,
         3,
         "[latency] needs 'frames' or 'ms'"},
        {"LatencyNegative",
         kHead + "[latency]\nms = -1\n" + kJump,
         4,
         "'ms' must be a number from 0 to 500"},
        {"LatencyTooLong",
         kHead + "[latency]\nframes = 31\n" + kJump,
         4,
         "'frames' must be a number from 0 to 30"},
        {"LatencyNotANumber",
         kHead + "[latency]\nms = nan\n" + kJump,
         4,
         "'ms' must be a number from 0 to 500"},
        {"LatencyGuessed",
         kHead + "[latency]\nms = 3\nmethod = \"guess\"\n" + kJump,
         5,
         "'guess' is no method; allowed are assumed, strip, flash, motion"},
        {"ActionIsATable",
         kHead + "[action]\nname = \"jump\"\n",
         3,
         "actions are written as [[action]]"},
        {"ActionsAreNumbers", kHead + "action = [1, 2]\n", 3, "actions are written as [[action]]"},
        {"ActionWithoutName",
         kHead + "[[action]]\nlabel = \"Jump\"\n",
         3,
         "an action needs a 'name'"},
        {"ActionNameWithDash",
         kHead + "[[action]]\nname = \"high-jump\"\n",
         4,
         "an action needs a 'name'"},
        {"ActionTwice", kHead + kJump + kJump, 6, "there are two actions 'jump'"},
        {"ActionUnknownKey",
         jump_with("control = [\"W\"]"),
         5,
         "'control' is not a key of [[action]]; did you mean 'controls'?"},
        {"ActionTooMany",
         kHead +
             [] {
                 std::string all;
                 for (int i = 0; i < 501; ++i)
                     all += "[[action]]\nname = \"a" + std::to_string(i) + "\"\n";
                 return all;
             }(),
         3,
         "a profile has no more than 500 actions"},
        {"TypeUnknown",
         jump_with("type = \"axis\""),
         5,
         "'axis' is no type of action; allowed are digital, axis1d, axis2d, look and pointer"},
        {"TypeIsANumber", jump_with("type = 1"), 5, "'type' must be a text"},
        {"SetNotListed",
         jump_with("set = \"menu\""),
         5,
         "'menu' is not listed in 'sets' of this profile"},
        {"LabelIsAList", jump_with("label = [\"Jump\"]"), 5, "'label' must be a text"},
        {"PulseIsText", jump_with("pulse = \"true\""), 5, "'pulse' must be true or false"},
        {"PulseOfAnAxis",
         jump_with("pulse = true\ntype = \"axis1d\""),
         5,
         "'pulse' belongs to digital actions only"},
        {"ControlUnknown",
         jump_with("controls = [\n\"Spcae\"]"),
         6,
         "'Spcae' is no control; did you mean 'Space'?"},
        {"ControlInSmallLetters", jump_with("controls = [\"w\"]"), 5, "'w' is no control"},
        {"ControlFarFromAny",
         jump_with("controls = [\"Steering wheel\"]"),
         5,
         "'Steering wheel' is no control; the names are listed in docs/profiles.md"},
        {"ControlIsANumber", jump_with("controls = [1]"), 5, "'controls' must be a list of texts"},
        {"ControlTwice",
         jump_with("controls = [\"W\", \"W\"]"),
         5,
         "'W' stands twice in 'controls'"},
        {"ControlsTooMany",
         jump_with("controls = [" + many("\"W\",", 65) + "]"),
         5,
         "'controls' must have no more than 64 entries"},
        {"ControlOfTwoActions",
         jump_with("controls = [\"W\"]\n[[action]]\nname = \"walk\"\ncontrols = [\"W\"]"),
         6,
         "'W' cannot drive both 'jump' and 'walk' of the set 'gameplay'"},
        {"ControlOfTheBase",
         head_with("base = \"generic\"") + "controls = [\"E\"]\n",
         4,
         "'E' cannot drive both 'use' and 'jump' of the set 'gameplay'"},
        {"ControlThatChats",
         head_with("chat_keys = [\"T\"]") + "controls = [\"T\"]\n",
         4,
         "'T' opens the chat and cannot drive 'jump' as well"},
        {"ChatThatTheBaseUses",
         head_with("base = \"generic\"\nchat_keys = [\"E\"]"),
         4,
         "'E' opens the chat and cannot drive 'use' as well"},
        {"SetOfTheBaseLeftOut",
         head_with("base = \"generic\"\nsets = [\"other\"]") + "set = \"other\"\n",
         4,
         "'sets' leaves out 'gameplay', to which 'use' belongs"},
        {"StickAsButton",
         jump_with("controls = [\"PadLeftStick\"]"),
         5,
         "'PadLeftStick' moves in two directions, which needs an axis2d or look action"},
        {"LookByKey",
         jump_with("type = \"look\"\ncontrols = [\"W\"]"),
         6,
         "a look action takes MouseMove only"},
        {"Axis2dByMouse",
         jump_with("type = \"axis2d\"\ncontrols = [\"MouseMove\"]"),
         6,
         "an axis2d action takes PadLeftStick or PadRightStick only"},
        {"Axis1dByWheel",
         jump_with("type = \"axis1d\"\ncontrols = [\"WheelUp\"]"),
         6,
         "'WheelUp' cannot be held, which an axis1d action needs"},
        {"PointerByMouse",
         jump_with("type = \"pointer\"\ncontrols = [\"MouseMove\"]"),
         6,
         "a pointer action has no controls"},
        {"NegativeOfAButton",
         jump_with("negative_controls = [\"A\"]"),
         5,
         "'negative_controls' belong to axis1d actions only"},
        {"BothWaysAtOnce",
         jump_with("type = \"axis1d\"\ncontrols = [\"A\"]\nnegative_controls = [\"A\"]"),
         7,
         "'A' cannot mean 1 and -1 at once"},
        {"DeadZoneOfAKey",
         jump_with("type = \"axis1d\"\ncontrols = [\"A\"]\ndead_zone = 0.1"),
         7,
         "'dead_zone' belongs to axis actions that a stick or a trigger drives"},
        {"DeadZoneOfEverything",
         jump_with("type = \"axis2d\"\ncontrols = [\"PadLeftStick\"]\ndead_zone = 1.0"),
         7,
         "'dead_zone' must be a number from 0 to 0.9"},
        {"DegreesOfAButton",
         jump_with("degrees_per_count = 0.1"),
         5,
         "'degrees_per_count' belongs to look actions only"},
        {"DegreesZero",
         jump_with("type = \"look\"\ndegrees_per_count = 0"),
         6,
         "'degrees_per_count' must be a number from 1e-05 to 10"},
        {"DegreesAreText",
         jump_with("type = \"look\"\ndegrees_per_count = \"0.1\""),
         6,
         "'degrees_per_count' must be a number from 1e-05 to 10"},
    };
    return kCases;
}

const std::vector<Profile>& bases() {
    static const std::vector<Profile> kBases = [] {
        auto generic = parse_profile(
            "id = \"generic\"\nname = \"Generic\"\n"
            "[[action]]\nname = \"use\"\ncontrols = [\"E\"]\n",
            "generic.toml",
            {});
        return std::vector<Profile>{*std::move(generic)};
    }();
    return kBases;
}

class MalformedProfile : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedProfile, IsSaidInOneSentence) {
    const auto profile = parse_profile(GetParam().text, "p.toml", bases());
    ASSERT_FALSE(profile);
    const std::string& what = profile.error().what;
    const std::string place = "p.toml:" + std::to_string(GetParam().line) + ": ";
    EXPECT_THAT(what, testing::StartsWith(place + GetParam().sentence));
    EXPECT_EQ(std::count(what.begin(), what.end(), '\n'), 0) << what;
}

std::string name_of(const testing::TestParamInfo<Malformed>& param) {
    return param.param.name;
}

INSTANTIATE_TEST_SUITE_P(Case, MalformedProfile, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace hindsight::actions
