#include "service_fakes.hpp"

#include <hindsight/ring/segment_reader.hpp>
#include <hindsight/service/action_recorder.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace hindsight::service {
namespace {

using actions::ActionRecord;

MonoTime at_seconds(int seconds) {
    return MonoTime::from_ns(0) + Duration::from_ms(seconds * 1000LL);
}

class ActionRing : public ::testing::Test {
protected:
    ActionRing() {
        auto made = ActionRecorder::create(folder_.path() / "ring", kLimit, Log{"test"});
        if (made)
            recorder_ = *std::move(made);
    }

    void SetUp() override { ASSERT_TRUE(recorder_); }

    [[nodiscard]] std::vector<ActionRecord> read(MonoTime from, MonoTime to) const {
        return read_actions({ring::list_segments(folder_.path() / "ring", "act")}, from, to);
    }

    static constexpr Duration kLimit = Duration::from_ms(600'000);
    test::TemporaryFolder folder_;
    std::unique_ptr<ActionRecorder> recorder_;
};

TEST_F(ActionRing, MarkersAreKeptHoweverLongNoHeldStateComes) {
    // A screen recording: nobody tells what is held.
    std::size_t expected = 0;
    for (int second = 0; second < 1'200; second += 40, ++expected)
        recorder_->add_event(at_seconds(second), "marker", "");
    std::size_t markers = 0;
    for (const ActionRecord& record : read(at_seconds(600), at_seconds(1'200)))
        markers += record.kind == ActionRecord::Kind::Event ? 1 : 0;
    EXPECT_EQ(markers, expected / 2);
}

TEST_F(ActionRing, ASegmentBegunByAnEventTellsWhatIsHeld) {
    recorder_->add(ipc::HeldState{at_seconds(1).ns(), {7}});
    recorder_->add_event(at_seconds(60), "marker", "here");
    const auto segments = ring::list_segments(folder_.path() / "ring", "act");
    ASSERT_EQ(segments.size(), 2u);
    const auto records = read_actions({{segments.back()}}, at_seconds(60), at_seconds(61));
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(records[0].held, std::vector<std::uint16_t>{7});
    EXPECT_EQ(records[1].label, "here");
}

TEST_F(ActionRing, ForgetsTheLastSecondsAlsoWhenTheyAreToldLater) {
    for (int second = 0; second < 60; ++second)
        recorder_->add(ipc::ActionBatch{{{at_seconds(second).ns(), 1, 1, 0}}});
    recorder_->forget(at_seconds(40), at_seconds(60));
    // The input program has held these back.
    recorder_->add(ipc::ActionBatch{{{at_seconds(59).ns(), 2, 1, 0}}});
    recorder_->add(ipc::HeldState{at_seconds(59).ns(), {7}});
    recorder_->add(ipc::ActionBatch{{{at_seconds(61).ns(), 3, 1, 0}}});
    const auto records = read(at_seconds(0), at_seconds(70));
    bool held = false;
    for (const ActionRecord& record : records) {
        EXPECT_TRUE(record.t < at_seconds(40) || record.t >= at_seconds(60));
        held = held || record.held == std::vector<std::uint16_t>{7};
    }
    EXPECT_EQ(
        std::count_if(
            records.begin(),
            records.end(),
            [](const ActionRecord& record) { return record.action == 1; }),
        40)
        << "all that was before";
    EXPECT_TRUE(held) << "what is held counts on";
    EXPECT_EQ(records.back().action, 3);
}

}  // namespace
}  // namespace hindsight::service
