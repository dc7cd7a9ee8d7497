#include <hindsight/hotkey/shortcut.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hindsight::hotkey {
namespace {

using testing::HasSubstr;

constexpr Modifiers kAlt{.ctrl = false, .alt = true, .shift = false, .super = false};

MonoTime at_ms(std::int64_t ms) {
    return MonoTime::from_ns(ms * 1'000'000);
}

TEST(Shortcut, IsAChordAndHowItIsPressed) {
    const Chord chord = *parse_chord("Alt+F10");
    EXPECT_EQ(*parse_shortcut("Alt+F10"), (Shortcut{.way = Way::Press, .chord = chord}));
    EXPECT_EQ(*parse_shortcut(" hold Alt+F10"), (Shortcut{.way = Way::Long, .chord = chord}));
    EXPECT_EQ(*parse_shortcut("double  alt+F10"), (Shortcut{.way = Way::Twice, .chord = chord}));
    EXPECT_EQ(alternative_shortcut("hold Alt+F10"), "hold Ctrl+Shift+F10");
    EXPECT_EQ(alternative_shortcut("double Ctrl+Shift+F10"), "");
}

TEST(Shortcut, SaysWhatIsWrong) {
    EXPECT_THAT(parse_shortcut("hodl F9").error().what, HasSubstr("'hodl F9' is no key"));
    EXPECT_THAT(parse_shortcut("hold ").error().what, HasSubstr("no key for a shortcut"));
    EXPECT_THAT(parse_shortcut("double S").error().what, HasSubstr("fire while typing"));
}

/// F10 of a keyboard at times in milliseconds.
class WaysOfPressing : public testing::Test {
protected:
    void set(std::initializer_list<std::pair<const char*, const char*>> shortcuts) {
        std::vector<HotkeyMatcher::Entry> entries;
        for (const auto& [id, text] : shortcuts) {
            const Shortcut shortcut = *parse_shortcut(text);
            entries.push_back({.id = id, .chord = shortcut.chord, .way = shortcut.way});
        }
        matcher_.set(std::move(entries));
    }

    std::optional<Fired> press(int ms) { return matcher_.on_press(f10_, kAlt, at_ms(ms)); }

    void release(int ms) { matcher_.on_release(f10_, at_ms(ms)); }

    std::optional<Fired> settle(int ms) { return matcher_.settle(at_ms(ms)); }

    static Fired fired(const char* id, int ms) { return {.id = id, .t = at_ms(ms)}; }

    const Control f10_ = *control_from_name("F10");
    HotkeyMatcher matcher_;
};

TEST_F(WaysOfPressing, HoldFiresAfterHalfASecondWithTheTimeOfThePress) {
    set({{"save", "hold Alt+F10"}});
    EXPECT_FALSE(press(100));
    EXPECT_TRUE(matcher_.waits());
    EXPECT_FALSE(settle(599));
    EXPECT_EQ(settle(610), fired("save", 100));
    EXPECT_FALSE(matcher_.waits());
    EXPECT_FALSE(settle(2'000)) << "once";
    release(2'000);
    EXPECT_FALSE(settle(2'100));
}

TEST_F(WaysOfPressing, HoldDoesNotFireWhenTheKeyIsLetGoSooner) {
    set({{"save", "hold Alt+F10"}});
    EXPECT_FALSE(press(100));
    release(590);
    EXPECT_FALSE(settle(700)) << "nobody looked for a while";
    EXPECT_FALSE(matcher_.waits());
    EXPECT_FALSE(press(800));
    EXPECT_FALSE(settle(1'100)) << "two presses do not add up";
    release(1'310);
    EXPECT_EQ(settle(1'400), fired("save", 800)) << "long enough, noticed late";
}

TEST_F(WaysOfPressing, HoldGoesOnThroughTheRepetitionsOfTheKey) {
    set({{"save", "hold Alt+F10"}});
    EXPECT_FALSE(press(100));
    for (int ms = 300; ms < 600; ms += 30) {
        release(ms);
        EXPECT_FALSE(settle(ms + 1)) << "between the halves of a repetition";
        EXPECT_FALSE(press(ms));
    }
    EXPECT_EQ(settle(601), fired("save", 100));
}

TEST_F(WaysOfPressing, DoubleFiresWithTheSecondPressAndTheTimeOfTheFirst) {
    set({{"save", "double Alt+F10"}});
    EXPECT_FALSE(press(100));
    release(150);
    EXPECT_EQ(press(500), fired("save", 100));
    release(520);
    EXPECT_FALSE(press(600)) << "the third is the first of the next two";
    EXPECT_FALSE(press(600)) << "the other side's copy";
    release(650);
    EXPECT_FALSE(settle(1'001));
    EXPECT_FALSE(press(1'010)) << "too late";
    EXPECT_FALSE(press(1'010)) << "the other side's copy";
}

TEST_F(WaysOfPressing, ARepetitionIsNoSecondPress) {
    set({{"save", "double Alt+F10"}});
    EXPECT_FALSE(press(100));
    for (int ms = 250; ms < 500; ms += 30) {
        release(ms);
        EXPECT_FALSE(press(ms));
    }
}

TEST_F(WaysOfPressing, OneChordMayHaveAllThree) {
    set({{"save", "Alt+F10"}, {"long", "hold Alt+F10"}, {"twice", "double Alt+F10"}});
    EXPECT_FALSE(press(100)) << "it may become any of them";
    release(150);
    EXPECT_FALSE(settle(500));
    EXPECT_EQ(settle(501), fired("save", 100)) << "no second one came";

    EXPECT_FALSE(press(1'000));
    release(1'050);
    EXPECT_EQ(press(1'200), fired("twice", 1'000));
    release(1'250);
    EXPECT_FALSE(settle(2'000));

    EXPECT_FALSE(press(3'000));
    EXPECT_FALSE(settle(3'450));
    EXPECT_EQ(settle(3'500), fired("long", 3'000));
    release(3'600);
    EXPECT_FALSE(settle(4'000));
}

TEST_F(WaysOfPressing, APressThatMayBecomeAHoldFiresWithTheRelease) {
    set({{"save", "Alt+F10"}, {"long", "hold Alt+F10"}});
    EXPECT_FALSE(press(100));
    EXPECT_FALSE(settle(200));
    release(210);
    EXPECT_EQ(settle(220), fired("save", 100));
    EXPECT_FALSE(press(300));
    release(350);
    EXPECT_EQ(press(360), fired("save", 300)) << "nobody looked in between";
}

TEST_F(WaysOfPressing, AnInterruptedHoldFiresNothing) {
    set({{"save", "hold Alt+F10"}});
    EXPECT_FALSE(press(100));
    matcher_.resync({});
    EXPECT_FALSE(settle(700));
    EXPECT_FALSE(matcher_.waits());
}

}  // namespace
}  // namespace hindsight::hotkey
