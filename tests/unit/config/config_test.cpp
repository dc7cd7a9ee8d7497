#include <hindsight/config/config.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace hindsight::config {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string problem(std::string_view text) {
    const auto config = parse(text, "config.toml");
    if (config)
        return "accepted";
    EXPECT_EQ(config.error().code, Errc::InvalidArgument);
    EXPECT_EQ(config.error().what.find('\n'), std::string::npos);
    return config.error().what;
}

TEST(Config, AnEmptyFileMeansDefaults) {
    EXPECT_EQ(*parse("", "config.toml"), Config{});
    EXPECT_EQ(*load("/nowhere/at/all/config.toml"), Config{});
}

TEST(Config, ReadsEveryTypeOfValue) {
    const auto config = parse(
        R"(# mine
clips.length_seconds = 45
[recording]
fps = 30
encoder = "ffmpeg_vaapi"
cursor = false
[overlay]
scale = 2
)",
        "config.toml");
    ASSERT_TRUE(config) << config.error().what;
    EXPECT_EQ(config->recording.fps, 30);
    EXPECT_EQ(config->recording.encoder, "ffmpeg_vaapi");
    EXPECT_FALSE(config->recording.cursor);
    EXPECT_EQ(config->overlay.scale, 2.0);
    EXPECT_EQ(config->clips.length_seconds, 45);
}

TEST(Config, AWrongKeyIsNamedWithFileLineAndTheNearestOne) {
    EXPECT_EQ(
        problem("[recording]\n\nfsp = 60\n"),
        "config.toml:3: recording.fsp: There is no such setting; did you mean recording.fps?");
    EXPECT_EQ(
        problem("[clips]\nfps = 60\n"),
        "config.toml:2: clips.fps: There is no such setting; did you mean recording.fps?");
    EXPECT_EQ(
        problem("[zzz]\nentirely_unknown = 60\n"),
        "config.toml:1: zzz: There is no such setting; hindsightctl config list shows all.");
    EXPECT_THAT(problem("recording = 3"), StartsWith("config.toml:1: recording: "));
}

TEST(Config, AWrongTypeIsNamedWithFileLineKeyAndWhatIsAllowed) {
    EXPECT_EQ(
        problem("[recording]\nfps = \"sixty\"\n"),
        "config.toml:2: recording.fps: The value must be a whole number; allowed is 10 to 240.");
    EXPECT_EQ(
        problem("[recording]\nfps = 60.0\n"),
        "config.toml:2: recording.fps: The value must be a whole number; allowed is 10 to 240.");
    EXPECT_EQ(
        problem("[audio]\ndesktop = 1\n"),
        "config.toml:2: audio.desktop: The value must be true or false.");
    EXPECT_EQ(
        problem("[recording]\n\n\npicture = true\n"),
        "config.toml:4: recording.picture: The value must be text in quotes; allowed is auto, "
        "direct or canvas.");
    EXPECT_THAT(problem("[overlay]\nscale = [1]\n"), HasSubstr("must be a number"));
    EXPECT_THAT(problem("[overlay]\nscale = 1979-05-27\n"), HasSubstr("must be a number"));
}

TEST(Config, AValueOutOfRangeIsNamedWithFileLineKeyAndTheRange) {
    EXPECT_EQ(
        problem("[recording]\nfps = 500\n"),
        "config.toml:2: recording.fps: 500 is out of range; allowed is 10 to 240.");
    EXPECT_EQ(
        problem("[recording]\nbitrate_kbps = 100\n"),
        "config.toml:2: recording.bitrate_kbps: 100 is out of range; allowed is 0, or 500 to "
        "200000.");
    EXPECT_EQ(problem("[recording]\nbitrate_kbps = 0\n"), "accepted");
    EXPECT_THAT(problem("[overlay]\nscale = nan\n"), HasSubstr("out of range"));
    EXPECT_THAT(problem("[recording]\nfps = 9223372036854775807\n"), HasSubstr("out of range"));
    EXPECT_EQ(
        problem("[recording]\npicture = \"best\"\n"),
        "config.toml:2: recording.picture: This value is not possible; allowed is auto, direct or "
        "canvas.");
    EXPECT_THAT(problem("[clips]\nfolder = \"relative\"\n"), StartsWith("config.toml:2: clips."));
    EXPECT_THAT(problem("[clips]\nname = \"../{game}\"\n"), HasSubstr("{game}"));
    EXPECT_THAT(problem("[clips]\nname = \"{gmae}\"\n"), HasSubstr("{game}"));
}

