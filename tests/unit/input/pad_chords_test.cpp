#include <hindsight/hotkey/pad_chords.hpp>
#include <hindsight/hotkey/shortcut.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hindsight::hotkey {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Control kBack = controls::kPadA + 4;
constexpr Control kGuide = controls::kPadGuide;
constexpr Control kUp = controls::kPadA + 11;

MonoTime at_ms(std::int64_t ms) {
    return MonoTime::from_ns(ms * 1'000'000);
}

Fired fired(const char* id, int ms) {
    return {.id = id, .t = at_ms(ms)};
}

TEST(PadShortcut, IsButtonsInAnyOrder) {
    const auto shortcut = parse_shortcut("PadBack + padup");
    ASSERT_TRUE(shortcut) << shortcut.error().what;
    EXPECT_THAT(shortcut->buttons, ElementsAre(kBack, kUp));
    EXPECT_EQ(*parse_shortcut("PadUp+PadBack"), *shortcut);
    EXPECT_EQ(parse_shortcut("hold PadBack")->way, Way::Long);
    EXPECT_THAT(parse_shortcut("PadGuide")->buttons, ElementsAre(kGuide));
    EXPECT_EQ(alternative_shortcut("PadBack+PadUp"), "");
}

TEST(PadShortcut, SaysWhatIsWrong) {
    const auto what = [](const char* text) { return parse_shortcut(text).error().what; };
    EXPECT_THAT(what("Alt+PadUp"), HasSubstr("'Alt' is no button of a controller"));
    EXPECT_THAT(what("PadBack+F10"), HasSubstr("'F10' is no button of a controller"));
    EXPECT_THAT(what("PadBack+"), HasSubstr("'' is no button of a controller"));
    EXPECT_THAT(what("PadBack+PadLeftStick"), HasSubstr("'PadLeftStick' is no button"));
    EXPECT_THAT(what("PadA"), HasSubstr("'PadA' alone would fire while playing"));
}

class PadChordsTest : public testing::Test {
protected:
    void set(std::initializer_list<std::pair<const char*, const char*>> shortcuts) {
        std::vector<PadChords::Entry> entries;
        for (const auto& [id, text] : shortcuts) {
            const Shortcut shortcut = *parse_shortcut(text);
            entries.push_back({.id = id, .buttons = shortcut.buttons, .way = shortcut.way});
        }
        chords_.set(entries);
    }

    std::vector<Fired> down(Control button, int ms) {
        return chords_.on_button(button, true, at_ms(ms));
    }

    void up(Control button, int ms) {
        EXPECT_THAT(chords_.on_button(button, false, at_ms(ms)), IsEmpty());
    }

    PadChords chords_;
};

TEST_F(PadChordsTest, FiresOnceWhenTheLastButtonGoesDown) {
    set({{"save", "PadBack+PadUp"}});
    EXPECT_THAT(down(kUp, 100), IsEmpty());
    EXPECT_THAT(down(kGuide, 110), IsEmpty());
    EXPECT_THAT(down(kBack, 120), ElementsAre(fired("save", 120)));
    EXPECT_THAT(down(kBack, 130), IsEmpty()) << "told again as it stands";
    up(kUp, 200);
    EXPECT_THAT(down(kUp, 300), ElementsAre(fired("save", 300))) << "one stays down";
    EXPECT_FALSE(chords_.waits());
}

TEST_F(PadChordsTest, HasTheWaysOfKeys) {
    set({{"save", "PadBack+PadUp"}, {"long", "hold PadUp+PadBack"}, {"twice", "double PadGuide"}});
    EXPECT_THAT(down(kBack, 100), IsEmpty());
    EXPECT_THAT(down(kUp, 150), IsEmpty());
    EXPECT_TRUE(chords_.waits());
    EXPECT_FALSE(chords_.settle(at_ms(600)));
    EXPECT_EQ(chords_.settle(at_ms(650)), fired("long", 150));
    up(kUp, 700);
    EXPECT_THAT(down(kUp, 800), IsEmpty());
    up(kBack, 900);
    EXPECT_EQ(chords_.settle(at_ms(950)), fired("save", 800));
    EXPECT_THAT(down(kGuide, 1'000), IsEmpty());
    up(kGuide, 1'050);
    EXPECT_THAT(down(kGuide, 1'300), ElementsAre(fired("twice", 1'000)));
}

TEST_F(PadChordsTest, AButtonThatIsHeldWhenTheChordIsSetHasToBePressedAgain) {
    set({{"save", "PadBack+PadUp"}});
    EXPECT_THAT(down(kBack, 100), IsEmpty());
    set({{"save", "PadBack+PadUp"}});
    EXPECT_THAT(down(kUp, 150), IsEmpty());
    up(kBack, 200);
    EXPECT_THAT(down(kBack, 250), ElementsAre(fired("save", 250)));
}

}  // namespace
}  // namespace hindsight::hotkey
