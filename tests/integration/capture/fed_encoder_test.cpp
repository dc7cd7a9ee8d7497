// What reaches an encoder that stands still now and then. The encoder is a callback of libobs'
// video output, and the pacer's times are told by hand.

#include "frame_feed.hpp"
#include "libobs_test.hpp"

#include <gtest/gtest.h>
#include <media-io/video-io.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace hindsight::test {
namespace {

using obs::FrameFeed;
using obs::FrameGaps;
using obs::VideoFeed;

constexpr int kFps = 60;
constexpr direct::PictureSize kSize{64, 36};
constexpr std::int64_t kFirst = 1'000;

class FedEncoder : public LibobsTest {
protected:
    void SetUp() override {
        LibobsTest::SetUp();
        if (HasFatalFailure())
            return;
        auto feed = VideoFeed::open(kSize, kFps, gaps_);
        ASSERT_TRUE(feed) << feed.error().what;
        feed_ = *std::move(feed);
        begin();
    }

    void TearDown() override {
        go_on();
        end();
        feed_.reset();
        LibobsTest::TearDown();
    }

    void begin() {
        ASSERT_TRUE(video_output_connect(feed_->video(), nullptr, take, this));
        feed_->encoder_began();
    }

    void end() { video_output_disconnect(feed_->video(), take, this); }

    void stand_still() {
        const std::scoped_lock lock{mutex_};
        still_ = true;
    }

    void go_on() {
        const std::scoped_lock lock{mutex_};
        still_ = false;
        changed_.notify_all();
    }

    /// The next frames of the grid, each with a brightness of its own unless it is the same.
    void show(int count, FrameFeed::Change change = FrameFeed::Change::New) {
        for (int i = 0; i < count; ++i, ++next_) {
            if (change == FrameFeed::Change::New)
                pixels_.assign(pixels_.size(), brightness(next_));
            feed_->show(
                grid_.time_of(next_),
                {.data = pixels_.data(), .stride = kSize.width * 4, .size = kSize},
                change);
        }
    }

    /// The encoder keeps up: every frame is taken before the next one comes.
    void show_in_step(int count) {
        for (int i = 0; i < count; ++i) {
            show(1);
            std::unique_lock lock{mutex_};
            changed_.wait(lock, [this] { return all_taken_locked(); });
        }
    }

    /// Frames go on to come until nothing waits any more.
    void catch_up() {
        go_on();
        std::unique_lock lock{mutex_};
        while (!changed_.wait_for(
            lock, std::chrono::milliseconds{10}, [this] { return all_taken_locked(); })) {
            lock.unlock();
            show(1);
            lock.lock();
        }
    }

    [[nodiscard]] bool all_taken_locked() const {
        return static_cast<std::int64_t>(indexes_.size() + feed_->skipped()) == next_ - kFirst;
    }

    void expect_every_frame_once() {
        EXPECT_EQ(feed_->skipped(), 0u);
        const std::scoped_lock lock{mutex_};
        ASSERT_EQ(indexes_.size(), static_cast<std::size_t>(next_ - kFirst));
        for (std::size_t i = 0; i < indexes_.size(); ++i)
            ASSERT_EQ(indexes_[i], kFirst + static_cast<std::int64_t>(i));
    }

    static std::uint8_t brightness(std::int64_t index) {
        return static_cast<std::uint8_t>(index % 200);
    }

    static void take(void* param, video_data* frame) {
        auto* test = static_cast<FedEncoder*>(param);
        std::unique_lock lock{test->mutex_};
        test->changed_.wait(lock, [test] { return !test->still_; });
        test->indexes_.push_back(test->grid_.nearest_index(
            MonoTime::from_ns(static_cast<std::int64_t>(frame->timestamp))));
        test->luma_.push_back(frame->data[0][0]);
        test->changed_.notify_all();
    }

    FrameGaps gaps_;
    const FrameGrid grid_{.origin = MonoTime::from_ns(0), .fps = {kFps, 1}};
    std::int64_t next_ = kFirst;
    std::vector<std::uint8_t> pixels_ =
        std::vector<std::uint8_t>(static_cast<std::size_t>(kSize.width * kSize.height * 4));
    std::unique_ptr<VideoFeed> feed_;

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    bool still_ = false;
    std::vector<std::int64_t> indexes_;
    std::vector<int> luma_;
};

TEST_F(FedEncoder, ThatStandsStillForHalfASecondGetsEveryFrameAfterwards) {
    show_in_step(2 * kFps);
    stand_still();
    show(kFps / 2);
    catch_up();
    expect_every_frame_once();
    for (std::size_t i = 0; i < luma_.size(); ++i)
        ASSERT_NEAR(luma_[i], 16 + 0.859 * brightness(indexes_[i]), 1.5) << "another's picture";
}

TEST_F(FedEncoder, GetsAPictureThatDoesNotChangeAsOftenAsItStood) {
    show_in_step(2 * kFps);
    stand_still();
    show(kFps / 2, FrameFeed::Change::Same);
    catch_up();
    expect_every_frame_once();
}

TEST_F(FedEncoder, ThatStandsStillForLongLosesWhatDoesNotFit) {
    show_in_step(2 * kFps);
    stand_still();
    show(10 * kFps);
    EXPECT_NEAR(static_cast<double>(feed_->skipped()), 9.25 * kFps, 2);
    EXPECT_GE(feed_->queue_share(), 1.0);
    catch_up();
    // What was left out is known by its number.
    const auto shown = indexes_.size();
    std::size_t absent = 0;
    for (std::int64_t index = kFirst; index < next_; ++index)
        absent += gaps_.absent.take(index) ? 1 : 0;
    EXPECT_EQ(absent, feed_->skipped());
    EXPECT_EQ(shown + absent, static_cast<std::size_t>(next_ - kFirst));
}

TEST_F(FedEncoder, ThatIsReplacedLeavesWhatItWasNotGivenToTheNext) {
    show_in_step(2 * kFps);
    feed_->hold(true);
    show(kFps / 2);
    end();
    begin();
    feed_->hold(false);
    catch_up();
    expect_every_frame_once();
}

}  // namespace
}  // namespace hindsight::test