TEST(Config, KeysOfTwoFunctionsMayNotBeTheSame) {
    EXPECT_EQ(
        problem("[hotkeys]\nmarker = \"Alt+F10\"\n"),
        "config.toml:2: hotkeys.marker: These keys are those of hotkeys.save already; use others.");
    EXPECT_EQ(problem("[hotkeys]\nmarker = \"\"\nsave_new = \"\"\n"), "accepted");
    EXPECT_THAT(problem("[hotkeys]\nsave = \"Foo+F1\"\n"), HasSubstr("keys like Alt+F10"));
    EXPECT_THAT(problem("[hotkeys]\nsave = \"Alt+\"\n"), HasSubstr("keys like Alt+F10"));
    EXPECT_EQ(problem("[hotkeys]\nsave = \"Ctrl++\"\n"), "accepted");
    EXPECT_EQ(problem("[hotkeys]\nsave = \"F8\"\n"), "accepted");
    EXPECT_EQ(problem("[hotkeys]\nsave = \"hold Alt+F10\"\n"), "accepted");
    EXPECT_EQ(
        problem("[hotkeys]\nsave = \"F9\"\nsave_new = \"hold F9\"\nmarker = \"double F9\"\n"),
        "accepted");
    EXPECT_THAT(
        problem("[hotkeys]\nsave = \"hold F9\"\nmarker = \"hold f9\"\n"),
        HasSubstr("hotkeys.marker: These keys are those of hotkeys.save already"));
    EXPECT_THAT(
        problem("[hotkeys]\nsave = \"hold F9\"\npush_to_talk = \"F9\"\n"),
        HasSubstr("hotkeys.push_to_talk: These keys are those of hotkeys.save already"));
    EXPECT_THAT(problem("[hotkeys]\nsave = \"hold \"\n"), HasSubstr("hold Alt+F10, double"));
    EXPECT_EQ(problem("[hotkeys]\nsave = \"hold PadBack\"\n"), "accepted");
    EXPECT_THAT(
        problem("[hotkeys]\nmarker = \"PadUp+PadBack\"\n"),
        HasSubstr("hotkeys.marker: These keys are those of hotkeys.save_pad already"));
    EXPECT_THAT(
        problem("[hotkeys]\nsave = \"PadUp+F9\"\n"), HasSubstr("buttons like PadBack+PadUp"));
    EXPECT_EQ(problem("[hotkeys]\nsave_lengths = \"PadBack+PadLeft 60s\"\n"), "accepted");
    EXPECT_EQ(problem("[hotkeys]\nsave_lengths = \"hold F9 60s, F9 10s\"\n"), "accepted");
}

TEST(Config, SaveKeysHaveLengthsOfTheirOwn) {
    const auto keys =
        parse_save_keys("Ctrl+F9 60s, Ctrl+Keypad 1 1.5m +5s,Alt+F12 2m new, Ctrl+, 30s new +10s");
    ASSERT_TRUE(keys) << keys.error().what;
    const auto seconds = [](int n) { return Duration::from_ms(n * 1000); };
    EXPECT_THAT(
        *keys,
        testing::ElementsAre(
            SaveKey{"Ctrl+F9", seconds(60), seconds(0), false},
            SaveKey{"Ctrl+Keypad 1", seconds(90), seconds(5), false},
            SaveKey{"Alt+F12", seconds(120), seconds(0), true},
            SaveKey{"Ctrl+,", seconds(30), seconds(10), true}));
    EXPECT_TRUE(parse_save_keys("")->empty());
    for (const char* wrong :
         {"Ctrl+F9",
          "60s",
          "Ctrl+F9 60",
          "Ctrl+F9 0s",
          "Ctrl+F9 61m",
          "Ctrl+F9 nan",
          "Ctrl+F9 -5s",
          "Ctrl+F9 60s 5s",
          "Ctrl+F9 60s old",
          "Ctrl+F9 60s; Ctrl+F10 30s",
          "Hyper+F9 60s",
          "Ctrl+F9 60s, 30s",
          ","})
        EXPECT_FALSE(parse_save_keys(wrong)) << wrong;
}

