#include "hotkeys.hpp"

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

TEST(Hotkeys, EveryKeyOfTheSettingsHasAnIdThatLeadsBackToIt) {
    config::Config config;
    config.hotkeys.save_new = "";
    config.hotkeys.save_lengths = "Ctrl+F9 60s, Ctrl+Keypad 1 30s +5s new";
    config.hotkeys.push_to_talk = "F9";
    config.hotkeys.screenshot = "Alt+F12";
    std::string list;
    for (const ipc::Hotkey& hotkey : hotkeys_of(config))
        list += hotkey.id + " = " + hotkey.chord + " in " + setting_of_hotkey(hotkey.id) +
                (hotkey.hold ? ", held\n" : "\n");
    EXPECT_EQ(
        list,
        "save = Alt+F10 in hotkeys.save\n"
        "save_pad = PadBack+PadUp in hotkeys.save_pad\n"
        "marker = Ctrl+Shift+F8 in hotkeys.marker\n"
        "screenshot = Alt+F12 in hotkeys.screenshot\n"
        "push_to_talk = F9 in hotkeys.push_to_talk, held\n"
        "save_lengths:Ctrl+F9 = Ctrl+F9 in hotkeys.save_lengths\n"
        "save_lengths:Ctrl+Keypad 1 = Ctrl+Keypad 1 in hotkeys.save_lengths\n");
}

TEST(Hotkeys, SaveWhatTheirSettingSays) {
    config::Config config;
    config.hotkeys.save_lengths = "Ctrl+F9 60s, Ctrl+Keypad 1 30s +5s new";
    EXPECT_FALSE(save_of_hotkey(config, "save")->last);
    EXPECT_FALSE(save_of_hotkey(config, "save")->new_only);
    EXPECT_FALSE(save_of_hotkey(config, "save_pad")->new_only);
    EXPECT_TRUE(save_of_hotkey(config, "save_new")->new_only);
    EXPECT_FALSE(save_of_hotkey(config, "marker"));
    const auto minute = save_of_hotkey(config, "save_lengths:Ctrl+F9");
    ASSERT_TRUE(minute);
    EXPECT_EQ(minute->last, Duration::from_ms(60'000));
    EXPECT_EQ(minute->delay, Duration::zero());
    EXPECT_FALSE(minute->new_only);
    const auto longer = save_of_hotkey(config, "save_lengths:Ctrl+Keypad 1");
    ASSERT_TRUE(longer);
    EXPECT_EQ(longer->last, Duration::from_ms(30'000));
    EXPECT_EQ(longer->delay, Duration::from_ms(5'000));
    EXPECT_TRUE(longer->new_only);
    EXPECT_FALSE(save_of_hotkey(config, "save_lengths:Ctrl+F10")) << "not set any more";
}

}  // namespace
}  // namespace hindsight::service
