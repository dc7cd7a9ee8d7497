#include "moments.hpp"

#include <gtest/gtest.h>

#include <QDateTime>

namespace hindsight::ctl {
namespace {

TEST(Duration, IsReadAsPeopleWriteIt) {
    const std::pair<const char*, std::int64_t> cases[]{
        {"30s", 30'000},
        {"2m", 120'000},
        {"1m30s", 90'000},
        {"1.5", 1'500},
        {"250ms", 250},
        {"1h", 3'600'000},
        {"0.5s", 500},
        {"10", 10'000},
        {"1min", 60'000},
        {"24h", 86'400'000}};
    for (const auto& [text, ms] : cases) {
        SCOPED_TRACE(text);
        const auto duration = parse_duration(text);
        ASSERT_TRUE(duration) << duration.error().what;
        EXPECT_EQ(duration->ms(), ms);
    }
}

TEST(Duration, AnythingElseIsASentence) {
    for (const char* text :
         {"",
          "s",
          "30x",
          "-5",
          "+5",
          "1-2",
          "0",
          "0s",
          "25h",
          "1e3",
          "nan",
          "inf",
          "5 s",
          "30s10",
          "1.5.5",
          "0x10",
          "٣s"}) {
        SCOPED_TRACE(text);
        const auto duration = parse_duration(text);
        ASSERT_FALSE(duration);
        EXPECT_EQ(duration.error().code, Errc::InvalidArgument);
    }
}

TEST(Since, TakesDatesWordsAndTimeSpans) {
    const QDateTime now{QDate{2026, 11, 20}, QTime{14, 30}};
    const std::int64_t now_ms = now.toMSecsSinceEpoch();
    const auto day = [](int year, int month, int date) {
        return QDate{year, month, date}.startOfDay().toMSecsSinceEpoch();
    };
    EXPECT_EQ(*parse_since("today", now_ms), day(2026, 11, 20));
    EXPECT_EQ(*parse_since("yesterday", now_ms), day(2026, 11, 19));
    EXPECT_EQ(*parse_since("2026-01-02", now_ms), day(2026, 1, 2));
    EXPECT_EQ(*parse_since("2026-11-20 14:30", now_ms), now_ms);
    EXPECT_EQ(*parse_since("2026-11-20T14:30:00", now_ms), now_ms);
    EXPECT_EQ(*parse_since("90m", now_ms), now_ms - 90 * 60'000);
    EXPECT_EQ(*parse_since("3d", now_ms), now_ms - 3 * 86'400'000LL);
    for (const char* text : {"", "soon", "5", "2026-13-01", "20.11.2026", "3 d"})
        EXPECT_FALSE(parse_since(text, now_ms)) << text;
}

}  // namespace
}  // namespace hindsight::ctl
