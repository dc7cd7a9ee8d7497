#include "screenshot_taker.hpp"
#include "service_fakes.hpp"

#include <gtest/gtest.h>

namespace hindsight::service {
namespace {

class ScreenshotTakerTest : public testing::Test {
protected:
    void take(std::int64_t after_ms = 0) {
        ScreenshotWish wish;
        wish.from = clock_.now() + Duration::from_ms(after_ms);
        taker_.take(wish, [this](const Result<std::string>& path) {
            answers_.push_back(path ? *path : path.error().what);
        });
    }

    test::ManualClock clock_;
    test::FakeLink capture_;
    test::QueuedExecutor disk_;
    test::TemporaryFolder folder_;
    std::vector<std::string> answers_;
    ScreenshotTaker taker_{
        {clock_, capture_, disk_, "/nowhere/program", folder_.path(), folder_.path() / "pins"},
        Log{"test"}};
};

TEST_F(ScreenshotTakerTest, WaitsForTheFrameAtOrAfterThePress) {
    take(/*after_ms=*/20);
    ASSERT_EQ(capture_.sent.size(), 1U);
    const auto awaited = capture_.sent[0].as<ipc::AwaitTime>();
    ASSERT_TRUE(awaited);
    EXPECT_EQ(awaited->t_ns, (clock_.now() + Duration::from_ms(20)).ns());
    EXPECT_TRUE(taker_.busy());
    EXPECT_TRUE(answers_.empty());
}

TEST_F(ScreenshotTakerTest, AFrameThatDoesNotComeIsToldOnce) {
    take();
    clock_.advance(Duration::from_ms(1'900));
    taker_.tick();
    EXPECT_TRUE(answers_.empty());
    clock_.advance(Duration::from_ms(200));
    taker_.tick();
    EXPECT_EQ(answers_, std::vector<std::string>{"the recording gave no picture"});
    taker_.tick();
    taker_.reached(capture_.sent[0].as<ipc::AwaitTime>()->request);
    EXPECT_EQ(answers_.size(), 1U);
    EXPECT_FALSE(taker_.busy());
}

TEST_F(ScreenshotTakerTest, WithoutACaptureNothingIsWaitedFor) {
    capture_.up = false;
    take();
    ASSERT_EQ(answers_.size(), 1U);
    EXPECT_FALSE(taker_.busy());
}

TEST_F(ScreenshotTakerTest, AKeyThatIsHammeredIsRefusedAtSomePoint) {
    for (int i = 0; i < 17; ++i)
        take();
    EXPECT_EQ(answers_, std::vector<std::string>{"too many screenshots are being written at once"});
}

}  // namespace
}  // namespace hindsight::service
