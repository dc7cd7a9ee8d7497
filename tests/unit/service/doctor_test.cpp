#include <hindsight/service/child_process.hpp>
#include <hindsight/service/doctor.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace hindsight::service {
namespace {

MachineFacts healthy() {
    MachineFacts facts;
    facts.display = ":0";
    facts.input = ipc::InputHealth{true, true, true, false, true, ""};
    ipc::EncoderList list;
    list.gl_renderer = "Card";
    list.gl_software = false;
    list.encoders = {
        {"obs_x264", "x264", "h264", true, false, ""},
        {"ffmpeg_aac", "AAC", "aac", true, false, ""}};
    facts.encoders = list;
    facts.hotkeys = {{"save", true, ""}};
    facts.chords = {{"save", "Alt+F10"}};
    facts.sound_server = facts.tray_host = facts.notification_service = true;
    facts.clip_folder = "/clips";
    facts.clip_folder_free = 50'000'000'000;
    facts.ring_folder = "/run/ring";
    facts.ring_free = 4'000'000'000;
    facts.ring_limit = 500'000'000;
    facts.pressure = PressureSource::Triggers;
    return facts;
}

const Finding& find(const std::vector<Finding>& findings, const std::string& name) {
    const auto at = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) {
        return finding.name == name;
    });
    static const Finding kNone;
    return at == findings.end() ? kNone : *at;
}

TEST(Doctor, FindsNothingOnAHealthyMachine) {
    for (const Finding& finding : diagnose(healthy())) {
        EXPECT_TRUE(finding.ok) << finding.name << ": " << finding.text;
        EXPECT_TRUE(finding.mend.empty()) << finding.name;
    }
}

TEST(Doctor, EveryProblemSaysHowToMendIt) {
    for (const Finding& finding : diagnose(MachineFacts{})) {
        EXPECT_FALSE(finding.ok) << finding.name;
        EXPECT_FALSE(finding.mend.empty()) << finding.name;
    }
}

TEST(Doctor, SaysHowItLearnsThatMemoryIsShort) {
    MachineFacts facts = healthy();
    facts.pressure = PressureSource::Polling;
    Finding finding = find(diagnose(facts), "memory pressure");
    EXPECT_TRUE(finding.ok);
    EXPECT_NE(finding.text.find("every two seconds"), std::string::npos) << finding.text;
    facts.pressure = PressureSource::Nothing;
    finding = find(diagnose(facts), "memory pressure");
    EXPECT_FALSE(finding.ok);
    EXPECT_EQ(finding.severity, "warning");
}

TEST(Doctor, ATakenChordGetsAnotherOneOfTheSameKey) {
    MachineFacts facts = healthy();
    facts.hotkeys = {{"save", false, "Alt+F10 is taken."}};
    const Finding finding = find(diagnose(facts), "hotkey save");
    EXPECT_FALSE(finding.ok);
    EXPECT_NE(finding.mend.find("hotkeys.save \"Ctrl+Shift+F10\""), std::string::npos)
        << finding.mend;
    EXPECT_EQ(other_chord("Ctrl+Shift+F8"), "Ctrl+Alt+F8");
    EXPECT_EQ(other_chord("Alt+PadA"), "PadBack+PadDown");
    EXPECT_EQ(other_chord("hold F8"), "hold Ctrl+Shift+F8");
    EXPECT_EQ(other_chord("double Ctrl+Shift+F8"), "double Ctrl+Alt+F8");
}

TEST(Doctor, ATakenChordAmongSeveralIsChangedWhereTheyStand) {
    MachineFacts facts = healthy();
    facts.hotkeys = {{"save_lengths:Ctrl+F9", false, "Ctrl+F9 is taken."}};
    facts.chords = {{"save_lengths:Ctrl+F9", "Ctrl+F9"}};
    const Finding finding = find(diagnose(facts), "hotkey save_lengths:Ctrl+F9");
    EXPECT_EQ(
        finding.mend,
        "Use another one in the setting hotkeys.save_lengths, for example Ctrl+Shift+F9.");
}

TEST(Doctor, NamesTheVideoEncoderAndNotTheSoundEncoder) {
    MachineFacts facts = healthy();
    facts.encoders->encoders.push_back({"svt", "SVT-AV1", "av1", true, false, ""});
    std::reverse(facts.encoders->encoders.begin(), facts.encoders->encoders.end());
    EXPECT_EQ(find(diagnose(facts), "encoder").text, "x264 works (on the processor).");
}

TEST(Supervisor, RestartsSoonAndThenMoreAndMoreSlowly) {
    EXPECT_LT(restart_delay_ms(1), 1000);
    for (int n = 1; n < 20; ++n) {
        EXPECT_LE(restart_delay_ms(n), restart_delay_ms(n + 1));
        EXPECT_LE(restart_delay_ms(n), 5000);
    }
    EXPECT_EQ(restart_delay_ms(1000), 5000);
}

}  // namespace
}  // namespace hindsight::service
