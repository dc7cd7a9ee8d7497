#include "source_watch.hpp"

#include <gtest/gtest.h>

namespace hindsight::obs {
namespace {

MonoTime at(double seconds) {
    return MonoTime::from_ns(0) + Duration::from_seconds(seconds);
}

TEST(SourceWatch, OpensASourceThatShowsNothingAnewLessAndLessOften) {
    SourceWatch watch;
    TroubleList troubles;
    int times = 0;
    for (int quarter = 0; quarter < 4 * 600; ++quarter) {
        const bool anew = watch.judge(
            {.now = at(quarter / 4.0),
             .alive = false,
             .renewals = 0,
             .frames = static_cast<std::uint64_t>(quarter)},
            troubles);
        times += anew ? 1 : 0;
        if (quarter == 8) {
            EXPECT_TRUE(troubles.at(at(2)).empty()) << "a window that is moved is no trouble";
        }
    }
    EXPECT_EQ(troubles.at(at(600)).size(), 1u);
    EXPECT_GE(times, 8);
    EXPECT_LE(times, 16);
    EXPECT_FALSE(
        watch.judge({.now = at(601), .alive = true, .renewals = 0, .frames = 9'000}, troubles));
    EXPECT_TRUE(troubles.at(at(601)).empty());
}

TEST(SourceWatch, TellsOfAPictureThatWasBroughtBackForAMinute) {
    SourceWatch watch;
    TroubleList troubles;
    static_cast<void>(
        watch.judge({.now = at(1), .alive = true, .renewals = 1, .frames = 1}, troubles));
    EXPECT_EQ(troubles.at(at(30)).size(), 1u);
    EXPECT_TRUE(troubles.at(at(62)).empty());
}

TEST(SourceWatch, ARegionThatIsNotWholeIsSaidWhileItIsSeen) {
    SourceWatch watch;
    TroubleList troubles;
    static_cast<void>(watch.judge({.now = at(1), .cropped = true, .frames = 1}, troubles));
    EXPECT_EQ(troubles.at(at(1)).size(), 1u);
    static_cast<void>(
        watch.judge({.now = at(2), .alive = false, .cropped = true, .frames = 2}, troubles));
    EXPECT_TRUE(troubles.at(at(2)).empty());
    static_cast<void>(watch.judge({.now = at(3), .cropped = true, .frames = 3}, troubles));
    EXPECT_EQ(troubles.at(at(3)).size(), 1u);
    static_cast<void>(watch.judge({.now = at(4), .frames = 4}, troubles));
    EXPECT_TRUE(troubles.at(at(4)).empty());
}

TEST(SourceWatch, ADisplayThatDoesNotAnswerIsSaidUntilItDoes) {
    SourceWatch watch;
    TroubleList troubles;
    for (double t = 0; t < 5; t += 0.25)
        static_cast<void>(
            watch.judge({.now = at(t), .alive = true, .renewals = 0, .frames = 100}, troubles));
    EXPECT_EQ(troubles.at(at(5)).size(), 1u);
    static_cast<void>(
        watch.judge({.now = at(5), .alive = true, .renewals = 0, .frames = 101}, troubles));
    EXPECT_TRUE(troubles.at(at(5)).empty());
}

}  // namespace
}  // namespace hindsight::obs
