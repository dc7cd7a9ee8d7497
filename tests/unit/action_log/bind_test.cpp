#include "log_builder.hpp"

#include <hindsight/actions/action_log.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <vector>

namespace hindsight::actions {

void PrintTo(const LogRecord& record, std::ostream* out) {
    ActionLog log;
    log.records = {record};
    const std::string text = to_jsonl(log);
    *out << text.substr(text.find('\n') + 1);
}

namespace {

using hindsight::testing::LogBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = ActionRecord::Kind;

constexpr std::uint16_t kForward = 0;
constexpr std::uint16_t kJump = 4;
constexpr std::uint16_t kLook = 7;
constexpr std::uint16_t kStick = 8;
constexpr std::uint16_t kNext = 9;

/// Frames at 50 per second, so that every time is a round number of milliseconds.
class Binding : public ::testing::Test {
protected:
    Binding() : log_{LogBuilder{50}.shooter().pulse("next", {"WheelDown"}).log()} {
        for (int k = 0; k < 10; ++k)
            frames_.push_back(ms(20 * k));
        options_.actions = log_.actions;
        options_.period = Duration::from_ms(20);
    }

    static MonoTime ms(int t) { return MonoTime::from_ns(5'000'000'000) + Duration::from_ms(t); }

    static ActionRecord value(int t, std::uint16_t action, float x, float y = 0) {
        ActionRecord record;
        record.t = ms(t);
        record.action = action;
        record.x = x;
        record.y = y;
        return record;
    }

    static ActionRecord state(int t, std::vector<std::uint16_t> held) {
        ActionRecord record;
        record.kind = Kind::State;
        record.t = ms(t);
        record.held = std::move(held);
        return record;
    }

    static LogRecord at(int t, std::uint16_t action, float x, float y = 0) {
        return {.t = Duration::from_ms(t), .action = action, .x = x, .y = y};
    }

    static LogRecord held(int t, std::vector<std::uint16_t> ids) {
        return {.kind = Kind::State, .t = Duration::from_ms(t), .held = std::move(ids)};
    }

    std::vector<LogRecord> bind(const std::vector<ActionRecord>& records) {
        return bind_to_frames(records, frames_, options_);
    }

    ActionLog log_;
    std::vector<MonoTime> frames_;
    BindOptions options_;
};

TEST_F(Binding, GivesAnActionToTheFirstFrameAtOrAfterIt) {
    EXPECT_THAT(
        bind({value(40, kJump, 1), value(59, kJump, 0), value(61, kForward, 1)}),
        ElementsAre(held(0, {}), at(40, kJump, 1), at(60, kJump, 0), at(80, kForward, 1)));
}

TEST_F(Binding, ForgivesTheRoundingOfTheGridAndNoMore) {
    options_.tolerance = Duration::from_us(500);
    ActionRecord late = value(40, kJump, 1);
    late.t = late.t + Duration::from_us(400);
    ActionRecord too_late = value(40, kForward, 1);
    too_late.t = too_late.t + Duration::from_us(600);
    EXPECT_THAT(
        bind({late, too_late}), ElementsAre(held(0, {}), at(40, kJump, 1), at(60, kForward, 1)));
}

TEST_F(Binding, SumsMovementPerFrame) {
    EXPECT_THAT(
        bind(
            {value(21, kLook, 3, -1),
             value(33, kLook, 4, -1),
             value(40, kLook, 5, 0),
             value(41, kLook, 1, 1)}),
        ElementsAre(held(0, {}), at(40, kLook, 12, -2), at(60, kLook, 1, 1)));
}

TEST_F(Binding, KeepsTheLastValueOfAnAxisInAFrame) {
    EXPECT_THAT(
        bind({value(21, kStick, .2F, 0), value(40, kStick, .5F, .1F), value(60, kStick, .5F, .1F)}),
        ElementsAre(held(0, {}), at(40, kStick, .5F, .1F)));
}

TEST_F(Binding, TellsWhatWasHeldBeforeTheClipAsAState) {
    EXPECT_THAT(
        bind(
            {state(-500, {kForward}),
             value(-300, kJump, 1),
             value(-200, kForward, 0),
             value(-100, kStick, 0, -1),
             value(20, kJump, 0)}),
        ElementsAre(held(0, {kJump}), at(0, kStick, 0, -1), at(20, kJump, 0)));
}

TEST_F(Binding, APressInTheFirstFrameIsAnEdgeAndOneBeforeItIsNot) {
    EXPECT_THAT(
        bind({value(-20, kForward, 1), value(0, kJump, 1)}),
        ElementsAre(held(0, {kForward}), at(0, kJump, 1)));
}

TEST_F(Binding, RestatesAtEveryKeyframe) {
    const std::vector<Duration> keyframes{
        Duration::from_ms(-60), Duration::zero(), Duration::from_ms(100)};
    options_.keyframes = keyframes;
    EXPECT_THAT(
        bind({value(40, kJump, 1), value(60, kStick, 1, 0), value(100, kForward, 1)}),
        ElementsAre(
            held(0, {}),
            at(40, kJump, 1),
            at(60, kStick, 1, 0),
            held(100, {kJump}),
            at(100, kStick, 1, 0),
            at(100, kForward, 1)));
}

TEST_F(Binding, DropsWhatIsBehindTheLastFrame) {
    EXPECT_THAT(bind({value(181, kJump, 1), value(5000, kJump, 0)}), ElementsAre(held(0, {})));
}

TEST_F(Binding, KeepsATapThatBeginsAndEndsInOneFrame) {
    EXPECT_THAT(
        bind({value(41, kJump, 1), value(55, kJump, 0)}),
        ElementsAre(held(0, {}), at(60, kJump, 1), at(60, kJump, 0)));
}

TEST_F(Binding, TellsAHoleOfTheFootageByTheStateItLeaves) {
    frames_ = {ms(0), ms(20), ms(1020), ms(1040)};
    EXPECT_THAT(
        bind(
            {value(20, kForward, 1),
             value(300, kJump, 1),
             value(400, kJump, 0),
             value(500, kJump, 1),
             value(600, kForward, 0),
             value(1019, kForward, 1),
             value(1040, kJump, 0)}),
        ElementsAre(
            held(0, {}),
            at(20, kForward, 1),
            held(1020, {kJump}),
            at(1020, kForward, 1),
            at(1040, kJump, 0)));
}

TEST_F(Binding, ADroppedFrameDoesNotSwallowAPress) {
    frames_ = {ms(0), ms(20), ms(60), ms(80)};
    EXPECT_THAT(
        bind({value(40, kJump, 1), value(80, kJump, 0)}),
        ElementsAre(held(0, {}), at(60, kJump, 1), at(80, kJump, 0)));
}

TEST_F(Binding, MendsALostEdgeByTheNextState) {
    EXPECT_THAT(
        bind({value(20, kJump, 1), state(60, {kForward})}),
        ElementsAre(held(0, {}), at(20, kJump, 1), held(60, {kForward})));
}

TEST_F(Binding, AStateThatSaysWhatIsKnownAddsNothing) {
    EXPECT_THAT(
        bind({value(20, kJump, 1), state(40, {kJump}), state(60, {kJump})}),
        ElementsAre(held(0, {}), at(20, kJump, 1)));
}

TEST_F(Binding, AStateOfTheFrameOfAPressLeavesThePressAnEdge) {
    EXPECT_THAT(
        bind({state(40, {kJump}), value(40, kJump, 1)}),
        ElementsAre(held(0, {}), at(40, kJump, 1)));
}

TEST_F(Binding, OneShotsKeepTheirCountAndAreNeverHeld) {
    EXPECT_THAT(
        bind({value(-20, kNext, 1), value(40, kNext, 1), value(40, kNext, 1)}),
        ElementsAre(held(0, {}), at(40, kNext, 1), at(40, kNext, 1)));
}

TEST_F(Binding, ModesAndEventsGoWithTheirFrame) {
    ActionRecord before = value(-40, 0, 0);
    before.kind = Kind::Mode;
    before.mode = Mode::Menu;
    ActionRecord mode = value(30, 0, 0);
    mode.kind = Kind::Mode;
    ActionRecord event = value(50, 0, 0);
    event.kind = Kind::Event;
    event.event = "marker";
    event.label = "here";
    EXPECT_THAT(
        bind({before, mode, event}),
        ElementsAre(
            LogRecord{.kind = Kind::Mode, .mode = Mode::Menu},
            held(0, {}),
            LogRecord{.kind = Kind::Mode, .t = Duration::from_ms(40), .mode = Mode::Gameplay},
            LogRecord{
                .kind = Kind::Event,
                .t = Duration::from_ms(60),
                .event = "marker",
                .label = "here"}));
}

TEST_F(Binding, AcceptsRecordsInAnyOrderAndUnknownActions) {
    EXPECT_THAT(
        bind({value(60, kJump, 0), value(40, kJump, 1), value(40, 77, 1)}),
        ElementsAre(held(0, {}), at(40, kJump, 1), at(60, kJump, 0)));
}

TEST_F(Binding, OfNoFramesIsEmpty) {
    frames_.clear();
    EXPECT_THAT(bind({value(40, kJump, 1)}), IsEmpty());
}

}  // namespace
}  // namespace hindsight::actions
