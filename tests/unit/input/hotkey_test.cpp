#include <hindsight/hotkey/hotkey_matcher.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hindsight::hotkey {
namespace {

constexpr Modifiers kAlt{.ctrl = false, .alt = true, .shift = false, .super = false};

MonoTime at_ms(std::int64_t ms) {
    return MonoTime::from_ns(ms * 1'000'000);
}

TEST(Chord, IsReadInAnyOrderAndCase) {
    const auto chord = parse_chord("shift + CTRL+f8");
    ASSERT_TRUE(chord) << chord.error().what;
    EXPECT_EQ(
        *chord,
        (Chord{
            .modifiers = {.ctrl = true, .alt = false, .shift = true, .super = false},
            .key = *control_from_name("F8")}));
    EXPECT_EQ(parse_chord("Alt+F10")->key, *control_from_name("F10"));
    EXPECT_EQ(parse_chord("F8")->modifiers, Modifiers{});
    EXPECT_EQ(parse_chord("Super+Print")->key, *control_from_name("Print Screen"));
}

TEST(Chord, RefusesWhatIsNoneAndSaysWhatToWrite) {
    const auto what = [](const char* text) {
        const auto chord = parse_chord(text);
        return chord ? std::string{} : chord.error().what;
    };
    EXPECT_THAT(what(""), testing::HasSubstr("Alt+F10"));
    EXPECT_THAT(what("Alt+"), testing::HasSubstr("no key"));
    EXPECT_THAT(what("Hyper+F1"), testing::HasSubstr("'Hyper' is no key to hold"));
    EXPECT_THAT(what("Alt+F99"), testing::HasSubstr("'F99' is no key"));
    EXPECT_THAT(what("Alt"), testing::HasSubstr("no key"));
    EXPECT_THAT(what("Ctrl+Left Shift"), testing::HasSubstr("no key"));
    EXPECT_THAT(what("Alt+Mouse1"), testing::HasSubstr("no key"));
    EXPECT_THAT(what("S"), testing::HasSubstr("while typing"));
    EXPECT_THAT(what("Shift+S"), testing::HasSubstr("while typing"));
}

TEST(Chord, SuggestsAnAlternative) {
    EXPECT_EQ(alternative_chord("Alt+F10"), "Ctrl+Shift+F10");
    EXPECT_EQ(alternative_chord("Ctrl+Shift+F10"), "");
}

class MatcherTest : public testing::Test {
protected:
    MatcherTest() {
        matcher_.set(
            {{.id = "save", .chord = *parse_chord("Alt+F10")},
             {.id = "marker", .chord = *parse_chord("Ctrl+Shift+F8")}});
    }

