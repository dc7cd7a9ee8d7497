#include "clips/clip_text.hpp"
#include "fake_library.hpp"
#include "notify/notifier.hpp"
#include "settings/settings_page.hpp"

#include <gtest/gtest.h>

namespace hindsight::ui {
namespace {

TEST(ClipText, AnOwnTitleWins) {
    Clip clip = test::make_clip("a", "Freedoom", 0);
    clip.title = "Double kill at the red door";
    EXPECT_EQ(clip_title(clip), "Double kill at the red door");
    EXPECT_EQ(clip_meta(clip), "Freedoom, 12:00");
}

TEST(ClipText, EventsNameAClipWithoutTitle) {
    Clip clip = test::make_clip("a", "Freedoom", 0);
    clip.title.clear();
    clip.events = {{Duration::from_ms(1), "kill", ""}, {Duration::from_ms(2), "kill", ""}};
    EXPECT_EQ(clip_title(clip), "2 kills in Freedoom");
    clip.events.clear();
    EXPECT_EQ(clip_title(clip), "Freedoom, 12:00");
    EXPECT_EQ(clip_meta(clip), "1080p at 60 fps, 70 MB");
}

TEST(ClipText, TimesReadLikeAClock) {
    EXPECT_EQ(clock_text(30), "0:30");
    EXPECT_EQ(clock_text(17.417, true), "0:17.417");
    EXPECT_EQ(clock_text(59.9996, true), "1:00.000");
    EXPECT_EQ(clock_text(3723), "1:02:03");
    EXPECT_EQ(length_text(125), "2 min 5 s");
    EXPECT_EQ(length_text(120), "2 min");
}

TEST(ClipText, SizesCarryTheirUnit) {
    EXPECT_EQ(size_text(331'000'000), "331 MB");
    EXPECT_EQ(size_text(4'200'000), "4.2 MB");
    EXPECT_EQ(size_text(1'000'000'000), "1.0 GB");
    EXPECT_EQ(size_text(12'000), "12 kB");
}

TEST(ClipText, DaysAreNamedAsPeopleSayThem) {
    const QDate today{2026, 11, 22};
    EXPECT_EQ(day_name(today, today), "Today");
    EXPECT_EQ(day_name(today.addDays(-1), today), "Yesterday");
    EXPECT_EQ(day_name({2026, 11, 20}, today), "Friday 20 November");
    EXPECT_EQ(day_name({2025, 11, 20}, today), "Thursday 20 November 2025");
}

TEST(ClipText, AScreenReaderHearsTheWholeTile) {
    Clip clip = test::make_clip("a", "Freedoom", 0);
    clip.favorite = true;
    clip.events = {{Duration::from_ms(1), "kill", ""}};
    EXPECT_EQ(clip_spoken(clip), "Clip a, 30 seconds, Today 12:00, 1 kill, favourite");
}

TEST(Notification, SaysGameAndLength) {
    const Notifier::SavedClip clip{"id", "Freedoom", 30, "2 kills", ""};
    EXPECT_EQ(saved_title(clip, 1), "Clip saved: Freedoom, 30 s");
    EXPECT_EQ(saved_body(clip, 1), "2 kills.");
    EXPECT_EQ(saved_title(clip, 2), "2 clips saved");
}

TEST(Settings, ValuesLoseTheirQuotes) {
    EXPECT_EQ(bare_value("30"), "30");
    EXPECT_EQ(bare_value("true"), "true");
    EXPECT_EQ(bare_value("\"dark\""), "dark");
    EXPECT_EQ(bare_value("'~/Videos'"), "~/Videos");
    EXPECT_EQ(bare_value(R"("say \"hi\"")"), "say \"hi\"");
    EXPECT_EQ(bare_value("\"\""), "");
}

}  // namespace
}  // namespace hindsight::ui