TEST(Config, SaveKeysAreHeldToTheRulesOfKeys) {
    EXPECT_EQ(
        problem("[hotkeys]\nsave_lengths = \"Ctrl+F9\"\n"),
        "config.toml:2: hotkeys.save_lengths: This value is not possible; allowed is keys and "
        "lengths like Ctrl+F9 60s, Ctrl+F10 30s +5s (and the next 5 s), Ctrl+F11 2m new; each 1 s "
        "to 60 m; or empty.");
    EXPECT_EQ(
        problem("[hotkeys]\nsave_lengths = \"Ctrl+F9 60s, Alt+f10 5s\"\n"),
        "config.toml:2: hotkeys.save_lengths: Alt+f10 is a key of hotkeys.save already; use "
        "another.");
    EXPECT_EQ(
        problem("[hotkeys]\nsave_lengths = \"Shift+Ctrl+F8 60s\"\n"),
        "config.toml:2: hotkeys.save_lengths: Shift+Ctrl+F8 is a key of hotkeys.marker already; "
        "use another.");
    EXPECT_EQ(
        problem("[hotkeys]\nsave_lengths = \"F9 60s, F9 5s\"\n"),
        "config.toml:2: hotkeys.save_lengths: F9 is a key of hotkeys.save_lengths already; use "
        "another.");
    EXPECT_EQ(problem("[hotkeys]\nsave_lengths = \"Alt+F9 60s, Ctrl+F9 5s\"\n"), "accepted");
}

TEST(Config, BrokenTomlIsOneSentenceWithTheLine) {
    EXPECT_THAT(problem("a = 1\n[recording\nfps = 3\n"), StartsWith("config.toml:2: "));
    EXPECT_THAT(problem("[recording]\nfps = 30\nfps = 60\n"), StartsWith("config.toml:3: "));
    EXPECT_THAT(problem("x = \"\"\"never closed\n\n"), StartsWith("config.toml:"));
}

TEST(Config, EveryKeyCanBeReadAndSetBack) {
    const Config defaults;
    Config copy;
    for (const Key& key : keys()) {
        SCOPED_TRACE(key.name);
        EXPECT_FALSE(key.allowed.empty());
        EXPECT_FALSE(key.what.empty());
        const auto text = get(defaults, key.name);
        ASSERT_TRUE(text);
        EXPECT_TRUE(set(copy, key.name, *text)) << *text;
        const std::size_t dot = key.name.find('.');
        const auto parsed = parse(
            "[" + key.name.substr(0, dot) + "]\n" + key.name.substr(dot + 1) + " = " + *text, "f");
        ASSERT_TRUE(parsed) << parsed.error().what;
        EXPECT_EQ(*parsed, defaults);
    }
    EXPECT_EQ(copy, defaults);
    EXPECT_EQ(keys().size(), 56U) << "a member of Config without an entry, or the reverse";
}

TEST(Config, SetTakesWhatPeopleType) {
    Config config;
    EXPECT_TRUE(set(config, "audio.microphone", "on"));
    EXPECT_TRUE(config.audio.microphone);
    EXPECT_TRUE(set(config, "clips.folder", "~/My \"clips\""));
    EXPECT_EQ(config.clips.folder, "~/My \"clips\"");
    EXPECT_EQ(*get(config, "clips.folder"), "\"~/My \\\"clips\\\"\"");
    EXPECT_TRUE(set(config, "overlay.scale", "1"));
    EXPECT_EQ(*get(config, "overlay.scale"), "1.0");
    const auto wrong = set(config, "recording.fps", "60fps");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(
        wrong.error().what,
        "recording.fps: The value must be a whole number; allowed is 10 to 240.");
    EXPECT_EQ(set(config, "recording.fbs", "60").error().code, Errc::NotFound);
    EXPECT_THAT(get(config, "fps").error().what, HasSubstr("did you mean recording.fps?"));
    EXPECT_FALSE(set(config, "hotkeys.marker", "Alt+F10"));
    EXPECT_EQ(config.hotkeys.marker, "Ctrl+Shift+F8") << "a refused value changes nothing";
}

}  // namespace
}  // namespace hindsight::config