    const Control f10_ = *control_from_name("F10");
    HotkeyMatcher matcher_;
};

using HotkeyMatcherTest = MatcherTest;

TEST_F(HotkeyMatcherTest, FiresOnceWhenBothSidesReportThePress) {
    std::optional<Fired> fired = matcher_.on_press(f10_, kAlt, at_ms(100));
    ASSERT_TRUE(fired);
    EXPECT_EQ(fired->id, "save");
    EXPECT_FALSE(matcher_.on_press(f10_, kAlt, at_ms(100)));
    EXPECT_TRUE(matcher_.on_release(f10_, at_ms(150)));
    // The second side's copy of the same press, late.
    EXPECT_FALSE(matcher_.on_press(f10_, kAlt, at_ms(100)));
    matcher_.on_release(f10_, at_ms(150));
    EXPECT_TRUE(matcher_.on_press(f10_, kAlt, at_ms(400)));
}

TEST_F(HotkeyMatcherTest, AHeldKeyThatRepeatsFiresOnce) {
    EXPECT_TRUE(matcher_.on_press(f10_, kAlt, at_ms(100)));
    for (int ms = 600; ms < 1'600; ms += 33) {
        matcher_.on_release(f10_, at_ms(ms));
        EXPECT_FALSE(matcher_.on_press(f10_, kAlt, at_ms(ms)));
    }
    matcher_.on_release(f10_, at_ms(1'650));
    EXPECT_TRUE(matcher_.on_press(f10_, kAlt, at_ms(1'900)));
}

TEST_F(HotkeyMatcherTest, WantsExactlyItsModifiers) {
    EXPECT_FALSE(matcher_.on_press(f10_, {}, at_ms(1)));
    EXPECT_FALSE(matcher_.on_press(
        f10_, {.ctrl = true, .alt = true, .shift = false, .super = false}, at_ms(2)));
    EXPECT_FALSE(matcher_.owns(f10_));
    EXPECT_FALSE(matcher_.on_release(f10_, at_ms(3)));
}

TEST_F(HotkeyMatcherTest, OwnsItsKeyUntilTheRelease) {
    matcher_.on_press(f10_, kAlt, at_ms(1));
    EXPECT_TRUE(matcher_.owns(f10_));
    matcher_.on_release(f10_, at_ms(50));
    EXPECT_FALSE(matcher_.owns(f10_));
}

TEST_F(HotkeyMatcherTest, ALostReleaseDoesNotBlockTheNextPress) {
    matcher_.on_press(f10_, kAlt, at_ms(1));
    matcher_.resync({});
    EXPECT_TRUE(matcher_.on_press(f10_, kAlt, at_ms(900)));
}

TEST_F(HotkeyMatcherTest, ARepeatOfAForgottenPressDoesNotFire) {
    EXPECT_TRUE(matcher_.on_press(f10_, kAlt, at_ms(100)));
    matcher_.resync({});
    EXPECT_FALSE(matcher_.on_press(f10_, kAlt, at_ms(100))) << "the other side's copy";
    matcher_.resync({});
    EXPECT_FALSE(matcher_.on_release(f10_, at_ms(600)));
    EXPECT_FALSE(matcher_.on_press(f10_, kAlt, at_ms(600)));
    EXPECT_TRUE(matcher_.owns(f10_));
}

class HeldHotkeyTest : public testing::Test {
protected:
    HeldHotkeyTest() {
        matcher_.set(
            {{.id = "talk", .chord = *parse_chord("F9"), .hold = true},
             {.id = "save", .chord = *parse_chord("Alt+F9")}});
    }

    const Control f9_ = *control_from_name("F9");
    HotkeyMatcher matcher_;
};

TEST_F(HeldHotkeyTest, ItsEndIsToldOnce) {
    ASSERT_TRUE(matcher_.on_press(f9_, {}, at_ms(100)));
    EXPECT_THAT(matcher_.take_ended(), testing::IsEmpty());
    EXPECT_THAT(matcher_.held_keys(), testing::ElementsAre(f9_));
    matcher_.on_release(f9_, at_ms(900));
    EXPECT_THAT(matcher_.take_ended(), testing::ElementsAre("talk"));
    matcher_.on_release(f9_, at_ms(900));
    EXPECT_THAT(matcher_.take_ended(), testing::IsEmpty());
    EXPECT_THAT(matcher_.held_keys(), testing::IsEmpty());
}

TEST_F(HeldHotkeyTest, ARepetitionNeitherEndsItNorFiresAgain) {
    ASSERT_TRUE(matcher_.on_press(f9_, {}, at_ms(100)));
    for (int ms = 600; ms < 1'600; ms += 33) {
        matcher_.on_release(f9_, at_ms(ms));
        EXPECT_FALSE(matcher_.on_press(f9_, {}, at_ms(ms)));
        EXPECT_THAT(matcher_.take_ended(), testing::IsEmpty());
    }
    // The repetition was split, so the end was told: its second half is a press.
    matcher_.on_release(f9_, at_ms(1'633));
    EXPECT_THAT(matcher_.take_ended(), testing::SizeIs(1));
    EXPECT_TRUE(matcher_.on_press(f9_, {}, at_ms(1'633)));
}

TEST_F(HeldHotkeyTest, AnInterruptedStreamDoesNotEndItAndOtherKeysInItsPlaceDo) {
    ASSERT_TRUE(matcher_.on_press(f9_, {}, at_ms(100)));
    matcher_.resync({});
    EXPECT_THAT(matcher_.take_ended(), testing::IsEmpty());
    matcher_.set({});
    EXPECT_THAT(matcher_.take_ended(), testing::ElementsAre("talk"));
}

TEST_F(HeldHotkeyTest, AnEndThatNoEventToldIsNoRepetitionOfWhatFollows) {
    ASSERT_TRUE(matcher_.on_press(f9_, {}, at_ms(100)));
    matcher_.end_held(f9_);
    EXPECT_THAT(matcher_.take_ended(), testing::ElementsAre("talk"));
    EXPECT_TRUE(matcher_.on_press(f9_, kAlt, at_ms(101)));
}

TEST_F(HeldHotkeyTest, TheGameHasTheKeyAsWell) {
    ASSERT_TRUE(matcher_.on_press(f9_, {}, at_ms(100)));
    EXPECT_FALSE(matcher_.owns(f9_));
    EXPECT_FALSE(matcher_.holds_any()) << "a grab that begins now is not ours";
    EXPECT_FALSE(matcher_.on_release(f9_, at_ms(200)));
}

TEST_F(HeldHotkeyTest, WhoeverRunsCanTalkUnlessAnotherChordIsMeant) {
    constexpr Modifiers kShift{.ctrl = false, .alt = false, .shift = true, .super = false};
    std::optional<Fired> fired = matcher_.on_press(f9_, kShift, at_ms(100));
    ASSERT_TRUE(fired);
    EXPECT_EQ(fired->id, "talk");
    matcher_.on_release(f9_, at_ms(200));
    fired = matcher_.on_press(f9_, kAlt, at_ms(300));
    ASSERT_TRUE(fired);
    EXPECT_EQ(fired->id, "save");
}

TEST(ModifierTracker, EitherSideCounts) {
    ModifierTracker tracker;
    EXPECT_TRUE(tracker.on_key(controls::kLeftAlt, true));
    EXPECT_TRUE(tracker.on_key(controls::kRightAlt, true));
    tracker.on_key(controls::kLeftAlt, false);
    EXPECT_TRUE(tracker.current().alt);
    tracker.on_key(controls::kRightAlt, false);
    EXPECT_EQ(tracker.current(), Modifiers{});
    EXPECT_FALSE(tracker.on_key(controls::kSpace, true));
}

}  // namespace
}  // namespace hindsight::hotkey
